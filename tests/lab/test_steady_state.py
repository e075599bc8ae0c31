# SPDX-License-Identifier: BSD-2-Clause
"""What a Backup Router does while nothing happens, next to nothing, and that it still notices when something does."""

import resource
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from observations import advertisement_of, answer_of, each_family, wait_for_sole_active, wait_for_state
from vrrp_lab import Advertisement, Capture, Injector, Lab, VirtualRouter, VrrpXdp


def start_pair(lab: Lab, capture: Capture, interval_ms: int, **more: Any) -> tuple[VrrpXdp, VrrpXdp]:
    """Start r1, Active with priority 200, and r2, Backup with 100."""
    low = VirtualRouter(addresses=lab.family.virtual, interval_ms=interval_ms, **more)
    r1 = lab.start(VrrpXdp(lab.router("r1"), replace(low, priority=200)))
    wait_for_state(lab, r1, "active")
    r2 = lab.start(VrrpXdp(lab.router("r2"), low))
    wait_for_state(lab, r2, "backup")
    wait_for_sole_active(lab, capture, "r1")
    return r1, r2


def wake_ups(pid: int) -> int:
    """How often the threads of a process have slept."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    lines = [line for task in tasks for line in (task / "status").read_text().splitlines()]
    return sum(int(line.split()[1]) for line in lines if line.startswith("voluntary_ctxt_switches"))


@each_family
def test_Backup_SleepsWhileTheActiveRouterAdvertises(lab: Lab) -> None:
    with lab.capture() as capture:
        _, r2 = start_pair(lab, capture, interval_ms=20)
        heard = r2.virtual_router()["statistics"]["advertisement-rcvd"]
        before, since_ns = wake_ups(r2.process.pid), time.time_ns()
        capture.wait_for(advertisement_of("r1"), "r1 advertises", since_ns=since_ns, count=150, timeout_s=30)
        slept = wake_ups(r2.process.pid) - before
        # Every one was heard, and it was woken about every three, to look at the time.
        lab.eventually(lambda: r2.virtual_router()["statistics"]["advertisement-rcvd"] >= heard + 150, "all are counted")
        assert slept < 150 / 2
        assert r2.state() == "backup"
        assert not capture.frames(advertisement_of("r2"), since_ns=since_ns)


@each_family
def test_FloodOfValidAdvertisements_DelaysNoHeartbeat_AndIsCounted(lab: Lab) -> None:
    host = lab.host()
    flood = Advertisement(
        source=host.primary(lab.family), source_mac=host.mac(), addresses=lab.family.virtual, priority=1, interval_ms=100
    )
    with lab.capture() as capture, Injector(host.namespace) as injector:
        _, r2 = start_pair(lab, capture, interval_ms=100)
        since_ns = time.time_ns()
        with injector.repeating(flood, period_s=0.0001):
            lab.eventually(lambda: r2.virtual_router()["statistics"]["events-limited"] > 100, "the flood is held back")
            wait_for_sole_active(lab, capture, "r1", since_ns=since_ns, count=10)
        assert r2.state() == "backup"
        assert r2.virtual_router()["statistics"]["events-lost"] == 0
        assert not capture.frames(advertisement_of("r2"), since_ns=since_ns)


@each_family
def test_ActiveRouterThatChanges_IsFollowedStill(lab: Lab) -> None:
    with lab.capture() as capture:
        r1, r2 = start_pair(lab, capture, interval_ms=100)
        assert r1.stop() == 0
        wait_for_state(lab, r2, "active")
        since_ns = time.time_ns()
        changed = VrrpXdp(lab.router("r1"), VirtualRouter(addresses=lab.family.virtual[:1], priority=201))
        lab.start(changed)
        wait_for_state(lab, r2, "backup")
        wait_for_sole_active(lab, capture, "r1", count=10, since_ns=since_ns)
        status = r2.virtual_router()
        assert (status["last-adv-priority"], status["last-adv-source"]) == (201, lab.router("r1").primary(lab.family))
        # Its repetitions are held against it where they end.
        if len(lab.family.virtual) > 1:
            errors = status["statistics"]["address-list-errors"]
            lab.eventually(lambda: r2.virtual_router()["statistics"]["address-list-errors"] > errors, "they are counted")


@each_family
def test_BelowACentisecond_OneTakesOverFromTheOther(lab: Lab) -> None:
    with lab.capture() as capture, lab.prober(period_s=0.005):
        # Slow enough for a machine that others use too: three intervals without a turn are a takeover.
        r1, _ = start_pair(lab, capture, interval_ms=9, sub_centisecond=True)
        last = capture.frames(advertisement_of("r1"))[-1].vrrp
        assert last is not None and last.interval_ms == 10
        killed_ns = time.time_ns()
        r1.kill_family()
        killed = capture.wait_for(advertisement_of("r2"), "r2 takes over", since_ns=killed_ns)
        capture.wait_for(answer_of("r2"), "r2 answers", since_ns=killed.time_ns, count=10)
        assert not capture.frames(answer_of("r1"), since_ns=killed.time_ns)


# A membership of a solicited-node group for each address, and of a socket's memberships there is a limit.
def test_TwelveVirtualRouters_OfNinetyIpv6AddressesEach_StartWithFewDescriptors(make_lab: Callable[..., Lab]) -> None:
    lab = make_lab(routers=1)
    prefixes = ["fe80::", *["2001:db8::"] * 89]
    routers = [
        VirtualRouter(vrid=vrid, interval_ms=1000, addresses=[f"{prefix}{vrid * 256 + host:x}" for host, prefix in enumerate(prefixes)])
        for vrid in range(1, 13)
    ]
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard))  # inherited
    try:
        router = lab.start(VrrpXdp(lab.router("r1"), *routers))
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    for vrid in range(1, 13):
        lab.eventually(lambda: router.state(vrid) == "active", f"vrid {vrid} is Active")
    assert lab.router("r1").namespace.run("cat", "/proc/net/igmp6").count("ff0200000000000000000001ff") >= 12 * 90
