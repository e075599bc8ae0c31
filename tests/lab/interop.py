# SPDX-License-Identifier: BSD-2-Clause
"""vrrp-xdp beside another implementation: what must hold whichever that is.

A subclass of Failover or Election runs its tests for each PeerKind that a fixture `peer` gives.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from observations import advertisement_of, answer_of, each_family, is_by_router
from vrrp_lab import (
    Capture,
    ChecksumForm,
    Family,
    Frame,
    Frr,
    Keepalived,
    Lab,
    Router,
    UdpTraffic,
    VirtualRouter,
    VrrpXdp,
)
from vrrp_lab.peers.frr import advertises_from

# A Backup Router that is deaf speaks after three intervals and its Skew_Time: so many advertisements span more.
_LONGER_THAN_PATIENCE = 5

# How many of the last answers to the host are looked at.
_ANSWERS = 5

# A frame is recorded where the switch delivers it, just before the router has it. So a takeover can only seem late, but for
# the adjustments of CLOCK_REALTIME.
_CLOCK_TOLERANCE_NS = 2_000_000

Peer = Keepalived | Frr


@dataclass(frozen=True)
class PeerKind:
    """An implementation as it is set up.

    make: one in a router. listening: what its log says when it has become Backup. has_virtual_mac: whether it sends and answers
    with the virtual MAC; else with its router's own, and the MAC of the hosts' gateway changes at each failover.
    """

    make: Callable[[Router, VirtualRouter], Peer]
    listening: str
    has_virtual_mac: bool

    def mac_in(self, router: Router, family: Family) -> str:
        """What it answers the hosts with when it is Active in the router."""
        return family.virtual_mac(10) if self.has_virtual_mac else router.mac()


@dataclass(frozen=True)
class Timing:
    """Two configurations of one version: whose priority is higher leads.

    settled: after how many advertisements of one router alone a new election is taken for decided.
    """

    high: VirtualRouter
    low: VirtualRouter
    settled: int

    @property
    def interval_ns(self) -> int:
        """Advertisement_Interval."""
        return self.high.interval_ms * 1_000_000


# Priorities that make Skew_Time short: the interval is long enough.
_HIGH_V2, _LOW_V2 = (VirtualRouter(version=2, interval_ms=1000, priority=priority) for priority in (254, 253))
V2 = Timing(_HIGH_V2, _LOW_V2, settled=2)
V3 = Timing(VirtualRouter(priority=200), VirtualRouter(priority=100), settled=_LONGER_THAN_PATIENCE)


class Scene:
    """Two routers for one Virtual Router, and a host that asks for its gateway and sends through it all the time."""

    def __init__(self, lab: Lab, capture: Capture, traffic: UdpTraffic, kind: PeerKind) -> None:
        self.lab = lab
        self.capture = capture
        self.traffic = traffic
        self.kind = kind
        self.virtual_mac = lab.family.virtual_mac(10)

    def peer_mac(self, name: str) -> str:
        """What the peer in this router answers the hosts with when it is Active."""
        return self.kind.mac_in(self.lab.router(name), self.lab.family)

    def sources(self, name: str) -> set[str]:
        """Where advertisements of this router come from, whoever runs in it."""
        router, family = self.lab.router(name), self.lab.family
        return {router.primary(family), advertises_from(router, family)}

    def start_ours(self, name: str, router: VirtualRouter) -> VrrpXdp:
        """Run vrrp-xdp in the router with this name, for the family of the lab, until it listens."""
        ours = self.lab.start(VrrpXdp(self.lab.router(name), self._of_family(router), mode="native"))
        self.lab.eventually(lambda: "initialize -> backup" in ours.log(), f"{ours.name} listens")
        return ours

    def start_theirs(self, name: str, router: VirtualRouter) -> Peer:
        """Run the peer in the router with this name, for the family of the lab, until it listens."""
        theirs = self.lab.start(self.kind.make(self.lab.router(name), self._of_family(router)))
        self.lab.eventually(lambda: self.kind.listening in theirs.log(), f"{theirs.name} listens")
        return theirs

    def wait_for_sole_active(self, name: str, *, since_ns: int = 0, count: int = _LONGER_THAN_PATIENCE) -> None:
        """Wait until the last `count` advertisements that came to the host are this router's: by default for longer than the
        other's patience."""
        sources = self.sources(name)

        def is_sole() -> bool:
            came = self.capture.frames(
                lambda f: f.delivered_to == "h1" and f.vrrp and f.vrrp.priority > 0, since_ns=since_ns
            )
            return [f.vrrp.source in sources for f in came[-count:] if f.vrrp] == [True] * count

        self.lab.eventually(is_sole, f"{name} alone is Active")

    def expect_gateway(self, name: str, mac: str, *, since_ns: int = 0, count: int = _LONGER_THAN_PATIENCE) -> None:
        """The router becomes the only one that advertises and the only one that answers the host's questions, with this MAC."""
        self.wait_for_sole_active(name, since_ns=since_ns, count=count)
        self.lab.eventually(lambda: self._last_answers() == {(name, mac)}, f"only {name} answers, with {mac}")

    def expect_traffic(self, mac: str) -> None:
        """The host has this MAC for its gateway, and what it sends arrives and is answered."""
        neighbours = ["ip", "neigh", "show", self.lab.family.gateway]
        self.lab.eventually(
            lambda: mac in self.lab.host().namespace.run(*neighbours), f"the host has {mac} for its gateway"
        )
        self.expect_flow()

    def expect_flow(self) -> None:
        """What the host sends from now on arrives."""
        now_ns = time.time_ns()
        self.lab.eventually(lambda: self.traffic.arrived_since(now_ns) > 20, "the host's traffic arrives")

    def advertisements(self, name: str, *, since_ns: int = 0, until_ns: int | None = None) -> list[Frame]:
        """What the router advertised in this time as Active: its farewells are not among them."""
        sent = self.capture.frames(
            lambda f: advertisement_of(name)(f) and f.vrrp and f.vrrp.priority > 0, since_ns=since_ns
        )
        return [f for f in sent if until_ns is None or f.time_ns < until_ns]

    def heard_by(self, of: str, towards: str, *, since_ns: int = 0) -> list[Frame]:
        """The advertisements of the second router, as Active, that came to the first: those that a partition let through."""
        sources = self.sources(towards)
        return self.capture.frames(
            lambda f: f.delivered_to == of and f.vrrp and f.vrrp.priority > 0 and f.vrrp.source in sources,
            since_ns=since_ns,
        )

    def told_by(self, name: str, *, since_ns: int = 0, until_ns: int | None = None) -> list[Frame]:
        """What the router said of where the gateway's address is in this time."""
        sent = self.capture.frames(lambda f: f.sent_by == name and self._is_of_gateway(f), since_ns=since_ns)
        return [f for f in sent if until_ns is None or f.time_ns < until_ns]

    def expect_patience(self, of: str, towards: str, least_ns: int) -> None:
        """Each time that the first router took over from the second, that had sent a farewell, or nothing for `least_ns`.

        Holds also where a machine that stood still lets routers elect more often than the test asked for.
        """
        heard: Frame | None = None
        spoke_ns = 0
        for frame in self.capture.frames(lambda f: f.vrrp is not None):
            vrrp = frame.vrrp
            if vrrp is None:
                continue
            if frame.delivered_to == of and vrrp.source in self.sources(towards):
                heard = frame
            elif frame.sent_by == of and vrrp.priority > 0:
                # The last word of a reign may cross the first one of the next.
                goes_on = frame.time_ns - spoke_ns < least_ns // 2
                spoke_ns = frame.time_ns
                if goes_on or heard is None or (heard.vrrp and heard.vrrp.priority == 0):
                    continue
                waited_ns = frame.time_ns - heard.time_ns
                assert waited_ns >= least_ns - _CLOCK_TOLERANCE_NS, (
                    f"{of} took over {waited_ns / 1e6:.1f} ms after it had heard {towards}, not {least_ns / 1e6:.1f} ms"
                )

    def _last_answers(self) -> set[tuple[str | None, str]]:
        answers = self.capture.frames(
            lambda f: is_by_router(f) and f.told and f.told.is_answer and self._is_of_gateway(f)
        )
        return {(f.sent_by, f.told.mac) for f in answers[-_ANSWERS:] if f.told}

    def _is_of_gateway(self, frame: Frame) -> bool:
        return frame.told is not None and frame.told.address == self.lab.family.gateway

    def _of_family(self, router: VirtualRouter) -> VirtualRouter:
        return replace(router, addresses=self.lab.family.virtual)


def active_down_ns(router: VirtualRouter) -> int:
    """Active_Down_Interval of RFC 9568 section 6.1, and of RFC 3768 for version 2, as both sides have one interval."""
    return (3 * 256 + 256 - router.priority) * router.interval_ms * 1_000_000 // 256


def _peer_follows(scene: Scene, timing: Timing, end: str) -> None:
    r1 = scene.lab.router("r1")
    ours = scene.start_ours("r1", timing.high)
    scene.capture.wait_for(advertisement_of("r1"), "r1 is Active")
    scene.start_theirs("r2", timing.low)
    scene.expect_gateway("r1", scene.virtual_mac)
    scene.expect_traffic(scene.virtual_mac)

    end_ns = time.time_ns()
    if end == "stopped":
        assert ours.stop() == 0
    elif end == "killed":
        ours.kill_family()
    else:
        r1.partition()
    scene.expect_gateway("r2", scene.peer_mac("r2"), since_ns=end_ns, count=timing.settled)
    scene.expect_traffic(scene.peer_mac("r2"))
    if end == "stopped":
        scene.capture.wait_for(advertisement_of("r1", priority=0), "farewell of r1", since_ns=end_ns)

    back_ns = time.time_ns()
    taken_ns = scene.advertisements("r2", since_ns=end_ns)[0].time_ns
    # Who was stopped answers until it has heard the other: one question may come meanwhile.
    beside = scene.told_by("r1", since_ns=taken_ns, until_ns=back_ns)
    assert len(beside) <= (1 if end == "stopped" else 0), "answers go on beside the new Active Router"
    if end == "partitioned":
        r1.heal()
    else:
        assert not scene.advertisements("r1", since_ns=taken_ns, until_ns=back_ns)
        ours.start(scene.lab.directory)
    scene.expect_gateway("r1", scene.virtual_mac, since_ns=back_ns, count=timing.settled)
    if end != "partitioned" or scene.kind.has_virtual_mac:
        scene.expect_traffic(scene.virtual_mac)
    else:
        # vrrp-xdp never was anything but Active and announces nothing. The host still has the peer's own MAC, which as a
        # router goes on forwarding.
        scene.expect_flow()
    scene.expect_patience("r2", "r1", 3 * timing.interval_ns)


def _vrrp_xdp_follows(scene: Scene, timing: Timing, end: str) -> None:
    r1 = scene.lab.router("r1")
    theirs = scene.start_theirs("r1", timing.high)
    scene.capture.wait_for(advertisement_of("r1"), "r1 is Active")
    scene.start_ours("r2", timing.low)
    scene.expect_gateway("r1", scene.peer_mac("r1"))
    scene.expect_traffic(scene.peer_mac("r1"))

    end_ns = time.time_ns()
    if end == "stopped":
        theirs.stop()
    else:
        r1.partition()
    scene.expect_gateway("r2", scene.virtual_mac, since_ns=end_ns, count=timing.settled)
    scene.expect_traffic(scene.virtual_mac)

    back_ns = time.time_ns()
    if end == "stopped":
        theirs.start(scene.lab.directory)
    else:
        r1.heal()
    scene.expect_gateway("r1", scene.peer_mac("r1"), since_ns=back_ns, count=timing.settled)
    if end == "stopped" or scene.kind.has_virtual_mac:
        scene.expect_traffic(scene.peer_mac("r1"))
    # Else the peer never was anything but Active and announces its own MAC only if it heard of a rival in time: the host
    # may keep the virtual MAC, which nobody serves, until it asks again.
    reign_ns = scene.advertisements("r2")[0].time_ns
    assert not scene.told_by("r2", until_ns=min(end_ns, reign_ns)), "a Backup Router speaks for the virtual address"
    returned_ns = scene.heard_by("r2", "r1", since_ns=back_ns)[1].time_ns
    assert not scene.told_by("r2", since_ns=returned_ns), "answers go on beside the router that it yielded to"
    scene.expect_patience("r2", "r1", active_down_ns(timing.low))


class _WithScene:
    @pytest.fixture
    def scene(self, make_lab: Callable[..., Lab], peer: PeerKind) -> Iterator[Scene]:
        lab = make_lab(xdp_peer=True)
        with lab.capture() as capture, lab.prober(), lab.traffic(rate=200) as traffic:
            yield Scene(lab, capture, traffic, peer)


class Failover(_WithScene):
    """The virtual address moves from one to the other and back, in version 3."""

    @each_family
    @pytest.mark.parametrize("end", ["stopped", "killed", "partitioned"])
    def test_PeerFollowsVrrpXdp_TakesOver_AndYieldsWhenItReturns(self, scene: Scene, end: str) -> None:
        _peer_follows(scene, V3, end)

    @each_family
    @pytest.mark.parametrize("end", ["stopped", "partitioned"])
    def test_VrrpXdpFollowsPeer_TakesOver_AndYieldsWhenItReturns(self, scene: Scene, end: str) -> None:
        _vrrp_xdp_follows(scene, V3, end)


class Election(_WithScene):
    """Who leads, whatever MAC the peer answers with. Routers are numbered by their addresses: r2's is the higher one."""

    def test_PeerFollowsVrrpXdp_InVersion2_TakesOver_AndYieldsWhenItReturns(self, scene: Scene) -> None:
        _peer_follows(scene, V2, "stopped")

    def test_VrrpXdpFollowsPeer_InVersion2_TakesOver_AndYieldsWhenItReturns(self, scene: Scene) -> None:
        _vrrp_xdp_follows(scene, V2, "stopped")

    def test_VrrpXdpWithoutPreemption_LeavesThePeerActive_AndReplacesItWhenItStops(self, scene: Scene) -> None:
        theirs = scene.start_theirs("r1", V3.low)
        scene.wait_for_sole_active("r1")
        scene.start_ours("r2", replace(V3.high, preempt=False))
        scene.expect_gateway("r1", scene.peer_mac("r1"), since_ns=time.time_ns())

        end_ns = time.time_ns()
        theirs.stop()
        scene.expect_gateway("r2", scene.virtual_mac, since_ns=end_ns)
        scene.expect_traffic(scene.virtual_mac)
        scene.expect_patience("r2", "r1", active_down_ns(V3.high))

    def test_PeerWithoutPreemption_LeavesVrrpXdpActive_AndReplacesItWhenItStops(self, scene: Scene) -> None:
        ours = scene.start_ours("r1", V3.low)
        scene.wait_for_sole_active("r1")
        scene.start_theirs("r2", replace(V3.high, preempt=False))
        scene.expect_gateway("r1", scene.virtual_mac, since_ns=time.time_ns())

        end_ns = time.time_ns()
        assert ours.stop() == 0
        scene.expect_gateway("r2", scene.peer_mac("r2"), since_ns=end_ns)
        scene.expect_traffic(scene.peer_mac("r2"))
        scene.expect_patience("r2", "r1", 3 * V3.interval_ns)

    @each_family
    @pytest.mark.parametrize("ours_in", ["r1", "r2"])
    def test_OfTwoActivesWithOnePriority_TheHigherAddressStays(self, scene: Scene, ours_in: str) -> None:
        r1, r2 = scene.lab.routers
        equal = VirtualRouter(priority=100)
        start = {"r1": scene.start_theirs, "r2": scene.start_theirs, ours_in: scene.start_ours}
        start["r1"]("r1", equal)
        scene.wait_for_sole_active("r1")
        start["r2"]("r2", equal)
        # A Backup Router respects its equal, whatever the address.
        scene.wait_for_sole_active("r1", since_ns=time.time_ns())

        r1.partition()
        scene.capture.wait_for(advertisement_of("r2"), "r2 takes over from r1, of which it no longer hears", count=3)
        r1.heal()
        healed_ns = time.time_ns()
        mac = scene.virtual_mac if ours_in == "r2" else scene.peer_mac("r2")
        scene.expect_gateway("r2", mac, since_ns=healed_ns)

    def test_ChecksumOverTheMessageOnly_IsRejectedByThePeer_AndBothAreActive(self, scene: Scene) -> None:
        r1, r2 = scene.lab.routers
        virtual_router = {
            "vrid": 10,
            "priority": 200,
            "advertise-interval": "100ms",
            "checksum": "message-only",
            "virtual-addresses": [scene.lab.family.gateway],
        }
        config = {"interfaces": {"eth0": {"virtual-routers": [virtual_router]}}}
        ours = scene.lab.start(VrrpXdp(r1, config=config, mode="native"))
        scene.wait_for_sole_active("r1")
        scene.start_theirs("r2", V3.low)

        # Once, and no more where the peer is muted by what it rejects, as keepalived is.
        first = scene.capture.wait_for(advertisement_of("r2"), "r2 is Active beside r1")
        assert first.vrrp is not None and first.vrrp.checksum_form is ChecksumForm.PSEUDO_HEADER
        both_ns = first.time_ns
        last = scene.capture.wait_for(advertisement_of("r1"), "r1 goes on", since_ns=both_ns, count=5)
        assert last.vrrp is not None and last.vrrp.checksum_form is ChecksumForm.MESSAGE_ONLY
        # What a user can see: an Active Router that hears another one of lower priority.
        seen = _virtual_router_of(ours.status())
        assert (seen["state"], seen["last-adv-source"], seen["last-adv-priority"]) == ("active", r2.address, 100)
        for name in ("r1", "r2"):
            scene.capture.wait_for(answer_of(name), f"{name} answers the host", since_ns=last.time_ns)


def _virtual_router_of(status: Any) -> Any:
    return status["interfaces"][0]["virtual-routers"][0]
