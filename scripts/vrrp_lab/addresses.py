# SPDX-License-Identifier: BSD-2-Clause
"""Which address every node of the lab has. All are documentation prefixes (RFC 5737, RFC 3849) or link-local."""

from collections.abc import Sequence
from dataclasses import dataclass

from .wire import is_ipv6

LAN_PREFIX = "192.0.2.0/24"
WAN_PREFIX = "198.51.100.0/24"
LAN_PREFIX_V6 = "2001:db8:1::/64"

# What the tests use as gateways; no node owns them unless a test makes it so.
VIRTUAL_ADDRESS = "192.0.2.254"
SECOND_VIRTUAL_ADDRESS = "192.0.2.253"
VIRTUAL_LINK_LOCAL = "fe80::a"
SECOND_VIRTUAL_LINK_LOCAL = "fe80::14"
VIRTUAL_ADDRESS_V6 = "2001:db8:1::254"
SECOND_VIRTUAL_ADDRESS_V6 = "2001:db8:1::253"

# Two, so that a host can reach one through each of two gateways.
SERVER_ADDRESSES = ("198.51.100.100", "198.51.100.101")
SERVER_ADDRESSES_V6 = ("2001:db8:2::100", "2001:db8:2::101")

# The forwarder on the way back, which no test fails over.
RETURN_NODE_NUMBER = 250

FIRST_HOST_NUMBER = 100


@dataclass(frozen=True)
class Family:
    """IPv4 or IPv6, and what tests of either use alike.

    name: as `vrrp-xdp status` spells it. virtual: addresses of a Virtual Router, the first of which is the hosts' gateway;
    second: those of another. server: addresses behind the routers. prefix_length: of the lan.
    """

    name: str
    virtual: Sequence[str]
    second: Sequence[str]
    server: Sequence[str]
    prefix_length: int

    @property
    def gateway(self) -> str:
        """The virtual address that hosts have for their gateway; of IPv6 the link-local one."""
        return self.virtual[0]

    def virtual_mac(self, vrid: int) -> str:
        """Virtual MAC address of a Virtual Router of this family."""
        return virtual_mac(vrid, self.gateway)


IPV4 = Family("ipv4", (VIRTUAL_ADDRESS,), (SECOND_VIRTUAL_ADDRESS,), SERVER_ADDRESSES, 24)
IPV6 = Family(
    "ipv6",
    (VIRTUAL_LINK_LOCAL, VIRTUAL_ADDRESS_V6),
    (SECOND_VIRTUAL_LINK_LOCAL, SECOND_VIRTUAL_ADDRESS_V6),
    SERVER_ADDRESSES_V6,
    64,
)


def lan_address(number: int) -> str:
    """IPv4 address on the lan of the node with this number (1 to 252)."""
    return f"192.0.2.{number}"


def wan_address(number: int) -> str:
    """IPv4 address on the wan of the node with this number (1 to 252)."""
    return f"198.51.100.{number}"


def lan_address_v6(number: int) -> str:
    """Global IPv6 address on the lan; the digits read like the IPv4 address."""
    return f"2001:db8:1::{number}"


def wan_address_v6(number: int) -> str:
    """Global IPv6 address on the wan; the digits read like the IPv4 address."""
    return f"2001:db8:2::{number}"


def link_local_address(number: int, *, interface: int = 1) -> str:
    """Link-local address of the node; a node with several interfaces on one segment needs several. Addresses are ordered by
    the nodes' numbers, and a node's by its interfaces, as VRRP compares them."""
    return f"fe80::{number}:{interface}"


def mac_address(segment: int, number: int) -> str:
    """Locally administered MAC address: the segment (1 lan, 2 wan) and the node's number can be read from it."""
    return f"02:00:00:00:{segment:02x}:{number:02x}"


def virtual_mac(vrid: int, address: str = VIRTUAL_ADDRESS) -> str:
    """Virtual MAC address of a Virtual Router of this address's family (RFC 9568 section 7.3)."""
    return f"00:00:5e:00:{2 if is_ipv6(address) else 1:02x}:{vrid:02x}"
