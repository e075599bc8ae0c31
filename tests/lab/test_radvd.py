# SPDX-License-Identifier: BSD-2-Clause
"""Hosts that learn the virtual link-local address from radvd, set up as docs/configuration.md says."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from observations import wait_for_state
from vrrp_lab import IPV6, Capture, Frame, Lab, Radvd, VirtualRouter, VrrpXdp
from vrrp_lab.ndisc import link_layer_options
from vrrp_lab.process import Process
from vrrp_lab.wire import ND_ROUTER_ADVERTISEMENT, ND_SOURCE_ADDRESS

pytestmark = pytest.mark.parametrize("family", [IPV6], ids=["ipv6"], indirect=True)

GATEWAY = IPV6.gateway
MAC = IPV6.virtual_mac(10)
_FIXED_BYTES = 16  # of a Router Advertisement, RFC 4861 section 4.2


def router_advertisement_of(*nodes: str) -> Callable[[Frame], bool]:
    """Whether a frame is a Router Advertisement as one of the nodes sent it."""
    return lambda f: f.sent_by in nodes and f.icmp is not None and (f.icmp.version, f.icmp.type) == (6, ND_ROUTER_ADVERTISEMENT)


def assert_is_of_the_virtual_router(frame: Frame) -> None:
    """Nothing in it gives a host the physical MAC of a router."""
    assert frame.ip is not None and frame.ip.source == GATEWAY
    assert frame.eth_src == MAC
    assert link_layer_options(frame.ip.payload[_FIXED_BYTES:]) == {ND_SOURCE_ADDRESS: MAC}


def start_pair(lab: Lab) -> tuple[VrrpXdp, VrrpXdp]:
    """In each router the address, vrrp-xdp and radvd, in this order. The host has no default route but what it learns."""
    inside = lab.host().namespace
    inside.ip("route del default via fe80::a dev eth0")
    for router in lab.routers:
        router.namespace.ip(f"address add {GATEWAY}/64 dev eth0 nodad preferred_lft 0")
    r1, r2 = (
        lab.start(VrrpXdp(lab.router(name), VirtualRouter(addresses=IPV6.virtual, priority=priority)))
        for name, priority in (("r1", 200), ("r2", 100))
    )
    wait_for_state(lab, r1, "active")
    wait_for_state(lab, r2, "backup")
    inside.sysctl(net__ipv6__conf__eth0__accept_ra=1)
    return r1, r2


def default_route(lab: Lab) -> list[str]:
    """The host's, in the words of `ip route`; empty without one."""
    return lab.host().namespace.run("ip", "-6", "route", "show", "default").split()


@contextmanager
def watch_default_route(lab: Lab) -> Iterator[Callable[[], list[str]]]:
    """From `with` on, every deletion of the host's default route in a line."""
    watched = lab.directory / "routes.log"
    monitor = Process(lab.host().namespace, "ip monitor", ["ip", "-6", "monitor", "route"], watched)
    try:
        yield lambda: [line for line in monitor.log().splitlines() if line.startswith("Deleted default")]
    finally:
        monitor.stop()


def wait_for_silenced(lab: Lab, backup: VrrpXdp, more_than: int = 0) -> None:
    """Wait until vrrp-xdp has dropped more of what its host sends than that."""
    lab.eventually(
        lambda: backup.virtual_router()["statistics"]["frames-not-sent"] > more_than, f"{backup.name} keeps its host silent"
    )


def wait_for_default_route(lab: Lab, capture: Capture, active: str) -> None:
    """Wait until the host has learned the virtual address from the Active Router."""
    assert_is_of_the_virtual_router(capture.wait_for(router_advertisement_of(active), f"radvd of {active} speaks"))
    lab.eventually(lambda: default_route(lab)[:7] == f"default via {GATEWAY} dev eth0 proto ra".split(), "the default route")


def test_Host_KeepsTheDefaultRouteThatItLearned_AcrossAFailover(lab: Lab) -> None:
    with lab.capture() as capture:
        r1, r2 = start_pair(lab)
        for router in lab.routers:
            lab.start(Radvd(router, GATEWAY))
        wait_for_default_route(lab, capture, "r1")
        wait_for_silenced(lab, r2)
        assert not capture.frames(router_advertisement_of("r2"))
        with watch_default_route(lab) as deleted, lab.traffic(rate=200) as traffic:
            lab.eventually(lambda: traffic.report().received > 50, "traffic through r1")
            r1.kill_family()
            wait_for_state(lab, r2, "active")
            first = capture.wait_for(router_advertisement_of("r2"), "radvd of r2 speaks")
            lab.eventually(lambda: traffic.arrived_since(first.time_ns) > 50, "traffic through r2")
            assert not deleted()
        assert default_route(lab)[:3] == ["default", "via", GATEWAY]
        assert MAC in lab.host().namespace.run("ip", "neighbor", "show", GATEWAY)
        # What lived on without its controller is as silent as a Backup Router.
        assert not capture.frames(router_advertisement_of("r1"), since_ns=first.time_ns)
        for frame in capture.frames(router_advertisement_of("r1", "r2")):
            assert_is_of_the_virtual_router(frame)


def test_ActiveRouter_ThatIsStoppedInOrder_TakesNoHostsDefaultRoute(lab: Lab) -> None:
    with lab.capture() as capture:
        r1, r2 = start_pair(lab)
        radvd = lab.start(Radvd(lab.router("r1"), GATEWAY))
        wait_for_default_route(lab, capture, "r1")
        said = len(capture.frames(router_advertisement_of("r1")))
        with watch_default_route(lab) as deleted:
            lab.router("r1").namespace.ip(f"address del {GATEWAY}/64 dev eth0")
            r1.stop()
            # It would say with a lifetime of 0 that the virtual address is not a default router.
            radvd.stop()
            wait_for_state(lab, r2, "active")
            lab.host().namespace.run("ping", "-c", "1", "-W", "5", IPV6.server[0])
            assert not deleted()
        assert default_route(lab)
        assert len(capture.frames(router_advertisement_of("r1"))) == said


def test_Router_KeepsItsOwnAddress_ForWhatItsHostSays(lab: Lab) -> None:
    start_pair(lab)
    router = lab.router("r2")
    way = router.namespace.run("ip", "route", "get", lab.host().primary(IPV6), "oif", "eth0")
    assert f"src {router.primary(IPV6)} " in way
