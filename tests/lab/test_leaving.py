# SPDX-License-Identifier: BSD-2-Clause
"""A clean stop: the Active Router sends a farewell, and is there for its hosts until it hears its successor."""

import signal
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from observations import advertisement_of, answer_of, each_family, unanswered, wait_for_sole_active, wait_for_state
from vrrp_lab import Capture, Keepalived, Lab, Router, VirtualRouter, VrrpXdp
from vrrp_lab.peers.vrrp_xdp import binary, configuration, invoke
from vrrp_lab.process import Process

Make = Callable[[Router, VirtualRouter], VrrpXdp | Keepalived]

# Long enough that a busy machine does not matter beside Skew_Time, which of priority 100 is 183 ms.
INTERVAL_MS = 300


def by_unicast(name: str) -> dict[str, Any]:
    return {"virtual-mac": False, "unicast-peers": ["192.0.2.2" if name == "r1" else "192.0.2.1"]}


def is_backup(peer: VrrpXdp | Keepalived) -> bool:
    return peer.state() == "backup" if isinstance(peer, VrrpXdp) else "Entering BACKUP STATE" in peer.log()


def expect_no_outage(lab: Lab, make: Make, options: Callable[[str], dict[str, Any]] = lambda _: {}) -> None:
    """Stop r1, through which a host sends all the time, and compare what the host lost with what r2 waited."""
    low = VirtualRouter(addresses=lab.family.virtual, interval_ms=INTERVAL_MS, options=options("r2"))
    high = replace(low, priority=200, options=options("r1"))
    with lab.capture() as capture, lab.prober(period_s=0.005):
        r1 = lab.start(VrrpXdp(lab.router("r1"), high))
        wait_for_state(lab, r1, "active")
        lab.start(make(lab.router("r2"), low))
        wait_for_sole_active(lab, capture, "r1", count=5)
        with lab.traffic(rate=500) as traffic:
            lab.eventually(lambda: traffic.report().received > 50, "the host sends through r1")
            stopped_ns = time.time_ns()
            assert r1.stop() == 0
            (goodbye,) = capture.frames(advertisement_of("r1", priority=0), since_ns=stopped_ns)
            heir = capture.wait_for(advertisement_of("r2"), "r2 takes over", since_ns=goodbye.time_ns)
            lab.eventually(lambda: traffic.arrived_since(heir.time_ns) > 50, "the host sends through r2")
    waited_ns = heir.time_ns - goodbye.time_ns
    assert waited_ns > INTERVAL_MS * 1e6 / 2, "Skew_Time of its priority is more than half of an interval"
    report = traffic.report()
    assert report.longest_outage_ns < waited_ns / 4, report.summary()
    assert unanswered(capture, goodbye.time_ns, heir.time_ns) <= 1, "it answers to the end"
    assert len(capture.frames(answer_of("r1"), since_ns=heir.time_ns)) <= 1, "and no longer"


@each_family
@pytest.mark.parametrize("peer", [lambda *it: VrrpXdp(*it), lambda *it: Keepalived(*it)], ids=["vrrp-xdp", "keepalived"])
def test_Host_LosesLittleOfASkewTime_WhenTheActiveIsStopped(lab: Lab, peer: Make) -> None:
    expect_no_outage(lab, peer)


@pytest.mark.parametrize(
    "options",
    [lambda _: {"virtual-mac": False}, by_unicast, lambda _: {"accept-mode": True}],
    ids=["own-mac", "unicast", "accept-mode"],
)
def test_Host_LosesLittleOfASkewTime_InEveryMode(lab: Lab, options: Callable[[str], dict[str, Any]]) -> None:
    expect_no_outage(lab, lambda *it: VrrpXdp(*it), options)


def start_alone(lab: Lab, capture: Capture, interval_ms: int = 1000) -> VrrpXdp:
    alone = VirtualRouter(addresses=lab.family.virtual, priority=254, interval_ms=interval_ms)
    r1 = lab.start(VrrpXdp(lab.router("r1"), alone))
    wait_for_state(lab, r1, "active")
    capture.wait_for(answer_of("r1"), "r1 answers", count=3)
    return r1


def ask_to_leave(r1: VrrpXdp, capture: Capture) -> int:
    """SIGTERM; returns when the farewell left."""
    r1.process.signal(signal.SIGTERM)
    return capture.wait_for(advertisement_of("r1", priority=0), "priority 0 of r1").time_ns


def farewells(capture: Capture) -> int:
    return len(capture.frames(advertisement_of("r1", priority=0)))


@each_family
def test_Alone_AnswersForAnInterval_AndEnds(lab: Lab) -> None:
    interval_ms = 500
    with lab.capture() as capture, lab.prober(period_s=0.005):
        r1 = start_alone(lab, capture, interval_ms)
        goodbye_ns = ask_to_leave(r1, capture)
        leaving = r1.virtual_router()
        assert (leaving["state"], leaving["leaving"], leaving["last-event"]) == ("active", True, "shutdown")
        assert r1.process.wait() == 0
        ended_ns = time.time_ns()
    end_ns = goodbye_ns + interval_ms * 1_000_000
    assert capture.frames(answer_of("r1"))[-1].time_ns <= end_ns and unanswered(capture, goodbye_ns, end_ns) <= 1
    assert (ended_ns - goodbye_ns) / 1e6 < 2 * interval_ms
    assert farewells(capture) == 1
    assert not capture.frames(advertisement_of("r1"), since_ns=goodbye_ns + 1)
    assert "leaving; sent a farewell" in r1.log() and "active -> initialize: asked to stop" in r1.log()


def test_SecondSignal_EndsItAtOnce(lab: Lab) -> None:
    interval_ms = 2000
    with lab.capture() as capture, lab.prober(period_s=0.005):
        r1 = start_alone(lab, capture, interval_ms)
        goodbye_ns = ask_to_leave(r1, capture)
        r1.process.signal(signal.SIGINT)
        assert r1.process.wait() == 0
        ended_ns = time.time_ns()
        time.sleep(0.1)
    assert (ended_ns - goodbye_ns) / 1e6 < interval_ms / 2
    assert not capture.frames(answer_of("r1"), since_ns=ended_ns)
    assert farewells(capture) == 1


def test_Backup_EndsAtOnce(lab: Lab) -> None:
    interval_ms = 2000
    with lab.capture() as capture, lab.prober():
        start_alone(lab, capture, interval_ms)
        r2 = lab.start(VrrpXdp(lab.router("r2"), VirtualRouter(addresses=lab.family.virtual, interval_ms=interval_ms)))
        wait_for_state(lab, r2, "backup")
        since_ns = time.time_ns()
        assert r2.stop() == 0
    assert (time.time_ns() - since_ns) / 1e6 < interval_ms / 2
    assert not capture.frames(advertisement_of("r2"))


@pytest.mark.parametrize("how", ["killed", "all of it killed", "all of it held still", "cut"])
def test_WhateverHappensMeanwhile_ItIsFenced_AndSaysNoOtherFarewell(lab: Lab, how: str) -> None:
    interval_ms = 1000
    with lab.capture() as capture, lab.prober(period_s=0.005):
        r1 = start_alone(lab, capture, interval_ms)
        goodbye_ns = ask_to_leave(r1, capture)
        inflict: dict[str, Callable[[], object]] = {
            "killed": r1.kill,
            "all of it killed": r1.kill_family,
            "all of it held still": r1.sigstop_family,
            "cut": r1.router.cut,
        }
        inflict[how]()
        if how == "cut":
            assert r1.process.wait() == 0
            assert (time.time_ns() - goodbye_ns) / 1e6 < interval_ms / 2, "nobody is left to wait for"
        if how == "killed":
            lab.eventually(lambda: "revoked 1 leases, sent 0 farewells" in r1.log(), "the guardian gives it up")
        time.sleep(1.2 * interval_ms / 1000)
        r1.sigcont()
    assert (capture.frames(answer_of("r1"))[-1].time_ns - goodbye_ns) / 1e6 <= interval_ms
    assert farewells(capture) == 1


def test_Detach_LeavesTheSame_AndNothingIsReloadedMeanwhile(lab: Lab) -> None:
    interval_ms = 1000
    with lab.capture() as capture, lab.prober(period_s=0.005):
        r1 = start_alone(lab, capture, interval_ms)
        inside = r1.router.namespace
        detach = Process(inside, "detach", [str(binary()), "detach", "eth0"], lab.directory / "detach.log")
        goodbye_ns = capture.wait_for(advertisement_of("r1", priority=0), "priority 0 of r1").time_ns
        assert "leaving" in r1.run("status")
        r1.write(r1.config.replace("254", "200"))
        assert "currently being released" in invoke(inside, "reload").stderr
        assert detach.wait() == 0 and r1.process.wait() == 0
    end_ns = goodbye_ns + interval_ms * 1_000_000
    assert capture.frames(answer_of("r1"))[-1].time_ns <= end_ns and unanswered(capture, goodbye_ns, end_ns) <= 1


def test_Reload_GoesOn_AfterADetach(lab: Lab) -> None:
    first = VirtualRouter(priority=254, interval_ms=50)
    other = VirtualRouter(vrid=20, addresses=["198.51.100.200"], priority=254, interval_ms=50, interface="eth1")
    r1 = lab.start(VrrpXdp(lab.router("r1"), first, other))
    wait_for_state(lab, r1, "active")
    r1.detach("eth1")
    r1.write(configuration({"eth0": [replace(first, priority=200)]}))
    done = invoke(r1.router.namespace, "reload")
    assert done.returncode == 0, done.stderr
    assert r1.virtual_router()["priority"] == 200


def test_SubCentisecond_SuccessorIsHeardToo(lab: Lab) -> None:
    low = VirtualRouter(interval_ms=5, sub_centisecond=True)
    with lab.capture() as capture:
        r1 = lab.start(VrrpXdp(lab.router("r1"), replace(low, priority=200)))
        lab.start(VrrpXdp(lab.router("r2"), low))
        wait_for_sole_active(lab, capture, "r1", count=20)
        since_ns = time.time_ns()
        assert r1.stop() == 0
        wait_for_sole_active(lab, capture, "r2", since_ns=since_ns, count=20)
    assert farewells(capture) == 1 and "leaving; sent a farewell" in r1.log()


def test_NextInstance_GoesOnWhereOneIsLeaving(lab: Lab) -> None:
    interval_ms = 2000
    with lab.capture() as capture, lab.prober(period_s=0.005) as prober:
        r1 = start_alone(lab, capture, interval_ms)
        leaving = r1.process
        goodbye_ns = ask_to_leave(r1, capture)
        r1.start(lab.directory)
        again = capture.wait_for(advertisement_of("r1"), "it advertises", since_ns=goodbye_ns + 1)
        assert (again.time_ns - goodbye_ns) / 1e6 < interval_ms, "its lease still lasted"
        assert leaving.wait() == 0
        prober.wait_for_answer(since_ns=goodbye_ns + 2 * interval_ms * 1_000_000)
    assert farewells(capture) == 1
    assert r1.virtual_router()["last-event"] == "adopted"
