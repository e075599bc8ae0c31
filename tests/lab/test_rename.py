# SPDX-License-Identifier: BSD-2-Clause
"""An interface that is renamed is the same device, and what was done to it is found there."""

from collections.abc import Callable
from typing import Any

import pytest
from observations import nothing_attached, wait_for_state
from test_filter_entries import state_of
from vrrp_lab import History, Lab, VirtualRouter, VrrpXdp
from vrrp_lab.netns import Namespace

DONE = 0
BEFORE, AFTER = "eth0", "uplink0"


@pytest.fixture
def lab(make_lab: Callable[..., Lab]) -> Lab:
    """One router, where everything here is done."""
    return make_lab(routers=1, history=History.AS_IT_WAS)


def start(lab: Lab, **options: Any) -> VrrpXdp:
    router = lab.start(VrrpXdp(lab.router("r1"), VirtualRouter(interval_ms=50, options=options)))
    wait_for_state(lab, router, "active")
    return router


def rename(inside: Namespace, before: str, after: str) -> None:
    inside.ip(f"link set {before} down", f"link set {before} name {after}", f"link set {after} up")


def addresses(inside: Namespace) -> str:
    return inside.run("ip", "-brief", "-4", "address", "show", "dev", AFTER)


# A running one lets go of a renamed interface by itself, so that soon nothing runs under the new name.
@pytest.mark.parametrize(("killed", "name"), [(False, BEFORE), (True, BEFORE), (True, AFTER)])
def test_Detach_ClearsARenamedInterface(lab: Lab, killed: bool, name: str) -> None:
    inside = lab.router("r1").namespace
    rename(inside, BEFORE, AFTER)  # which takes the IPv6 addresses away, and their groups
    rename(inside, AFTER, BEFORE)
    before = state_of(inside)
    router = start(lab, **{"accept-mode": True})
    lab.eventually(lambda: "192.0.2.254" in inside.run("ip", "address", "show", "dev", BEFORE), "the host has the address")
    if killed:
        router.kill_family()
    rename(inside, BEFORE, AFTER)
    router.run("detach", name)
    if not killed:
        assert router.process.wait() == DONE
    lab.eventually(lambda: "192.0.2.254" not in addresses(inside), "and has it no more")
    assert nothing_attached(inside, AFTER)
    rename(inside, AFTER, BEFORE)
    assert state_of(inside) == before


def test_Attach_UnderTheNewName_GoesOnWhereADeadOneWas(lab: Lab) -> None:
    inside = lab.router("r1").namespace
    slow = VirtualRouter(interval_ms=20_000, priority=255)  # a lease of a minute, and Active at once
    router = lab.start(VrrpXdp(lab.router("r1"), slow))
    wait_for_state(lab, router, "active")
    router.kill_family()
    rename(inside, BEFORE, AFTER)
    router.config = router.config.replace(f'"{BEFORE}"', f'"{AFTER}"')
    router.start(lab.directory)
    lab.eventually(lambda: router.state(10, AFTER) == "active", "active under its new name")
    assert router.virtual_router(10, AFTER)["last-event"] == "adopted"
    assert [each["interface"] for each in router.status()["interfaces"]] == [AFTER]
    router.kill_family()  # a clean stop would go on for an interval
    router.run("detach", AFTER)
    assert nothing_attached(inside, AFTER)
    rename(inside, AFTER, BEFORE)


def test_Attach_UnderTheNewName_Works_OnceWhoRanUnderTheOldOneHasLeft(lab: Lab) -> None:
    inside = lab.router("r1").namespace
    router = start(lab)
    rename(inside, BEFORE, AFTER)
    lab.eventually(lambda: "removed everything from the interface" in router.log(), "the running instance leaves the device")
    second = lab.start(VrrpXdp(lab.router("r1"), config=router.config.replace(f'"{BEFORE}"', f'"{AFTER}"')))
    lab.eventually(lambda: second.state(10, AFTER) == "active", "another one serves it under its new name")
    assert router.state() == "initialize"
    second.run("detach", AFTER)
    assert router.stop() == DONE
    assert nothing_attached(inside, AFTER)
    rename(inside, AFTER, BEFORE)
