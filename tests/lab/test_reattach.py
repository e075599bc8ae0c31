# SPDX-License-Identifier: BSD-2-Clause
"""The data plane is taken from a running instance: it is never Active without one, and gets it back by itself."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from observations import answer_of, each_family, nothing_attached, wait_for_sole_active, wait_for_state
from vrrp_lab import Capture, Lab, VirtualRouter, VrrpXdp
from vrrp_lab.commands import run


def start_pair(lab: Lab, capture: Capture) -> tuple[VrrpXdp, VrrpXdp]:
    """Start r1, which is preferred, and r2."""
    r1, r2 = (
        lab.start(VrrpXdp(lab.router(name), VirtualRouter(addresses=lab.family.virtual, priority=priority)))
        for name, priority in (("r1", 200), ("r2", 100))
    )
    wait_for_state(lab, r1, "active")
    wait_for_state(lab, r2, "backup")
    wait_for_sole_active(lab, capture, "r1")
    return r1, r2


def detach_link(pins: Path) -> None:
    run(["bpftool", "link", "detach", "pinned", str(pins / "link")])


def remove_pins(pins: Path) -> None:
    for pin in pins.iterdir():
        pin.unlink()
    pins.rmdir()


@each_family
@pytest.mark.parametrize("take", [detach_link, remove_pins])
def test_DataPlaneTaken_IsInitializeAndTold_UntilItIsAttachedAgain(lab: Lab, take: Callable[[Path], None]) -> None:
    with lab.capture() as capture, lab.prober(period_s=0.005):
        r1, r2 = start_pair(lab, capture)
        transitions = r1.virtual_router()["statistics"]["master-transitions"]
        taken_ns = time.time_ns()
        take(Path(r1.interface_status()["pins"]))
        lab.eventually(lambda: "eth0: its data plane is gone" in r1.log(), "it is told")
        lab.eventually(lambda: "active -> initialize: the XDP program is no longer" in r1.log(), "r1 leaves")
        capture.wait_for(answer_of("r2"), "r2 answers", since_ns=taken_ns)

        lab.eventually(lambda: "eth0: attached again" in r1.log(), "r1 has its data plane again")
        wait_for_state(lab, r1, "active")
        again_ns = time.time_ns()
        wait_for_sole_active(lab, capture, "r1", since_ns=again_ns)
        capture.wait_for(answer_of("r1"), "r1 answers", since_ns=again_ns)
        assert r1.virtual_router()["statistics"]["master-transitions"] == transitions + 1, "what was counted is kept"
        assert len(r1.process.family()) == 2, "it has a guardian"
        assert r1.stop() == 0
        wait_for_state(lab, r2, "active")
    assert nothing_attached(lab.router("r1").namespace, "eth0")


@each_family
def test_InterfaceDeletedAndMadeAgain_IsAttachedAgain(lab: Lab) -> None:
    with lab.capture() as capture:
        r1, r2 = start_pair(lab, capture)
        lab.unplug(r1.router)
        wait_for_state(lab, r2, "active")
        lab.eventually(lambda: "eth0: its data plane is gone" in r1.log(), "it is told")
    lab.plug_again(r1.router)
    with lab.capture() as capture, lab.prober(period_s=0.005):
        lab.eventually(lambda: "eth0: attached again" in r1.log(), "r1 is attached to the new one")
        wait_for_state(lab, r1, "active")
        wait_for_state(lab, r2, "backup")
        again_ns = time.time_ns()
        wait_for_sole_active(lab, capture, "r1", since_ns=again_ns)
        capture.wait_for(answer_of("r1"), "r1 answers", since_ns=again_ns, count=5)
        # Its guardian knows the new one's leases.
        r1.kill()
        wait_for_state(lab, r2, "active")
        lab.eventually(lambda: "has died: 1 leases ended, 1 farewells sent" in r1.log(), "the guardian says so")


def test_Stop_IsClean_WhileTheInterfaceIsGone(lab: Lab) -> None:
    with lab.capture() as capture:
        r1, _ = start_pair(lab, capture)
        lab.unplug(r1.router)
        lab.eventually(lambda: "eth0: its data plane is gone" in r1.log(), "it is told")
        lab.eventually(lambda: "trying again" in r1.log(), "and what it waits for")
        assert "its data plane is gone" in r1.run("status")
        assert r1.stop() == 0
    lab.plug_again(r1.router)
    assert nothing_attached(r1.router.namespace)
