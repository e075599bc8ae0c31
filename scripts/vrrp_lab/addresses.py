# SPDX-License-Identifier: BSD-2-Clause
"""Which address every node of the lab has. All are documentation prefixes (RFC 5737, RFC 3849)."""

LAN_PREFIX = "192.0.2.0/24"
WAN_PREFIX = "198.51.100.0/24"
LAN_PREFIX_V6 = "2001:db8:1::/64"

# What the tests use as gateways; no node owns them unless a test makes it so.
VIRTUAL_ADDRESS = "192.0.2.254"
SECOND_VIRTUAL_ADDRESS = "192.0.2.253"

# Two, so that a host can reach one through each of two gateways.
SERVER_ADDRESSES = ("198.51.100.100", "198.51.100.101")

# The forwarder on the way back, which no test fails over.
RETURN_NODE_NUMBER = 250

FIRST_HOST_NUMBER = 100


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


def mac_address(segment: int, number: int) -> str:
    """Locally administered MAC address: the segment (1 lan, 2 wan) and the node's number can be read from it."""
    return f"02:00:00:00:{segment:02x}:{number:02x}"


def virtual_mac(vrid: int) -> str:
    """Virtual MAC address of an IPv4 Virtual Router (RFC 9568 section 7.3)."""
    return f"00:00:5e:00:01:{vrid:02x}"
