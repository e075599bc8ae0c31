# SPDX-License-Identifier: BSD-2-Clause
"""Advertisements by unicast, among vrrp-xdp and with keepalived, and nothing by multicast."""

import signal
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import pytest
from observations import each_family, wait_for_sole_active, wait_for_state
from vrrp_lab import IPV6, Advertisement, Capture, Frame, Injector, Keepalived, Lab, UdpTraffic, VirtualRouter, VrrpXdp
from vrrp_lab.wire import VRRP_GROUP, VRRP_GROUP_V6


@dataclass
class Scene:
    """Two routers that are each other's peers, and a host that asks for its gateway and sends through it all the time."""

    lab: Lab
    capture: Capture
    traffic: UdpTraffic

    def ours(self, name: str, priority: int, **options: object) -> VrrpXdp:
        """vrrp-xdp, by default with the interface's own MAC."""
        peers = {"virtual-mac": False, "unicast-peers": self._peers_of(name), **options}
        return self.lab.start(VrrpXdp(self.lab.router(name), self._virtual_router(priority, peers)))

    def theirs(self, name: str, priority: int) -> Keepalived:
        source = self.lab.router(name).primary(self.lab.family)
        extra = [f"unicast_src_ip {source}", "unicast_peer {", *(f"    {peer}" for peer in self._peers_of(name)), "}"]
        peer = self.lab.start(Keepalived(self.lab.router(name), self._virtual_router(priority, {}), extra=extra))
        self.lab.eventually(lambda: "Entering BACKUP STATE (init)" in peer.log(), f"{peer.name} listens")
        return peer

    def _peers_of(self, name: str) -> Sequence[str]:
        return [router.primary(self.lab.family) for router in self.lab.routers if router.name != name]

    def _virtual_router(self, priority: int, options: dict[str, object]) -> VirtualRouter:
        return VirtualRouter(addresses=self.lab.family.virtual, priority=priority, interval_ms=100, options=options)

    def expect_gateway(self, name: str, mac: str | None = None) -> None:
        """The router alone advertises, the host has its MAC for its gateway, and reaches the server."""
        wait_for_sole_active(self.lab, self.capture, name)
        wanted = mac or self.lab.router(name).mac()
        neighbour = ["ip", "neighbour", "show", self.lab.family.gateway]
        self.lab.eventually(
            lambda: f"lladdr {wanted} " in self.lab.host().namespace.run(*neighbour), f"the host has {wanted} for its gateway"
        )
        since_ns = time.time_ns()
        self.lab.eventually(lambda: self.traffic.arrived_since(since_ns) > 20, "the host reaches the server")


def is_multicast(frame: Frame) -> bool:
    return frame.vrrp is not None and frame.ip is not None and frame.ip.destination in (VRRP_GROUP, VRRP_GROUP_V6)


@pytest.fixture
def scene(make_lab: Callable[..., Lab]) -> Iterator[Scene]:
    lab = make_lab()
    with lab.capture() as capture, lab.prober(), lab.traffic(rate=200) as traffic:
        yield Scene(lab, capture, traffic)
        assert not [f for f in capture.frames(is_multicast) if f.sent_by in ("r1", "r2")]


@each_family
@pytest.mark.parametrize("ours", ["r1", "r2"])
def test_VrrpXdpAndKeepalived_TakeOverFromEachOther_AndYield(scene: Scene, ours: str) -> None:
    # By unicast, keepalived's packets have the kernel's own hop limit over IPv6, and a TTL of 255 over IPv4.
    ttl = {"minimum-ttl": 64} if scene.lab.family is IPV6 else {}

    def begin(name: str, priority: int) -> VrrpXdp | Keepalived:
        return scene.ours(name, priority, **ttl) if name == ours else scene.theirs(name, priority)

    r1 = begin("r1", 200)
    wait_for_sole_active(scene.lab, scene.capture, "r1")
    begin("r2", 100)
    scene.expect_gateway("r1")
    r1.stop()
    scene.expect_gateway("r2")
    r1.start(scene.lab.directory)
    scene.expect_gateway("r1")


@each_family
def test_Pair_TakesOver_WithTheFarewellOfTheGuardian(scene: Scene) -> None:
    r1, r2 = scene.ours("r1", 200), scene.ours("r2", 100)
    wait_for_state(scene.lab, r2, "backup")
    scene.expect_gateway("r1")
    killed_ns = time.time_ns()
    r1.process.signal(signal.SIGKILL)
    scene.expect_gateway("r2")
    by_guardian = scene.capture.frames(lambda f: f.sent_by == "r1" and f.vrrp and f.vrrp.priority == 0, since_ns=killed_ns)
    assert [f.ip.destination for f in by_guardian if f.ip] == [scene.lab.router("r2").primary(scene.lab.family)]
    assert r2.virtual_router()["statistics"]["priority-zero-pkts-rcvd"] == 1


def test_Pair_WithVirtualMacs_KeepsTheGatewaysMac(scene: Scene) -> None:
    mac = scene.lab.family.virtual_mac(10)
    r1, r2 = (scene.ours(name, priority, **{"virtual-mac": True}) for name, priority in (("r1", 200), ("r2", 100)))
    wait_for_state(scene.lab, r2, "backup")
    scene.expect_gateway("r1", mac)
    assert r1.stop() == 0
    scene.expect_gateway("r2", mac)


@each_family
def test_Stranger_IsNotHeard_ByMulticastOrNot(make_lab: Callable[..., Lab]) -> None:
    lab = make_lab()
    with lab.capture() as capture:
        scene = Scene(lab, capture, lab.traffic())
        r1 = scene.ours("r1", 100)
        wait_for_state(lab, r1, "active")
        stranger = Advertisement(
            source=lab.host().primary(lab.family), addresses=lab.family.virtual, priority=254, interval_ms=100
        )
        with Injector(lab.host().namespace) as injector, injector.repeating(stranger, period_s=0.02):
            lab.eventually(lambda: r1.virtual_router()["statistics"]["unicast-peer-errors"] > 10, "it is counted")
        assert r1.state() == "active"
        assert r1.virtual_router()["statistics"]["master-transitions"] == 1


def test_Router_ThatIsItsOwnPeer_IsRefused(make_lab: Callable[..., Lab]) -> None:
    lab = make_lab(routers=1)
    router = lab.router("r1")
    options = {"unicast-peers": [router.address]}
    process = lab.start(VrrpXdp(router, VirtualRouter(options=options))).process
    assert process.wait() == 1
    assert f"the unicast peer {router.address} is an address of eth0 itself" in process.log()
    assert "list the other routers only" in process.log()
