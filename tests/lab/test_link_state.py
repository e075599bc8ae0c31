# SPDX-License-Identifier: BSD-2-Clause
"""What the kernel says of an interface is believed after any history of it: with IPv6 on, after it was down and up, created again."""

import time
from collections.abc import Callable

import pytest
from conftest import MakeLab
from observations import wait_for_sole_active, wait_for_state
from test_conditions import configuration, tracker
from test_own_mac import NEW_MAC
from test_reattach import make_anew
from vrrp_lab import History, Lab, Router, VirtualRouter, VrrpXdp


def nothing(lab: Lab, router: Router) -> None:
    """Leaves the interface as it was."""


def down_and_up(lab: Lab, router: Router) -> None:
    """The kernel's IPv6 reports the link in messages of its own from then on."""
    router.namespace.ip("link set eth0 down", "link set eth0 up")


def ipv6_off_and_on(lab: Lab, router: Router) -> None:
    """The same without a moment in which the link is down."""
    router.namespace.sysctl(net__ipv6__conf__eth0__disable_ipv6=1)
    router.namespace.sysctl(net__ipv6__conf__eth0__disable_ipv6=0)


def made_anew(lab: Lab, router: Router) -> None:
    router.namespace.ip("link del eth0")
    make_anew(lab, router)


def made_anew_twice(lab: Lab, router: Router) -> None:
    made_anew(lab, router)
    time.sleep(0.6)  # attached again in between, or about to be
    made_anew(lab, router)


@pytest.fixture
def lab(make_lab: MakeLab) -> Lab:
    return make_lab(ipv6=True)


def routers(lab: Lab, *, attach: Callable[[VrrpXdp], VrrpXdp] | None = None) -> tuple[VrrpXdp, VrrpXdp]:
    r1, r2 = (
        VrrpXdp(lab.router(name), VirtualRouter(addresses=lab.family.virtual, priority=priority))
        for name, priority in (("r1", 200), ("r2", 100))
    )
    return (attach or lab.start)(r1), lab.start(r2)


def expect_cable_is_followed(lab: Lab, r1: VrrpXdp, r2: VrrpXdp) -> None:
    """Out: the other router takes over, and nobody is Active without a cable. In again: the better router is back."""
    with lab.capture() as capture, lab.prober() as prober:
        lab.router("r1").cut()
        wait_for_state(lab, r1, "initialize")
        wait_for_state(lab, r2, "active")
        prober.wait_for_answer(since_ns=time.time_ns())
        mended_ns = time.time_ns()
        lab.router("r1").mend()
        wait_for_state(lab, r1, "active")
        wait_for_state(lab, r2, "backup")
        wait_for_sole_active(lab, capture, "r1", since_ns=mended_ns)


@pytest.mark.parametrize("history", [nothing, down_and_up, ipv6_off_and_on, made_anew, made_anew_twice])
def test_CableIsFollowed_WhateverTheInterfaceHasBeenThrough(lab: Lab, history: Callable[[Lab, Router], None]) -> None:
    r1, r2 = routers(lab)
    wait_for_state(lab, r1, "active")
    wait_for_state(lab, r2, "backup")
    history(lab, lab.router("r1"))
    lab.eventually(lambda: r1.interface_status(), "it answers")
    wait_for_state(lab, r1, "active")
    wait_for_state(lab, r2, "backup")
    for _ in range(2):
        expect_cable_is_followed(lab, r1, r2)


@pytest.mark.history(History.AS_IT_WAS)
@pytest.mark.parametrize("before", ["no cable", "down"])
def test_CableIsFollowed_OfOneThatAttachedBeforeItsInterfaceWasUp(lab: Lab, before: str) -> None:
    router = lab.router("r1")

    def attach(r1: VrrpXdp) -> VrrpXdp:
        router.cut() if before == "no cable" else router.namespace.ip("link set eth0 down")
        started = lab.start(r1)
        wait_for_state(lab, started, "initialize")
        router.mend() if before == "no cable" else router.namespace.ip("link set eth0 up")
        return started

    r1, r2 = routers(lab, attach=attach)
    wait_for_state(lab, r1, "active")
    wait_for_state(lab, r2, "backup")
    expect_cable_is_followed(lab, r1, r2)


@pytest.mark.parametrize("history", [nothing, down_and_up])
def test_TrackedInterface_IsFollowed(lab: Lab, history: Callable[[Lab, Router], None]) -> None:
    router = lab.router("r1")
    uplink = {"trackers": {"uplink": {"interface": "eth1"}}}
    r1 = lab.start(VrrpXdp(router, config=configuration(lab, 200, top=uplink, track={"uplink": "fault"})))
    wait_for_state(lab, r1, "active")
    if history is down_and_up:
        router.namespace.ip("link set eth1 down", "link set eth1 up")
    for _ in range(2):
        lab.eventually(lambda: tracker(r1, "uplink").get("state") == "up", "the tracker is up")
        router.cut("eth1")
        lab.eventually(lambda: tracker(r1, "uplink").get("state") == "down", "the tracker is down")
        wait_for_state(lab, r1, "initialize")
        router.mend("eth1")
        wait_for_state(lab, r1, "active")


@pytest.mark.parametrize("history", [nothing, down_and_up])
def test_MacOfTheInterface_IsFollowed_WithoutAVirtualMac(lab: Lab, history: Callable[[Lab, Router], None]) -> None:
    router = lab.router("r1")
    r1 = lab.start(VrrpXdp(router, VirtualRouter(priority=200, options={"virtual-mac": False})))
    wait_for_state(lab, r1, "active")
    history(lab, router)
    wait_for_state(lab, r1, "active")
    router.namespace.ip(f"link set eth0 address {NEW_MAC}")
    lab.eventually(lambda: r1.virtual_router().get("virtual-mac") == NEW_MAC, "it answers with the new MAC")


def test_CableOfABridge_IsFollowed(lab: Lab) -> None:
    """What the kernel says of a bridge's ports, in the bridge's own messages, is not what it says of the bridge."""
    router = lab.router("r1")
    router.namespace.ip(
        f"address del {router.address}/24 dev eth0",
        "link add name bridge0 type bridge stp_state 0 mcast_snooping 0",
        "link set bridge0 up",
        "link set eth0 master bridge0",
        f"address add {router.address}/24 dev bridge0",
    )
    r1 = lab.start(VrrpXdp(router, VirtualRouter(priority=200, interface="bridge0")))
    for _ in range(2):
        lab.eventually(lambda: r1.state(interface="bridge0") == "active", "it is Active")
        router.cut()
        lab.eventually(lambda: r1.state(interface="bridge0") == "initialize", "it is Initialize")
        router.mend()
        # Ports come and go, and messages about them have the index of the port or the bridge.
        router.namespace.ip("link set eth0 nomaster", "link set eth0 master bridge0")
