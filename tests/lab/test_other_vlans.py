# SPDX-License-Identifier: BSD-2-Clause
"""What belongs to another VLAN is none of an untagged Virtual Router's business, wherever the kernel has put the tag."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from observations import answer_of, wait_for_state
from vrrp_lab import VIRTUAL_ADDRESS, Advertisement, ArpPacket, Frame, Injector, Lab, Router, VirtualRouter, VrrpXdp
from vrrp_lab.inject import ethernet, ipv4
from vrrp_lab.peers.vrrp_xdp import configuration
from vrrp_lab.wire import ETH_P_IP

OTHER_VLAN = 99
OTHER_ROUTER = "192.0.2.77"


def keep_tags_beside_frames(router: Router) -> None:
    """As every veth does unless told otherwise: what came to the switch with a tag comes to the router with it out of band."""
    router.segments["eth0"].namespace.run("ethtool", "-K", router.name, "txvlan", "on", "rxvlan", "on")
    router.namespace.run("ethtool", "-K", "eth0", "txvlan", "on", "rxvlan", "on")


def put_under_bridge(router: Router) -> None:
    """br0 takes the place of eth0."""
    router.namespace.ip(
        "link add name br0 type bridge stp_state 0 mcast_snooping 0",
        f"link set br0 address {router.mac()} up",
        "address flush dev eth0",
        "link set eth0 master br0",
        f"address add {router.address}/24 dev br0 nodad",
    )


@dataclass
class Untagged:
    """The router r1 with an untagged Virtual Router on the interface."""

    lab: Lab
    router: VrrpXdp
    interface: str

    def statistics(self) -> dict[str, int]:
        counted: dict[str, int] = self.router.virtual_router(interface=self.interface)["statistics"]
        return counted

    def state(self) -> str:
        return self.router.state(interface=self.interface)


Make = Callable[[int], Untagged]


@pytest.fixture(params=["eth0", "br0"])
def untagged(request: pytest.FixtureRequest, lab: Lab) -> Make:
    """Makes it with this priority, in the mode that auto takes."""
    interface = str(request.param)

    def make(priority: int) -> Untagged:
        keep_tags_beside_frames(lab.router("r1"))
        if interface == "br0":
            put_under_bridge(lab.router("r1"))
        config = configuration({interface: [VirtualRouter(priority=priority)]})
        return Untagged(lab, lab.start(VrrpXdp(lab.router("r1"), config=config)), interface)

    return make


def request_of(lab: Lab, *vlans: int) -> ArpPacket:
    host = lab.host()
    return ArpPacket(sender_mac=host.mac(), sender_ip=host.address, target_ip=VIRTUAL_ADDRESS, vlans=vlans)


def is_answer(frame: Frame) -> bool:
    return bool(answer_of("r1")(frame))


def test_Active_AnswersNoArpOfAnotherVlan(untagged: Make) -> None:
    at_work = untagged(100)
    lab = at_work.lab
    lab.eventually(lambda: at_work.state() == "active", "r1 is Active")
    with lab.capture() as capture, Injector(lab.host().namespace) as injector:
        for _ in range(10):
            injector.send(request_of(lab, OTHER_VLAN))
        injector.send(request_of(lab))
        # Frames keep their order: with this answer the others would have come.
        answer = capture.wait_for(is_answer, "the answer to the question without a tag")
        assert not answer.vlans
        assert len(capture.frames(is_answer)) == 1
    lab.eventually(lambda: at_work.statistics()["arp-answered"] == 1, "one answer is counted")
    assert at_work.statistics()["arp-not-answered"] == 0


def test_Active_YieldsToNoRouterOfAnotherVlan(untagged: Make) -> None:
    at_work = untagged(100)
    lab = at_work.lab
    lab.eventually(lambda: at_work.state() == "active", "r1 is Active")
    with Injector(lab.host().namespace) as injector:
        for _ in range(10):
            injector.send(Advertisement(source=OTHER_ROUTER, priority=200, vlans=[OTHER_VLAN]))
        injector.send(Advertisement(source=OTHER_ROUTER, priority=50))
        lab.eventually(lambda: at_work.statistics()["advertisement-rcvd"] > 0, "the advertisement without a tag is heard")
    assert at_work.statistics()["advertisement-rcvd"] == 1
    assert at_work.state() == "active"


def test_Backup_LeavesFramesOfAnotherVlan_ToTheVirtualMac(untagged: Make) -> None:
    at_work = untagged(100)
    lab = at_work.lab
    host = lab.host()
    with Injector(host.namespace) as injector:
        # Not from the virtual MAC, or the switch would keep what is sent there to the host's port.
        heartbeat = Advertisement(source=OTHER_ROUTER, priority=200, source_mac=host.mac())
        with injector.repeating(heartbeat, 0.2):
            lab.eventually(lambda: at_work.state() == "backup" and at_work.statistics()["advertisement-rcvd"], "r1 is Backup")
            mac = lab.family.virtual_mac(10)
            packet = ipv4(host.address, lab.family.server[0], 17, bytes(16))
            for _ in range(10):
                injector.send(Raw(ethernet(host.mac(), mac, ETH_P_IP, packet, [OTHER_VLAN])))
            injector.send(Raw(ethernet(host.mac(), mac, ETH_P_IP, packet)))
            lab.eventually(lambda: at_work.statistics()["frames-not-active"] > 0, "the frame without a tag is dropped")
        assert at_work.statistics()["frames-not-active"] == 1


@dataclass
class Raw:
    """Bytes that are a frame already."""

    frame: bytes

    def to_bytes(self) -> bytes:
        return self.frame


def test_GenericMode_IsRefused_WhereTagsMayBeHidden(lab: Lab) -> None:
    router = lab.router("r1")
    keep_tags_beside_frames(router)
    refused = lab.start(VrrpXdp(router, VirtualRouter(), mode="generic"))
    lab.eventually(lambda: refused.process.exit_code is not None, "attach fails")
    for word in ("VLAN tags are hidden from XDP", "rxvlan off", "--mode clsact"):
        assert word in refused.log()


def test_NativeMode_OnAVethWithOffloads_IsWarnedOf(make_lab: Callable[..., Lab]) -> None:
    lab = make_lab(xdp_peer=True)
    keep_tags_beside_frames(lab.router("r1"))
    router = lab.start(VrrpXdp(lab.router("r1"), VirtualRouter(), mode="native"))
    wait_for_state(lab, router, "active")
    assert "VLAN tags are hidden from XDP where the other end of eth0 has tx-vlan-offload on" in router.log()


def test_TagStripping_IsOffWithoutAnyVlan_StaysOff_AndIsRestoredAtTheEnd(make_lab: Callable[..., Lab]) -> None:
    lab = make_lab(xdp_peer=True)
    namespace = lab.router("r1").namespace

    def strips() -> bool:
        return "rx-vlan-offload: on" in namespace.run("ethtool", "-k", "eth0")

    namespace.run("ethtool", "-K", "eth0", "rxvlan", "on")
    router = lab.start(VrrpXdp(lab.router("r1"), VirtualRouter(), mode="native"))
    wait_for_state(lab, router, "active")
    assert not strips()
    namespace.run("ethtool", "-K", "eth0", "rxvlan", "on")
    lab.eventually(lambda: "rx-vlan-offload was turned on" in router.log(), "it is seen")
    lab.eventually(lambda: not strips(), "it is turned off again")
    router.kill_family()
    assert "removed" in router.detach()
    assert strips()
