# SPDX-License-Identifier: BSD-2-Clause
"""A failover before your eyes: two routers, one host, the Active Router's controller killed, everything measured.

Run by scripts/demo, which builds the program first.
"""

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass

from . import Frame, Lab, Router, UdpTraffic, VirtualRouter, VrrpXdp
from .addresses import SERVER_ADDRESSES, VIRTUAL_ADDRESS
from .capture import Capture, Filter

_INTERVAL_MS = 100
_ACTIVE = VirtualRouter(priority=200, interval_ms=_INTERVAL_MS)
_BACKUP = VirtualRouter(priority=100, interval_ms=_INTERVAL_MS)
# RFC 9568 section 6.1: three intervals and Skew_Time.
_ACTIVE_DOWN_MS = 3 * _INTERVAL_MS + (256 - _BACKUP.priority) * _INTERVAL_MS / 256
_PACKETS_PER_SECOND = 1000
_ARP_PERIOD_S = 0.002


@dataclass(frozen=True)
class Moment:
    """Something that happened, and when: nanoseconds of CLOCK_REALTIME from the kernel's receive timestamps."""

    time_ns: int
    what: str


def title(text: str) -> None:
    """Begin a part of the demonstration."""
    print(f"\n== {text}")


def show(router: Router, command: str, output: str) -> None:
    """A command in a router, as in a terminal."""
    print(f"{router.name}# {command}")
    print("".join(f"   {line}\n" for line in output.splitlines()), end="")


def _is_advertisement(router: str) -> Callable[[Frame], bool]:
    return lambda frame: frame.sent_by == router and frame.vrrp is not None


def _is_answer(router: str) -> Callable[[Frame], bool]:
    """An ARP reply for the virtual address, seen on the router's own switch port: both send it from one MAC."""

    def matches(frame: Frame) -> bool:
        arp = frame.arp
        return frame.sent_by == router and arp is not None and arp.is_reply and arp.sender_ip == VIRTUAL_ADDRESS

    return matches


def _neighbour(lab: Lab) -> str:
    """The host's own neighbour entry for its gateway, as its kernel has it."""
    return lab.host().namespace.run("ip", "neighbor", "show", VIRTUAL_ADDRESS).strip()


def _neighbour_mac(lab: Lab) -> str:
    words = _neighbour(lab).split()
    return words[words.index("lladdr") + 1] if "lladdr" in words else "nothing"


def _introduce(lab: Lab, peers: list[VrrpXdp]) -> None:
    title("The lab: two routers and a host on one lan, a server behind the routers, all in network namespaces")
    print(f"   Virtual Router {_ACTIVE.vrid}: {VIRTUAL_ADDRESS} at {_ACTIVE.mac}, an advertisement every {_INTERVAL_MS} ms")
    for router, virtual_router in zip(lab.routers, (_ACTIVE, _BACKUP)):
        print(f"   {router.name}: {router.address}, priority {virtual_router.priority}")
    print(f"   h1: {lab.host().address}, default gateway {VIRTUAL_ADDRESS}")

    title("Both run vrrp-xdp: the higher priority is Active")
    for peer in peers:
        show(peer.router, "vrrp-xdp status", peer.run("status"))

    title("What the host sees")
    lab.host().namespace.run("ping", "-c", "1", "-W", "2", SERVER_ADDRESSES[0])
    print(f"   h1# ip neighbor show {VIRTUAL_ADDRESS}\n   {_neighbour(lab)}")
    print(f"   and it reaches {SERVER_ADDRESSES[0]}, behind the routers, through it")


def _fail_over(lab: Lab, capture: Capture, active: VrrpXdp, backup: VrrpXdp) -> tuple[int, int, str]:
    """Kill all processes of the Active Router under load. Returns when, how many packets the host lost of how many, as text,
    and the longest outage in nanoseconds."""
    title(f"r1's vrrp-xdp is killed, its guardian too (SIGKILL), while the host sends {_PACKETS_PER_SECOND} packets a second")
    with UdpTraffic(lab.host(), lab.server, rate=_PACKETS_PER_SECOND) as traffic:
        lab.eventually(lambda: traffic.report().received > _PACKETS_PER_SECOND // 2, "traffic through the gateway")
        killed_ns = time.time_ns()
        active.kill_family()
        capture.wait_for(_is_advertisement("r2"), "an advertisement of r2", since_ns=killed_ns, count=3)
        lab.eventually(lambda: traffic.arrived_since(time.time_ns() - 200_000_000), "traffic through r2")
        report = traffic.stop()
    return killed_ns, report.longest_outage_ns, f"{len(report.lost)} of {report.sent} packets"


def _timeline(capture: Capture, killed_ns: int) -> list[Moment]:
    def first(predicate: Callable[[Frame], bool]) -> int:
        return capture.frames(predicate, since_ns=killed_ns)[0].time_ns

    def last(predicate: Callable[[Frame], bool]) -> int:
        return capture.frames(predicate)[-1].time_ns

    last_advertisement = last(_is_advertisement("r1"))
    return [
        Moment(last_advertisement, "r1's last advertisement"),
        Moment(killed_ns, "r1's controller and guardian are killed; its data plane goes on"),
        Moment(last(_is_answer("r1")), "r1's last ARP answer"),
        Moment(last_advertisement + int(_ACTIVE_DOWN_MS * 1e6), "r2's Active_Down_Interval is over: the protocol's deadline"),
        Moment(first(_is_advertisement("r2")), "r2's first advertisement"),
        Moment(first(_is_answer("r2")), "r2's first ARP answer"),
    ]


def run() -> None:
    """The whole demonstration, on standard output."""
    with Lab(routers=2, hosts=1, xdp_peer=True) as lab, lab.capture(only=Filter.CONTROL) as capture:
        active = lab.start(VrrpXdp(lab.router("r1"), _ACTIVE, mode="native", preset="release"))
        capture.wait_for(_is_advertisement("r1"), "r1 Active", count=3)
        backup = lab.start(VrrpXdp(lab.router("r2"), _BACKUP, mode="native", preset="release"))
        lab.eventually(lambda: "last-adv-source" in backup.virtual_router(), "r2 hears r1")
        _introduce(lab, [active, backup])
        mac_before = _neighbour_mac(lab)

        with lab.prober(period_s=_ARP_PERIOD_S) as prober:
            prober.wait_for_answer()
            killed_ns, outage_ns, lost = _fail_over(lab, capture, active, backup)
            prober.wait_for_answer(since_ns=time.time_ns())
            moments = _timeline(capture, killed_ns)
            macs = prober.answering_macs()
        show(backup.router, "vrrp-xdp status", backup.run("status"))

        title("The timeline, by the switch's kernel timestamps (0 = the kill)")
        for moment in sorted(moments, key=lambda each: each.time_ns):
            print(f"   {(moment.time_ns - killed_ns) / 1e6:+9.2f} ms  {moment.what}")

        by_what = {moment.what: moment.time_ns for moment in moments}
        deadline_ns = next(time_ns for what, time_ns in by_what.items() if "deadline" in what)
        taken_ns = by_what["r2's first advertisement"]
        answered_ns = by_what["r2's first ARP answer"]
        title("The result")
        print(f"   gateway's MAC in every ARP answer: {', '.join(sorted(macs))}")
        print(f"   gateway's MAC in the host's neighbour table: before {mac_before}, after {_neighbour_mac(lab)}")
        gap = f", in one gap of {outage_ns / 1e6:.1f} ms" if outage_ns else ""
        print(f"   lost by the host: {lost}{gap}")
        print(f"   takeover: {(taken_ns - deadline_ns) / 1e6:.2f} ms after the protocol's deadline of {_ACTIVE_DOWN_MS:.1f} ms;")
        print(f"             ARP answered {(answered_ns - deadline_ns) / 1e6:.2f} ms after it (asked every {_ARP_PERIOD_S * 1e3:g} ms)")


def main() -> None:
    """Entry point."""
    argparse.ArgumentParser(prog="scripts/demo", description=__doc__).parse_args()
    run()


if __name__ == "__main__":
    main()
