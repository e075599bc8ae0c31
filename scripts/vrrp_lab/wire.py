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
IPPROTO_VRRP = 112

ARP_REQUEST = 1
ARP_REPLY = 2

BROADCAST_MAC = "ff:ff:ff:ff:ff:ff"
ZERO_MAC = "00:00:00:00:00:00"
VRRP_GROUP = "224.0.0.18"
VRRP_GROUP_MAC = "01:00:5e:00:00:12"


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
