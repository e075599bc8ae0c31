# SPDX-License-Identifier: BSD-2-Clause
"""A name is not the interface: it may pass to another card, and a card may leave with everything that is on it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from conftest import MakeLab
from observations import answer_of, nothing_attached, wait_for_sole_active, wait_for_state
from test_link_state import expect_cable_is_followed
from test_restart import DONE
from vrrp_lab import Lab, Router, VirtualRouter, VrrpXdp
from vrrp_lab.netns import Namespace


@pytest.fixture
def lab(make_lab: MakeLab) -> Lab:
    return make_lab(ipv6=True)


def start_pair(lab: Lab) -> tuple[VrrpXdp, VrrpXdp]:
    r1, r2 = (
        lab.start(VrrpXdp(lab.router(name), VirtualRouter(addresses=lab.family.virtual, priority=priority)))
        for name, priority in (("r1", 200), ("r2", 100))
    )
    wait_for_state(lab, r1, "active")
    wait_for_state(lab, r2, "backup")
    return r1, r2


def add_spare(router: Router) -> None:
    """A second card on the same segment, without an address."""
    switch = router.segments["eth0"].namespace
    switch.ip(
        f"link add name spare type veth peer name spare address 02:00:00:00:01:66 netns {router.namespace.name}",
        "link set spare master br0 up",
    )
    for inside in (switch, router.namespace):
        inside.run("ethtool", "-K", "spare", "tx", "off", "txvlan", "off", "rxvlan", "off")


def take_name_of_eth0(router: Router, *, old: str, address: str) -> None:
    """The spare is eth0 from now on, with its address; the card that was is called otherwise."""
    router.namespace.ip(
        "link set eth0 down",
        "address flush dev eth0",
        "link set eth0 name passing",
        "link set spare name eth0",
        f"link set passing name {old}",
        f"address add {address}/24 dev eth0",
        "link set eth0 up",
        f"link set {old} up",
    )


def nothing_on(namespace: Namespace, interface: str) -> bool:
    link = namespace.run("ip", "-d", "link", "show", "dev", interface)
    return "xdp" not in link and "clsact" not in namespace.run("tc", "qdisc", "show", "dev", interface)


@pytest.mark.parametrize("old", ["old0", "spare"], ids=["a spare takes it", "they swap"])
def test_NameThatPassesToAnotherCard_IsFollowed_AndNothingStaysOnTheOldOne(lab: Lab, old: str) -> None:
    r1, r2 = start_pair(lab)
    router = lab.router("r1")
    add_spare(router)
    with lab.prober() as prober:
        take_name_of_eth0(router, old=old, address=router.address)
        lab.eventually(lambda: "attached again" in r1.log(), "it attaches to the card that has the name")
        wait_for_state(lab, r1, "active")
        wait_for_state(lab, r2, "backup")
        prober.wait_for_answer(since_ns=time.time_ns())
        lab.eventually(lambda: nothing_on(router.namespace, old), "the old card is free")
    assert not nothing_on(router.namespace, "eth0")
    assert r1.stop() == DONE
    assert nothing_attached(router.namespace, "eth0", old)


@contextmanager
def another_namespace(lab: Lab) -> Iterator[Namespace]:
    elsewhere = Namespace(f"{lab.prefix}-elsewhere")
    elsewhere.create()
    try:
        yield elsewhere
    finally:
        elsewhere.delete()


def test_InterfaceMovedIntoAnotherNamespace_IsLeft_AndServedAgainWhenItReturns(lab: Lab) -> None:
    r1, r2 = start_pair(lab)
    router = lab.router("r1")
    with another_namespace(lab) as elsewhere:
        router.namespace.ip(f"link set eth0 netns {elsewhere.name}")
        wait_for_state(lab, r2, "active")
        wait_for_state(lab, r1, "initialize")
        lab.eventually(lambda: nothing_on(elsewhere, "eth0"), "its program is taken off there")
        elsewhere.ip(f"link set eth0 netns {router.namespace.name}")
        router.namespace.ip(f"address add {router.address}/24 dev eth0", "link set eth0 up")
        wait_for_state(lab, r1, "active")
        wait_for_state(lab, r2, "backup")
        with lab.capture() as capture:
            wait_for_sole_active(lab, capture, "r1", since_ns=time.time_ns())
            with lab.prober():
                capture.wait_for(answer_of("r1"), "r1 answers", since_ns=time.time_ns())
        expect_cable_is_followed(lab, r1, r2)
