# SPDX-License-Identifier: BSD-2-Clause
"""A router whose advertisements do not leave, beside a healthy one: it takes over from nobody, however preferred it is."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
from observations import answer_of, wait_for_sole_active, wait_for_state
from vrrp_lab import IPV4, Frame, Lab, VirtualRouter, VrrpXdp
from vrrp_lab.nodes import Router

# Of the data link alone: gratuitous ARP would still leave.
_EGRESS = """
table netdev silence {
    chain out { type filter hook egress device "eth0" priority 0; policy accept; meta l4proto 112 drop; }
}
"""
_OUTPUT = """
table inet silence {
    chain out { type filter hook output priority 0; policy accept; meta l4proto 112 drop; }
}
"""


@dataclass(frozen=True)
class Cause:
    """Why nothing leaves: what makes it so and what mends it, and what the Virtual Router has to be like for it."""

    begin: Callable[[Lab, Router], None]
    end: Callable[[Router], None]
    addresses: int = 1
    unicast: bool = False
    before_start: bool = True


def _load(rules: str) -> Callable[[Lab, Router], None]:
    def load(lab: Lab, router: Router) -> None:
        path = lab.directory / "silence.nft"
        path.write_text(rules)
        router.namespace.run("nft", "-f", str(path))

    return load


def _unload(family: str) -> Callable[[Router], None]:
    def unload(router: Router) -> None:
        router.namespace.run("nft", "delete", "table", family, "silence")

    return unload


def _run(*command: str) -> Callable[..., None]:
    return lambda *given: given[-1].namespace.run(*command) and None


CAUSES = {
    "firewall-of-the-link": Cause(_load(_EGRESS), _unload("netdev")),
    "firewall-and-unicast": Cause(_load(_OUTPUT), _unload("inet"), unicast=True),
    "full-queue": Cause(
        _run("tc", "qdisc", "replace", "dev", "eth0", "root", "pfifo", "limit", "0"),
        _run("tc", "qdisc", "del", "dev", "eth0", "root"),
        before_start=False,
    ),
    "mtu-too-small": Cause(
        _run("ip", "link", "set", "eth0", "mtu", "80"),
        _run("ip", "link", "set", "eth0", "mtu", "1500"),
        addresses=20,
        before_start=False,
    ),
}


def virtual_router(lab: Lab, name: str, cause: Cause, priority: int) -> VirtualRouter:
    addresses = [IPV4.gateway, *(f"192.0.2.{200 + i}" for i in range(cause.addresses - 1))]
    peers = [each.primary(lab.family) for each in lab.routers if each.name != name]
    return VirtualRouter(
        addresses=addresses,
        priority=priority,
        interval_ms=100,
        options={"unicast-peers": peers, "virtual-mac": False} if cause.unicast else {},
    )


@pytest.mark.parametrize("cause", CAUSES.values(), ids=CAUSES.keys())
def test_RouterThatCannotSend_TakesOverFromNobody_UntilItCan(lab: Lab, cause: Cause) -> None:
    failing = lab.router("r1")
    with lab.capture() as capture, lab.prober(period_s=0.005):
        healthy = VrrpXdp(lab.router("r2"), virtual_router(lab, "r2", cause, 100))
        lab.start(healthy)
        wait_for_state(lab, healthy, "active")
        if cause.before_start:
            cause.begin(lab, failing)
        r1 = lab.start(VrrpXdp(failing, virtual_router(lab, "r1", cause, 200)))
        if not cause.before_start:
            wait_for_sole_active(lab, capture, "r1")
            cause.begin(lab, failing)
        lab.eventually(lambda: "sending fails" in r1.log(), "it is told that nothing leaves")
        wait_for_state(lab, r1, "backup")
        wait_for_sole_active(lab, capture, "r2", since_ns=time.time_ns())

        def is_of_failing(frame: Frame) -> bool:
            """Whether it says where the virtual address is, or advertises, as an Active Router does."""
            told = frame.told is not None and frame.told.address in IPV4.virtual
            return frame.sent_by == "r1" and (told or frame.vrrp is not None)

        # Some fifteen Active_Down_Intervals of the failing one.
        since_ns, transitions = time.time_ns(), r1.virtual_router()["statistics"]["master-transitions"]
        capture.wait_for(answer_of("r2"), "the healthy one answers", since_ns=since_ns, count=100)
        capture.wait_for(
            lambda f: f.sent_by == "r2" and f.vrrp is not None, "the healthy one goes on", since_ns=since_ns, count=50
        )
        assert not capture.frames(is_of_failing, since_ns=since_ns)
        assert r1.virtual_router()["statistics"]["master-transitions"] == transitions
        assert r1.log().count("sending fails") == 1, "and not for every attempt"
        assert (r1.state(), healthy.state()) == ("backup", "active")

        cause.end(failing)
        wait_for_sole_active(lab, capture, "r1", since_ns=time.time_ns())
        wait_for_state(lab, healthy, "backup")


def test_OneVirtualRouterWhoseAdvertisementIsTooLarge_LeavesTheOthersAlone(lab: Lab) -> None:
    """The large one takes over from nobody; beside it, on the same interface, a small one is Active."""
    large = virtual_router(lab, "r1", CAUSES["mtu-too-small"], 200)
    small = replace(large, vrid=20, addresses=["192.0.2.190"])
    with lab.capture() as capture:
        lab.start(VrrpXdp(lab.router("r2"), replace(large, priority=100), replace(small, priority=100)))
        r1 = lab.start(VrrpXdp(lab.router("r1"), large, small))
        for vrid in (10, 20):
            wait_for_sole_active(lab, capture, "r1", vrid=vrid)
        lab.router("r1").namespace.run("ip", "link", "set", "eth0", "mtu", "80")
        wait_for_state(lab, r1, "backup")
        since_ns = time.time_ns()
        wait_for_sole_active(lab, capture, "r2", since_ns=since_ns, count=20)
        wait_for_sole_active(lab, capture, "r1", vrid=20, since_ns=since_ns, count=20)
        assert r1.log().count("sending fails") == 1
