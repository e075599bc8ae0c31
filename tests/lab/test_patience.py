# SPDX-License-Identifier: BSD-2-Clause
"""What an operator can have a router wait for, say again, and be warned of."""

from dataclasses import replace
from typing import Any

import pytest
from observations import advertisement_of, each_family, wait_for_sole_active, wait_for_state
from test_restart import start_over
from vrrp_lab import IPV4, Advertisement, Frame, Injector, Lab, VirtualRouter, VrrpXdp


def configuration(lab: Lab, priority: int, top: dict[str, Any] | None = None, **keys: Any) -> dict[str, Any]:
    router = {
        "vrid": 10,
        "priority": priority,
        "advertise-interval": "100ms",
        "virtual-addresses": list(lab.family.virtual),
        **keys,
    }
    return {"interfaces": {"eth0": {"virtual-routers": [router]}}, **(top or {})}


def told_unasked(frame: Frame) -> bool:
    return frame.sent_by == "r1" and frame.told is not None and not frame.told.is_answer


def test_PreemptDelay_LeavesTheActiveRouterAlone_AndThenPreempts(lab: Lab) -> None:
    with lab.capture() as capture:
        lab.start(VrrpXdp(lab.router("r2"), config=configuration(lab, 100)))
        wait_for_sole_active(lab, capture, "r2")
        high = lab.start(VrrpXdp(lab.router("r1"), config=configuration(lab, 200, None, **{"preempt-delay": "1s"})))
        lab.eventually(lambda: "initialize -> backup" in high.log(), "r1 listens")
        heard_before = len(capture.frames(advertisement_of("r2")))
        wait_for_sole_active(lab, capture, "r1")
    first = capture.frames(advertisement_of("r1"))[0]
    heard = [f for f in capture.frames(advertisement_of("r2"))[heard_before:] if f.time_ns < first.time_ns]
    # Without the delay it would not have waited for more than three.
    assert len(heard) > 8


def test_StartupDelay_IsWaitedFor_ButNotByASuccessor(lab: Lab) -> None:
    router = VrrpXdp(lab.router("r1"), config=configuration(lab, 100, {"startup-delay": "1s"}))
    with lab.capture() as capture:
        lab.start(router)
        lab.eventually(lambda: "elections begin after startup-delay, 1s" in router.log(), "it says so")
        wait_for_state(lab, router, "initialize")
        wait_for_state(lab, router, "active")
        start_over(lab, router)
        assert router.state() == "active"
        wait_for_sole_active(lab, capture, "r1")
    assert router.log().count("elections begin after") == 1


@each_family
def test_Announcements_AreRepeated_AndRefreshed(lab: Lab) -> None:
    how = {"repeat": 1, "repeat-after": "1s", "refresh": "2s"}
    with lab.capture() as capture:
        lab.start(VrrpXdp(lab.router("r1"), config=configuration(lab, 100, announcements=how)))
        addresses = len(lab.family.virtual)
        capture.wait_for(told_unasked, "at the takeover, once more, and as a refreshment", count=3 * addresses)
    times = [f.time_ns for f in capture.frames(told_unasked)][::addresses]
    assert times[2] - times[1] > times[1] - times[0]


def test_AnActiveRouterThatPrevails_TellsHostsAgain(lab: Lab) -> None:
    rival = Advertisement(source=lab.host().address, addresses=lab.family.virtual, priority=50, interval_ms=100)
    with lab.capture() as capture:
        r1 = lab.start(VrrpXdp(lab.router("r1"), config=configuration(lab, 200, announcements={"repeat": 0})))
        wait_for_state(lab, r1, "active")
        wait_for_sole_active(lab, capture, "r1", count=12)  # for longer than it holds its tongue
        before = len(capture.frames(told_unasked))
        with Injector(lab.host().namespace) as injector:
            injector.send(rival)
            injector.send(rival)
        capture.wait_for(told_unasked, "it tells hosts again", count=before + 1)
        wait_for_sole_active(lab, capture, "r1")
    assert len(capture.frames(told_unasked)) == before + len(lab.family.virtual), "once for both"


@pytest.mark.parametrize("shared", [False, True], ids=["others", "some"])
def test_VridThatIsInUse_IsToldOnce(lab: Lab, shared: bool) -> None:
    others = ["192.0.2.77", *(IPV4.virtual[:1] if shared else [])]
    rival = Advertisement(source=lab.host().address, addresses=others, priority=250, interval_ms=100)
    r1 = VrrpXdp(lab.router("r1"), VirtualRouter(addresses=IPV4.virtual))
    with Injector(lab.host().namespace) as injector, injector.repeating(rival, period_s=0.05):
        lab.start(r1)
        expected = "advertises other virtual addresses" if shared else "uses this VRID for other virtual addresses"
        lab.eventually(lambda: expected in r1.log(), "it is told")
        lab.eventually(lambda: r1.virtual_router()["statistics"]["address-list-errors"] > 5, "it goes on")
    assert r1.log().count(f"{lab.host().address} uses this VRID") == (0 if shared else 1)


def test_Version2_DropsOtherAddresses_UnlessTheirOwnerSendsThem_rfc3768_7_1(lab: Lab) -> None:
    router = VirtualRouter(version=2, interval_ms=1000, addresses=IPV4.virtual)
    rival = Advertisement(source=lab.host().address, version=2, addresses=["192.0.2.77", *IPV4.virtual[1:]], priority=250)
    r1 = lab.start(VrrpXdp(lab.router("r1"), router))
    with Injector(lab.host().namespace) as injector:
        wait_for_state(lab, r1, "active")
        with injector.repeating(rival, period_s=0.2):
            lab.eventually(lambda: "version 2 ignores such advertisements: make the addresses equal" in r1.log(), "it is told")
            lab.eventually(lambda: r1.virtual_router()["statistics"]["address-list-errors"] > 10, "it is counted")
            assert r1.state() == "active"
        with injector.repeating(replace(rival, priority=255), period_s=0.2):
            wait_for_state(lab, r1, "backup")
