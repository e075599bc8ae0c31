# SPDX-License-Identifier: BSD-2-Clause
"""Building frames, right or wrong on purpose, and sending them raw from any namespace."""

import socket
import struct
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Protocol

from .addresses import VIRTUAL_ADDRESS, virtual_mac
from .frames import ChecksumForm
from .netns import Namespace
from .wire import (
    ALL_NODES,
    ALL_NODES_MAC,
    ARP_REPLY,
    ARP_REQUEST,
    BROADCAST_MAC,
    ETH_P_8021Q,
    ETH_P_ARP,
    ETH_P_IP,
    ETH_P_IPV6,
    IPPROTO_ICMPV6,
    IPPROTO_VRRP,
    ND_ADVERTISEMENT,
    ND_OVERRIDE,
    ND_SOLICITATION,
    ND_SOURCE_ADDRESS,
    ND_TARGET_ADDRESS,
    VRRP_GROUP,
    VRRP_GROUP_MAC,
    VRRP_GROUP_V6,
    VRRP_GROUP_V6_MAC,
    ZERO_MAC,
    internet_checksum,
    ip_to_bytes,
    is_ipv6,
    mac_to_bytes,
    multicast_mac,
    pseudo_header,
    solicited_node,
)

_SHORTEST_FRAME_BYTES = 60


class Builder(Protocol):
    """Something that describes a frame."""

    def to_bytes(self) -> bytes:
        """The whole frame."""


Sendable = bytes | Builder


class Injector:
    """Sends whole Ethernet frames out of one interface of one namespace, as they are."""

    def __init__(self, namespace: Namespace, interface: str = "eth0") -> None:
        self._socket = namespace.socket(socket.AF_PACKET, socket.SOCK_RAW)
        self._socket.bind((interface, 0))

    def __enter__(self) -> "Injector":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def send(self, frame: "Sendable") -> None:
        """Send one frame. Raises OSError, as when the interface is down."""
        self._socket.send(frame if isinstance(frame, bytes) else frame.to_bytes())

    @contextmanager
    def repeating(self, frame: "Sendable", period_s: float) -> Iterator[None]:
        """Send the frame at once and then every `period_s`, from `with` to its end."""
        data = frame if isinstance(frame, bytes) else frame.to_bytes()
        stop = threading.Event()

        def repeat() -> None:
            while not stop.wait(period_s):
                with suppress(OSError):  # the interface may be down for a while
                    self.send(data)

        self.send(data)
        thread = threading.Thread(target=repeat, name="injector", daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()


def ethernet(source: str, destination: str, ethertype: int, payload: bytes, vlans: Sequence[int] = ()) -> bytes:
    """An Ethernet frame, padded to the shortest length; `vlans` are 802.1Q ids, outermost first."""
    tags = b"".join(struct.pack("!HH", ETH_P_8021Q, vlan) for vlan in vlans)
    frame = mac_to_bytes(destination) + mac_to_bytes(source) + tags + struct.pack("!H", ethertype) + payload
    return frame.ljust(_SHORTEST_FRAME_BYTES + len(tags), b"\0")


def ipv4(
    source: str,
    destination: str,
    protocol: int,
    payload: bytes,
    *,
    ttl: int = 64,
    tos: int = 0,
    options: bytes = b"",
    fragment: int = 0,
    total_length: int | None = None,
) -> bytes:
    """An IPv4 packet with a right header checksum.

    options: whole 32-bit words. fragment: the 16 bits of flags and offset. total_length: what the header claims, by default
    the truth.
    """
    words = 5 + len(options) // 4
    length = words * 4 + len(payload) if total_length is None else total_length
    head = struct.pack("!BBHHHBBH", 0x40 | words, tos, length, 0, fragment, ttl, protocol, 0)
    header = head + ip_to_bytes(source) + ip_to_bytes(destination) + options
    return header[:10] + struct.pack("!H", internet_checksum(header)) + header[12:] + payload


def ipv6(
    source: str,
    destination: str,
    next_header: int,
    payload: bytes,
    *,
    hop_limit: int = 64,
    traffic_class: int = 0,
    payload_length: int | None = None,
) -> bytes:
    """An IPv6 packet. payload_length: what the header claims, by default the truth."""
    length = len(payload) if payload_length is None else payload_length
    head = struct.pack("!IHBB", 6 << 28 | traffic_class << 20, length, next_header, hop_limit)
    return head + ip_to_bytes(source) + ip_to_bytes(destination) + payload


@dataclass(frozen=True, kw_only=True)
class Advertisement:
    """A VRRP advertisement over the IP of its source. The defaults make a valid one of version 3 and, but for the addresses,
    of either family; each field can be made wrong.

    interval_ms: milliseconds, sent in the version's own units (version 2 whole seconds, version 3 centiseconds).
    checksum: how it is reckoned, or the number itself. count: what the header claims, by default the truth.
    cut_to: keep this many bytes of the VRRP message, after the checksum was reckoned. trailer: bytes behind the message, which the
    checksum covers or leaves out. source_mac: by default the virtual MAC.
    destination, destination_mac: by default the group's. ip_options, fragment: of IPv4 alone. ip_total_length: what IP claims,
    of IPv6 without its header.
    """

    source: str
    vrid: int = 10
    priority: int = 100
    addresses: Sequence[str] = (VIRTUAL_ADDRESS,)
    version: int = 3
    type: int = 1
    interval_ms: int = 1000
    reserve: int = 0
    checksum: ChecksumForm | int = ChecksumForm.PSEUDO_HEADER
    count: int | None = None
    authentication_type: int = 0
    authentication_data: bytes = bytes(8)
    cut_to: int | None = None
    trailer: bytes = b""
    checksum_covers_trailer: bool = False
    ttl: int = 255
    tos: int = 0xC0
    destination: str | None = None
    source_mac: str | None = None
    destination_mac: str | None = None
    vlans: Sequence[int] = ()
    ip_options: bytes = b""
    fragment: int = 0
    ip_total_length: int | None = None

    def message(self) -> bytes:
        """The VRRP message alone."""
        count = len(self.addresses) if self.count is None else self.count
        if self.version == 2:
            timing = bytes([self.authentication_type, self.interval_ms // 1000])
            tail = self.authentication_data
        else:
            timing = struct.pack("!H", self.reserve << 12 | self.interval_ms // 10)
            tail = b""
        head = bytes([self.version << 4 | self.type, self.vrid, self.priority, count]) + timing
        listed = b"".join(ip_to_bytes(address) for address in self.addresses) + tail
        covered = self.trailer if self.checksum_covers_trailer else b""
        whole = head + struct.pack("!H", self._checksum(head + b"\0\0" + listed + covered)) + listed
        return whole[: self.cut_to] + self.trailer

    def with_trailer(self, trailer: bytes) -> "Advertisement":
        """The same with these bytes behind the message."""
        return replace(self, trailer=trailer)

    def _checksum(self, message: bytes) -> int:
        if isinstance(self.checksum, int):
            return self.checksum
        # Version 2 knows only the sum over the message (RFC 3768 section 5.3.8).
        if self.checksum is ChecksumForm.MESSAGE_ONLY or (self.version == 2 and self.checksum is not ChecksumForm.WRONG):
            return internet_checksum(message)
        source, destination = ip_to_bytes(self.source), ip_to_bytes(self._group)
        right = internet_checksum(pseudo_header(source, destination, IPPROTO_VRRP, len(message)) + message)
        if self.checksum is ChecksumForm.PSEUDO_HEADER:
            return right
        message_only = internet_checksum(message)
        return next(wrong for wrong in (0x1234, 0x4321, 0x5678) if wrong not in (right, message_only))

    def to_bytes(self) -> bytes:
        """The whole frame."""
        source_mac = virtual_mac(self.vrid, self.source) if self.source_mac is None else self.source_mac
        usual_mac = VRRP_GROUP_V6_MAC if is_ipv6(self.source) else VRRP_GROUP_MAC
        destination_mac = usual_mac if self.destination_mac is None else self.destination_mac
        ethertype = ETH_P_IPV6 if is_ipv6(self.source) else ETH_P_IP
        return ethernet(source_mac, destination_mac, ethertype, self._packet(), self.vlans)

    @property
    def _group(self) -> str:
        usual = VRRP_GROUP_V6 if is_ipv6(self.source) else VRRP_GROUP
        return usual if self.destination is None else self.destination

    def _packet(self) -> bytes:
        if is_ipv6(self.source):
            return ipv6(
                self.source,
                self._group,
                IPPROTO_VRRP,
                self.message(),
                hop_limit=self.ttl,
                traffic_class=self.tos,
                payload_length=self.ip_total_length,
            )
        return ipv4(
            self.source,
            self._group,
            IPPROTO_VRRP,
            self.message(),
            ttl=self.ttl,
            tos=self.tos,
            options=self.ip_options,
            fragment=self.fragment,
            total_length=self.ip_total_length,
        )


@dataclass(frozen=True, kw_only=True)
class ArpPacket:
    """An ARP packet. `eth_source` and `eth_destination` are by default the sender's MAC and broadcast."""

    sender_mac: str
    sender_ip: str
    target_ip: str
    operation: int = ARP_REQUEST
    target_mac: str = ZERO_MAC
    eth_source: str | None = None
    eth_destination: str = BROADCAST_MAC
    vlans: Sequence[int] = ()

    @classmethod
    def probe(cls, sender_mac: str, target_ip: str) -> "ArpPacket":
        """A host asking whether an address is free (RFC 5227): the sender's address is 0.0.0.0."""
        return cls(sender_mac=sender_mac, sender_ip="0.0.0.0", target_ip=target_ip)

    @classmethod
    def gratuitous(cls, sender_mac: str, address: str, operation: int = ARP_REQUEST) -> "ArpPacket":
        """An announcement that `address` is at `sender_mac`."""
        target_mac = ZERO_MAC if operation == ARP_REQUEST else sender_mac
        return cls(
            sender_mac=sender_mac, sender_ip=address, target_ip=address, target_mac=target_mac, operation=operation
        )

    def sent_to(self, mac: str) -> "ArpPacket":
        """The same in a frame to this MAC address."""
        return replace(self, eth_destination=mac)

    @classmethod
    def reply(cls, sender_mac: str, sender_ip: str, target_mac: str, target_ip: str) -> "ArpPacket":
        """An answer to one host."""
        return cls(
            sender_mac=sender_mac,
            sender_ip=sender_ip,
            target_mac=target_mac,
            target_ip=target_ip,
            operation=ARP_REPLY,
            eth_destination=target_mac,
        )

    def to_bytes(self) -> bytes:
        """The whole frame."""
        packet = struct.pack("!HHBBH", 1, ETH_P_IP, 6, 4, self.operation)
        packet += mac_to_bytes(self.sender_mac) + ip_to_bytes(self.sender_ip)
        packet += mac_to_bytes(self.target_mac) + ip_to_bytes(self.target_ip)
        source = self.sender_mac if self.eth_source is None else self.eth_source
        return ethernet(source, self.eth_destination, ETH_P_ARP, packet, self.vlans)


def nd_option(kind: int, mac: str, *, units: int = 1) -> bytes:
    """A link-layer address option (RFC 4861 section 4.6.1). units: the length that it claims, of eight bytes."""
    return bytes([kind, units]) + mac_to_bytes(mac)


@dataclass(frozen=True, kw_only=True)
class Solicitation:
    """A Neighbour Solicitation. The defaults make a valid one; each field can be made wrong.

    options: by default the source link-layer address. destination: by default the target's solicited-node group.
    checksum: the number itself, by default the right one.
    """

    source_mac: str
    source: str
    target: str
    options: bytes | None = None
    destination: str | None = None
    eth_destination: str | None = None
    hop_limit: int = 255
    code: int = 0
    checksum: int | None = None
    vlans: Sequence[int] = ()

    @classmethod
    def probe(cls, source_mac: str, target: str) -> "Solicitation":
        """A host asking whether an address is free (RFC 4862 section 5.4.2): it has none yet, and sends no option."""
        return cls(source_mac=source_mac, source="::", target=target, options=b"")

    def to_bytes(self) -> bytes:
        """The whole frame."""
        options = nd_option(ND_SOURCE_ADDRESS, self.source_mac) if self.options is None else self.options
        body = bytes([ND_SOLICITATION, self.code, 0, 0]) + bytes(4) + ip_to_bytes(self.target) + options
        destination = solicited_node(self.target) if self.destination is None else self.destination
        packet = _icmpv6(self.source, destination, body, self.checksum, self.hop_limit)
        group_mac = multicast_mac(destination) if self.eth_destination is None else self.eth_destination
        return ethernet(self.source_mac, group_mac, ETH_P_IPV6, packet, self.vlans)


@dataclass(frozen=True, kw_only=True)
class NeighbourAdvertisement:
    """A Neighbour Advertisement to all nodes: a claim that `address` is at `mac`. flags: ND_ROUTER and the others of wire."""

    mac: str
    address: str
    flags: int = ND_OVERRIDE

    def to_bytes(self) -> bytes:
        """The whole frame."""
        body = bytes([ND_ADVERTISEMENT, 0, 0, 0, self.flags, 0, 0, 0]) + ip_to_bytes(self.address)
        body += nd_option(ND_TARGET_ADDRESS, self.mac)
        return ethernet(self.mac, ALL_NODES_MAC, ETH_P_IPV6, _icmpv6(self.address, ALL_NODES, body, None, 255))


def _icmpv6(source: str, destination: str, body: bytes, checksum: int | None, hop_limit: int) -> bytes:
    pseudo = pseudo_header(ip_to_bytes(source), ip_to_bytes(destination), IPPROTO_ICMPV6, len(body))
    number = internet_checksum(pseudo + body) if checksum is None else checksum
    message = body[:2] + struct.pack("!H", number) + body[4:]
    return ipv6(source, destination, IPPROTO_ICMPV6, message, hop_limit=hop_limit)
