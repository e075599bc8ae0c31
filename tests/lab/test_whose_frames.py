# SPDX-License-Identifier: BSD-2-Clause
"""Whose frames are answered and heard: those to groups, to the virtual MAC and to the interface's own, and nobody else's."""

import pytest
from observations import wait_for_state
from pair import cable_to
from vrrp_lab import IPV4, Advertisement, Lab, VirtualRouter, VrrpXdp
from vrrp_lab.inject import ArpPacket

_SOMEBODY_ELSE = "02:00:00:00:99:99"
_NEW_MAC = "02:00:00:00:01:77"


def answered(router: VrrpXdp) -> int:
    return int(router.virtual_router()["statistics"]["arp-answered"])


def heard(router: VrrpXdp) -> int:
    return int(router.virtual_router()["statistics"]["advertisement-rcvd"])


def test_FramesToSomebodyElsesMac_AreNeitherAnsweredNorHeard_rfc826_rfc9568_7_1(lab: Lab) -> None:
    r1 = lab.start(VrrpXdp(lab.router("r1"), VirtualRouter()))
    wait_for_state(lab, r1, "active")
    host = lab.host()
    question = ArpPacket(sender_mac=host.mac(), sender_ip=host.address, target_ip=IPV4.gateway)
    better = Advertisement(source=host.address, addresses=IPV4.virtual, priority=250, destination_mac=_SOMEBODY_ELSE)
    with cable_to(r1.router) as injector:
        for _ in range(20):
            injector.send(question.sent_to(_SOMEBODY_ELSE))
            injector.send(better)
        injector.send(question.sent_to(r1.router.mac()))
        lab.eventually(lambda: answered(r1) > 0, "what came to its own MAC is answered")
    assert (answered(r1), heard(r1), r1.state()) == (1, 0, "active")


@pytest.mark.parametrize("new", [_NEW_MAC])
def test_FramesToTheInterface_AreAnswered_WhenItHasAnotherMac(lab: Lab, new: str) -> None:
    r1 = lab.start(VrrpXdp(lab.router("r1"), VirtualRouter()))
    wait_for_state(lab, r1, "active")
    before = r1.router.mac()
    r1.router.namespace.ip(f"link set eth0 address {new}")
    host = lab.host()
    question = ArpPacket(sender_mac=host.mac(), sender_ip=host.address, target_ip=IPV4.gateway)
    with cable_to(r1.router) as injector:

        def is_answered(mac: str) -> bool:
            count = answered(r1)
            injector.send(question.sent_to(mac))
            return answered(r1) > count

        lab.eventually(lambda: is_answered(new), "its new MAC is known")
        count = answered(r1)
        for _ in range(20):
            injector.send(question.sent_to(before))
        assert is_answered(new) and answered(r1) <= count + 2
