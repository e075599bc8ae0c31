# SPDX-License-Identifier: BSD-2-Clause
"""Without a virtual MAC, as most pairs of keepalived run: the gateway's MAC moves with the Active Router, and hosts follow."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from observations import advertisement_of, each_family, macs_told, wait_for_sole_active, wait_for_state
from vrrp_lab import Capture, Keepalived, Lab, UdpTraffic, VirtualRouter, VrrpXdp

OWN_MAC = {"virtual-mac": False}


@dataclass
class Scene:
    """Two routers, and a host that asks for its gateway and sends through it all the time."""

    lab: Lab
    capture: Capture
    traffic: UdpTraffic

    def ours(self, name: str, priority: int, **options: object) -> VrrpXdp:
        return self.lab.start(VrrpXdp(self.lab.router(name), self._virtual_router(priority, {**OWN_MAC, **options})))

    def theirs(self, name: str, priority: int) -> Keepalived:
        peer = self.lab.start(Keepalived(self.lab.router(name), self._virtual_router(priority, {})))
        self.lab.eventually(lambda: "Entering BACKUP STATE (init)" in peer.log(), f"{peer.name} listens")
        return peer

    def _virtual_router(self, priority: int, options: dict[str, object]) -> VirtualRouter:
        return VirtualRouter(addresses=self.lab.family.virtual, priority=priority, interval_ms=100, options=options)

    def expect_gateway(self, name: str, mac: str | None = None) -> None:
        """The router alone is Active, the host has its MAC for its gateway, and nothing that it sends then is lost."""
        wanted = mac or self.lab.router(name).mac()
        wait_for_sole_active(self.lab, self.capture, name)
        neighbour = ["ip", "neighbour", "show", self.lab.family.gateway]
        self.lab.eventually(
            lambda: f"lladdr {wanted} " in self.lab.host().namespace.run(*neighbour), f"the host has {wanted} for its gateway"
        )
        since_ns = time.time_ns()
        self.lab.eventually(lambda: self.traffic.arrived_since(since_ns) > 20, "the host reaches the server")


@pytest.fixture
def scene(make_lab: Callable[..., Lab]) -> Iterator[Scene]:
    lab = make_lab()
    with lab.capture() as capture, lab.prober(), lab.traffic(rate=200) as traffic:
        yield Scene(lab, capture, traffic)
        # Nothing on the wire is from a virtual MAC, or says that an address is at one.
        assert not capture.frames(lambda frame: frame.eth_src.startswith("00:00:5e:00"))
        assert macs_told(capture) <= {router.mac() for router in lab.routers} | {NEW_MAC}


NEW_MAC = "02:00:00:00:01:77"


@each_family
def test_KeepalivedFollowsVrrpXdp_TakesOver_AndYieldsWhenItReturns(scene: Scene) -> None:
    ours = scene.ours("r1", 200)
    wait_for_state(scene.lab, ours, "active")
    scene.theirs("r2", 100)
    scene.expect_gateway("r1")
    assert ours.stop() == 0
    scene.expect_gateway("r2")
    ours.start(scene.lab.directory)
    scene.expect_gateway("r1")


@each_family
def test_VrrpXdpFollowsKeepalived_TakesOver_AndYieldsWhenItReturns(scene: Scene) -> None:
    theirs = scene.theirs("r1", 200)
    scene.capture.wait_for(advertisement_of("r1"), "r1 is Active")
    ours = scene.ours("r2", 100)
    scene.expect_gateway("r1")
    theirs.stop()
    scene.expect_gateway("r2")
    theirs.start(scene.lab.directory)
    scene.expect_gateway("r1")
    # What keepalived said of the address while it was Active is not news.
    assert ours.virtual_router()["state"] == "backup"


@each_family
def test_Pair_TakesOver_AndFollowsTheMacOfTheInterface(scene: Scene) -> None:
    lab = scene.lab
    r1, r2 = scene.ours("r1", 200, **{"accept-mode": True}), scene.ours("r2", 100, **{"accept-mode": True})
    wait_for_state(lab, r2, "backup")
    scene.expect_gateway("r1")
    lab.router("r1").namespace.ip(f"link set eth0 address {NEW_MAC}")
    scene.expect_gateway("r1", NEW_MAC)
    assert r1.virtual_router()["virtual-mac"] == NEW_MAC
    reached = ["ping", "-c", "1", "-W", "5", lab.family.virtual[-1]]
    lab.host().namespace.run(*reached)
    r1.kill_family()
    scene.expect_gateway("r2")
    lab.host().namespace.run(*reached)
