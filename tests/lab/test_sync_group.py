# SPDX-License-Identifier: BSD-2-Clause
"""Virtual Routers of the inside and the outside that move together: one router is the gateway of both, or of neither."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from vrrp_lab import Capture, Frame, Keepalived, Lab, VirtualRouter, VrrpXdp
from vrrp_lab.peers.vrrp_xdp import invoke

INSIDE, OUTSIDE = 10, 20
ADDRESSES = {INSIDE: "192.0.2.254", OUTSIDE: "198.51.100.200"}
INTERFACES = {INSIDE: "eth0", OUTSIDE: "eth1"}


def grouped(priority: int) -> dict[str, Any]:
    def listed(vrid: int) -> dict[str, Any]:
        return {
            "vrid": vrid,
            "priority": priority,
            "advertise-interval": "100ms",
            "sync-group": "both",
            "virtual-addresses": [ADDRESSES[vrid]],
        }

    return {"interfaces": {name: {"virtual-routers": [listed(vrid)]} for vrid, name in INTERFACES.items()}}


@dataclass
class Sides:
    """What the switches of both sides saw."""

    lab: Lab
    capture: Capture

    def start(self, name: str, priority: int) -> VrrpXdp:
        return self.lab.start(VrrpXdp(self.lab.router(name), config=grouped(priority)))

    def said(self, since_ns: int, vrid: int, *, name: str | None = None) -> list[Frame]:
        """Advertisements for the VRID, by one router or by any, farewells among them."""
        return self.capture.frames(
            lambda f: f.vrrp and f.vrrp.vrid == vrid and f.sent_by and name in (None, f.sent_by), since_ns=since_ns
        )

    def wait_for_leader(self, name: str, *, since_ns: int = 0, count: int = 5) -> None:
        """Wait until the last advertisements on both sides are this router's alone."""

        def leads() -> bool:
            last = [self.said(since_ns, vrid)[-count:] for vrid in INTERFACES]
            return all(
                [(f.sent_by, f.vrrp.priority > 0) for f in frames if f.vrrp] == [(name, True)] * count for frames in last
            )

        self.lab.eventually(leads, f"{name} leads on both sides")

    def farewells(self, name: str, vrid: int, since_ns: int) -> list[Frame]:
        return [f for f in self.said(since_ns, vrid, name=name) if f.vrrp and f.vrrp.priority == 0]


@pytest.fixture
def sides(lab: Lab) -> Iterator[Sides]:
    ports = [router.port(interface) for router in lab.routers for interface in INTERFACES.values()]
    with lab.capture(*ports) as capture:
        yield Sides(lab, capture)


def now_ns(sides: Sides) -> int:
    """The time of the newest frame: recordings have a clock of their own."""
    return max(f.time_ns for vrid in INTERFACES for f in sides.said(0, vrid))


def test_Group_TakesOverAndYieldsAsOne(sides: Sides) -> None:
    low = sides.start("r2", 100)
    sides.wait_for_leader("r2")
    for each in (low.virtual_router(vrid, name) for vrid, name in INTERFACES.items()):
        assert ("takeover-lateness-ms" in each) == (each["last-event"] == "master-timeout"), "who goes along has no deadline"
    begun_ns = now_ns(sides)
    sides.start("r1", 200)
    sides.wait_for_leader("r1", since_ns=begun_ns)
    causes = {vrid: low.virtual_router(vrid, INTERFACES[vrid])["last-event"] for vrid in INTERFACES}
    assert set(causes.values()) <= {"higher-priority-master", "group-backup"}, causes
    # Both sides in one batch: the first word on one is not an interval behind the first word on the other.
    first = [sides.said(begun_ns, vrid, name="r1")[0].time_ns for vrid in INTERFACES]
    assert abs(first[0] - first[1]) < 50_000_000


def test_Group_LeavesBothSides_WhenOneLosesItsCarrier_AndReturnsAsOne(sides: Sides) -> None:
    high = sides.start("r1", 200)
    sides.start("r2", 100)
    sides.wait_for_leader("r1")
    cut_ns = now_ns(sides)
    sides.lab.router("r1").cut("eth1")
    sides.wait_for_leader("r2", since_ns=cut_ns)
    assert sides.farewells("r1", INSIDE, cut_ns), "a farewell on the side that still works"
    # The kernel may report a carrier that is gone as much as a second later: by then the lease may have run out, unheard.
    for vrid, cause in ((INSIDE, "group-faulted"), (OUTSIDE, "interface-down")):
        interface = INTERFACES[vrid]
        sides.lab.eventually(
            lambda: high.virtual_router(vrid, interface)["last-event"] == cause, f"{interface} is in {cause} at last"
        )

    mended_ns = now_ns(sides)
    sides.lab.router("r1").mend("eth1")
    sides.wait_for_leader("r1", since_ns=mended_ns)


@pytest.mark.parametrize("asked", ["SIGTERM", "detach"])
def test_Group_LeavesAsOne_AndServesBothSidesUntilItIsSucceeded(sides: Sides, asked: str) -> None:
    high = sides.start("r1", 200)
    sides.start("r2", 100)
    sides.wait_for_leader("r1")
    since_ns = now_ns(sides)
    if asked == "SIGTERM":
        assert high.stop() == 0
    else:
        high.detach("eth0")
    sides.wait_for_leader("r2", since_ns=since_ns)
    said = {vrid: sides.farewells("r1", vrid, since_ns) for vrid in INTERFACES}
    assert [len(frames) for frames in said.values()] == [1, 1]
    first, second = (frames[0].time_ns for frames in said.values())
    assert abs(first - second) < 10_000_000, "one batch"
    if asked == "detach":
        assert high.virtual_router(OUTSIDE, "eth1")["last-event"] == "group-faulted"
    # "leaving" stands for that it goes on to answer, which test_leaving.py shows.
    assert high.log().count("leaving; sent a farewell") == 2


def test_Group_DoesNotMove_WhereOneSideIsCutSilently(sides: Sides) -> None:
    sides.start("r1", 200)
    low = sides.start("r2", 100)
    sides.wait_for_leader("r1")
    begun_ns = now_ns(sides)
    sides.lab.router("r2").partition("eth1")
    # Its patience on the side that is cut is over many times.
    sides.capture.wait_for(lambda f: f.sent_by == "r1" and f.vrrp is not None, "r1 goes on", since_ns=begun_ns, count=40)
    assert {low.state(vrid, INTERFACES[vrid]) for vrid in INTERFACES} == {"backup"}
    assert not sides.said(begun_ns, INSIDE, name="r2")
    assert not sides.said(begun_ns, OUTSIDE, name="r2")


@pytest.mark.parametrize("ours", ["r1", "r2"])
def test_Group_MovesWithKeepalivedsSyncGroup(sides: Sides, ours: str) -> None:
    theirs = "r2" if ours == "r1" else "r1"
    priority = {"r1": 200, "r2": 100}
    sides.start(ours, priority[ours])
    routers = [
        VirtualRouter(vrid=vrid, addresses=[address], priority=priority[theirs]) for vrid, address in ADDRESSES.items()
    ]
    sides.lab.start(Keepalived(sides.lab.router(theirs), *routers, interfaces=INTERFACES, sync_group="both"))
    sides.wait_for_leader("r1")

    cut_ns = now_ns(sides)
    sides.lab.router("r1").cut("eth1")
    sides.wait_for_leader("r2", since_ns=cut_ns)
    mended_ns = now_ns(sides)
    sides.lab.router("r1").mend("eth1")
    sides.wait_for_leader("r1", since_ns=mended_ns)


def test_Reload_AddsAMember_AndTakesItOut(sides: Sides) -> None:
    def config(**third: str) -> dict[str, Any]:
        made = grouped(200)
        common = {"priority": 200, "advertise-interval": "100ms"}
        further = {"vrid": 30, **common, "virtual-addresses": ["192.0.2.200"], **third}
        made["interfaces"]["eth0"]["virtual-routers"].append(further)
        return made

    r1 = sides.lab.start(VrrpXdp(sides.lab.router("r1"), config=config()))
    sides.wait_for_leader("r1")
    sides.lab.router("r1").cut("eth1")
    sides.lab.eventually(lambda: r1.state(INSIDE) == "initialize", "the inside goes with the outside")
    sides.lab.eventually(lambda: r1.state(30) == "active", "the third is on its own")

    r1.write(config(**{"sync-group": "both"}))
    said = invoke(r1.router.namespace, "reload").stderr
    assert f"sync-group both is in Initialize while eth1 vrid {OUTSIDE} ipv4 cannot serve" in said
    sides.lab.eventually(lambda: r1.state(30) == "initialize", "it is a member now, and goes with them")
    assert r1.virtual_router(30)["last-event"] == "group-faulted"

    r1.write(config())
    r1.run("reload")
    sides.lab.eventually(lambda: r1.state(30) == "active", "it is on its own again")
    assert r1.state(INSIDE) == "initialize"
    sides.lab.router("r1").mend("eth1")
    sides.lab.eventually(lambda: r1.state(INSIDE) == r1.state(OUTSIDE, "eth1") == "active", "the others as before")
