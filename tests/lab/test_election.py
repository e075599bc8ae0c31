# SPDX-License-Identifier: BSD-2-Clause
"""Who becomes Active among routers that run vrrp-xdp."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from observations import advertisement_of, answer_of, each_family, is_ping, macs_told, wait_for_sole_active, wait_for_state
from vrrp_lab import IPV4, IPV6, ChecksumForm, Frame, History, Lab, VirtualRouter, VrrpXdp
from vrrp_lab.wire import ALL_NODES, ALL_NODES_MAC, VRRP_GROUP_MAC, VRRP_GROUP_V6_MAC

GROUP_MACS = {IPV4: VRRP_GROUP_MAC, IPV6: VRRP_GROUP_V6_MAC}


def start(lab: Lab, *priorities: int, interval_ms: int = 100) -> list[VrrpXdp]:
    """Start vrrp-xdp on r1, r2 … with these priorities."""
    common = VirtualRouter(addresses=lab.family.virtual, interval_ms=interval_ms)
    return [
        lab.start(VrrpXdp(router, replace(common, priority=priority)))
        for router, priority in zip(lab.routers, priorities)
    ]


def wait_until_all_run(lab: Lab, routers: Sequence[VrrpXdp]) -> None:
    for router in routers:
        lab.eventually(router.state, f"{router.name} runs")


@each_family
@pytest.mark.parametrize("order", [("r1", "r2"), ("r2", "r1")])
def test_HighestPriority_BecomesActive_WhoeverStartsFirst_rfc9568_6_4_2(lab: Lab, order: Sequence[str]) -> None:
    with lab.capture() as capture:
        priorities = {"r1": 200, "r2": 100}
        routers = {
            name: lab.start(
                VrrpXdp(lab.router(name), VirtualRouter(addresses=lab.family.virtual, priority=priorities[name]))
            )
            for name in order
        }
        wait_for_sole_active(lab, capture, "r1")
        wait_for_state(lab, routers["r2"], "backup")
        frame = capture.frames(advertisement_of("r1"))[-1]
        assert frame.vrrp is not None and frame.ip is not None
        assert (frame.eth_src, frame.eth_dst) == (lab.family.virtual_mac(10), GROUP_MACS[lab.family])
        source = lab.router("r1").primary(lab.family)
        assert (frame.vrrp.source, frame.vrrp.ttl, frame.ip.traffic_class) == (source, 255, 0xC0)
        assert (frame.vrrp.version, frame.vrrp.priority, frame.vrrp.interval_ms) == (3, 200, 100)
        assert frame.vrrp.addresses == lab.family.virtual
        assert frame.vrrp.checksum_form is ChecksumForm.PSEUDO_HEADER
        assert macs_told(capture) == {lab.family.virtual_mac(10)}


@each_family
def test_NewActive_AdvertisesBeforeItAnnouncesItsAddress_rfc9568_6_4_2(lab: Lab) -> None:
    with lab.capture() as capture:
        start(lab, 100)
        for address in lab.family.virtual:
            announcement = capture.wait_for(
                lambda f: f.sent_by == "r1" and f.told and not f.told.is_answer and f.told.address == address,
                f"announcement of {address}",
            )
            assert announcement.eth_src == lab.family.virtual_mac(10)
            assert announcement.eth_dst == ("ff:ff:ff:ff:ff:ff" if announcement.arp else ALL_NODES_MAC)
            if announcement.nd is not None:
                assert (announcement.nd.destination, announcement.nd.flags) == (ALL_NODES, "RO")
                assert announcement.nd.checksum_ok and announcement.nd.target_mac == announcement.eth_src
            assert capture.frames(advertisement_of("r1"))[0].time_ns <= announcement.time_ns
        assert macs_told(capture) == {lab.family.virtual_mac(10)}


@each_family
def test_EqualPriority_GreaterAddressWins_WhenBothAreActive_rfc9568_6_4_3(lab: Lab) -> None:
    with lab.capture() as capture:
        r1, _ = start(lab, 100, 100)
        lab.router("r1").partition()
        capture.wait_for(advertisement_of("r1"), "r1 is Active alone", count=3)
        capture.wait_for(advertisement_of("r2"), "r2 is Active alone", count=3)
        lab.router("r1").heal()
        wait_for_sole_active(lab, capture, "r2")
        wait_for_state(lab, r1, "backup")


@each_family
def test_EqualPriority_DoesNotPreempt_rfc9568_6_4_2(lab: Lab) -> None:
    with lab.capture() as capture:
        start(lab, 100)
        wait_for_sole_active(lab, capture, "r1")
        r2 = lab.start(VrrpXdp(lab.router("r2"), VirtualRouter(addresses=lab.family.virtual, priority=100)))
        wait_for_state(lab, r2, "backup")
        wait_for_sole_active(lab, capture, "r1", since_ns=capture.frames()[-1].time_ns, count=6)
        assert r2.state() == "backup"


@each_family
def test_Router_BecomesActive_WhenAlone(make_lab: Callable[..., Lab]) -> None:
    lab = make_lab(routers=1)
    with lab.capture() as capture, lab.prober() as prober:
        (router,) = start(lab, 1, interval_ms=20)
        wait_for_sole_active(lab, capture, "r1")
        prober.wait_for_answer()
        status = router.virtual_router()
        assert (status["state"], status["last-event"]) == ("active", "master-timeout")
        assert prober.answering_macs() == {lab.family.virtual_mac(10)}


@each_family
def test_ThreeRouters_SucceedEachOtherByPriority(make_lab: Callable[..., Lab]) -> None:
    lab = make_lab(routers=3)
    with lab.capture() as capture:
        r1, r2, r3 = start(lab, 200, 150, 100)
        wait_for_sole_active(lab, capture, "r1")
        wait_until_all_run(lab, [r2, r3])
        r1.kill_family()
        wait_for_sole_active(lab, capture, "r2")
        assert r3.state() == "backup"
        r2.stop()
        wait_for_sole_active(lab, capture, "r3")
        r1.start(lab.directory)
        wait_for_sole_active(lab, capture, "r1")
        assert r3.state() == "backup"
        assert macs_told(capture) == {lab.family.virtual_mac(10)}


@each_family
def test_VirtualRouters_DoNotMeet_WhenTheirVridsDiffer(lab: Lab) -> None:
    with lab.capture() as capture:
        r1 = lab.start(VrrpXdp(lab.router("r1"), VirtualRouter(vrid=10, addresses=lab.family.virtual)))
        r2 = lab.start(
            VrrpXdp(lab.router("r2"), VirtualRouter(vrid=20, addresses=lab.family.second, priority=200))
        )
        wait_for_sole_active(lab, capture, "r1", vrid=10)
        wait_for_sole_active(lab, capture, "r2", vrid=20)
        for router in (r1, r2):
            lab.eventually(lambda: router.interface_status()["statistics"]["vrid-errors"] > 2, "counted as nobody's")
        assert (r1.state(vrid=10), r2.state(vrid=20)) == ("active", "active")
        assert macs_told(capture, *lab.family.second) == {lab.family.virtual_mac(20)}


def test_Version2_ElectsAndFailsOver_rfc3768(lab: Lab) -> None:
    low, high = (VirtualRouter(version=2, interval_ms=1000, priority=priority) for priority in (253, 254))
    with lab.capture() as capture:
        r1 = lab.start(VrrpXdp(lab.router("r1"), high))
        r2 = lab.start(VrrpXdp(lab.router("r2"), low))
        frame = capture.wait_for(advertisement_of("r1"), "r1 becomes Active")
        assert frame.vrrp is not None
        assert (frame.vrrp.version, frame.vrrp.interval_ms) == (2, 1000)
        assert frame.vrrp.checksum_form is ChecksumForm.MESSAGE_ONLY
        assert len(frame.data) >= 14 + 20 + 8 + 4 + 8, "the authentication data is there"
        wait_for_sole_active(lab, capture, "r1", count=2)
        wait_for_state(lab, r2, "backup")
        r1.stop()
        goodbye = capture.wait_for(advertisement_of("r1", priority=0), "priority 0 of r1")
        wait_for_sole_active(lab, capture, "r2", since_ns=goodbye.time_ns, count=1)


@pytest.mark.parametrize(("active_ms", "backup_ms"), [(400, 50), (50, 1000)])
def test_Backup_LearnsTheIntervalOfTheActive_rfc9568_6_4_2(lab: Lab, active_ms: int, backup_ms: int) -> None:
    with lab.capture() as capture:
        lab.start(VrrpXdp(lab.router("r1"), VirtualRouter(priority=200, interval_ms=active_ms)))
        wait_for_sole_active(lab, capture, "r1", count=1)
        r2 = lab.start(VrrpXdp(lab.router("r2"), VirtualRouter(priority=128, interval_ms=backup_ms)))
        # Which differs from its own by more than the skew: who did not learn would take over, or wait too long.
        lab.eventually(lambda: r2.virtual_router().get("active-down-interval-ms") == 3.5 * active_ms, "r2 has learned")
        wait_for_sole_active(lab, capture, "r1")
        assert r2.state() == "backup"
        assert r2.virtual_router()["statistics"]["interval-errors"] > 0
        lab.eventually(lambda: f"an interval of {active_ms}ms, but" in r2.log(), "r2 says so")


def own_the_address(lab: Lab, name: str) -> VrrpXdp:
    length = lab.family.prefix_length
    lab.router(name).namespace.ip(*(f"address add {each}/{length} dev eth0" for each in lab.family.virtual))
    return lab.start(VrrpXdp(lab.router(name), VirtualRouter(addresses=lab.family.virtual, priority=255)))


@pytest.mark.history(History.AS_IT_WAS)  # started with its interface up, and not later by it
@each_family
def test_Owner_IsActiveAtOnce_AndTakesItsAddressBack_rfc9568_6_4_1(lab: Lab) -> None:
    with lab.capture() as capture:
        lab.start(VrrpXdp(lab.router("r2"), VirtualRouter(addresses=lab.family.virtual, priority=254)))
        wait_for_sole_active(lab, capture, "r2")
        owner = own_the_address(lab, "r1")
        wait_for_sole_active(lab, capture, "r1")
        status = owner.virtual_router()
        assert (status["is-owner"], status["last-event"]) == (True, "startup")
        assert status["statistics"]["master-transitions"] == 1
        assert macs_told(capture) == {lab.family.virtual_mac(10)}


@each_family
def test_Owner_AnswersPings_AndShowsOnlyTheVirtualMac_rfc9568_8_1_2(lab: Lab) -> None:
    family, host, router = lab.family, lab.host(), lab.router("r1")
    virtual, virtual_mac = family.virtual[-1], family.virtual_mac(10)
    with lab.capture() as capture:
        own_the_address(lab, "r1")
        wait_for_sole_active(lab, capture, "r1")
        host.namespace.run("ping", "-c", "2", "-i", "0.05", "-W", "5", virtual)
        # From the virtual address, and to a host whose MAC address has to be asked for first.
        router.namespace.ip("neighbour flush dev eth0")
        router.namespace.run("ping", "-c", "2", "-i", "0.05", "-W", "5", "-I", virtual, host.address_in(family))

        def is_ping_of_virtual_address(frame: Frame) -> bool:
            return is_ping(frame) and frame.sent_by == "r1" and frame.ip is not None and frame.ip.source == virtual

        def asks_for_host(frame: Frame) -> bool:
            return frame.sent_by == "r1" and frame.asks_for == host.address_in(family)

        capture.wait_for(is_ping_of_virtual_address, "two answers and two requests", count=4)
        assert {f.eth_src for f in capture.frames(is_ping_of_virtual_address)} == {virtual_mac}
        capture.wait_for(
            lambda f: asks_for_host(f) and f.eth_src == virtual_mac, "the question for the host's MAC address"
        )
        assert macs_told(capture) == {virtual_mac}
        assert all(f.nd.checksum_ok for f in capture.frames(asks_for_host) if f.nd)
        # Its own address is as it was.
        host.namespace.run("ping", "-c", "1", "-W", "5", router.address_in(family))
        capture.wait_for(answer_of("r1", router.address_in(family)), "the answer for its own address")
        assert macs_told(capture, router.address_in(family)) == {router.mac()}


@each_family
def test_Active_IsNotPingable_UnlessItIsTheOwner_rfc9568_6_4_3(lab: Lab) -> None:
    with lab.capture() as capture:
        (router,) = start(lab, 254)
        wait_for_sole_active(lab, capture, "r1")
        virtual = lab.family.virtual[-1]
        lab.host().namespace.run("ping", "-c", "3", "-i", "0.05", "-W", "0.2", virtual, check=False)
        capture.wait_for(answer_of("r1", virtual), "its MAC address is told")
        capture.wait_for(lambda f: f.delivered_to == "r1" and is_ping(f), "the pings reach the router", count=3)
        assert not capture.frames(lambda f: f.delivered_to == "h1" and is_ping(f))
        lab.eventually(lambda: router.virtual_router()["statistics"]["frames-not-accepted"] == 3, "all are counted")
        # Nor does the kernel pass them on, for which it would ask the lan where the address is.
        assert not capture.frames(lambda f: f.sent_by == "r1" and f.asks_for == virtual)
