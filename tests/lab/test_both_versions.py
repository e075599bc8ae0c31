# SPDX-License-Identifier: BSD-2-Clause
"""`version: 2+3` beside keepalived in version 2 and in version 3, and among vrrp-xdp, RFC 9568 section 8.4."""

import time
from collections.abc import Callable

import pytest
from observations import advertisement_of, answer_of, wait_for_state
from vrrp_lab import Capture, ChecksumForm, Frame, Keepalived, Lab, VirtualRouter, VrrpXdp
from vrrp_lab.peers.vrrp_xdp import configuration

BOTH = {"version": "2+3"}

# Of version 2 the shortest there is. With such priorities Skew_Time is next to nothing.
INTERVAL_MS = 1000
HIGH, LOW = 254, 253

# How a group leaves version 2: whose version becomes what, one after the other.
STEPS: tuple[tuple[str, int | str], ...] = (("r2", "2+3"), ("r1", "2+3"), ("r2", 3), ("r1", 3))


def ours(lab: Lab, name: str, priority: int, **options: object) -> VrrpXdp:
    virtual_router = VirtualRouter(priority=priority, interval_ms=INTERVAL_MS, options={**BOTH, **options})
    return lab.start(VrrpXdp(lab.router(name), virtual_router))


def theirs(lab: Lab, name: str, priority: int, version: int) -> Keepalived:
    virtual_router = VirtualRouter(priority=priority, interval_ms=INTERVAL_MS, version=version)
    peer = lab.start(Keepalived(lab.router(name), virtual_router))
    lab.eventually(lambda: "Entering BACKUP STATE (init)" in peer.log(), f"{peer.name} listens")
    return peer


def versions_of(frames: list[Frame]) -> list[int]:
    return [frame.vrrp.version for frame in frames if frame.vrrp]


def expect_both_farewells(capture: Capture, name: str, since_ns: int) -> Frame:
    """Returns the first."""
    capture.wait_for(advertisement_of(name, priority=0), f"{name} sends a farewell twice", since_ns=since_ns, count=2)
    farewells = capture.frames(advertisement_of(name, priority=0), since_ns=since_ns)
    assert versions_of(farewells) == [3, 2]
    return farewells[0]


def test_Active_KeepsKeepalivedOfBothVersionsQuiet_AndTellsBothFarewell(make_lab: Callable[..., Lab]) -> None:
    lab = make_lab(routers=3)
    with lab.capture() as capture, lab.prober():
        r1 = ours(lab, "r1", HIGH)
        wait_for_state(lab, r1, "active")
        begun_ns = time.time_ns()
        theirs(lab, "r2", LOW, version=2)
        theirs(lab, "r3", LOW, version=3)
        # For longer than they have patience.
        capture.wait_for(advertisement_of("r1"), "r1 goes on", since_ns=begun_ns, count=10)
        heard = capture.frames(advertisement_of("r1"), since_ns=begun_ns)[:10]
        assert sorted(versions_of(heard)) == [2] * 5 + [3] * 5
        forms = {(f.vrrp.version, f.vrrp.checksum_form) for f in heard if f.vrrp}
        assert forms == {(2, ChecksumForm.MESSAGE_ONLY), (3, ChecksumForm.PSEUDO_HEADER)}
        for name in ("r2", "r3"):
            assert not capture.frames(advertisement_of(name)), f"{name} hears r1 in its own version"
        assert r1.state() == "active"

        stopped_ns = time.time_ns()
        assert r1.stop() == 0
        expect_both_farewells(capture, "r1", stopped_ns)
        for name in ("r2", "r3"):
            capture.wait_for(advertisement_of(name), f"{name} has heard the farewell", since_ns=stopped_ns)


@pytest.mark.parametrize("version", [2, 3])
def test_Backup_FollowsKeepalivedOfEitherVersion_AndTakesOverAtItsFarewell(
    make_lab: Callable[..., Lab], version: int
) -> None:
    lab = make_lab()
    with lab.capture() as capture, lab.prober():
        peer = theirs(lab, "r1", HIGH, version)
        capture.wait_for(advertisement_of("r1"), "r1 is Active")
        r2 = ours(lab, "r2", LOW)
        lab.eventually(lambda: r2.virtual_router().get("last-adv-priority") == HIGH, "r2 follows r1")
        stopped_ns = time.time_ns()
        peer.stop()
        farewell = capture.wait_for(advertisement_of("r1", priority=0), "r1's farewell", since_ns=stopped_ns)
        first = capture.wait_for(advertisement_of("r2"), "r2 takes over", since_ns=stopped_ns)
        assert first.time_ns - farewell.time_ns < INTERVAL_MS * 1e6
        assert r2.virtual_router()["statistics"]["master-transitions"] == 1
        capture.wait_for(answer_of("r2"), "r2 answers", since_ns=first.time_ns)


@pytest.mark.parametrize("by", ["multicast", "unicast"])
def test_Pair_FollowsInVersion3_AndTheGuardianSaysBothFarewells(make_lab: Callable[..., Lab], by: str) -> None:
    lab = make_lab()
    addresses = [router.address for router in lab.routers]
    to_r2, to_r1 = ({"unicast-peers": [peer]} if by == "unicast" else {} for peer in reversed(addresses))
    with lab.capture() as capture, lab.prober():
        r1, r2 = ours(lab, "r1", HIGH, **to_r2), ours(lab, "r2", LOW, **to_r1)
        wait_for_state(lab, r1, "active")
        wait_for_state(lab, r2, "backup")
        assert r1.virtual_router()["also-version-2"]
        begun_ns = time.time_ns()
        capture.wait_for(advertisement_of("r1"), "r1 goes on", since_ns=begun_ns, count=4)
        killed_ns = time.time_ns()
        r1.kill()
        farewell = expect_both_farewells(capture, "r1", killed_ns)
        first = capture.wait_for(advertisement_of("r2"), "r2 takes over", since_ns=killed_ns)
        assert first.time_ns - farewell.time_ns < INTERVAL_MS * 1e6
        seen = r2.virtual_router()
        assert (seen["version"], seen["last-adv-priority"]) == (3, 0)
        assert seen["statistics"]["version-errors"] == 0


def test_Group_GoesFromVersion2ToVersion3_ByReloads_AndNobodyTakesOver(make_lab: Callable[..., Lab]) -> None:
    lab = make_lab()
    priorities = {"r1": HIGH, "r2": LOW}

    def config(name: str, version: int | str) -> dict[str, object]:
        options = {"version": version}
        return configuration({"eth0": [VirtualRouter(priority=priorities[name], interval_ms=INTERVAL_MS, options=options)]})

    with lab.capture() as capture, lab.prober():
        routers = {name: lab.start(VrrpXdp(lab.router(name), config=config(name, 2))) for name in priorities}
        wait_for_state(lab, routers["r1"], "active")
        wait_for_state(lab, routers["r2"], "backup")
        begun_ns = time.time_ns()
        for name, version in STEPS:
            step_ns = time.time_ns()
            routers[name].write(config(name, version))
            assert "eth0: changed" in routers[name].run("reload")
            capture.wait_for(advertisement_of("r1"), "r1 goes on", since_ns=step_ns)
        last_ns = time.time_ns()
        capture.wait_for(advertisement_of("r1"), "r1 goes on for longer than r2's patience", since_ns=last_ns, count=4)
        assert versions_of(capture.frames(advertisement_of("r1"), since_ns=last_ns)[:4]) == [3] * 4
        assert not capture.frames(advertisement_of("r2"), since_ns=begun_ns)
        assert not capture.frames(advertisement_of("r1", priority=0))
        capture.wait_for(answer_of("r1"), "r1 answers", since_ns=last_ns)
