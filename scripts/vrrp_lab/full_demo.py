# SPDX-License-Identifier: BSD-2-Clause
"""Two VLANs on one port, IPv4 and IPv6 in each, and two routers that share the load until one of them dies.

Run by scripts/demo --full, which builds the program first. The kernel must have VLAN devices.
"""

import time
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from . import IPV4, IPV6, Family, Lab, UdpTraffic, VrrpXdp, vlans
from .addresses import RETURN_NODE_NUMBER, link_local_address, wan_address, wan_address_v6
from .demo import show, title
from .nodes import Node
from .traffic import UdpReport

_INTERVAL_MS = 200
_HIGH, _LOW = 200, 100
# RFC 9568 section 6.1: three intervals and Skew_Time.
_ACTIVE_DOWN_MS = 3 * _INTERVAL_MS + (256 - _LOW) * _INTERVAL_MS / 256
_PACKETS_PER_SECOND = 100


@dataclass(frozen=True)
class Vlan:
    """A VLAN with a Virtual Router of its number in each family. active: which router is preferred, host: who lives there."""

    number: int
    active: str
    host: str

    @property
    def interface(self) -> str:
        """Its device on every node."""
        return f"eth0.{self.number}"

    def virtual(self, family: Family) -> list[str]:
        """The virtual addresses, the hosts' gateway first."""
        if family is IPV4:
            return [f"198.18.{self.number}.254"]
        return [f"fe80::{self.number:x}", f"2001:db8:{self.number}::254"]

    def prefix(self, family: Family) -> str:
        """The addresses of the VLAN; benchmarking and documentation prefixes (RFC 2544, RFC 3849)."""
        return f"198.18.{self.number}.0/24" if family is IPV4 else f"2001:db8:{self.number}::/64"

    def address(self, node: Node, family: Family) -> str:
        """The node's own address that is not link-local."""
        return f"198.18.{self.number}.{node.number}" if family is IPV4 else f"2001:db8:{self.number}::{node.number}"

    def enter(self, node: Node) -> None:
        """Give the node its device and addresses."""
        own = (f"{self.address(node, IPV4)}/24", f"{link_local_address(node.number)}/64", f"{self.address(node, IPV6)}/64")
        vlans.add_device(node, self.number, *own)


@dataclass(frozen=True)
class Flow:
    """A host's traffic over one family, through the gateway of its VLAN."""

    vlan: Vlan
    family: Family
    traffic: UdpTraffic


_VLANS = (Vlan(10, "r1", "h1"), Vlan(20, "r2", "h2"))
_FAMILIES = (IPV4, IPV6)


def _config(router: str) -> dict[str, Any]:
    def virtual_router(vlan: Vlan, family: Family) -> dict[str, Any]:
        return {
            "vrid": vlan.number,
            "priority": _HIGH if vlan.active == router else _LOW,
            "advertise-interval": f"{_INTERVAL_MS}ms",
            "virtual-addresses": vlan.virtual(family),
        }

    return {
        "interfaces": {
            vlan.interface: {"virtual-routers": [virtual_router(vlan, family) for family in _FAMILIES]} for vlan in _VLANS
        }
    }


def _add_vlans(lab: Lab) -> None:
    """Both VLANs on all cables of the lan but the hosts', which have one each; hosts and server get their routes."""
    vlans.carry([*lab.routers, lab.back, *lab.hosts], *(vlan.number for vlan in _VLANS))
    for vlan in _VLANS:
        for node in (*lab.routers, lab.back):
            vlan.enter(node)
        host = lab.host(vlan.host)
        vlan.enter(host)
        for family, way_back in ((IPV4, wan_address(RETURN_NODE_NUMBER)), (IPV6, wan_address_v6(RETURN_NODE_NUMBER))):
            gateway = vlan.virtual(family)[0]
            host.namespace.ip(f"route replace default via {gateway} dev {vlan.interface}")
            lab.server.namespace.ip(f"route add {vlan.prefix(family)} via {way_back}")


def _start(lab: Lab) -> tuple[VrrpXdp, VrrpXdp]:
    r1, r2 = (
        lab.start(VrrpXdp(router, config=_config(router.name), mode="native", preset="release")) for router in lab.routers
    )
    for vlan in _VLANS:
        for peer in (r1, r2):
            for family in _FAMILIES:
                wanted = "active" if peer.router.name == vlan.active else "backup"
                lab.eventually(
                    lambda: peer.state(vlan.number, vlan.interface, family=family) == wanted,
                    f"{peer.name} is {wanted} in VLAN {vlan.number} for {family.name}",
                )
    return r1, r2


def _introduce(lab: Lab, peers: tuple[VrrpXdp, VrrpXdp]) -> None:
    title("The lab: two routers with VLANs 10 and 20 on one port, a host in each VLAN, a server behind the routers")
    for vlan in _VLANS:
        gateways = " and ".join(vlan.virtual(family)[0] for family in _FAMILIES)
        print(f"   VLAN {vlan.number}: {vlan.host} has the gateways {gateways}; {vlan.active} is preferred")
    print(f"   an advertisement every {_INTERVAL_MS} ms, so that the other router takes over {_ACTIVE_DOWN_MS:.0f} ms after the last one")

    title("Both run vrrp-xdp and share the load: r1 is Active in VLAN 10, r2 in VLAN 20")
    for peer in peers:
        show(peer.router, "vrrp-xdp status", peer.run("status"))


def _flows(lab: Lab, stack: ExitStack) -> list[Flow]:
    """Traffic of both families in both VLANs, under way."""
    flows = []
    for vlan in _VLANS:
        host = lab.host(vlan.host)
        for family in _FAMILIES:
            source = vlan.address(host, family)
            traffic = UdpTraffic(host, lab.server, rate=_PACKETS_PER_SECOND, address=family.server[0], source=source)
            flows.append(Flow(vlan, family, stack.enter_context(traffic)))
    for flow in flows:
        lab.eventually(lambda: flow.traffic.report().received > _PACKETS_PER_SECOND // 2, "traffic through the gateways")
    return flows


def _kill(lab: Lab, flows: list[Flow], r1: VrrpXdp, r2: VrrpXdp) -> list[UdpReport]:
    """What became of each flow when r1 died."""
    title(f"r1's vrrp-xdp is killed, its guardian too, while each host sends {_PACKETS_PER_SECOND} packets a second of either family")
    r1.kill_family()
    for vlan in _VLANS:
        for family in _FAMILIES:
            lab.eventually(lambda: r2.state(vlan.number, vlan.interface, family=family) == "active", "r2 answers for all")
    taken_ns = time.time_ns()
    for flow in flows:
        lab.eventually(lambda: flow.traffic.arrived_since(taken_ns) > _PACKETS_PER_SECOND // 2, "traffic through r2")
    return [flow.traffic.stop() for flow in flows]


def _gateway_mac(lab: Lab, flow: Flow) -> str:
    """Where the host's own kernel has the flow's gateway."""
    gateway = flow.vlan.virtual(flow.family)[0]
    words = lab.host(flow.vlan.host).namespace.run("ip", "neighbor", "show", gateway).split()
    return words[words.index("lladdr") + 1] if "lladdr" in words else "nothing"


def _summary(flows: list[Flow], reports: list[UdpReport], macs: list[tuple[str, str]]) -> None:
    """macs: of each flow's gateway at the host, before and after."""
    title("The result, by what arrived at the server")
    print("   VLAN  FAMILY  GATEWAY IS  PACKETS  LOST  OUTAGE  ITS MAC BEFORE     AND AFTER")
    for flow, report, (before, after) in zip(flows, reports, macs):
        outage = f"{report.longest_outage_ns / 1e6:.0f} ms" if report.lost else "none"
        was = "r2, always" if flow.vlan.active == "r2" else "r1, now r2"
        print(
            f"   {flow.vlan.number:4}  {flow.family.name:6}  {was:11} {report.sent:7}  {len(report.lost):4}"
            f"  {outage:>6}  {before}  {after}"
        )


def run() -> None:
    """The whole demonstration, on standard output."""
    with Lab(routers=2, hosts=2, ipv6=True, xdp_peer=True) as lab, ExitStack() as stack:
        _add_vlans(lab)
        peers = _start(lab)
        _introduce(lab, peers)
        flows = _flows(lab, stack)
        before = [_gateway_mac(lab, flow) for flow in flows]
        reports = _kill(lab, flows, *peers)
        show(peers[1].router, "vrrp-xdp status", peers[1].run("status"))
        _summary(flows, reports, [(mac, _gateway_mac(lab, flow)) for mac, flow in zip(before, flows)])


if __name__ == "__main__":
    run()
