# SPDX-License-Identifier: BSD-2-Clause
"""What the kernel answers by itself with a physical MAC, beside the data plane: it is told before it does harm."""

import json
from collections.abc import Callable

import pytest
from vrrp_lab import Lab, VirtualRouter, VrrpXdp
from vrrp_lab.peers.vrrp_xdp import invoke

_PROXY = "has proxy_arp on"
_SECOND_CARD = "is in the same subnet and answers ARP"


@pytest.fixture
def lab(make_lab: Callable[..., Lab]) -> Lab:
    """One router, where everything here is done."""
    return make_lab(routers=1)


def warned(lab: Lab) -> str:
    done = invoke(lab.router("r1").namespace, "check", "--json", "--system", "eth0")
    return "\n".join(f"{each['finding']}; {each.get('hint')}" for each in json.loads(done.stdout)["findings"])


def second_card(lab: Lab) -> None:
    inside = lab.router("r1").namespace
    inside.ip("link add name eth7 type veth peer name eth8")
    inside.ip("address add 192.0.2.7/24 dev eth7")
    inside.ip("link set eth7 up")


def test_ProxyArp_IsWarnedOf_ByCheckAndAttach_rfc9568_8_1_3(lab: Lab) -> None:
    inside = lab.router("r1").namespace
    assert _PROXY not in warned(lab)
    inside.sysctl(net__ipv4__conf__eth0__proxy_arp=1, net__ipv6__conf__eth0__proxy_ndp=1)
    assert _PROXY in warned(lab) and "eth0/proxy_arp=0" in warned(lab)
    assert "has proxy_ndp on" in warned(lab)
    router = lab.start(VrrpXdp(lab.router("r1"), VirtualRouter()))
    lab.eventually(lambda: f"eth0: {_PROXY}" in router.log(), "the log tells it")


def test_ASecondCardOfTheLan_IsWarnedOf_WhereTheHostHasTheAddress(lab: Lab) -> None:
    second_card(lab)
    assert f"eth7 {_SECOND_CARD}" in warned(lab) and "eth7/arp_ignore=1" in warned(lab)
    router = lab.start(VrrpXdp(lab.router("r1"), VirtualRouter()))
    lab.eventually(lambda: router.state() == "active", "it has told all that it tells at the start")
    assert _SECOND_CARD not in router.log(), "it has no virtual address"
    assert router.stop() == 0
    owner = lab.start(VrrpXdp(lab.router("r1"), VirtualRouter(options={"accept-mode": True})))
    lab.eventually(lambda: f"eth0: eth7 {_SECOND_CARD}" in owner.log(), "the log tells it")
    lab.router("r1").namespace.sysctl(net__ipv4__conf__eth7__arp_ignore=1)
    assert _SECOND_CARD not in warned(lab)
