# SPDX-License-Identifier: BSD-2-Clause
"""Addresses that a router answers for and does not list in its advertisements, and announcements that come in bursts."""

import time
from collections.abc import Callable
from dataclasses import replace

from observations import advertisement_of, answer_of, each_family, wait_for_sole_active, wait_for_state
from vrrp_lab import IPV4, Frame, Keepalived, Lab, NeighbourProber, VirtualRouter, VrrpXdp

EXTRA = {"ipv4": ["192.0.2.77", "192.0.2.78"], "ipv6": ["2001:db8:1::77", "fe80::77"]}
BURST = 3


def announcements_of(address: str) -> Callable[[Frame], bool]:
    return lambda f: f.sent_by == "r1" and f.told is not None and not f.told.is_answer and f.told.address == address


@each_family
def test_AnUnadvertisedAddress_IsAnswered_ByTheActiveRouterAlone(lab: Lab) -> None:
    extra = EXTRA[lab.family.name]
    low = VirtualRouter(
        addresses=lab.family.virtual,
        options={"unadvertised-addresses": extra, "announcements": {"burst": BURST, "repeat": 0}},
    )
    with lab.capture() as capture:
        r1 = lab.start(VrrpXdp(lab.router("r1"), replace(low, priority=200)))
        wait_for_state(lab, r1, "active")
        r2 = lab.start(VrrpXdp(lab.router("r2"), low))
        wait_for_state(lab, r2, "backup")
        with NeighbourProber(lab.host(), extra[0], 0.02):
            capture.wait_for(answer_of("r1", extra[0]), "r1 answers for it", count=3)
            since_ns = time.time_ns()
            r1.router.cut()
            capture.wait_for(answer_of("r2", extra[0]), "r2 answers for it", count=3)
            wait_for_sole_active(lab, capture, "r2", since_ns=since_ns)
    for frame in capture.frames(advertisement_of("r1")):
        assert frame.vrrp is not None and set(frame.vrrp.addresses) == set(lab.family.virtual)
    assert {f.told.mac for f in capture.frames(answer_of("r1", extra[0])) if f.told} == {low.mac}
    assert all(f.time_ns > since_ns for f in capture.frames(answer_of("r2", extra[0])))
    for address in (*lab.family.virtual, *extra):
        assert len(capture.frames(announcements_of(address))) == BURST, address


def test_AKeepalivedThatExcludesThem_AgreesWithIt(lab: Lab) -> None:
    """It would ignore advertisements that list more than its own addresses, and be Active as well."""
    low = VirtualRouter(addresses=IPV4.virtual, options={"unadvertised-addresses": EXTRA["ipv4"]})
    excluded = ["virtual_ipaddress_excluded {", *EXTRA["ipv4"], "}"]
    with lab.capture() as capture:
        r1 = lab.start(VrrpXdp(lab.router("r1"), replace(low, priority=200)))
        wait_for_state(lab, r1, "active")
        lab.start(Keepalived(lab.router("r2"), low, extra=excluded))
        wait_for_sole_active(lab, capture, "r1", count=10)
        r1.router.cut()
        capture.wait_for(advertisement_of("r2"), "keepalived takes over")
        with NeighbourProber(lab.host(), EXTRA["ipv4"][0], 0.02):
            capture.wait_for(answer_of("r2", EXTRA["ipv4"][0]), "keepalived answers for it too")
