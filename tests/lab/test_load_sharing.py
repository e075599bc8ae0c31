# SPDX-License-Identifier: BSD-2-Clause
"""Two Virtual Routers on two routers, each Active for one (RFC 9568 section 4.2), and a host that uses both gateways."""

import time

from observations import macs_told, wait_for_sole_active
from vrrp_lab import SERVER_ADDRESSES, VIRTUAL_ADDRESS, Capture, Filter, Frame, Lab, UdpTraffic, VirtualRouter, VrrpXdp
from vrrp_lab.addresses import SECOND_VIRTUAL_ADDRESS, virtual_mac

FIRST, SECOND = SERVER_ADDRESSES
GATEWAYS = {FIRST: VIRTUAL_ADDRESS, SECOND: SECOND_VIRTUAL_ADDRESS}


def start(lab: Lab, name: str, *, first: int, second: int) -> VrrpXdp:
    """Run both Virtual Routers on a router, with these priorities."""
    return lab.start(
        VrrpXdp(
            lab.router(name),
            VirtualRouter(vrid=10, priority=first),
            VirtualRouter(vrid=20, priority=second, addresses=[SECOND_VIRTUAL_ADDRESS]),
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


def test_TwoGateways_AreServedByTwoRouters_AndByOneWhenTheOtherDies(lab: Lab) -> None:
    host = lab.host()
    for destination, gateway in GATEWAYS.items():
        host.set_gateway(gateway, destination)
    wan_ports = [router.port("eth1") for router in lab.routers]
    with lab.capture() as capture, lab.capture(*wan_ports, only=Filter.EVERYTHING) as wan:
        r1 = start(lab, "r1", first=200, second=100)
        r2 = start(lab, "r2", first=100, second=200)
        wait_for_sole_active(lab, capture, "r1", vrid=10)
        wait_for_sole_active(lab, capture, "r2", vrid=20)
        assert (r1.state(vrid=20), r2.state(vrid=10)) == ("backup", "backup")
        with (
            UdpTraffic(host, lab.server, rate=300, address=FIRST) as to_first,
            UdpTraffic(host, lab.server, rate=300, address=SECOND) as to_second,
        ):
            wait_for_forwarder(lab, wan, FIRST, "r1")
            wait_for_forwarder(lab, wan, SECOND, "r2")
            for gateway, vrid in ((VIRTUAL_ADDRESS, 10), (SECOND_VIRTUAL_ADDRESS, 20)):
                assert f"lladdr {virtual_mac(vrid)}" in host.namespace.run("ip", "neighbour", "show", gateway)
                assert macs_told(capture, gateway) == {virtual_mac(vrid)}

            r2.kill_family()
            wait_for_forwarder(lab, wan, SECOND, "r1")
            wait_for_forwarder(lab, wan, FIRST, "r1")
            assert (r1.state(vrid=10), r1.state(vrid=20)) == ("active", "active")

            r2.start(lab.directory)
            wait_for_forwarder(lab, wan, SECOND, "r2")
            wait_for_forwarder(lab, wan, FIRST, "r1")
        for traffic in (to_first, to_second):
            report = traffic.stop()
            assert report.echoed and len(report.echoed) == report.received, report.summary()
        for gateway, vrid in ((VIRTUAL_ADDRESS, 10), (SECOND_VIRTUAL_ADDRESS, 20)):
            assert macs_told(capture, gateway) == {virtual_mac(vrid)}
