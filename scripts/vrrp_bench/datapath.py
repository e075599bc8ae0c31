# SPDX-License-Identifier: BSD-2-Clause
"""What a frame costs in the XDP program, path by path, beyond a program that does nothing; and how many ARP requests a
second it answers beside the kernel's own responder. Takes about three minutes."""

import argparse
import json
import signal
import statistics
import struct
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from vrrp_lab import Advertisement, ArpPacket, ChecksumForm, Lab, Router, Solicitation, VirtualRouter, VrrpXdp
from vrrp_lab.addresses import virtual_mac
from vrrp_lab.inject import ethernet, ipv4
from vrrp_lab.wire import ETH_P_IP, IPPROTO_UDP

from . import datapath_report, results
from .records import quantile
from .tools import tool

_HOST_MAC, _ROUTER_MAC = "02:00:00:00:01:64", "02:00:00:00:01:01"
_ARP_BYTES = 42  # without padding
_UDP = struct.pack("!HHHH", 9, 9, 26, 0) + bytes(18)


def frames() -> dict[str, bytes]:
    """One frame for each path, as vrrp-datapath names them and for its Virtual Routers: a + is on those that are answered. The last
    two are of programs that are but a part of many paths."""
    sent = ethernet(_HOST_MAC, _ROUTER_MAC, ETH_P_IP, ipv4("198.18.1.9", "203.0.113.7", IPPROTO_UDP, _UDP))
    forwarded = ethernet(_HOST_MAC, virtual_mac(1), ETH_P_IP, ipv4("198.18.1.9", "203.0.113.7", IPPROTO_UDP, _UDP))
    word = Advertisement(source="198.18.1.2", vrid=1, addresses=["198.18.1.1"])
    junk = Advertisement(source="198.18.1.2", vrid=1, addresses=["198.18.1.1"], checksum=ChecksumForm.WRONG)
    question = ArpPacket(sender_mac=_HOST_MAC, sender_ip="198.18.1.9", target_ip="198.18.1.1")
    asked = Solicitation(source_mac=_HOST_MAC, source="fe80::9", target="fe80::5:1")
    return {
        "ordinary": sent,
        "forwarded": forwarded,
        "arp+": question.to_bytes(),
        "solicitation+": asked.to_bytes(),
        "steady": word.to_bytes(),
        "junk": junk.to_bytes(),
        "clock": sent,
        "lookup": sent,
    }


def costs(routers: int, options: argparse.Namespace) -> list[results.Cell]:
    """A cell for each path. Times are nanoseconds a frame beyond the empty program."""
    words = [f"{path}={frame.hex()}" for path, frame in frames().items()]
    counts = [str(each) for each in (routers, options.repeats, options.samples)]
    said = subprocess.run([tool("vrrp-datapath"), "cost", *counts, *words], capture_output=True, text=True, check=False)
    if said.returncode != 0:
        raise SystemExit(said.stderr)
    cells = []
    for line in said.stdout.splitlines():
        path, verdict, *samples = line.split()
        values = [round(float(each), 2) for each in samples]
        shown = {name: quantile(values, at) for name, at in (("median", 0.5), ("p10", 0.1), ("p90", 0.9), ("min", 0.0))}
        cells.append({"path": path, "virtual_routers": routers, "verdict": verdict, "ns": shown, "samples": values})
    return cells


def _ask(lab: Lab, router: Router, target: str, seconds: float) -> int:
    """Ask from the switch's end of the router's cable; answers a second."""
    host = lab.host()
    question = ArpPacket(sender_mac=host.mac(), sender_ip=host.address, target_ip=target).to_bytes()[:_ARP_BYTES]
    switch = router.segments["eth0"].namespace
    return int(switch.run(tool("vrrp-datapath"), "ask", router.name, str(seconds), question.hex()))


def answers(options: argparse.Namespace) -> list[results.Cell]:
    """Of vrrp-xdp in native mode, and of the kernel. Questions reach both as XDP frames; the kernel's end has no XDP program, which
    would only slow it down."""
    with Lab(routers=2, hosts=1, ipv6=False, offloads=False) as lab:
        ours, kernel = lab.routers
        # A veth takes XDP frames once its end polls, which GRO makes it do without a program.
        kernel.namespace.run("ethtool", "-K", "eth0", "gro", "on")
        daemon = lab.start(VrrpXdp(ours, VirtualRouter(interval_ms=1000), mode="native", preset="release"))
        lab.eventually(lambda: daemon.state() == "active", "it is Active")
        asked = {"vrrp-xdp": (ours, lab.family.gateway), "kernel": (kernel, kernel.address)}
        seen: dict[str, list[int]] = {responder: [] for responder in asked}
        for _ in range(options.rounds):
            for responder, (router, target) in asked.items():
                seen[responder].append(_ask(lab, router, target, options.seconds))
    return [
        {"responder": responder, "answered": {"median": statistics.median_low(got), "min": min(got), "max": max(got)}}
        for responder, got in seen.items()
    ]


def run(options: argparse.Namespace) -> dict[str, Any]:
    """Measure all."""
    cells: list[results.Cell] = []
    for routers in options.virtual_routers:
        results.progress(f"cost of a frame, {routers} Virtual Routers")
        cells += costs(routers, options)
    results.progress("ARP answers a second")
    cells += answers(options)
    return results.figures("datapath", cells)


def parse(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Raises SystemExit."""

    def numbers(text: str) -> list[int]:
        return [int(word) for word in text.split(",")]

    parser = argparse.ArgumentParser(prog="scripts/bench-datapath", description=__doc__)
    parser.add_argument("--virtual-routers", type=numbers, default=[1, 16, 510], metavar="N,…", help="default 1,16,510")
    parser.add_argument("--repeats", type=int, default=50000, help="frames per timing (default 50000)")
    parser.add_argument("--samples", type=int, default=50, help="timings of each path (default 50)")
    parser.add_argument("--seconds", type=float, default=2, help="seconds of ARP requests in a round (default 2)")
    parser.add_argument("--rounds", type=int, default=5, help="rounds of ARP requests (default 5)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures to FILE")
    parser.add_argument("--report", type=Path, metavar="FILE", help="print such a file instead of measuring")
    options = parser.parse_args(argv)
    if not all(1 <= number <= 510 for number in options.virtual_routers):
        parser.error("--virtual-routers must be 1 to 510, half of them over IPv6")
    if min(options.repeats, options.samples, options.rounds) < 1 or options.seconds <= 0:
        parser.error("--repeats, --samples, --rounds and --seconds must be more than 0")
    return options


def main() -> None:
    """Entry point."""
    options = parse()
    if options.report:
        print(datapath_report.table(json.loads(options.report.read_text())))
        return
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    measured = run(options)
    results.write(options.json, measured)
    print(datapath_report.table(measured))


if __name__ == "__main__":
    main()
