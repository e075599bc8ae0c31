# SPDX-License-Identifier: BSD-2-Clause
"""Numbers and conversions shared by what parses frames and what builds them."""

import ipaddress
import struct

ETH_P_ALL = 0x0003
ETH_P_IP = 0x0800
ETH_P_ARP = 0x0806
ETH_P_8021Q = 0x8100
ETH_P_IPV6 = 0x86DD
ETH_P_8021AD = 0x88A8

IPPROTO_ICMP = 1
IPPROTO_UDP = 17
IPPROTO_ICMPV6 = 58
IPPROTO_VRRP = 112

ARP_REQUEST = 1
ARP_REPLY = 2

# RFC 4861 sections 4.2 to 4.4: messages, and flags of an advertisement.
ND_ROUTER_ADVERTISEMENT = 134
ND_SOLICITATION = 135
ND_ADVERTISEMENT = 136
ND_SOURCE_ADDRESS = 1
ND_TARGET_ADDRESS = 2
ND_ROUTER = 0x80
ND_SOLICITED = 0x40
ND_OVERRIDE = 0x20

BROADCAST_MAC = "ff:ff:ff:ff:ff:ff"
ZERO_MAC = "00:00:00:00:00:00"
VRRP_GROUP = "224.0.0.18"
VRRP_GROUP_MAC = "01:00:5e:00:00:12"
VRRP_GROUP_V6 = "ff02::12"
VRRP_GROUP_V6_MAC = "33:33:00:00:00:12"
ALL_NODES = "ff02::1"
ALL_NODES_MAC = "33:33:00:00:00:01"


def mac_to_text(mac: bytes) -> str:
    """Six bytes as lower-case hexadecimal with colons."""
    return mac.hex(":")


def mac_to_bytes(mac: str) -> bytes:
    """The inverse of mac_to_text."""
    return bytes.fromhex(mac.replace(":", ""))


def ip_to_text(address: bytes) -> str:
    """Four or sixteen bytes as an address in its usual spelling."""
    return str(ipaddress.ip_address(address))


def ip_to_bytes(address: str) -> bytes:
    """The inverse of ip_to_text."""
    return ipaddress.ip_address(address).packed


def internet_checksum(data: bytes) -> int:
    """RFC 1071's sum over `data`; 0 when `data` holds a checksum that is right."""
    if len(data) % 2:
        data += b"\0"
    total: int = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def pseudo_header(source: bytes, destination: bytes, protocol: int, length: int) -> bytes:
    """The pseudo-header of IPv4 (RFC 793) or IPv6 (RFC 8200 section 8.1), told apart by the addresses' size."""
    if len(source) == 4:
        return source + destination + struct.pack("!BBH", 0, protocol, length)
    return source + destination + struct.pack("!I3xB", length, protocol)


def is_ipv6(address: str) -> bool:
    """Whether an address is of IPv6, and not of IPv4."""
    return ":" in address


def solicited_node(address: str) -> str:
    """The group in which who has this IPv6 address is asked for it (RFC 4291 section 2.7.1)."""
    return ip_to_text(bytes.fromhex("ff02000000000000" "00000001ff") + ip_to_bytes(address)[-3:])


def multicast_mac(group: str) -> str:
    """Where frames to an IPv6 group are sent (RFC 2464 section 7)."""
    return mac_to_text(b"\x33\x33" + ip_to_bytes(group)[-4:])
