# SPDX-License-Identifier: BSD-2-Clause
"""Accept_Mode: the virtual address is the host's own while its router is Active, and nobody else's business otherwise."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace

from observations import each_family, wait_for_sole_active, wait_for_state, watch_neighbours
from service import Client, start_service
from vrrp_lab import IPV4, Advertisement, Capture, Filter, Frame, Injector, Lab, Router, VirtualRouter, VrrpXdp
from vrrp_lab.process import Process

ACCEPT = {"accept-mode": True}


def service_address(lab: Lab) -> str:
    """That of the virtual addresses which can be reached without naming an interface."""
    return lab.family.virtual[-1]


def virtual_router(lab: Lab, priority: int, *, interval_ms: int = 50) -> VirtualRouter:
    return VirtualRouter(addresses=lab.family.virtual, priority=priority, interval_ms=interval_ms, options=ACCEPT)


def held_by(router: Router, lab: Lab) -> set[str]:
    """The virtual addresses that the router's kernel has."""
    words = router.namespace.run("ip", "-o", "address", "show", "dev", "eth0").split()
    return {word.split("/")[0] for word in words} & set(lab.family.virtual)


def wait_until_held(lab: Lab, name: str) -> None:
    lab.eventually(lambda: held_by(lab.router(name), lab) == set(lab.family.virtual), f"{name} has the addresses")


def wait_until_not_held(lab: Lab, name: str) -> None:
    lab.eventually(lambda: not held_by(lab.router(name), lab), f"{name} has none of the addresses")


def speaks_for_virtual_address(lab: Lab) -> Callable[[Frame], bool]:
    """Whether a router's frame is from a virtual address, or says where one is."""
    virtual = set(lab.family.virtual)

    def does(frame: Frame) -> bool:
        return frame.sent_by in ("r1", "r2") and (
            (frame.ip is not None and frame.ip.source in virtual) or (frame.told is not None and frame.told.address in virtual)
        )

    return does


@contextmanager
def nobody_learns_another_mac(lab: Lab) -> Iterator[Capture]:
    """Whatever happens inside: neither a frame nor the host's neighbour table has another MAC for the addresses."""
    with lab.capture(only=Filter.EVERYTHING) as capture, watch_neighbours(lab, service_address(lab)) as macs:
        yield capture
        said = capture.frames(speaks_for_virtual_address(lab))
        assert said
        mac = lab.family.virtual_mac(10)
        assert {frame.eth_src for frame in said} == {mac}
        assert {frame.told.mac for frame in said if frame.told is not None} == {mac}
        assert macs() == {mac}


def start_pair(lab: Lab, capture: Capture) -> tuple[VrrpXdp, VrrpXdp]:
    r1, r2 = (
        lab.start(VrrpXdp(lab.router(name), virtual_router(lab, priority))) for name, priority in (("r1", 200), ("r2", 100))
    )
    wait_for_state(lab, r2, "backup")
    wait_for_sole_active(lab, capture, "r1")
    wait_until_held(lab, "r1")
    wait_until_not_held(lab, "r2")
    return r1, r2


@each_family
def test_Connection_GoesOn_WhenItsRouterReturns_AndOthersReachTheOneThatIsActive_rfc9568_6_4_3(lab: Lab) -> None:
    address = service_address(lab)
    with nobody_learns_another_mac(lab) as capture:
        for router in lab.routers:
            start_service(lab, router, address)
        r1, r2 = start_pair(lab, capture)
        lab.host().namespace.run("ping", "-c", "1", "-W", "5", address)
        with Client(lab.host(), address) as client:
            assert client.say("before") == "r1 before"
            assert r1.stop() == 0
            wait_for_state(lab, r2, "active")
            wait_until_held(lab, "r2")
            assert not held_by(lab.router("r1"), lab)
            with Client(lab.host(), address) as another:
                assert another.say("meanwhile") == "r2 meanwhile"

            returned_ns = time.time_ns()
            r1.start(lab.directory)
            wait_for_sole_active(lab, capture, "r1", since_ns=returned_ns)
            wait_until_held(lab, "r1")
            assert client.say("after") == "r1 after"
        wait_until_not_held(lab, "r2")


@each_family
def test_KilledController_LeavesAHostThatIsSilent_UntilDetachTakesItsAddress(lab: Lab) -> None:
    address = service_address(lab)
    inside = lab.router("r1").namespace
    with nobody_learns_another_mac(lab) as capture:
        r1, r2 = start_pair(lab, capture)
        lab.host().namespace.run("ping", "-c", "1", "-W", "5", address)
        r1.kill_family()
        wait_for_state(lab, r2, "active")
        wait_for_sole_active(lab, capture, "r2")
        silent_ns = time.time_ns()
        wait_until_held(lab, "r1")
        with inside.socket(socket.AF_INET if lab.family is IPV4 else socket.AF_INET6, socket.SOCK_DGRAM) as speaker:
            speaker.bind((address, 0))
            for _ in range(5):
                with suppress(OSError):  # what the hook drops is told to the sender
                    speaker.sendto(b"?", (lab.host().address_in(lab.family), 9))
        lab.host().namespace.run("ping", "-c", "1", "-W", "5", address)
        by_r1 = [f for f in capture.frames(speaks_for_virtual_address(lab), since_ns=silent_ns) if f.sent_by == "r1"]
        assert not by_r1
        assert "removed what a previous one had left" in r1.detach()
        assert not held_by(lab.router("r1"), lab)


@each_family
def test_Restart_KeepsTheAddress_WhileTheLeaseLasts_AndTakesItWithoutAcceptMode(lab: Lab) -> None:
    inside = lab.router("r1").namespace
    configured = virtual_router(lab, 254, interval_ms=1000)
    r1 = lab.start(VrrpXdp(lab.router("r1"), configured))
    wait_for_state(lab, r1, "active")
    wait_until_held(lab, "r1")
    monitor = Process(inside, "ip monitor", ["ip", "monitor", "address"], lab.directory / "addresses.log")
    r1.kill_family()
    r1.start(lab.directory)
    lab.eventually(lambda: r1.virtual_router().get("last-event") == "adopted", "r1 goes on where it was")
    time.sleep(0.6)  # it looks after its addresses four times a second
    assert "Deleted" not in monitor.log()

    r1.config = VrrpXdp(lab.router("r1"), replace(configured, options={})).config
    r1.start(lab.directory)
    wait_until_not_held(lab, "r1")
    wait_for_state(lab, r1, "active")
    monitor.stop()


def test_Reload_TakesAndGivesTheAddress_AlsoWhereItStartedWithout(lab: Lab) -> None:
    accepting = virtual_router(lab, 254)
    r1 = lab.start(VrrpXdp(lab.router("r1"), accepting))
    with_it, without = r1.config, VrrpXdp(lab.router("r1"), replace(accepting, options={})).config
    wait_until_held(lab, "r1")
    r1.write(without)
    r1.run("reload")
    wait_until_not_held(lab, "r1")
    r1.write(with_it)
    r1.run("reload")
    wait_until_held(lab, "r1")

    r1.stop()
    r1.write(without)
    r1.start(lab.directory)
    wait_for_state(lab, r1, "active")
    r1.write(with_it)
    r1.run("reload")
    wait_until_held(lab, "r1")


def test_QuickTransitions_EndWithTheAddressThatBelongs(lab: Lab) -> None:
    r1 = lab.start(VrrpXdp(lab.router("r1"), virtual_router(lab, 200, interval_ms=10)))
    wait_until_held(lab, "r1")
    rival = Advertisement(
        source=lab.host().primary(lab.family), addresses=lab.family.virtual, priority=250, interval_ms=10
    )
    with Injector(lab.host().namespace) as injector, injector.repeating(rival, period_s=0.06):
        lab.eventually(lambda: r1.virtual_router()["statistics"]["master-transitions"] > 10, "it comes and goes")
    wait_for_state(lab, r1, "active")
    wait_until_held(lab, "r1")
    with Injector(lab.host().namespace) as injector, injector.repeating(rival, period_s=0.01):
        wait_for_state(lab, r1, "backup")
        wait_until_not_held(lab, "r1")
