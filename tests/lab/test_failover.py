# SPDX-License-Identifier: BSD-2-Clause
"""What happens when the Active Router goes, in every way in which it can, and when it returns."""

import signal
import time
from dataclasses import replace
from collections.abc import Callable

import pytest
from observations import (
    advertisement_of,
    answer_of,
    each_family,
    each_history,
    macs_told,
    wait_for_sole_active,
    wait_for_state,
    watch_neighbours,
)
from vrrp_lab import IPV4, IPV6, Capture, Lab, VirtualRouter, VrrpXdp

pytestmark = pytest.mark.each_setting

# Addresses of the lan that nobody has at first.
CHANGED = {IPV4: "192.0.2.200", IPV6: "fe80::200:1"}


def start_pair(lab: Lab, capture: Capture, *, preempt: bool = True, interval_ms: int = 100) -> tuple[VrrpXdp, VrrpXdp]:
    """Start r1, which is preferred, and r2, and wait until r1 is Active and r2 is Backup."""
    high = VirtualRouter(addresses=lab.family.virtual, priority=200, interval_ms=interval_ms, preempt=preempt)
    r1 = lab.start(VrrpXdp(lab.router("r1"), high))
    if not preempt:
        wait_for_state(lab, r1, "active")
    r2 = lab.start(VrrpXdp(lab.router("r2"), replace(high, priority=100)))
    wait_for_state(lab, r1, "active")
    wait_for_state(lab, r2, "backup")
    wait_for_sole_active(lab, capture, "r1")
    return r1, r2


def assert_never_two_answer(lab: Lab, capture: Capture, dead: str, heir: str, since_ns: int) -> None:
    """Once it gets the heir's first word, the dead router answers nothing but what is on its way, once at most."""
    first = capture.wait_for(advertisement_of(heir), f"{heir} takes over", since_ns=since_ns)
    capture.wait_for(answer_of(heir), f"{heir} answers", since_ns=first.time_ns, count=10)
    got = capture.frames(lambda f: f.delivered_to == dead and f.vrrp is not None, since_ns=first.time_ns)[0]
    assert len(capture.frames(answer_of(dead), since_ns=got.time_ns)) <= 1
    # A takeover is a store before it is an advertisement.
    early = [f for f in capture.frames(answer_of(heir), since_ns=since_ns) if f.time_ns < first.time_ns]
    assert len(early) <= 1
    assert macs_told(capture) == {lab.family.virtual_mac(10)}


@each_family
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_Stop_SaysFarewell_AndTheBackupWaitsOnlySkewTime_rfc9568_6_4_2(lab: Lab, number: signal.Signals) -> None:
    interval_ms = 300
    low = VirtualRouter(addresses=lab.family.virtual, priority=253, interval_ms=interval_ms)
    with lab.capture() as capture, lab.prober(period_s=0.005):
        r1 = lab.start(VrrpXdp(lab.router("r1"), replace(low, priority=254)))
        r2 = lab.start(VrrpXdp(lab.router("r2"), low))
        wait_for_state(lab, r2, "backup")
        wait_for_sole_active(lab, capture, "r1")
        r1.process.signal(number)
        goodbye = capture.wait_for(advertisement_of("r1", priority=0), "priority 0 of r1")
        first = capture.wait_for(advertisement_of("r2"), "r2 takes over", since_ns=goodbye.time_ns)
        assert goodbye.eth_src == lab.family.virtual_mac(10)
        # Three intervals and more is what silence would have cost; Skew_Time here is a hundredth of one.
        assert first.time_ns - goodbye.time_ns < 3 * interval_ms * 1e6
        assert not capture.frames(advertisement_of("r1"), since_ns=goodbye.time_ns + 1)
        assert_never_two_answer(lab, capture, "r1", "r2", goodbye.time_ns)
        assert r1.process.wait() == 0
        assert r2.virtual_router()["statistics"]["priority-zero-pkts-rcvd"] == 1


@each_family
def test_Kill_LeavesItsAnswers_UntilTheBackupTakesOver(lab: Lab) -> None:
    with lab.capture() as capture, lab.prober(period_s=0.005):
        r1, _ = start_pair(lab, capture)
        # Not after the kill: on a busy machine the end of a process may take longer than a takeover.
        since_ns = time.time_ns()
        r1.kill_family()
        killed_ns = time.time_ns()
        assert_never_two_answer(lab, capture, "r1", "r2", since_ns)
        assert not capture.frames(advertisement_of("r1"), since_ns=killed_ns)
        # Its data plane lives on without it. Questions are asked every 5 ms.
        taken_over = capture.frames(advertisement_of("r2"), since_ns=since_ns)[0]
        assert taken_over.time_ns - capture.frames(answer_of("r1"))[-1].time_ns < 50e6


@each_family
@pytest.mark.parametrize("count", [1, 2])
def test_Kill_AfterLostAdvertisements_EndsItsAnswers_OnceTheSuccessorIsHeard(lab: Lab, count: int) -> None:
    interval_ms = 400
    # The least Skew_Time: its patience is over long before a lease that counts from what was lost.
    low = VirtualRouter(addresses=lab.family.virtual, priority=253, interval_ms=interval_ms)
    loss = lab.loss("r1")
    with lab.capture() as capture, lab.prober(period_s=0.005):
        r1 = lab.start(VrrpXdp(lab.router("r1"), replace(low, priority=254)))
        r2 = lab.start(VrrpXdp(lab.router("r2"), low))
        wait_for_state(lab, r2, "backup")
        wait_for_sole_active(lab, capture, "r1", count=2)
        since_ns = time.time_ns()
        loss.lose_advertisements(count + 1)  # should the kill come late
        capture.wait_for(advertisement_of("r1"), "what is lost", since_ns=since_ns, count=count)
        r1.kill_family()
        first = capture.wait_for(
            lambda f: f.delivered_to == "r1" and f.vrrp is not None, "r2 takes over, and r1 gets it", since_ns=since_ns
        )
        capture.wait_for(answer_of("r2"), "r2 answers", since_ns=first.time_ns, count=10)
        capture.wait_for(advertisement_of("r2"), "r2 goes on", since_ns=first.time_ns, count=3)
        last_word = capture.frames(advertisement_of("r1"))[-1]
        assert first.time_ns - last_word.time_ns < 4 * interval_ms * 1e6, "a lease of r1 could still run"
        # One may be on its way.
        assert len(capture.frames(answer_of("r1"), since_ns=first.time_ns)) <= 1
        assert len(capture.frames(answer_of("r1"), since_ns=last_word.time_ns)) > 10, "until then it served its hosts"


@each_family
def test_Kill_LeavesARouterThatForwardsNothing_OnceItsLeaseHasEnded(lab: Lab) -> None:
    with lab.capture() as capture, lab.traffic(rate=500) as traffic:
        r1, _ = start_pair(lab, capture)
        # The switch goes on sending to the dead router: nothing tells it of the other one.
        lab.router("r2").partition()
        lab.eventually(lambda: traffic.report().received > 50, "traffic through r1")
        r1.kill_family()
        time.sleep(1.0)
        ended_ns = time.time_ns()
        lab.eventually(lambda: sum(ns >= ended_ns for ns in traffic.report().sent_ns) > 50, "more is sent")
        assert traffic.arrived_since(ended_ns) == 0


@each_family
def test_Suspend_ActiveListensFirst_WhenItWakes(lab: Lab) -> None:
    with lab.capture() as capture, lab.prober(period_s=0.005):
        r1, _ = start_pair(lab, capture, preempt=False)
        r1.sigstop_family()
        stopped_ns = time.time_ns()
        assert_never_two_answer(lab, capture, "r1", "r2", stopped_ns)
        capture.wait_for(advertisement_of("r2"), "r2 goes on", since_ns=stopped_ns, count=5)
        woken_ns = time.time_ns()
        r1.sigcont()
        wait_for_state(lab, r1, "backup")
        wait_for_sole_active(lab, capture, "r2", since_ns=woken_ns, count=6)
        assert not capture.frames(advertisement_of("r1"), since_ns=stopped_ns)
        assert not capture.frames(answer_of("r1"), since_ns=woken_ns)
        lab.eventually(lambda: "active -> backup: " in r1.log(), "it says why")


@each_family
def test_Suspend_PreferredRouterPreempts_OnlyAfterActiveDownInterval(lab: Lab) -> None:
    with lab.capture() as capture:
        r1, _ = start_pair(lab, capture)
        r1.sigstop_family()
        stopped_ns = time.time_ns()
        capture.wait_for(advertisement_of("r2"), "r2 takes over", since_ns=stopped_ns, count=3)
        woken_ns = time.time_ns()
        r1.sigcont()
        wait_for_sole_active(lab, capture, "r1", since_ns=woken_ns)
        assert capture.frames(advertisement_of("r1"), since_ns=stopped_ns)[0].time_ns - woken_ns > 3 * 100e6


def test_Suspend_BackupStaysSilent_WhenItWakes(lab: Lab) -> None:
    with lab.capture() as capture:
        _, r2 = start_pair(lab, capture)
        # It may have been Active for a moment, before r1 was there.
        before = r2.virtual_router()["statistics"]["master-transitions"]
        r2.sigstop_family()
        stopped_ns = time.time_ns()
        capture.wait_for(advertisement_of("r1"), "r1 goes on", since_ns=stopped_ns, count=8)
        r2.sigcont()
        wait_for_state(lab, r2, "backup")
        # What had come while it slept has put its timer off.
        assert r2.virtual_router()["statistics"]["master-transitions"] == before
        assert not capture.frames(advertisement_of("r2"), since_ns=stopped_ns)


@each_family
@each_history
def test_CarrierLoss_IsInitialize_UntilItReturns(lab: Lab) -> None:
    with lab.capture() as capture:
        r1, r2 = start_pair(lab, capture)
        lab.router("r1").cut()
        cut_ns = time.time_ns()
        wait_for_state(lab, r1, "initialize")
        assert r1.virtual_router()["last-event"] == "interface-down"
        wait_for_sole_active(lab, capture, "r2", since_ns=cut_ns)
        lab.router("r1").mend()
        mended_ns = time.time_ns()
        wait_for_sole_active(lab, capture, "r1", since_ns=mended_ns)
        wait_for_state(lab, r2, "backup")


@each_family
@each_history
def test_AddressRemoved_IsInitialize_UntilItReturns(lab: Lab) -> None:
    router = lab.router("r1")
    with lab.capture() as capture:
        r1, r2 = start_pair(lab, capture)
        address = f"{router.primary(lab.family)}/{lab.family.prefix_length}"
        router.namespace.ip(f"address del {address} dev eth0")
        removed_ns = time.time_ns()
        wait_for_state(lab, r1, "initialize")
        assert r1.virtual_router()["last-event"] == "no-primary-ip-address"
        assert "initialize" in r1.run("status")
        wait_for_sole_active(lab, capture, "r2", since_ns=removed_ns)
        router.namespace.ip(f"address add {address} dev eth0")
        returned_ns = time.time_ns()
        wait_for_sole_active(lab, capture, "r1", since_ns=returned_ns)
        wait_for_state(lab, r2, "backup")


@each_family
def test_PrimaryAddressChanged_IsWhereAdvertisementsComeFrom(lab: Lab) -> None:
    router = lab.router("r1")
    new = CHANGED[lab.family]
    with lab.capture() as capture:
        start_pair(lab, capture)
        cidr, own = (f"{each}/{lab.family.prefix_length}" for each in (new, router.primary(lab.family)))
        router.namespace.ip(f"address add {cidr} dev eth0", f"address del {own} dev eth0")
        # Removing a primary IPv4 address takes its secondary ones along, unless they are promoted.
        router.namespace.ip(f"address replace {cidr} dev eth0")
        capture.wait_for(
            lambda f: advertisement_of("r1")(f) and f.vrrp and f.vrrp.source == new,
            "advertisements from the new address",
            count=3,
        )


@each_family
def test_Partition_LeavesOneActive_WhenItHeals(lab: Lab) -> None:
    with lab.capture() as capture:
        r1, r2 = start_pair(lab, capture)
        lab.router("r1").partition()
        cut_ns = time.time_ns()
        capture.wait_for(advertisement_of("r2"), "r2 is Active too", since_ns=cut_ns, count=3)
        assert r1.state() == r2.state() == "active"
        lab.router("r1").heal()
        healed_ns = time.time_ns()
        wait_for_sole_active(lab, capture, "r1", since_ns=healed_ns, count=6)
        wait_for_state(lab, r2, "backup")
        assert r2.virtual_router()["last-event"] == "higher-priority-master"


@each_family
@pytest.mark.parametrize("preempt", [True, False])
def test_PreferredRouter_TakesOverOnReturn_OnlyWithPreempt_rfc9568_6_1(lab: Lab, preempt: bool) -> None:
    with lab.capture() as capture:
        r1, r2 = start_pair(lab, capture, preempt=preempt)
        r1.kill_family()
        killed_ns = time.time_ns()
        wait_for_sole_active(lab, capture, "r2", since_ns=killed_ns)
        r1.start(lab.directory)
        started_ns = time.time_ns()
        if preempt:
            wait_for_sole_active(lab, capture, "r1", since_ns=started_ns)
            wait_for_state(lab, r2, "backup")
        else:
            wait_for_state(lab, r1, "backup")
            wait_for_sole_active(lab, capture, "r2", since_ns=started_ns, count=8)
            assert (r1.state(), r2.state()) == ("backup", "active")


@each_family
def test_Host_KeepsItsGateway_ThroughEveryFailure(lab: Lab) -> None:
    host = lab.host()
    with lab.capture() as capture, lab.traffic(rate=500) as traffic, watch_neighbours(lab, lab.family.gateway) as macs:
        r1, _ = start_pair(lab, capture, interval_ms=50)

        def check_traffic() -> None:
            since_ns = time.time_ns()
            lab.eventually(lambda: traffic.arrived_since(since_ns) > 20, "the host reaches the server")
            neighbour = host.namespace.run("ip", "neighbour", "show", lab.family.gateway)
            assert f"lladdr {lab.family.virtual_mac(10)}" in neighbour

        def wait_until_host_hears(priority: int, since_ns: int) -> None:
            capture.wait_for(
                lambda f: f.delivered_to == "h1" and f.vrrp is not None and f.vrrp.priority == priority,
                f"the host hears the router of priority {priority}",
                since_ns=since_ns,
                count=3,
            )

        check_traffic()
        faults: list[tuple[Callable[[], object], Callable[[], object]]] = [
            (r1.stop, lambda: r1.start(lab.directory)),
            (r1.kill_family, lambda: r1.start(lab.directory)),
            (lab.router("r1").partition, lab.router("r1").heal),
            (lab.router("r1").cut, lab.router("r1").mend),
        ]
        for fail, return_ in faults:
            failed_ns = time.time_ns()
            fail()
            wait_until_host_hears(100, failed_ns)
            check_traffic()
            returned_ns = time.time_ns()
            return_()
            wait_until_host_hears(200, returned_ns)
            check_traffic()
        assert macs() == {lab.family.virtual_mac(10)}, "the host's own table had another"
        assert macs_told(capture) == {lab.family.virtual_mac(10)}


# What the kernel refuses to send, while the interface is up: every packet of VRRP.
NO_VRRP = """
table netdev silence {
    chain out {
        type filter hook egress device "eth0" priority 0; policy accept;
        meta l4proto 112 drop
    }
}
"""


@each_family
def test_SendingFails_TheLeaseRunsOut_AndTheBackupTakesOver(lab: Lab) -> None:
    with lab.capture() as capture, lab.prober(period_s=0.005):
        r1, _ = start_pair(lab, capture, preempt=False)
        rules = lab.directory / "silence.nft"
        rules.write_text(NO_VRRP)
        failing_ns = time.time_ns()
        r1.router.namespace.run("nft", "-f", str(rules))
        assert_never_two_answer(lab, capture, "r1", "r2", failing_ns)
        lab.eventually(lambda: "sending fails" in r1.log(), "it is told")
        wait_for_state(lab, r1, "backup")
        assert "active -> backup: " in r1.log() and "unable to send" in r1.log()
