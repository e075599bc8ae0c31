# SPDX-License-Identifier: BSD-2-Clause
"""A data plane that is taken away under a running instance: it is noticed, told, and put back."""

import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from observations import advertisement_of, answer_of, each_family, each_history, nothing_attached, wait_for_sole_active, wait_for_state
from test_restart import DONE, start_pair
from vrrp_lab import Capture, Lab, Router, VrrpXdp
from vrrp_lab.commands import run
from vrrp_lab.xdp_peer import attach_pass, compile_pass


def detach_link(router: VrrpXdp) -> None:
    """Take the XDP program off, as only force can: the kernel keeps others from replacing it."""
    run(["bpftool", "link", "detach", "pinned", f"{router.interface_status()['pins']}/link"])


def remove_filter(router: VrrpXdp) -> None:
    """Take the clsact program off, as whoever clears all filters does."""
    router.router.namespace.run("tc", "filter", "del", "dev", "eth0", "ingress")


def remove_pins(router: VrrpXdp) -> None:
    shutil.rmtree(router.interface_status()["pins"])


def make_anew(lab: Lab, router: Router) -> None:
    """Another eth0 with the name, the addresses and the MAC of the one before."""
    router.plug_again("eth0")


def wait_until_back(lab: Lab, capture: Capture, r1: VrrpXdp, r2: VrrpXdp, since_ns: int, mode: str = "clsact") -> None:
    """r1 is Active again, on a data plane that answers, and never was without one."""
    wait_for_state(lab, r1, "active")
    wait_for_state(lab, r2, "backup")
    wait_for_sole_active(lab, capture, "r1", since_ns=since_ns)
    now_ns = time.time_ns()
    capture.wait_for(answer_of("r1"), "r1 answers", since_ns=now_ns, count=5)
    assert Path(r1.interface_status()["pins"], "port").exists()
    assert f"attached again in {mode} mode" in r1.log()
    assert r1.stop() == DONE
    assert nothing_attached(r1.router.namespace)


@each_family
@pytest.mark.parametrize(
    ("mode", "take_away"),
    [("clsact", remove_filter), ("clsact", remove_pins), ("generic", detach_link), ("generic", remove_pins)],
)
def test_DataPlaneTakenAway_IsLeftAndPutBack(
    make_lab: Callable[..., Lab], mode: str, take_away: Callable[[VrrpXdp], None]
) -> None:
    lab = make_lab(mode=mode, offloads=mode != "generic")
    r1, r2 = start_pair(lab)
    with lab.capture() as capture, lab.prober():
        taken_ns = time.time_ns()
        take_away(r1)
        capture.wait_for(advertisement_of("r1", priority=0), "r1 sends a farewell", since_ns=taken_ns)
        capture.wait_for(advertisement_of("r2"), "r2 takes over", since_ns=taken_ns)
        wait_until_back(lab, capture, r1, r2, taken_ns, mode)
    assert "its program or its pins were removed" in r1.log()
    assert "active -> initialize: its program is no longer attached" in r1.log()


@each_family
@each_history
def test_InterfaceMadeAnew_IsAttachedAgain(lab: Lab) -> None:
    r1, r2 = start_pair(lab)
    router = lab.router("r1")
    with lab.prober():
        router.namespace.ip("link del eth0")
        wait_for_state(lab, r2, "active")
        wait_for_state(lab, r1, "initialize")
        make_anew(lab, router)
        with lab.capture() as capture:
            wait_until_back(lab, capture, r1, r2, time.time_ns())
    assert r1.process.exit_code == DONE


def test_InterfaceMadeAnew_Twice_WhileTheControllerIsKilledAfterwards(lab: Lab) -> None:
    r1, r2 = start_pair(lab)
    for _ in range(2):
        lab.router("r1").namespace.ip("link del eth0")
        wait_for_state(lab, r2, "active")
        make_anew(lab, lab.router("r1"))
        wait_for_state(lab, r1, "active")
        wait_for_state(lab, r2, "backup")
    # The guardian knows of the new data plane.
    with lab.capture() as capture:
        r1.kill()
        capture.wait_for(advertisement_of("r1", priority=0), "the guardian sends a farewell")
        capture.wait_for(advertisement_of("r2"), "r2 takes over")


def test_AnotherProgramInItsPlace_KeepsItAway_UntilThatIsGone(lab: Lab) -> None:
    r1, r2 = start_pair(lab)
    inside = lab.router("r1").namespace
    attach_pass(inside, "eth0", compile_pass(lab.directory))
    remove_filter(r1)
    wait_for_state(lab, r2, "active")
    wait_for_state(lab, r1, "initialize")
    assert r1.virtual_router()["last-event"] == "data-plane-gone"
    lab.eventually(lambda: "not attached again: " in r1.log() and "another XDP program is on eth0" in r1.log(), "it says why")
    inside.run("ip", "link", "set", "dev", "eth0", "xdpdrv", "off")
    wait_for_state(lab, r1, "active")
    wait_for_state(lab, r2, "backup")
    assert r1.log().count("not attached again") == 1


@pytest.mark.parametrize("end", [VrrpXdp.stop, VrrpXdp.detach])
def test_Stop_WhileTheInterfaceIsGone_LeavesNothing(lab: Lab, end: Callable[[VrrpXdp], object]) -> None:
    r1, r2 = start_pair(lab)
    lab.router("r1").namespace.ip("link del eth0")
    wait_for_state(lab, r2, "active")
    lab.eventually(lambda: "attaching again as soon as possible" in r1.log(), "it has noticed")
    end(r1)
    assert r1.process.wait() == DONE
    assert nothing_attached(lab.router("r1").namespace, "eth1")


def test_Attach_OverOneWhoseDataPlaneIsGone_IsRefusedOrTakesOver(lab: Lab) -> None:
    r1, r2 = start_pair(lab)
    old = r1.process
    remove_filter(r1)
    r1.start(lab.directory)
    # It depends on who was first: the old one that attaches again, or the new one that finds nothing attached.
    lab.eventually(lambda: old.running != r1.process.running, "one is left")
    wait_for_state(lab, r1, "active")
    if old.running:
        assert "vrrp-xdp detach eth0" in r1.log()
        r1.processes.pop()
