# SPDX-License-Identifier: BSD-2-Clause
"""Routers, hosts and the two switches between them, each a namespace."""

import enum
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from . import addresses, waiting
from .addresses import Family
from .capture import Port
from .netns import Namespace


K = TypeVar("K")

# The states of a bridge's port, as the `bridge` command numbers them.
_PORT_STATES = {"disabled": "0", "forwarding": "3"}

# Left to hardware, checksums and tags would be missing from what is recorded and from what XDP sees.
_TAG_OFFLOADS = ("txvlan", "rxvlan", "tx-vlan-stag-hw-insert", "rx-vlan-stag-hw-parse")
_OFFLOADS_OFF = tuple(word for offload in ("tx", *_TAG_OFFLOADS) for word in (offload, "off"))


class Dad(enum.Enum):
    """How IPv6 addresses become usable: NONE, at once; REAL and OPTIMISTIC (RFC 4429), by Duplicate Address Detection."""

    NONE = "none"
    REAL = "real"
    OPTIMISTIC = "optimistic"


@dataclass(frozen=True)
class Wiring:
    """How a node's interfaces are made.

    offloads: as the kernel makes them, else off at both ends of the cable. bridged: the interface is a bridge, whose port
    is the end of the cable.
    """

    offloads: bool = True
    bridged: bool = False
    dad: Dad = Dad.NONE


@dataclass
class Segment:
    """An Ethernet segment: a namespace with the bridge br0, whose ports are named after the nodes on them."""

    namespace: Namespace
    number: int

    def create(self) -> None:
        """Make the bridge in the namespace. Nothing is learned about multicast, so all of it reaches all ports."""
        _quiet(self.namespace)
        # Where the kernel has br_netfilter, each frame would pass iptables' hooks, which no switch has.
        if Path("/proc/sys/net/bridge").exists():
            self.namespace.sysctl(**{f"net__bridge__bridge-nf-call-{table}": 0 for table in ("arptables", "iptables", "ip6tables")})
        self.namespace.ip("link add name br0 type bridge stp_state 0 mcast_snooping 0", "link set br0 up")


@dataclass
class Node:
    """A namespace with cables to segments."""

    name: str
    number: int
    namespace: Namespace
    wiring: Wiring = field(default_factory=Wiring)
    segments: dict[str, Segment] = field(default_factory=dict)
    _cidrs: dict[str, Sequence[str]] = field(default_factory=dict)
    _kept: dict[str, list[str]] = field(default_factory=dict)  # by interface that is down, what up() gives back

    def mac(self, interface: str = "eth0") -> str:
        """MAC address that the lab gave the interface."""
        return addresses.mac_address(self.segments[interface].number, self.number)

    @property
    def address(self) -> str:
        """Its own IPv4 address on the lan."""
        return addresses.lan_address(self.number)

    def address_in(self, family: Family) -> str:
        """Its own address on the lan that is not link-local."""
        return self.address if family is addresses.IPV4 else addresses.lan_address_v6(self.number)

    def primary(self, family: Family) -> str:
        """Where its VRRP comes from: its own IPv4 address, or the link-local one."""
        return self.address if family is addresses.IPV4 else addresses.link_local_address(self.number)

    def plug(self, interface: str, segment: Segment, *cidrs: str) -> None:
        """Run a cable from a new interface to a new port of the segment, and give the interface addresses."""
        plug([Cable(self, interface, segment, cidrs)])

    def plug_again(self, interface: str = "eth0") -> None:
        """Another interface with the name, the MAC and the addresses of the one that is gone."""
        self.plug(interface, self.segments[interface], *self._cidrs[interface])

    def down(self, interface: str = "eth0") -> None:
        """Take the interface down, as an administrator does, or as it is at boot: its IPv6 addresses go."""
        listed = json.loads(self.namespace.run("ip", "-json", "-6", "address", "show", "dev", interface))
        found = [address for link in listed for address in link.get("addr_info", [])]
        # What vrrp-xdp gave the host is its own to give back.
        own = [address for address in found if address.get("protocol") != "112" and not address.get("dynamic")]
        self._kept[interface] = [f"{address['local']}/{address['prefixlen']}" for address in own]
        self.namespace.ip(f"link set {interface} down")

    def up(self, interface: str = "eth0") -> None:
        """Take it up again, with the addresses that it had."""
        kept = self._kept.pop(interface, [])
        self.namespace.ip(f"link set {interface} up", *(self.address_line(cidr, interface) for cidr in kept))
        _wait_for_ports(self.segments[interface], [self])

    def note(self, interface: str, segment: Segment, cidrs: Sequence[str]) -> None:
        """Where the interface leads, and its addresses, for later."""
        self.segments[interface] = segment
        self._cidrs[interface] = cidrs

    def address_line(self, cidr: str, interface: str) -> str:
        """What gives the interface an address, as a line of `ip`."""
        kind = {Dad.NONE: " nodad", Dad.REAL: "", Dad.OPTIMISTIC: " optimistic"}[self.wiring.dad] if ":" in cidr else ""
        return f"address replace {cidr} dev {interface}{kind}"

    def port(self, interface: str = "eth0") -> Port:
        """Where to listen at the segment's end of the cable: sees also what XDP sends, and not what XDP drops."""
        return Port(self.name, self.segments[interface].namespace, self.name, at_node=False)

    def own_port(self, interface: str = "eth0") -> Port:
        """Where to listen inside the node: what its XDP consumes or sends is not seen here."""
        return Port(self.name, self.namespace, interface, at_node=True)

    def cut(self, interface: str = "eth0") -> None:
        """Unplug the cable at the switch: the node loses its carrier, and the switch forgets what it learned there."""
        self.segments[interface].namespace.ip(f"link set {self.name} down")

    def mend(self, interface: str = "eth0") -> None:
        """Plug the cable in again."""
        self.segments[interface].namespace.ip(f"link set {self.name} up")

    def partition(self, interface: str = "eth0") -> None:
        """Let the switch pass nothing from or to the node, whose carrier stays. Nobody notices but by what no longer comes:
        the switch too keeps sending to this port what it has learned there."""
        self._set_port_state(interface, "disabled")

    def heal(self, interface: str = "eth0") -> None:
        """End a partition."""
        self._set_port_state(interface, "forwarding")

    def _set_port_state(self, interface: str, state: str) -> None:
        self.segments[interface].namespace.run("bridge", "link", "set", "dev", self.name, "state", _PORT_STATES[state])


@dataclass
class Router(Node):
    """Forwards between eth0 on the lan and eth1 on the wan. mode: what --mode says to a vrrp-xdp here that is told nothing."""

    mode: str | None = None


@dataclass
class Host(Node):
    """Sits on the lan with eth0 and reaches the rest through gateways."""

    def set_gateway(self, *gateways: str, destination: str = "default") -> None:
        """Route `destination` (a prefix, an address or "default") through the gateway's address, one of each family."""
        self.namespace.ip(*(f"route replace {destination} via {gateway} dev eth0" for gateway in gateways))


@dataclass
class Server(Node):
    """Sits on the wan with eth1 and answers to addresses.SERVER_ADDRESSES and SERVER_ADDRESSES_V6."""


@dataclass(frozen=True)
class Cable:
    """From an interface of a node, with its addresses, to the node's port of a segment."""

    node: Node
    interface: str
    segment: Segment
    cidrs: Sequence[str]

    @property
    def end(self) -> str:
        """The device at the node's end, which is a port of the interface where that is a bridge."""
        return f"{self.interface}-port" if self.node.wiring.bridged else self.interface

    def at_the_switch(self) -> list[str]:
        """What the segment's `ip` is to do: both ends are made there."""
        node = self.node
        peer = f"{self.end} address {node.mac(self.interface)} netns {node.namespace.name}"
        return [f"link add name {node.name} type veth peer name {peer}", f"link set {node.name} master br0 up"]

    def at_the_node(self) -> list[str]:
        """What the node's `ip` is to do."""
        lines = [f"link set {self.interface} up"]
        # Without `nodad`, an address is tentative for as long as the kernel needs to see that it looks for no duplicates.
        lines += [self.node.address_line(cidr, self.interface) for cidr in self.cidrs]
        if not self.node.wiring.bridged:
            return lines
        return [
            # A port has a MAC of its own: with the bridge's, what is sent there would be the port's.
            f"link set {self.end} address 02:00:00:01:{self.segment.number:02x}:{self.node.number:02x}",
            f"link add name {self.interface} address {self.node.mac(self.interface)} type bridge stp_state 0",
            f"link set {self.end} master {self.interface} up",
            *lines,
        ]


def plug(cables: Sequence[Cable]) -> None:
    """Run cables, each from a new interface to a new port, and wait until the ports forward.

    All that is to be done in a namespace is done by one process, for starting it is most of what it costs.
    """
    for cable in cables:
        cable.node.note(cable.interface, cable.segment, cable.cidrs)
    by_segment = _grouped((cable.segment.number, cable) for cable in cables)
    for same in by_segment:
        same[0].segment.namespace.ip(*(line for cable in same for line in cable.at_the_switch()))
    for cable in cables:
        if not cable.node.wiring.offloads:
            cable.segment.namespace.run("ethtool", "-K", cable.node.name, *_OFFLOADS_OFF)
            cable.node.namespace.run("ethtool", "-K", cable.end, *_OFFLOADS_OFF)
    for same in _grouped((cable.node.name, cable) for cable in cables):
        same[0].node.namespace.ip(*(line for cable in same for line in cable.at_the_node()))
    for same in by_segment:
        _wait_for_ports(same[0].segment, [cable.node for cable in same])


def _grouped(keyed: Iterable[tuple[K, Cable]]) -> list[list[Cable]]:
    groups: dict[K, list[Cable]] = {}
    for key, cable in keyed:
        groups.setdefault(key, []).append(cable)
    return list(groups.values())


def _wait_for_ports(segment: Segment, nodes: Sequence[Node]) -> None:
    # The bridge learns of a carrier a moment later than the cable has it.
    names = {node.name for node in nodes}

    def forwarding() -> bool:
        ports = json.loads(segment.namespace.run("bridge", "-json", "link", "show"))
        return names <= {port["ifname"] for port in ports if port.get("state") == "forwarding"}

    waiting.eventually(forwarding, f"the ports of {', '.join(sorted(names))} forward")


def configure(node: Node, *, forward: bool, ipv6: bool) -> None:
    """Set how the kernel of the node's namespace treats packets, before any cable is plugged in."""
    if not ipv6:
        _quiet(node.namespace)
    else:
        # The kernel makes up no link-local addresses.
        node.namespace.sysctl(
            net__ipv6__conf__default__addr_gen_mode=1,
            net__ipv6__conf__default__accept_dad=int(node.wiring.dad is not Dad.NONE),
            net__ipv6__conf__default__optimistic_dad=int(node.wiring.dad is Dad.OPTIMISTIC),
            net__ipv6__conf__default__use_optimistic=int(node.wiring.dad is Dad.OPTIMISTIC),
            net__ipv6__conf__default__accept_ra=0,
            net__ipv6__conf__all__forwarding=int(forward),
        )
    node.namespace.sysctl(
        net__ipv4__ip_forward=int(forward),
        net__ipv4__conf__all__rp_filter=0,
        net__ipv4__conf__default__rp_filter=0,
        net__ipv4__conf__all__send_redirects=0,
        net__ipv4__conf__default__send_redirects=0,
        # A ping of the lab must not meet the limit for answers.
        net__ipv4__icmp_ratelimit=0,
    )


def _quiet(namespace: Namespace) -> None:
    namespace.sysctl(net__ipv6__conf__all__disable_ipv6=1, net__ipv6__conf__default__disable_ipv6=1)
