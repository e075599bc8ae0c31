# SPDX-License-Identifier: BSD-2-Clause
"""Advertisements that do not show another Active Router: one's own, reflected, those that are dropped, and those of long ago."""

import time

from observations import advertisement_of, answer_of, wait_for_state
from test_service_manager import held_still, protocol_thread
from vrrp_lab import Advertisement, Injector, Lab, VirtualRouter, VrrpXdp

VIRTUAL = "192.0.2.254"
_MAC = "02:00:00:00:00:99"  # not the virtual MAC, for the switch to learn nothing


def test_OwnAdvertisements_Reflected_DoNotSilenceATakeover(lab: Lab) -> None:
    """A takeover's lease is not firm before the second advertisement, which is a whole interval behind the first one."""
    interval_s = 2
    own = Advertisement(
        source=lab.router("r1").address, addresses=[VIRTUAL], priority=200, interval_ms=1000 * interval_s, source_mac=_MAC
    )
    with (
        lab.capture() as capture,
        lab.prober(),
        Injector(lab.host().namespace) as injector,
        injector.repeating(own, period_s=0.02),
    ):
        # Advertisements leave in step with the boot clock: so that the takeover comes soon after such a step.
        time.sleep((1.6 - time.clock_gettime(time.CLOCK_BOOTTIME)) % interval_s)
        lab.start(VrrpXdp(lab.router("r1"), VirtualRouter(priority=200, interval_ms=1000 * interval_s)))
        second = capture.wait_for(advertisement_of("r1"), "r1 advertises twice", count=2, timeout_s=30)
    first = capture.frames(advertisement_of("r1"))[0]
    between_s = (second.time_ns - first.time_ns) / 1e9
    answers = [f for f in capture.frames(answer_of("r1"), since_ns=first.time_ns) if f.time_ns < second.time_ns]
    assert between_s > 0.2, "there is time to be asked in"
    assert len(answers) > between_s / 0.02 / 2, f"in {between_s:.1f} s, asked every 20 ms"


def test_BetterPriority_ThatVersion2DropsForItsInterval_SilencesNobody(lab: Lab) -> None:
    """RFC 3768 section 7.1: it must be discarded."""
    other = Advertisement(
        version=2, source=lab.host().address, addresses=[VIRTUAL], priority=250, interval_ms=3000, source_mac=_MAC
    )
    with lab.capture() as capture:
        r1 = lab.start(VrrpXdp(lab.router("r1"), VirtualRouter(priority=200, version=2, interval_ms=1000)))
        wait_for_state(lab, r1, "active")
        with Injector(lab.host().namespace) as injector, injector.repeating(other, period_s=0.05), lab.prober() as prober:
            lab.eventually(lambda: r1.virtual_router()["statistics"]["interval-errors"] > 10, "it is counted")
            lab.eventually(lambda: len(prober.asked_ns) > 100, "it is asked")
            since_ns = prober.asked_ns[0]
        answers = capture.frames(answer_of("r1"), since_ns=since_ns)
    assert r1.state() == "active"
    assert len(answers) > len(prober.asked_ns) / 2


def test_HeldStill_ABackupRouter_DoesNotTakeOver_ForAFarewellOfBefore(lab: Lab) -> None:
    """Its Active Router came back after the farewell, and has advertised what it always does."""
    with lab.capture() as capture:
        r1, r2 = (
            lab.start(VrrpXdp(lab.router(name), VirtualRouter(priority=priority)))
            for name, priority in (("r1", 200), ("r2", 100))
        )
        wait_for_state(lab, r1, "active")
        lab.eventually(lambda: r2.virtual_router().get("last-adv-priority") == 200, "r2 follows r1")
        farewell = Advertisement(source=lab.router("r1").address, addresses=[VIRTUAL], priority=0, source_mac=_MAC)
        with Injector(lab.host().namespace) as injector:
            with held_still(protocol_thread(r2)):
                injector.send(farewell)
                said = len(capture.frames(advertisement_of("r1")))
                capture.wait_for(advertisement_of("r1"), "r1 goes on", count=said + 10)
            lab.eventually(lambda: r2.virtual_router()["statistics"]["priority-zero-pkts-rcvd"] == 1, "it was heard")
        capture.wait_for(advertisement_of("r1"), "r1 goes on", count=said + 15)
        assert r2.state() == "backup"
        assert not capture.frames(advertisement_of("r2"))
