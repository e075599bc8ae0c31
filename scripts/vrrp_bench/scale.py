# SPDX-License-Identifier: BSD-2-Clause
"""How a daemon grows with its Virtual Routers: time to start, memory, CPU at steady state, and the takeover of all of them
at once, on one interface and on 32, for vrrp-xdp and keepalived in the same run. FRR is not measured: it needs a macvlan
for each Virtual Router, and somebody who makes it. Takes about four minutes."""

import argparse
import json
import signal
import statistics
import sys
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vrrp_lab import Lab, VirtualRouter

from . import results, scale_report
from .records import Election, Failover, Kind, Record, failover
from .takeover import DAEMONS, Daemon, elections_of, start_daemon
from .usage import Meter, Usage
from .watching import Watch

_KNOWN = tuple(daemon for daemon in DAEMONS if daemon != "frr")
_PRIORITY = {"r1": 200, "r2": 100}
_STEADY_S = 3.0


@dataclass(frozen=True)
class Size:
    """So many interfaces, with so many Virtual Routers on each."""

    interfaces: int
    each: int


def interface_names(count: int) -> list[str]:
    """A router's: eth1 is its way to the wan."""
    return ["eth0", *(f"lan{number}" for number in range(1, count))]


def port_names(router: str, count: int) -> list[str]:
    """The switch's ends of a router's cables, in the order of interface_names."""
    return [router, *(f"{router}-{number}" for number in range(1, count))]


def widen(lab: Lab, count: int) -> None:
    """Give the routers more interfaces on the lan's side, each on a bridge of its own."""
    switch = lab.router("r1").segments["eth0"].namespace
    offloads = ["tx", "off", "txvlan", "off", "rxvlan", "off"]
    for number, interface in list(enumerate(interface_names(count)))[1:]:
        switch.ip(f"link add name br{number} type bridge stp_state 0 mcast_snooping 0", f"link set br{number} up")
        for router in lab.routers:
            port = f"{router.name}-{number}"
            switch.ip(
                f"link add {port} type veth peer name {interface} netns {router.namespace.name}",
                f"link set {port} master br{number} up",
            )
            switch.run("ethtool", "-K", port, *offloads)
            router.namespace.run("ethtool", "-K", interface, *offloads)
            router.namespace.ip(f"link set {interface} up", f"address add 10.0.{number}.{router.number}/24 dev {interface}")


class Bench:
    """A lab in which one daemon is measured at one size."""

    def __init__(self, daemon: str, size: Size, interval_ms: int, lab: Lab) -> None:
        self._daemon = daemon
        self._size = size
        self._interval_ms = interval_ms
        self._lab = lab
        self._switch = lab.router("r1").segments["eth0"].namespace
        self._elections = elections_of(size.each)
        self._watch = Watch(lab, self._elections, interval_ms / 1000)
        self._ports = {name: port_names(name, size.interfaces) for name in _PRIORITY}

    def measure(self, rounds: int) -> results.Cell:
        """All figures."""
        started_ns = self._start_alone()
        heir = self._start("r2")
        time.sleep(self._start_patience_s())
        settled = self._settle()
        usages = self._usages([self._active, heir])
        lateness: list[int] = []
        missed = 0
        for _ in range(rounds):
            for each in self._round():
                lateness += each.lateness_ns[Kind.ADVERTISEMENT]
                missed += each.never + each.disputed
            settled = self._settle() and settled
        return {
            "daemon": self._daemon,
            "interfaces": self._size.interfaces,
            "virtual_routers": self._size.interfaces * self._size.each,
            "interval_ms": self._interval_ms,
            "start_ns": started_ns,
            "active": vars(usages[0]),
            "backup": vars(usages[1]),
            "takeover_ns": {"median": statistics.median_low(lateness), "max": max(lateness)} if lateness else None,
            "missed": missed,
            "settled": settled,
        }

    def _down_interval_ns(self, priority: int) -> int:
        interval_ns = self._interval_ms * 1_000_000
        return 3 * interval_ns + (256 - priority) * interval_ns // 256

    def _start_patience_s(self) -> float:
        """More than any daemon takes: vrrp-xdp loads its programs for each port."""
        return 1.5 + 0.4 * self._size.interfaces

    def _start(self, name: str) -> Daemon:
        routers = [
            VirtualRouter(
                vrid=each.vrid,
                addresses=[self._address(each, number)],
                priority=_PRIORITY[name],
                interval_ms=self._interval_ms,
                interface=interface,
            )
            for number, interface in enumerate(interface_names(self._size.interfaces))
            for each in self._elections
        ]
        return start_daemon(self._daemon, self._lab, self._lab.router(name), routers)

    @staticmethod
    def _address(election: Election, number: int) -> str:
        return election.address if number == 0 else f"198.18.{election.vrid}.{number + 1}"

    def _start_alone(self) -> int | None:
        """Nanoseconds from the start to the last first advertisement, less the Active_Down_Interval that each waits."""
        with self._watch.recording(*self._ports["r1"]) as records:
            began_ns = time.time_ns()
            self._active = self._start("r1")
            time.sleep(self._start_patience_s() + self._down_interval_ns(_PRIORITY["r1"]) / 1e9)
        first: dict[tuple[int, int, int], int] = {}
        for each in records:
            if each.kind is Kind.ADVERTISEMENT:
                key = (each.port, each.vrid, each.version)
                first[key] = min(each.time_ns, first.get(key, each.time_ns))
        if len(first) < self._size.interfaces * self._size.each:
            return None
        return max(first.values()) - began_ns - self._down_interval_ns(_PRIORITY["r1"])

    def _settle(self) -> bool:
        """Wait until r1 alone is Active everywhere."""
        wanted = self._size.interfaces * self._size.each
        deadline = time.monotonic() + 10 + self._interval_ms / 50
        while time.monotonic() < deadline:
            with self._both() as records:
                time.sleep(max(0.1, 3 * self._interval_ms / 1000))
            words = [r for r in records if r.kind is Kind.ADVERTISEMENT and r.priority > 0]
            count = self._size.interfaces
            if len({(r.port, r.vrid, r.version) for r in words}) == wanted and all(r.port < count for r in words):
                return True
        return False

    def _both(self) -> AbstractContextManager[list[Record]]:
        return self._watch.recording(*self._ports["r1"], *self._ports["r2"])

    def _usages(self, daemons: Sequence[Daemon]) -> list[Usage]:
        meters = [Meter(daemon.processes[-1].family()) for daemon in daemons]
        time.sleep(_STEADY_S)
        return [meter.read() for meter in meters]

    def _round(self) -> list[Failover]:
        """All of r1's cables are cut at once; of each interface, what came of it."""
        with self._both() as records:
            time.sleep(2 * self._interval_ms / 1000 + 0.05)
            cut_ns = time.time_ns()
            self._switch.ip(*(f"link set {port} down" for port in self._ports["r1"]))
            time.sleep(self._down_interval_ns(_PRIORITY["r2"]) / 1e9 + 0.5)
            until_ns = time.time_ns()
        self._switch.ip(*(f"link set {port} up" for port in self._ports["r1"]))
        by_port: list[list[Record]] = [[] for _ in range(2 * self._size.interfaces)]
        for each in records:
            by_port[each.port].append(each)
        return [
            failover(
                by_port[number] + by_port[self._size.interfaces + number],
                self._elections,
                old=number,
                new=self._size.interfaces + number,
                cut_ns=cut_ns,
                until_ns=until_ns,
                down_interval_ns=self._down_interval_ns(_PRIORITY["r2"]),
                asked="",
            )
            for number in range(self._size.interfaces)
        ]


def measure(daemon: str, size: Size, options: argparse.Namespace) -> results.Cell:
    """In a lab of its own."""
    with Lab(routers=2, hosts=1, ipv6=size.each > 255, offloads=False) as lab:
        widen(lab, size.interfaces)
        return Bench(daemon, size, options.interval, lab).measure(options.rounds)


def run(options: argparse.Namespace) -> dict[str, Any]:
    """Measure all sizes, the daemons in turn."""
    cells = []
    for size in options.sizes:
        for daemon in options.daemons:
            results.progress(f"{daemon}: {size.each} Virtual Routers on each of {size.interfaces} interfaces")
            cells.append(measure(daemon, size, options))
    return results.figures("scale", cells)


def parse(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Raises SystemExit."""

    def sizes(text: str) -> list[Size]:
        return [Size(*(int(number) for number in word.split("x"))) for word in text.split(",")]

    usual = "1x1,1x16,1x64,1x255,1x510,32x1,32x15"
    parser = argparse.ArgumentParser(prog="scripts/bench-scale", description=__doc__)
    parser.add_argument("--daemons", type=lambda t: t.split(","), default=list(_KNOWN), metavar="A,…", help=", ".join(_KNOWN))
    each = f"interfaces and Virtual Routers on each (default {usual})"
    parser.add_argument("--sizes", type=sizes, default=sizes(usual), metavar="IxN,…", help=each)
    parser.add_argument("--interval", type=int, default=100, metavar="MS", help="Advertisement_Interval, 10 or more (default 100)")
    parser.add_argument("--rounds", type=int, default=3, help="takeovers (default 3)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures to FILE")
    parser.add_argument("--report", type=Path, metavar="FILE", help="print such a file instead of measuring")
    options = parser.parse_args(argv)
    for each in options.daemons:
        if each not in _KNOWN:
            parser.error(f"{each} is not one of {', '.join(_KNOWN)}")
    for size in options.sizes:
        if not (1 <= size.interfaces <= 64 and 1 <= size.each <= (510 if size.interfaces == 1 else 255)):
            parser.error("--sizes must be up to 64 interfaces with 255 Virtual Routers each, or one with 510")
    if options.interval < 10 or options.rounds < 1:
        parser.error("--interval must be 10 or more, --rounds 1 or more")
    return options


def main() -> None:
    """Entry point."""
    options = parse()
    if options.report:
        print(scale_report.table(json.loads(options.report.read_text())))
        return
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    measured = run(options)
    results.write(options.json, measured)
    print(scale_report.table(measured))


if __name__ == "__main__":
    main()
