# SPDX-License-Identifier: BSD-2-Clause
"""How late a Backup Router takes over, what that costs in steady state, and whether it ever does so without a fault: for
vrrp-xdp, keepalived and FRR in the same run, seen from the switch. FRR keeps a macvlan for each Virtual Router: it is
measured with up to 10. Below 10 ms there is vrrp-xdp alone."""

import argparse
import contextlib
import itertools
import json
import os
import signal
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from vrrp_lab import IPV4, IPV6, Advertisement, ArpPacket, Frr, Keepalived, Lab, Router, VirtualRouter, VrrpXdp
from vrrp_lab.process import Process

from . import results, takeover_report
from .records import Election, Failover, Kind, failover, false_takeovers, quantile
from .tools import tool
from .usage import Meter, Usage
from .watching import NEW, OLD, PATIENCE_S, Watch

DAEMONS = ("vrrp-xdp", "keepalived", "frr")
_MOST_OF_FRR = 10
_PRIORITY = {"r1": 200, "r2": 100}
_QUESTIONS_EVERY_US = 200
_FLOOD_EVERY_US = 20
# A host that shares its processors with the routers would have to wait for them, which no real one does.
_AHEAD_OF_ALL = ["chrt", "--fifo", "90"]
_LOADS = ("idle", "cpu", "disk", "network")


@dataclass(frozen=True)
class Cell:
    """One thing to measure."""

    daemon: str
    virtual_routers: int
    interval_ms: int
    load: str

    @property
    def down_interval_ns(self) -> int:
        """The Backup Router's Active_Down_Interval (RFC 9568 section 6.1)."""
        interval_ns = self.interval_ms * 1_000_000
        return 3 * interval_ns + (256 - _PRIORITY["r2"]) * interval_ns // 256


@dataclass
class Result:
    """What was measured of a cell, over all its blocks."""

    failovers: list[Failover] = field(default_factory=list)
    false_takeovers: int = 0
    watched_s: float = 0.0
    unsteady: int = 0  # how often it had not settled on r1 before a round
    lost_records: int = 0
    bare: list[Usage] = field(default_factory=list)  # of a program that sends the same frames and does nothing else; idle alone
    active: list[Usage] = field(default_factory=list)
    backup: list[Usage] = field(default_factory=list)


def elections_of(count: int) -> list[Election]:
    """IPv4 for the first 255 and IPv6 for the rest; addresses of RFC 2544's range, and link-local ones."""
    ipv4 = [Election(vrid, 4, f"198.18.{vrid}.1") for vrid in range(1, min(count, 255) + 1)]
    return ipv4 + [Election(vrid, 6, f"fe80::5:{vrid:x}") for vrid in range(1, count - len(ipv4) + 1)]


def routers_of(cell: Cell, priority: int) -> list[VirtualRouter]:
    return [
        VirtualRouter(
            vrid=each.vrid,
            addresses=[each.address],
            priority=priority,
            interval_ms=cell.interval_ms,
            sub_centisecond=cell.interval_ms < 10,
        )
        for each in elections_of(cell.virtual_routers)
    ]


Daemon = VrrpXdp | Keepalived | Frr


def start_daemon(daemon: str, lab: Lab, router: Router, routers: Sequence[VirtualRouter]) -> Daemon:
    """One of DAEMONS, with its defaults."""
    if daemon == "keepalived":
        return lab.start(Keepalived(router, *routers))
    if daemon == "frr":
        return lab.start(Frr(router, *routers))
    return lab.start(VrrpXdp(router, *routers, preset="release"))


class Bench:
    """A lab in which one cell is measured."""

    def __init__(self, cell: Cell, lab: Lab) -> None:
        self._cell = cell
        self._lab = lab
        self._elections = elections_of(cell.virtual_routers)
        self._interval_s = cell.interval_ms / 1000
        self._watcher = Watch(lab, self._elections, self._interval_s)

    def measure(self, rounds: int, watch_s: float, result: Result) -> None:
        heir = self._start("r2")
        if self._cell.load == "idle":
            self._send_bare(result)
        peers = [self._start("r1"), heir]
        with self._asking(), _loaded(self._cell.load, self._lab):
            self._settle(result)
            self._watch(peers, watch_s, result)
            for _ in range(rounds):
                self._round(result)
                self._settle(result)
        result.lost_records += self._watcher.lost_records

    def _send_bare(self, result: Result) -> None:
        """What the frames alone cost here, where their sender pays for the switch and the receivers too: r2 takes them for an
        Active Router's."""
        r1 = self._lab.router("r1")
        frames = [
            Advertisement(
                source=r1.primary(IPV4 if each.version == 4 else IPV6),
                vrid=each.vrid,
                priority=_PRIORITY["r1"],
                addresses=[each.address],
                interval_ms=max(10, self._cell.interval_ms),
            )
            .to_bytes()
            .hex()
            for each in self._elections
        ]
        argv = [tool("vrrp-recorder"), "burst", "eth0", str(self._cell.interval_ms * 1000), *frames]
        sender = Process(r1.namespace, "vrrp-recorder", argv, self._lab.directory / "bare.log")
        try:
            # The recorder is part of what they cost, then as later.
            with self._watcher.recording():
                time.sleep(1)
                meter = Meter([sender.pid])
                time.sleep(max(2.0, 3 * self._interval_s))
                result.bare.append(meter.read())
        finally:
            sender.stop(PATIENCE_S)

    def _start(self, name: str) -> Daemon:
        return start_daemon(self._cell.daemon, self._lab, self._lab.router(name), routers_of(self._cell, _PRIORITY[name]))

    @contextlib.contextmanager
    def _asking(self) -> Iterator[None]:
        """The host asks for the first virtual address all the time."""
        host = self._lab.host()
        question = ArpPacket(
            sender_mac=host.mac(), sender_ip=host.address, target_ip=self._elections[0].address
        ).to_bytes()
        argv = [*_AHEAD_OF_ALL, tool("vrrp-recorder"), "ask", "eth0", str(_QUESTIONS_EVERY_US), question.hex()]
        asker = Process(host.namespace, "vrrp-recorder", argv, self._lab.directory / "asker.log")
        try:
            yield
        finally:
            asker.stop(PATIENCE_S)

    def _settle(self, result: Result) -> None:
        if not self._watcher.settled(8 + 15 * self._interval_s):
            result.unsteady += 1

    def _watch(self, peers: Sequence[Daemon], watch_s: float, result: Result) -> None:
        """Steady state: what it costs, and whether it lasts. Of the Backup Router alone, which has nothing to say."""
        meters = [Meter(peer.processes[-1].family()) for peer in peers]
        with self._watcher.recording("r2") as records:
            since_ns = time.time_ns()
            time.sleep(max(3.0, 5 * self._interval_s, watch_s))
            until_ns = time.time_ns()
            for usages, meter in zip((result.active, result.backup), meters):
                usages.append(meter.read())
        result.false_takeovers += false_takeovers(records, new=0, since_ns=since_ns, until_ns=until_ns)
        result.watched_s += (until_ns - since_ns) / 1e9

    def _round(self, result: Result) -> None:
        """r1 is cut off, which r2 learns by silence alone, and comes back."""
        r1 = self._lab.router("r1")
        patience_s = self._cell.down_interval_ns / 1e9
        with self._watcher.recording() as records:
            time.sleep(2 * self._interval_s + 0.05)
            cut_ns = time.time_ns()
            r1.cut()
            time.sleep(patience_s + max(0.3, self._interval_s))
            until_ns = time.time_ns()
        r1.mend()
        result.failovers.append(
            failover(
                records,
                self._elections,
                old=OLD,
                new=NEW,
                cut_ns=cut_ns,
                until_ns=until_ns,
                down_interval_ns=self._cell.down_interval_ns,
                asked=self._elections[0].address,
            )
        )


@contextlib.contextmanager
def _loaded(load: str, lab: Lab) -> Iterator[None]:
    """Keep the machine busy: all CPUs twice over, the disk with synchronous writes, or the lan with broadcasts."""
    host = lab.host()
    file = lab.directory / "load"
    flood = ArpPacket(sender_mac=host.mac(), sender_ip=host.address, target_ip="192.0.2.199").to_bytes().hex()
    commands: dict[str, list[list[str]]] = {
        "idle": [],
        "cpu": [["sh", "-c", "while :; do :; done"]] * (2 * (os.cpu_count() or 1)),
        "disk": [["sh", "-c", f"while :; do dd if=/dev/zero of={file} bs=1M count=16 oflag=dsync 2>&-; done"]],
        "network": [[tool("vrrp-recorder"), "ask", "eth0", str(_FLOOD_EVERY_US), flood]],
    }
    running = [
        Process(host.namespace, f"load {load}", argv, lab.directory / f"load-{number}.log")
        for number, argv in enumerate(commands[load])
    ]
    try:
        yield
    finally:
        for each in running:
            each.kill_family()


def measure(cell: Cell, rounds: int, watch_s: float, result: Result) -> None:
    """One block of rounds, in a lab of its own."""
    with Lab(routers=2, hosts=1, ipv6=cell.virtual_routers > 255, offloads=False) as lab:
        Bench(cell, lab).measure(rounds, watch_s, result)


def summary(cell: Cell, result: Result) -> dict[str, Any]:
    """The result as it stands in the JSON. Times are nanoseconds."""
    lateness: dict[str, Any] = {}
    for kind in Kind:
        values = [value for each in result.failovers for value in each.lateness_ns[kind]]
        if values:
            lateness[kind.name.lower()] = {
                "count": len(values),
                "median": quantile(values, 0.5),
                "p99": quantile(values, 0.99),
                "max": max(values),
                "percentiles": [quantile(values, at / 100) for at in range(101)],
            }
    outages = [each.outage_ns for each in result.failovers if each.outage_ns is not None]
    return {
        **asdict(cell),
        "rounds": len(result.failovers),
        "lateness_ns": lateness,
        "never": sum(each.never for each in result.failovers),
        "disputed": sum(each.disputed for each in result.failovers),
        "outage_ns": {"median": int(statistics.median(outages)), "max": max(outages)} if outages else None,
        "false_takeovers": result.false_takeovers,
        "watched_s": result.watched_s,
        "unsteady": result.unsteady,
        "lost_records": result.lost_records,
        "bare": _average(result.bare),
        "active": _average(result.active),
        "backup": _average(result.backup),
    }


def _average(usages: Sequence[Usage]) -> dict[str, float] | None:
    if not usages:
        return None
    return {name: statistics.mean(getattr(each, name) for each in usages) for name in ("cpu", "wake_ups", "memory_bytes")}


def cells_of(options: argparse.Namespace) -> list[Cell]:
    """What the options ask for. Below 10 ms there is only vrrp-xdp, and no load."""
    cells = []
    for interval_ms, routers in itertools.product(options.intervals, options.virtual_routers):
        for load in options.loads if interval_ms >= 10 else ["idle"]:
            for daemon in options.daemons:
                if daemon == "frr" and routers > _MOST_OF_FRR:
                    continue
                if interval_ms >= 10 or (daemon == "vrrp-xdp" and routers == 1):
                    cells.append(Cell(daemon, routers, interval_ms, load))
    return cells


def rounds_of(cell: Cell, wanted: int) -> int:
    """Fewer where a round has many elections or takes long."""
    if wanted == 0:
        return 0
    return max(2, int(wanted / (1 + cell.virtual_routers / 100 + cell.interval_ms / 50)))


def run(options: argparse.Namespace) -> dict[str, Any]:
    """Measure all cells in blocks, the daemons in turn, so that what else happens on the machine happens to both."""
    cells = cells_of(options)
    measured: defaultdict[Cell, Result] = defaultdict(Result)
    for block in range(options.blocks):
        for at, cell in enumerate(cells, 1):
            results.progress(f"block {block + 1}/{options.blocks}, {at}/{len(cells)}: {cell}")
            try:
                measure(cell, rounds_of(cell, options.rounds), options.watch, measured[cell])
            except Exception as failure:  # pylint: disable=broad-except # half an hour's figures are not lost with one cell
                results.progress(f"failed: {failure}")
    done = [cell for cell in cells if measured[cell].active]
    return results.figures("takeover", [summary(cell, measured[cell]) for cell in done])


def parse(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Raises SystemExit."""

    def numbers(text: str) -> list[int]:
        return [int(word) for word in text.split(",")]

    parser = argparse.ArgumentParser(prog="scripts/bench-takeover", description=__doc__)
    parser.add_argument("--daemons", type=lambda t: t.split(","), default=list(DAEMONS), metavar="A,…", help=", ".join(DAEMONS))
    parser.add_argument("--virtual-routers", type=numbers, default=[1, 100, 510], metavar="N,…", help="default 1,100,510")
    parser.add_argument("--intervals", type=numbers, default=[2, 10, 100, 1000], metavar="MS,…", help="default 2,10,100,1000")
    parser.add_argument("--loads", type=lambda t: t.split(","), default=list(_LOADS), metavar="LOAD,…", help=", ".join(_LOADS))
    parser.add_argument("--rounds", type=int, default=20, help="in a block, with one Virtual Router at 10 ms; 0 is none (default 20)")
    parser.add_argument("--watch", type=float, default=0, metavar="S", help="seconds of steady state, 3 or more (default 3)")
    parser.add_argument("--blocks", type=int, default=2, help="times that everything is measured, in turn (default 2)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures to FILE")
    parser.add_argument("--report", type=Path, metavar="FILE", help="print such a file instead of measuring")
    options = parser.parse_args(argv)
    for given, known in ((options.daemons, DAEMONS), (options.loads, _LOADS)):
        for each in given:
            if each not in known:
                parser.error(f"{each} is not one of {', '.join(known)}")
    if not all(1 <= number <= 510 for number in options.virtual_routers):
        parser.error("--virtual-routers must be 1 to 510: 255 over IPv4, the rest over IPv6")
    if not all(interval >= 1 for interval in options.intervals):
        parser.error("--intervals must be milliseconds, 1 or more")
    return options


def main() -> None:
    """Entry point."""
    options = parse()
    if options.report:
        print(takeover_report.table(json.loads(options.report.read_text())))
        return
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    measured = run(options)
    results.write(options.json, measured)
    print(takeover_report.table(measured))
    if missing := len(cells_of(options)) - len(measured["cells"]):
        sys.exit(f"{missing} of the table's rows could not be measured; why stands above")


if __name__ == "__main__":
    main()
