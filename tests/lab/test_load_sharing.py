# SPDX-License-Identifier: BSD-2-Clause
"""Two Virtual Routers on two routers, each Active for one (RFC 9568 section 4.2), and a host that uses both gateways."""

import time
from collections.abc import Callable

from observations import each_family, macs_told, wait_for_sole_active
from vrrp_lab import IPV4, IPV6, Capture, Filter, Frame, Lab, UdpTraffic, VirtualRouter, VrrpXdp


def start(lab: Lab, name: str, *, first: int, second: int) -> VrrpXdp:
    """Run both Virtual Routers on a router, with these priorities."""
    return lab.start(
        VrrpXdp(
            lab.router(name),
            VirtualRouter(vrid=10, addresses=lab.family.virtual, priority=first),
            VirtualRouter(vrid=20, addresses=lab.family.second, priority=second),
        )
    )


def forwarders(wan: Capture, address: str, since_ns: int) -> list[str | None]:
    """Which routers put the packets to a server's address on the wan, one entry a packet, in order."""

    def is_forwarded(frame: Frame) -> bool:
        return bool(frame.sent_by and frame.udp and frame.ip and frame.ip.destination == address)

    return [frame.sent_by for frame in wan.frames(is_forwarded, since_ns=since_ns)]


def wait_for_forwarder(lab: Lab, wan: Capture, address: str, node: str) -> None:
    """Wait until the node alone forwards to the address."""
    since_ns = time.time_ns()
    lab.eventually(
        lambda: forwarders(wan, address, since_ns)[-50:] == [node] * 50, f"{node} forwards all to {address}"
    )


@each_family
def test_TwoGateways_AreServedByTwoRouters_AndByOneWhenTheOtherDies(lab: Lab) -> None:
    host, family = lab.host(), lab.family
    to, by = family.server, (family.virtual, family.second)
    for destination, gateway in zip(to, by):
        host.set_gateway(gateway[0], destination=destination)
    wan_ports = [router.port("eth1") for router in lab.routers]
    with lab.capture() as capture, lab.capture(*wan_ports, only=Filter.EVERYTHING) as wan:
        r1 = start(lab, "r1", first=200, second=100)
        r2 = start(lab, "r2", first=100, second=200)
        wait_for_sole_active(lab, capture, "r1", vrid=10)
        wait_for_sole_active(lab, capture, "r2", vrid=20)
        assert (r1.state(vrid=20), r2.state(vrid=10)) == ("backup", "backup")
        with (
            UdpTraffic(host, lab.server, rate=300, address=to[0]) as to_first,
            UdpTraffic(host, lab.server, rate=300, address=to[1]) as to_second,
        ):
            wait_for_forwarder(lab, wan, to[0], "r1")
            wait_for_forwarder(lab, wan, to[1], "r2")
            for gateway, vrid in zip(by, (10, 20)):
                mac = family.virtual_mac(vrid)
                assert f"lladdr {mac}" in host.namespace.run("ip", "neighbour", "show", gateway[0])
                assert macs_told(capture, *gateway) == {mac}

            r2.kill_family()
            wait_for_forwarder(lab, wan, to[1], "r1")
            wait_for_forwarder(lab, wan, to[0], "r1")
            assert (r1.state(vrid=10), r1.state(vrid=20)) == ("active", "active")

            r2.start(lab.directory)
            wait_for_forwarder(lab, wan, to[1], "r2")
            wait_for_forwarder(lab, wan, to[0], "r1")
        for traffic in (to_first, to_second):
            report = traffic.stop()
            assert report.echoed and len(report.echoed) == report.received, report.summary()
        for gateway, vrid in zip(by, (10, 20)):
            assert macs_told(capture, *gateway) == {family.virtual_mac(vrid)}


def test_Families_WithOneVrid_HaveElectionsOfTheirOwn(make_lab: Callable[..., Lab]) -> None:
    lab = make_lab(ipv6=True)
    host = lab.host()

    def routers(ipv4: int, ipv6: int) -> list[VirtualRouter]:
        return [
            VirtualRouter(addresses=family.virtual, priority=priority)
            for family, priority in ((IPV4, ipv4), (IPV6, ipv6))
        ]

    def states(router: VrrpXdp) -> tuple[str, str]:
        return router.state(family=IPV4), router.state(family=IPV6)

    wan_ports = [router.port("eth1") for router in lab.routers]
    with lab.capture() as capture, lab.capture(*wan_ports, only=Filter.EVERYTHING) as wan:
        r1 = lab.start(VrrpXdp(lab.router("r1"), *routers(ipv4=200, ipv6=100)))
        r2 = lab.start(VrrpXdp(lab.router("r2"), *routers(ipv4=100, ipv6=200)))
        lab.eventually(lambda: (states(r1), states(r2)) == (("active", "backup"), ("backup", "active")), "each has one")
        with (
            UdpTraffic(host, lab.server, rate=300, address=IPV4.server[0]) as traffic,
            UdpTraffic(host, lab.server, rate=300, address=IPV6.server[0]) as traffic_v6,
        ):
            wait_for_forwarder(lab, wan, IPV4.server[0], "r1")
            wait_for_forwarder(lab, wan, IPV6.server[0], "r2")
            assert r1.stop() == 0
            wait_for_forwarder(lab, wan, IPV4.server[0], "r2")
            wait_for_forwarder(lab, wan, IPV6.server[0], "r2")
            assert states(r2) == ("active", "active")
            # Nobody else left, and its election for IPv6 is as it was.
            assert r2.virtual_router(family=IPV6)["statistics"]["master-transitions"] == 1
        assert traffic.stop().echoed and traffic_v6.stop().echoed
        for family in (IPV4, IPV6):
            assert macs_told(capture, *family.virtual) == {family.virtual_mac(10)}
