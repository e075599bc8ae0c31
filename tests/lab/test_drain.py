# SPDX-License-Identifier: BSD-2-Clause
"""Planned work: a router hands over and stays Backup Router, and its hosts lose nothing on either way.

VRRP_XDP_DRAIN_ROUNDS=N runs N rounds beside every implementation, in each version and family, at 100 ms and 1 s.
"""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
from observations import advertisement_of, each_family, wait_for_sole_active, wait_for_state
from test_sync_group import INTERFACES, grouped
from vrrp_lab import IPV4, IPV6, Capture, Family, Frr, Keepalived, Lab, Router, UdpTraffic, VirtualRouter, VrrpXdp
from vrrp_lab.peers.vrrp_xdp import invoke

DONE, FAILED, WRONG_USAGE, NOT_RUNNING = 0, 1, 2, 4
INTERVAL_MS = 200
# More than the sender of this machine reaches: it sends as fast as it can.
MANY_PACKETS_PER_SECOND = 10000

_ROUNDS = int(os.environ.get("VRRP_XDP_DRAIN_ROUNDS", "0"))


def configured(lab: Lab, priority: int = 200, *, interval_ms: int = INTERVAL_MS) -> VirtualRouter:
    return VirtualRouter(addresses=lab.family.virtual, priority=priority, interval_ms=interval_ms)


def drainable(lab: Lab, name: str, router: VirtualRouter) -> VrrpXdp:
    """One that keeps what is drained below the lab's directory."""
    return VrrpXdp(lab.router(name), router, environment={"STATE_DIRECTORY": str(lab.directory / f"state-{name}")})


def start_pair(lab: Lab, high: VirtualRouter | None = None) -> tuple[VrrpXdp, VrrpXdp]:
    """r1, Active, and r2, Backup."""
    high = high or configured(lab)
    with lab.capture() as capture:
        r1 = lab.start(drainable(lab, "r1", high))
        wait_for_state(lab, r1, "active")
        r2 = lab.start(drainable(lab, "r2", replace(high, priority=100)))
        wait_for_state(lab, r2, "backup")
        wait_for_sole_active(lab, capture, "r1")
    return r1, r2


def wait_for_traffic(lab: Lab, traffic: UdpTraffic) -> None:
    """Wait until the host's packets arrive, those from now on."""
    since_ns = time.time_ns()
    lab.eventually(lambda: traffic.arrived_since(since_ns) > 50, "the host sends")


def files(lab: Lab, name: str) -> list[str]:
    """Those that keep what is drained."""
    return [path.name for path in (lab.directory / f"state-{name}").rglob("drained-*") if path.is_file()]


@each_family
def test_NoPacketIsLost_OnEitherWay(lab: Lab) -> None:
    r1, r2 = start_pair(lab)
    with lab.traffic(rate=1000) as traffic:
        wait_for_traffic(lab, traffic)
        said = r1.run("drain", "eth0", "--for", "1h", "--reason", "a new kernel")
        wait_for_traffic(lab, traffic)
        drained = r1.virtual_router()
        assert (r2.state(), drained["state"], drained["last-event"]) == ("active", "backup", "drained")
        assert drained["drained"]["reason"] == "a new kernel" and drained["drained"]["until"] > drained["since"]
        assert drained["effective-priority"] == 1 and ": drained; " in said
        r1.run("undrain")
        wait_for_state(lab, r1, "active")
        wait_for_state(lab, r2, "backup")
        wait_for_traffic(lab, traffic)
        report = traffic.stop()
    assert not report.lost, report.summary()
    assert "drained" not in r1.virtual_router() and not files(lab, "r1")
    assert "active -> backup: drained" in r1.log()


def test_Drained_StaysSo_WhateverBecomesOfItsProcess(lab: Lab) -> None:
    r1, r2 = start_pair(lab)
    r1.run("drain", "--reason", "a new kernel")
    with lab.capture() as capture:
        r1.kill_family()
        r1.start(lab.directory)
        wait_for_state(lab, r1, "backup")
        r1.run("reload")
        r1.write(r1.config.replace("200", "150"))
        r1.run("reload")
        wait_for_sole_active(lab, capture, "r2", count=8)
        assert not capture.frames(advertisement_of("r1"))
    assert r1.virtual_router()["drained"] == {"reason": "a new kernel"}
    assert "is drained: a new kernel" in r1.run("status") and "It is drained: a new kernel." in r1.run("explain", "10")
    assert "no longer drained" in r1.run("undrain")
    wait_for_state(lab, r1, "active")
    assert r2.state() == "backup" and "nothing was drained" in r1.run("undrain", "eth0", "10")


def test_Alone_IsRefused_AndCostsNothing_UnlessForced(lab: Lab) -> None:
    r1 = lab.start(drainable(lab, "r1", configured(lab)))
    wait_for_state(lab, r1, "active")
    with lab.capture() as capture, lab.traffic(rate=1000) as traffic:
        wait_for_traffic(lab, traffic)
        refused = invoke(r1.router.namespace, "drain", "eth0", "10")
        assert refused.returncode == FAILED and "no other router took over eth0 vrid 10" in refused.stderr
        assert "--force" in refused.stderr and not files(lab, "r1")
        assert r1.virtual_router()["effective-priority"] == 200
        assert "this one serves until another does" in r1.run("drain", "--force")
        wait_for_traffic(lab, traffic)
        capture.wait_for(advertisement_of("r1", priority=1), "it serves, with the lowest priority", count=3)
        lab.start(drainable(lab, "r2", configured(lab, priority=2)))
        wait_for_state(lab, r1, "backup")
        wait_for_traffic(lab, traffic)
        report = traffic.stop()
    assert not report.lost, report.summary()
    assert "no other router has taken over; it goes on" in r1.log()


def test_TwoThatAreDrained_StillHaveAGateway(lab: Lab) -> None:
    r1, r2 = start_pair(lab)
    r1.run("drain")
    with lab.traffic(rate=1000) as traffic:
        wait_for_traffic(lab, traffic)
        r2.run("drain")
        wait_for_state(lab, r1, "active")
        wait_for_state(lab, r2, "backup")
        wait_for_traffic(lab, traffic)
        report = traffic.stop()
    assert not report.lost, report.summary()
    assert r1.virtual_router()["effective-priority"] == r2.virtual_router()["effective-priority"] == 1
    assert "it is drained, and serves until another router takes over" in r1.log()


def test_Owner_IsABackupRouter_OverARestartToo(lab: Lab) -> None:
    r1, r2 = start_pair(lab, configured(lab, priority=255))
    r1.run("drain", "10")
    assert (r1.state(), r2.state()) == ("backup", "active")
    r1.kill_family()
    r1.start(lab.directory)
    wait_for_state(lab, r1, "backup")
    assert r2.state() == "active" and r1.virtual_router()["is-owner"]
    r1.run("undrain")
    wait_for_state(lab, r1, "active")


def test_SyncGroup_IsDrainedAsAWhole(lab: Lab) -> None:
    environment = {"STATE_DIRECTORY": str(lab.directory / "state-r1")}
    r1 = lab.start(VrrpXdp(lab.router("r1"), config=grouped(200), environment=environment))
    r2 = lab.start(VrrpXdp(lab.router("r2"), config=grouped(100)))

    def wait_for_states(peer: VrrpXdp, state: str) -> None:
        lab.eventually(
            lambda: all(peer.state(vrid, name) == state for vrid, name in INTERFACES.items()), f"{peer.name} is {state}"
        )

    wait_for_states(r1, "active")
    wait_for_states(r2, "backup")
    assert r1.run("drain", "eth0", "10").count(": drained") == 2
    wait_for_states(r2, "active")
    wait_for_states(r1, "backup")
    assert len(files(lab, "r1")) == 2
    assert r1.run("undrain", "eth1").count("no longer drained") == 2
    wait_for_states(r1, "active")


def test_SwitchOver_TakesBackByItself(lab: Lab) -> None:
    r1, r2 = start_pair(lab)
    with lab.capture() as capture:
        since_ns = time.time_ns()
        r1.run("switch-over", "10", "--back-in", "1s")
        capture.wait_for(advertisement_of("r2"), "r2 takes over", since_ns=since_ns)
        wait_for_state(lab, r1, "active")
    assert "no longer drained: the time is over" in r1.log() and not files(lab, "r1")


def test_Mistakes_AreTold(lab: Lab) -> None:
    r1 = lab.start(drainable(lab, "r1", configured(lab)))
    wait_for_state(lab, r1, "active")

    def expect(code: int, words: str, *arguments: str) -> None:
        done = invoke(r1.router.namespace, *arguments)
        assert (done.returncode, words in done.stderr) == (code, True), done.stderr

    expect(NOT_RUNNING, "no instance is running on eth7", "drain", "eth7")
    expect(FAILED, "no Virtual Router 11", "drain", "eth0", "11")
    expect(WRONG_USAGE, "ten is not a VRID", "drain", "eth0", "ten")
    expect(WRONG_USAGE, "--for", "drain", "--for", "5")
    r1.run("drain", "eth0", "--force")
    expect(FAILED, "vrrp-xdp undrain eth0", "undrain", "eth0", "10")
    assert r1.virtual_router()["effective-priority"] == 1


Make = Callable[[Router, VirtualRouter], VrrpXdp | Keepalived | Frr]


@dataclass(frozen=True)
class Round:
    make: Make
    name: str
    version: int
    family: Family
    interval_ms: int

    def __str__(self) -> str:
        return f"{self.name} version {self.version} {self.family.name} {self.interval_ms} ms"


_PEERS: list[tuple[str, Make]] = [
    ("keepalived", lambda *it: Keepalived(*it)),
    ("vrrp-xdp", lambda *it: VrrpXdp(*it)),
    ("FRR", lambda *it: Frr(*it)),
]
_ALL = [
    Round(make, name, version, family, interval_ms)
    for name, make in _PEERS
    for version, family in ((3, IPV4), (3, IPV6), (2, IPV4))
    for interval_ms in (100, 1000)
    if version == 3 or interval_ms == 1000
]


def wait_until_it_hands_over(lab: Lab, capture: Capture, to: str, since_ns: int) -> None:
    capture.wait_for(advertisement_of(to), f"{to} takes over", since_ns=since_ns, count=3)


@pytest.mark.timeout(60 + 40 * max(1, _ROUNDS))
@pytest.mark.parametrize("each", _ALL if _ROUNDS else _ALL[:1], ids=str)
def test_NoPacketIsLost_BesideOthers(make_lab: Callable[..., Lab], each: Round) -> None:
    lab = make_lab(family=each.family)
    low = VirtualRouter(
        addresses=lab.family.virtual, priority=100, version=each.version, interval_ms=each.interval_ms
    )
    with lab.capture() as capture:
        r1 = lab.start(drainable(lab, "r1", replace(low, priority=200)))
        wait_for_state(lab, r1, "active")
        lab.start(each.make(lab.router("r2"), low))
        time.sleep(3 * each.interval_ms / 1000)
        with lab.traffic(rate=MANY_PACKETS_PER_SECOND if _ROUNDS else 1000) as traffic:
            for _ in range(max(1, _ROUNDS)):
                wait_for_traffic(lab, traffic)
                since_ns = time.time_ns()
                r1.run("drain")
                wait_until_it_hands_over(lab, capture, "r2", since_ns)
                wait_for_traffic(lab, traffic)
                since_ns = time.time_ns()
                r1.run("undrain")
                wait_until_it_hands_over(lab, capture, "r1", since_ns)
            wait_for_traffic(lab, traffic)
            report = traffic.stop()
    print(report.summary())
    assert not report.lost, report.summary()
