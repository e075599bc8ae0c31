# SPDX-License-Identifier: BSD-2-Clause
"""The death of the daemon costs hosts nothing: its data plane forwards until the successor's first advertisement."""

import time
from collections.abc import Callable
from dataclasses import replace

import pytest
from observations import advertisement_of, each_family, wait_for_state
from vrrp_lab import Frr, Keepalived, Lab, Router, VirtualRouter, VrrpXdp

# The lease outlasts r2's patience by almost this, and the machine may be late by as much.
INTERVAL_MS = 300
PACKETS_PER_SECOND = 1000

FAULTS = {
    "its controller is killed": VrrpXdp.kill,
    "all of it is killed": VrrpXdp.kill_family,
    "its controller is held still": VrrpXdp.sigstop,
    "all of it is held still": VrrpXdp.sigstop_family,
    "it is stopped": VrrpXdp.stop,
}


@each_family
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("lost_before", [0, 2], ids=["", "two advertisements lost before"])
def test_NoPacketIsLost_UntilTheSuccessorForwards(lab: Lab, fault: str, lost_before: int) -> None:
    low = VirtualRouter(addresses=lab.family.virtual, priority=253, interval_ms=INTERVAL_MS, preempt=False)
    loss = lab.loss("r1")
    with lab.capture() as capture:
        r1 = lab.start(VrrpXdp(lab.router("r1"), replace(low, priority=254)))
        wait_for_state(lab, r1, "active")
        r2 = lab.start(VrrpXdp(lab.router("r2"), low))
        wait_for_state(lab, r2, "backup")
        with lab.traffic(rate=PACKETS_PER_SECOND) as traffic:
            lab.eventually(lambda: traffic.report().received > 100, "traffic through r1")
            since_ns = time.time_ns()
            if lost_before:
                loss.lose_advertisements(lost_before)
                capture.wait_for(advertisement_of("r1"), "what is lost", since_ns=since_ns, count=lost_before)
            FAULTS[fault](r1)
            taken_over = capture.wait_for(advertisement_of("r2"), "r2 takes over", since_ns=since_ns, count=2)
            lab.eventually(lambda: traffic.arrived_since(taken_over.time_ns) > 100, "traffic through r2")
            r1.sigcont()
            report = traffic.stop()
    assert not report.lost, report.summary()


def keepalived_with_a_macvlan(router: Router, *routers: VirtualRouter) -> Keepalived:
    return Keepalived(router, *routers, use_vmac=True)


@pytest.mark.parametrize("successor", [keepalived_with_a_macvlan, Frr], ids=["keepalived", "FRR"])
def test_NoPacketIsLost_BeforeAnotherDaemonForwards(lab: Lab, successor: Callable[[Router, VirtualRouter], Keepalived | Frr]) -> None:
    """Its macvlan has the address before it advertises. (Without a macvlan, hosts go on sending to the virtual MAC until its
    gratuitous ARP, which keepalived sends a millisecond after the advertisement.)"""
    low = VirtualRouter(addresses=lab.family.virtual, priority=253, interval_ms=INTERVAL_MS, preempt=False)
    with lab.capture() as capture:
        r1 = lab.start(VrrpXdp(lab.router("r1"), replace(low, priority=254)))
        wait_for_state(lab, r1, "active")
        lab.start(successor(lab.router("r2"), low))
        capture.wait_for(advertisement_of("r1"), "r1 goes on", count=5)
        with lab.traffic(rate=PACKETS_PER_SECOND) as traffic:
            lab.eventually(lambda: traffic.report().received > 100, "traffic through r1")
            since_ns = time.time_ns()
            r1.kill_family()
            taken_over = capture.wait_for(advertisement_of("r2"), "r2 takes over", since_ns=since_ns, count=2)
            lab.eventually(lambda: traffic.arrived_since(taken_over.time_ns) > 100, "traffic through r2")
            report = traffic.stop()
    assert not report.lost, report.summary()
