# SPDX-License-Identifier: BSD-2-Clause
"""Simple text authentication of version 2, beside keepalived with auth_type PASS."""

import time

import pytest
from observations import advertisement_of, wait_for_sole_active, wait_for_state
from vrrp_lab import Capture, Keepalived, Lab, VirtualRouter, VrrpXdp
from vrrp_lab.peers.vrrp_xdp import configuration

_SECRET = "k3ep-out"

# Their Skew_Time is short: the interval of version 2 is long enough.
_HIGH, _LOW = 254, 253
_INTERVAL_NS = 1_000_000_000


def _virtual_router(priority: int, secret: str = _SECRET) -> VirtualRouter:
    return VirtualRouter(version=2, interval_ms=1000, priority=priority, options={"authentication": secret})


def _ours(lab: Lab, name: str, priority: int) -> VrrpXdp:
    return VrrpXdp(lab.router(name), _virtual_router(priority), mode="native")


def _theirs(lab: Lab, name: str, priority: int, secret: str = _SECRET) -> Keepalived:
    block = ["authentication {", "    auth_type PASS", f"    auth_pass {secret}", "}"]
    return Keepalived(lab.router(name), VirtualRouter(version=2, interval_ms=1000, priority=priority), extra=block)


@pytest.mark.parametrize("first", ["vrrp-xdp", "keepalived"])
def test_TheSameSecret_LetsOneFollowTheOther_AndBelieveItsFarewell_rfc2338_10_2(lab: Lab, first: str) -> None:
    ours_first = first == "vrrp-xdp"
    r1: Keepalived | VrrpXdp = _ours(lab, "r1", _HIGH) if ours_first else _theirs(lab, "r1", _HIGH)
    r2: Keepalived | VrrpXdp = _theirs(lab, "r2", _LOW) if ours_first else _ours(lab, "r2", _LOW)
    with lab.capture() as capture:
        lab.start(r1)
        capture.wait_for(advertisement_of("r1"), "r1 is Active")
        lab.start(r2)
        # For longer than a Backup Router that refused them would wait.
        wait_for_sole_active(lab, capture, "r1", count=5)
        assert not capture.frames(advertisement_of("r2"))
        stopped_ns = time.time_ns()
        r1.stop()
        wait_for_sole_active(lab, capture, "r2", since_ns=stopped_ns, count=2)
        assert _silence_before(capture, "r2", stopped_ns) < 2 * _INTERVAL_NS, "without the farewell it is three"
    if isinstance(r2, VrrpXdp):
        assert r2.virtual_router()["statistics"]["authentication-errors"] == 0
    assert _SECRET not in r1.log() + r2.log()


def test_AnotherSecret_LeavesBothActive_AndIsCounted_rfc2338_10_2(lab: Lab) -> None:
    ours = lab.start(_ours(lab, "r1", _HIGH))
    with lab.capture() as capture:
        lab.start(_theirs(lab, "r2", _LOW, secret="k3ep-oux"))
        wait_for_state(lab, ours, "active")
        # But for its first one, keepalived is muted: what it refuses puts its own advertisements off.
        capture.wait_for(advertisement_of("r2"), "r2 does not believe r1")
        active_ns = time.time_ns()
        capture.wait_for(advertisement_of("r1"), "r1 does not believe r2", since_ns=active_ns, count=2)
    status = ours.virtual_router()
    assert status["state"] == "active"
    assert status["statistics"]["authentication-errors"] > 0
    assert status["statistics"]["advertisement-rcvd"] == 0
    assert _SECRET not in ours.log() + str(status)


def test_AReloadWithAnotherSecret_EndsThatTheOldOneIsFollowed(lab: Lab) -> None:
    with lab.capture() as capture:
        lab.start(_ours(lab, "r1", _HIGH))
        capture.wait_for(advertisement_of("r1"), "r1 is Active")
        r2 = lab.start(_ours(lab, "r2", _LOW))
        capture.wait_for(advertisement_of("r1"), "r1 is followed", since_ns=time.time_ns(), count=2)
        wait_for_state(lab, r2, "backup")
        r2.write(configuration({"eth0": [_virtual_router(_LOW, "another")]}))
        r2.run("reload")
        wait_for_state(lab, r2, "active")
    assert r2.virtual_router()["statistics"]["authentication-errors"] > 0


def _silence_before(capture: Capture, name: str, since_ns: int) -> int:
    """How long after the farewell the router first advertised."""
    farewell = capture.frames(lambda f: f.sent_by and f.vrrp and f.vrrp.priority == 0, since_ns=since_ns)[0]
    return capture.frames(advertisement_of(name), since_ns=since_ns)[0].time_ns - farewell.time_ns
