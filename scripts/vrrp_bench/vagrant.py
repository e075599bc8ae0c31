# SPDX-License-Identifier: BSD-2-Clause
"""Failovers between the virtual machines of vagrant/, as their host sees them: how long nobody answered ARP for the virtual
address, and how long nothing that it sent to the server behind the routers came back."""

import argparse
import itertools
import json
import shlex
import signal
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import vagrant_report
from .results import host
from .vagrant_machines import MachineError, Machines, Router, machines

_GATEWAY, _SERVER = "192.0.2.254", "198.51.100.100"
_RATE = 100  # questions, and echo requests, a second
_SETTLE_S = 1.0
_PATIENCE_S = 60.0
_POLL_S = 0.5
# The service manager would undo a kill.
_NO_RESTART = "/run/systemd/system/vrrp-xdp.service.d"
_PROBES = {"arp": "arp_outage_ms", "echo": "echo_outage_ms"}


@dataclass(frozen=True)
class Fault:
    """What happens to the Active Router, and what brings it back."""

    name: str
    what: str
    strike: Callable[[Router], object]
    mend: Callable[[Router], object]


def _systemctl(*words: str) -> Callable[[Router], object]:
    return lambda router: router.run(shlex.join(["systemctl", *words, "vrrp-xdp"]))


_kill = ("kill", "--signal=KILL")
FAULTS = (
    Fault("stop", "stopped", _systemctl("stop"), _systemctl("start")),
    Fault("controller-killed", "controller killed", _systemctl(*_kill, "--kill-whom=main"), _systemctl("start")),
    Fault("all-killed", "controller and guardian killed", _systemctl(*_kill, "--kill-whom=all"), _systemctl("start")),
    Fault("link-lost", "cables pulled", Router.pull_cables, Router.plug_cables),
)


@dataclass(frozen=True)
class Window:
    """A span of the host's time in which one thing happened. event: fault or return."""

    fault: str
    event: str
    since_ns: int
    until_ns: int


def outage_ms(probed: dict[str, Any], window: Window) -> float | None:
    """The longest outage that began in the window, 0 if none did, None if it never ended. probed: what `vrrp-xdp probe --json`
    says of one kind of question."""
    began = [each for each in probed["outages"] if window.since_ns <= each["since-ns"] < window.until_ns]
    if any(not each["over"] for each in began):
        return None
    return max((each["ms"] for each in began), default=0.0)


def spread(values: Sequence[float | None]) -> dict[str, Any]:
    """As it stands in the JSON."""
    ended = [value for value in values if value is not None]
    return {
        "median": statistics.median(ended) if ended else None,
        "max": max(ended, default=None),
        "never": len(values) - len(ended),
        "values": list(values),
    }


def summary(windows: Sequence[Window], probed: dict[str, Any]) -> list[dict[str, Any]]:
    """What stands in the JSON for each fault."""

    def outages(fault: Fault, event: str) -> dict[str, Any]:
        chosen = [each for each in windows if (each.fault, each.event) == (fault.name, event)]
        return {name: spread([outage_ms(probed[kind], each) for each in chosen]) for kind, name in _PROBES.items()}

    return [
        {"fault": each.name, "what": each.what, "on_fault": outages(each, "fault"), "on_return": outages(each, "return")}
        for each in FAULTS
    ]


class Bench:
    """Machines that are being measured."""

    def __init__(self, found: Machines) -> None:
        self._host, self._r1, self._r2 = found.host, found.r1, found.r2

    @contextmanager
    def prepared(self) -> Iterator[None]:
        """Both routers run, cables plugged in, and nobody restarts them."""
        try:
            for router in (self._r1, self._r2):
                router.plug_cables()
                router.run(f"mkdir -p {_NO_RESTART}; printf '[Service]\\nRestart=no\\n' >{_NO_RESTART}/bench.conf")
                router.run("systemctl daemon-reload; systemctl start vrrp-xdp")
            yield
        finally:
            for router in (self._r1, self._r2):
                router.plug_cables()
                router.run(f"rm -rf {_NO_RESTART}; systemctl daemon-reload; systemctl start vrrp-xdp")

    def measure(self, rounds: int) -> tuple[list[Window], dict[str, Any]]:
        """All faults in turn, so often. Returns when what happened, and what the probe said at the end."""
        windows = []
        with self._probing() as finish:
            self._settle("before the first round")
            for number, fault in itertools.product(range(1, rounds + 1), FAULTS):
                windows += self._round(fault, f"round {number} of {rounds}: r1 {fault.what}")
            return windows, finish()

    def _round(self, fault: Fault, title: str) -> list[Window]:
        times_ns = [self._host.now_ns()]
        fault.strike(self._r1)
        self._wait(lambda: self._r2.states() == {"active"}, f"{title}, r2 becomes Active")
        times_ns.append(self._host.now_ns())
        fault.mend(self._r1)
        self._settle(f"{title}, and back: r1 becomes Active")
        times_ns.append(self._host.now_ns())
        print(title, flush=True)
        return [
            Window(fault.name, event, since_ns, until_ns)
            for event, (since_ns, until_ns) in zip(("fault", "return"), itertools.pairwise(times_ns))
        ]

    def _settle(self, title: str) -> None:
        self._wait(lambda: self._r1.states() == {"active"} and self._r2.states() == {"backup"}, title)

    def _wait(self, condition: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + _PATIENCE_S
        while not condition():
            if time.monotonic() > deadline:
                logs = [each.run("journalctl -n 20 --no-pager -u vrrp-xdp") for each in (self._r1, self._r2)]
                raise MachineError("\n".join([f"{what}: not within {_PATIENCE_S:g} s", *logs]))
            time.sleep(_POLL_S)
        time.sleep(_SETTLE_S)

    @contextmanager
    def _probing(self) -> Iterator[Callable[[], dict[str, Any]]]:
        """While it lasts the host asks; calling what it gives ends that and returns what came of it."""
        route = self._host.run(f"ip -json route get {_GATEWAY}")
        probe = ["vrrp-xdp", "probe", json.loads(route)[0]["dev"], _GATEWAY, "--ping", _SERVER, "--rate", str(_RATE), "--json"]
        directory = self._host.run("mktemp -d")
        redirections = f">{directory}/findings 2>{directory}/log </dev/null"
        pid = self._host.run(f"setsid {shlex.join(probe)} {redirections} & echo $!")

        def finish() -> dict[str, Any]:
            self._host.run(f"kill {pid}; tail --pid={pid} -f /dev/null")
            found: dict[str, Any] = json.loads(self._host.run(f"cat {directory}/log >&2; cat {directory}/findings"))
            return found

        try:
            yield finish
        finally:
            self._host.run(f"kill {pid} 2>/dev/null || true; rm -r {directory}")


def run(rounds: int) -> dict[str, Any]:
    """Everything, as the JSON has it. Raises MachineError."""
    with machines() as found:
        bench = Bench(found)
        with bench.prepared():
            windows, probed = bench.measure(rounds)
        return {
            "command": shlex.join(["vagrant/bench", *sys.argv[1:]]),
            "date": time.strftime("%Y-%m-%d"),
            "machine": {
                **host(),
                "emulated": not Path("/dev/kvm").exists(),
                "vrrp-xdp": found.r1.run("vrrp-xdp --version").split()[-1],
            },
            "guest": {
                "kernel": found.r1.run("uname -r"),
                "interval": found.r1.run("sed -n 's/.*advertise-interval: //p' /etc/vrrp-xdp.yaml | head -n 1"),
                "data_plane": [router.data_plane() for router in (found.r1, found.r2)],
                "configuration": found.r1.run("cat /etc/vrrp-xdp.yaml"),
            },
            "rate": _RATE,
            "rounds": rounds,
            "faults": summary(windows, probed),
            "duplicates": {kind: probed[kind]["duplicates"] for kind in _PROBES},
        }


def main() -> None:
    """Entry point."""
    parser = argparse.ArgumentParser(prog="vagrant/bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="rounds, each with every fault once (default 5)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures to FILE")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        measured = run(options.rounds)
    except MachineError as error:
        print(f"vagrant/bench: {error}", file=sys.stderr)
        sys.exit(1)
    print(vagrant_report.table(measured))
    if options.json:
        options.json.write_text(json.dumps(measured, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
