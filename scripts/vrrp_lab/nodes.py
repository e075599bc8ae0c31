# SPDX-License-Identifier: BSD-2-Clause
"""Routers, hosts and the two switches between them, each a namespace."""

import enum
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from . import addresses, waiting
from .addresses import Family
from .capture import Port
from .netns import Namespace


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
        """Make the namespace and the bridge. Nothing is learned about multicast, so all of it reaches all ports."""
        self.namespace.create()
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
        self.segments[interface] = segment
        self._cidrs[interface] = cidrs
        switch = segment.namespace
        mac = self.mac(interface)
        end = f"{interface}-port" if self.wiring.bridged else interface
        switch.ip(
            f"link add name {self.name} type veth peer name {end} address {mac} netns {self.namespace.name}",
            f"link set {self.name} master br0 up",
        )
        if not self.wiring.offloads:
            switch.run("ethtool", "-K", self.name, *_OFFLOADS_OFF)
            self.namespace.run("ethtool", "-K", end, *_OFFLOADS_OFF)
        if self.wiring.bridged:
            # A port has a MAC of its own: with the bridge's, what is sent there would be the port's.
            self.namespace.ip(
                f"link set {end} address 02:00:00:01:{segment.number:02x}:{self.number:02x}",
                f"link add name {interface} address {mac} type bridge stp_state 0",
                f"link set {end} master {interface} up",
            )
        # Without `nodad`, an address is tentative for as long as the kernel needs to see that it looks for no duplicates.
        self.namespace.ip(f"link set {interface} up", *(self._address(cidr, interface) for cidr in cidrs))
        self._wait_for_port(interface)

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
        self.namespace.ip(f"link set {interface} up")
        for cidr in self._kept.pop(interface, []):
            self.namespace.ip(self._address(cidr, interface))
        self._wait_for_port(interface)

    def _address(self, cidr: str, interface: str) -> str:
        kind = {Dad.NONE: " nodad", Dad.REAL: "", Dad.OPTIMISTIC: " optimistic"}[self.wiring.dad] if ":" in cidr else ""
        return f"address replace {cidr} dev {interface}{kind}"

    def _wait_for_port(self, interface: str) -> None:
        # The bridge learns of the carrier a moment later than the cable has it.
        switch = self.segments[interface].namespace
        waiting.eventually(
            lambda: "state forwarding" in switch.run("bridge", "link", "show", "dev", self.name), f"the port of {self.name} forwards"
        )

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

    def set_gateway(self, gateway: str, destination: str = "default") -> None:
        """Route `destination` (a prefix, an address or "default") through the gateway's address."""
        self.namespace.ip(f"route replace {destination} via {gateway} dev eth0")


@dataclass
class Server(Node):
    """Sits on the wan with eth1 and answers to addresses.SERVER_ADDRESSES and SERVER_ADDRESSES_V6."""


def configure(node: Node, *, forward: bool, ipv6: bool) -> None:
    """Make the node's namespace and set how its kernel treats packets, before any cable is plugged in."""
    node.namespace.create()
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
