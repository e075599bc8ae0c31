# SPDX-License-Identifier: BSD-2-Clause
"""What a host loses when its gateway fails, and when the preferred router comes back: 10 000 packets a second, forwarded
by the virtual gateway to a server behind it, for vrrp-xdp, keepalived and FRR in the same run. One Virtual Router, so that
all three can. Takes about eight minutes."""

import argparse
import json
import signal
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vrrp_lab import Lab, VirtualRouter

from . import failover_report, results
from .faults import FAULTS, Fault
from .forwarding import Loss, Traffic, traffic
from .records import Election, Kind, Record
from .takeover import DAEMONS, start_daemon
from .watching import NEW, Watch

_STEADY_S = 0.25  # of traffic before anything is done
# A router that says that it is Active may not forward yet: FRR's macvlan comes up when the kernel looks at its carrier,
# which may take a second.
_LATE_S = 1.5
_BIN_NS = 10_000_000
_BINS_BEFORE, _BINS_AFTER = 10, 70


@dataclass
class Result:
    """What was measured of one daemon and one fault, a value for each round."""

    fails: list[Loss] = field(default_factory=list)
    returns: list[Loss] = field(default_factory=list)
    timelines: list[dict[str, Any]] = field(default_factory=list)
    unsteady: int = 0  # how often it had not settled on r1 after a round


def timeline(passed: Traffic, records: Sequence[Record], struck_ns: int) -> dict[str, Any]:
    """Arrivals by time after the fault, in bins, and when the other router first spoke, in nanoseconds after it."""
    counts = [0] * (_BINS_BEFORE + _BINS_AFTER)
    for each in passed.arrivals:
        at = (each.arrived_ns - struck_ns) // _BIN_NS + _BINS_BEFORE
        if 0 <= at < len(counts):
            counts[at] += 1
    said = [r.time_ns - struck_ns for r in records if r.port == NEW and r.kind is Kind.ADVERTISEMENT and r.priority > 0]
    word = min((at for at in said if at > 0), default=None)
    return {"bin_ns": _BIN_NS, "from_ns": -_BINS_BEFORE * _BIN_NS, "arrived": counts, "takeover_ns": word}


class Bench:
    """A lab in which all faults of one daemon are measured."""

    def __init__(self, daemon: str, interval_ms: int, rate: int, lab: Lab) -> None:
        self._lab = lab
        self._rate = rate
        self._interval_s = interval_ms / 1000
        self._watch = Watch(lab, [Election(10, 4, lab.family.gateway)], self._interval_s)
        self._daemon, _ = (
            start_daemon(daemon, lab, lab.router(name), [VirtualRouter(priority=priority, interval_ms=interval_ms)])
            for name, priority in (("r1", 200), ("r2", 100))
        )

    def settle(self, result: Result) -> None:
        """Wait until r1 alone is Active."""
        if not self._watch.settled(10 + 15 * self._interval_s):
            result.unsteady += 1

    def warm_up(self) -> None:
        """Let everybody on the way learn of the next."""
        with traffic(self._lab, self._rate):
            time.sleep(_LATE_S)

    def round(self, fault: Fault, result: Result) -> None:
        """r1 fails, and comes back."""
        r1 = self._lab.router("r1")
        with self._watch.recording() as records, traffic(self._lab, self._rate) as passed:
            time.sleep(_STEADY_S)
            struck_ns = time.time_ns()
            fault.strike(self._lab, r1, self._daemon)
            time.sleep(5 * self._interval_s + _LATE_S)
        result.fails.append(passed.loss())
        result.timelines.append(timeline(passed, records, struck_ns))
        with traffic(self._lab, self._rate) as passed:
            time.sleep(_STEADY_S)
            fault.mend(self._lab, r1, self._daemon)
            self.settle(result)
            time.sleep(_LATE_S)
        result.returns.append(passed.loss())


def measure(daemon: str, options: argparse.Namespace, measured: dict[tuple[str, str], Result]) -> None:
    """One block of rounds, in a lab of its own."""
    with Lab(routers=2, hosts=1, ipv6=False, offloads=False) as lab:
        bench = Bench(daemon, options.interval, options.rate, lab)
        bench.settle(Result())
        bench.warm_up()
        for fault in FAULTS:
            if fault.name not in options.faults or not fault.concerns(daemon):
                continue
            results.progress(f"  {daemon}: {fault.title}")
            for _ in range(options.rounds):
                bench.round(fault, measured[fault.name, daemon])


def of_phase(losses: Sequence[Loss]) -> dict[str, Any]:
    """Of a fault or a return, over all rounds. never: after how many nothing arrived any more."""
    outages = [loss.outage_ns for loss in losses if loss.outage_ns is not None]
    lost = [loss.lost for loss in losses]
    return {
        "lost": {"median": statistics.median_low(lost), "max": max(lost)},
        "outage_ns": {"median": statistics.median_low(outages), "max": max(outages)} if outages else None,
        "duplicates": max(loss.duplicates for loss in losses),
        "never": len(losses) - len(outages),
    }


def summary(fault: Fault, daemon: str, options: argparse.Namespace, result: Result) -> results.Cell:
    """As it stands in the JSON. Times are nanoseconds; the timeline is that of the median round."""
    rounds = range(len(result.fails))
    by_loss = sorted(rounds, key=lambda number: result.fails[number].lost)
    return {
        "fault": fault.name,
        "daemon": daemon,
        "interval_ms": options.interval,
        "rate": options.rate,
        "rounds": len(rounds),
        "unsteady": result.unsteady,
        "fails": of_phase(result.fails),
        "returns": of_phase(result.returns),
        "timeline": result.timelines[by_loss[(len(rounds) - 1) // 2]],
    }


def run(options: argparse.Namespace) -> dict[str, Any]:
    """Measure all faults, the daemons in turn, so that what else happens on the machine happens to all of them."""
    measured: defaultdict[tuple[str, str], Result] = defaultdict(Result)
    for block in range(options.blocks):
        for daemon in options.daemons:
            results.progress(f"block {block + 1}/{options.blocks}")
            measure(daemon, options, measured)
    chosen = [fault for fault in FAULTS if fault.name in options.faults]
    cells = [
        summary(fault, daemon, options, measured[fault.name, daemon])
        for fault in chosen
        for daemon in options.daemons
        if fault.concerns(daemon)
    ]
    return results.figures("failover", cells)


def parse(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Raises SystemExit."""
    names = [fault.name for fault in FAULTS]
    parser = argparse.ArgumentParser(prog="scripts/bench-failover", description=__doc__)
    parser.add_argument("--daemons", type=lambda t: t.split(","), default=list(DAEMONS), metavar="A,…", help=", ".join(DAEMONS))
    parser.add_argument("--faults", type=lambda t: t.split(","), default=names, metavar="A,…", help=", ".join(names))
    parser.add_argument("--interval", type=int, default=100, metavar="MS", help="Advertisement_Interval, 10 or more (default 100)")
    parser.add_argument("--rate", type=int, default=10000, help="packets a second (default 10000)")
    parser.add_argument("--rounds", type=int, default=2, help="rounds of each fault in a block (default 2)")
    parser.add_argument("--blocks", type=int, default=2, help="times that everything is measured, in turn (default 2)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures to FILE")
    parser.add_argument("--report", type=Path, metavar="FILE", help="print such a file instead of measuring")
    options = parser.parse_args(argv)
    for given, known in ((options.daemons, DAEMONS), (options.faults, names)):
        for each in given:
            if each not in known:
                parser.error(f"{each} is not one of {', '.join(known)}")
    if options.interval < 10:
        parser.error("--interval must be 10 ms or more, which all daemons support")
    if min(options.rounds, options.blocks, options.rate) < 1:
        parser.error("--rounds, --blocks and --rate must be 1 or more")
    return options


def main() -> None:
    """Entry point."""
    options = parse()
    if options.report:
        print(failover_report.table(json.loads(options.report.read_text())))
        return
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    measured = run(options)
    results.write(options.json, measured)
    print(failover_report.table(measured))


if __name__ == "__main__":
    main()
