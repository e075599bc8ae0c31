# SPDX-License-Identifier: BSD-2-Clause
"""What belongs to another VLAN is none of an untagged Virtual Router's business, wherever the kernel has put the tag."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from observations import answer_of, wait_for_state
from vrrp_lab import VIRTUAL_ADDRESS, Advertisement, ArpPacket, Frame, History, Injector, Lab, VirtualRouter, VrrpXdp
from vrrp_lab.inject import ethernet, ipv4
from vrrp_lab.wire import ETH_P_IP

OTHER_VLAN = 99
OTHER_ROUTER = "192.0.2.77"


@dataclass
class Untagged:
    """The router r1 with an untagged Virtual Router, and cables on which tags travel beside the frame, as on any veth."""

    lab: Lab
    router: VrrpXdp

    def statistics(self) -> dict[str, int]:
        counted: dict[str, int] = self.router.virtual_router()["statistics"]
        return counted


@pytest.fixture(params=[False, True], ids=["veth", "bridge"])
def untagged(request: pytest.FixtureRequest, make_lab: Callable[..., Lab]) -> Untagged:
    """In the mode that auto takes."""
    lab = make_lab(bridged=request.param, offloads=True)
    return Untagged(lab, lab.start(VrrpXdp(lab.router("r1"), VirtualRouter())))


def request_of(lab: Lab, *vlans: int) -> ArpPacket:
    host = lab.host()
    return ArpPacket(sender_mac=host.mac(), sender_ip=host.address, target_ip=VIRTUAL_ADDRESS, vlans=vlans)


def is_answer(frame: Frame) -> bool:
    return bool(answer_of("r1")(frame))


def test_Active_AnswersNoArpOfAnotherVlan(untagged: Untagged) -> None:
    lab = untagged.lab
    lab.eventually(lambda: untagged.router.state() == "active", "r1 is Active")
    with lab.capture() as capture, Injector(lab.host().namespace) as injector:
        for _ in range(10):
            injector.send(request_of(lab, OTHER_VLAN))
        injector.send(request_of(lab))
        # Frames keep their order: with this answer the others would have come.
        answer = capture.wait_for(is_answer, "the answer to the question without a tag")
        assert not answer.vlans
        assert len(capture.frames(is_answer)) == 1
    lab.eventually(lambda: untagged.statistics()["arp-answered"] == 1, "one answer is counted")
    assert untagged.statistics()["arp-not-answered"] == 0


def test_Active_YieldsToNoRouterOfAnotherVlan(untagged: Untagged) -> None:
    lab = untagged.lab
    lab.eventually(lambda: untagged.router.state() == "active", "r1 is Active")
    with Injector(lab.host().namespace) as injector:
        for _ in range(10):
            injector.send(Advertisement(source=OTHER_ROUTER, priority=200, vlans=[OTHER_VLAN]))
        injector.send(Advertisement(source=OTHER_ROUTER, priority=50))
        lab.eventually(lambda: untagged.statistics()["advertisement-rcvd"] > 0, "the advertisement without a tag is heard")
    assert untagged.statistics()["advertisement-rcvd"] == 1
    assert untagged.router.state() == "active"


def test_Backup_LeavesFramesOfAnotherVlan_ToTheVirtualMac(untagged: Untagged) -> None:
    lab = untagged.lab
    host = lab.host()
    with Injector(host.namespace) as injector:
        # Not from the virtual MAC, or the switch would keep what is sent there to the host's port.
        heartbeat = Advertisement(source=OTHER_ROUTER, priority=200, source_mac=host.mac())
        with injector.repeating(heartbeat, 0.2):
            lab.eventually(lambda: untagged.router.state() == "backup" and untagged.statistics()["advertisement-rcvd"], "r1 is Backup")
            mac = lab.family.virtual_mac(10)
            packet = ipv4(host.address, lab.family.server[0], 17, bytes(16))
            for _ in range(10):
                injector.send(Raw(ethernet(host.mac(), mac, ETH_P_IP, packet, [OTHER_VLAN])))
            injector.send(Raw(ethernet(host.mac(), mac, ETH_P_IP, packet)))
            lab.eventually(lambda: untagged.statistics()["frames-not-active"] > 0, "the frame without a tag is dropped")
        assert untagged.statistics()["frames-not-active"] == 1


@dataclass
class Raw:
    """Bytes that are a frame already."""

    frame: bytes

    def to_bytes(self) -> bytes:
        return self.frame


@pytest.mark.history(History.AS_IT_WAS)
def test_GenericMode_IsRefused_WhereTagsMayBeHidden(make_lab: Callable[..., Lab]) -> None:
    lab = make_lab(offloads=True)
    refused = lab.start(VrrpXdp(lab.router("r1"), VirtualRouter(), mode="generic"))
    lab.eventually(lambda: refused.process.exit_code is not None, "attach fails")
    for word in ("VLAN tags are hidden from XDP", "rxvlan off", "--mode clsact"):
        assert word in refused.log()


def test_NativeMode_OnAVethWithOffloads_IsWarnedOf(make_lab: Callable[..., Lab]) -> None:
    lab = make_lab(xdp_peer=True)
    lab.router("r1").namespace.run("ethtool", "-K", "eth0", "rxvlan", "on")
    router = lab.start(VrrpXdp(lab.router("r1"), VirtualRouter(), mode="native"))
    wait_for_state(lab, router, "active")
    assert "VLAN tags are hidden from XDP where the other end of eth0 has tx-vlan-offload or tx-vlan-stag-hw-insert on" in router.log()


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
