# SPDX-License-Identifier: BSD-2-Clause
"""The guardian: it sends a farewell for a controller that is dead or hung, whose data plane goes on until the successor speaks."""

import os
import signal
import time
from dataclasses import replace

from observations import advertisement_of, answer_of, each_family, wait_for_sole_active, wait_for_state
from vrrp_lab import Capture, Lab, VirtualRouter, VrrpXdp

# The peer's Skew_Time is a hundredth of this, its Active_Down_Interval more than three times as much.
INTERVAL_MS = 1000


def start_pair(lab: Lab, capture: Capture) -> tuple[VrrpXdp, VrrpXdp]:
    """Start r1, which is Active, and r2, which would take over almost at once after a farewell."""
    low = VirtualRouter(addresses=lab.family.virtual, priority=253, interval_ms=INTERVAL_MS, preempt=False)
    r1 = lab.start(VrrpXdp(lab.router("r1"), replace(low, priority=254)))
    wait_for_state(lab, r1, "active")
    r2 = lab.start(VrrpXdp(lab.router("r2"), low))
    wait_for_state(lab, r2, "backup")
    wait_for_sole_active(lab, capture, "r1", count=2)
    return r1, r2


def guardian_of(router: VrrpXdp) -> int:
    (_, guardian) = router.process.family()
    return guardian


def assert_taken_over(capture: Capture, since_ns: int) -> None:
    """r1's last word is a farewell, r2 needs no more than Skew_Time after it, and r1 answers until it gets r2's word."""
    farewell = capture.wait_for(advertisement_of("r1", priority=0), "r1's farewell", since_ns=since_ns)
    first = capture.wait_for(advertisement_of("r2"), "r2 takes over", since_ns=farewell.time_ns)
    assert first.time_ns - farewell.time_ns < 2 * INTERVAL_MS * 1e6
    capture.wait_for(answer_of("r2"), "r2 answers", since_ns=first.time_ns, count=20)
    (succeeded, *_) = capture.frames(lambda f: f.delivered_to == "r1" and f.vrrp is not None, since_ns=farewell.time_ns + 1)
    # One may be on its way.
    assert len(capture.frames(answer_of("r1"), since_ns=succeeded.time_ns)) <= 1
    assert len(capture.frames(advertisement_of("r1"), since_ns=farewell.time_ns)) == 1


@each_family
def test_ControllerKilled_GuardianSaysFarewell_AndTheBackupWaitsOnlySkewTime(lab: Lab) -> None:
    with lab.capture() as capture, lab.prober(period_s=0.005):
        r1, r2 = start_pair(lab, capture)
        guardian = guardian_of(r1)
        killed_ns = time.time_ns()
        assert r1.kill() == -signal.SIGKILL
        assert_taken_over(capture, killed_ns)
        assert r2.virtual_router()["statistics"]["priority-zero-pkts-rcvd"] == 1
        lab.eventually(lambda: "has died: revoked 1 leases, sent 1 farewells" in r1.log(), "the guardian says so")
        lab.eventually(lambda: not os.path.exists(f"/proc/{guardian}"), "the guardian ends")


@each_family
def test_ControllerHung_GuardianSaysFarewell_AndOnWakingItListens(lab: Lab) -> None:
    with lab.capture() as capture, lab.prober(period_s=0.005):
        r1, _ = start_pair(lab, capture)
        stopped_ns = time.time_ns()
        r1.sigstop()
        assert_taken_over(capture, stopped_ns)
        woken_ns = time.time_ns()
        r1.sigcont()
        wait_for_state(lab, r1, "backup")
        wait_for_sole_active(lab, capture, "r2", since_ns=woken_ns, count=3)
        assert not capture.frames(advertisement_of("r1"), since_ns=woken_ns)
        assert not capture.frames(answer_of("r1"), since_ns=woken_ns)
        lab.eventually(lambda: "active -> backup: was delayed" in r1.log(), "it says why")


def test_GuardianThatOutlivesItsController_IsInNobodysWay(lab: Lab) -> None:
    with lab.capture() as capture:
        r1, _ = start_pair(lab, capture)
        guardian = guardian_of(r1)
        os.kill(guardian, signal.SIGSTOP)
        try:
            r1.kill()
            r1.start(lab.directory)
            # Within the lease, which nobody has ended.
            wait_for_state(lab, r1, "active")
        finally:
            os.kill(guardian, signal.SIGKILL)


@each_family
def test_GuardianKilled_AnotherStandsInForIt(lab: Lab) -> None:
    with lab.capture() as capture, lab.prober(period_s=0.005):
        r1, _ = start_pair(lab, capture)
        first = guardian_of(r1)
        os.kill(first, signal.SIGKILL)
        lab.eventually(lambda: first not in (family := r1.process.family()) and len(family) == 2, "another guardian")
        assert "the guardian was killed by signal 9; starting a new one" in r1.log()
        assert r1.state() == "active"
        killed_ns = time.time_ns()
        r1.kill()
        assert_taken_over(capture, killed_ns)


@each_family
def test_Guardian_LetsASteadyControllerBe_WhileItHasLittleToDo(lab: Lab) -> None:
    with lab.capture() as capture:
        r1, _ = start_pair(lab, capture)
        since_ns = time.time_ns()
        wait_for_sole_active(lab, capture, "r1", since_ns=since_ns, count=4)
        assert "vrrp-xdp-guardian" not in r1.log()


@each_family
def test_Guardian_EndsWithACleanStop(lab: Lab) -> None:
    with lab.capture() as capture:
        r1, _ = start_pair(lab, capture)
        guardian = guardian_of(r1)
        assert r1.stop() == 0
        assert not os.path.exists(f"/proc/{guardian}")
        assert "vrrp-xdp-guardian" not in r1.log()
