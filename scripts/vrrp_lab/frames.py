# SPDX-License-Identifier: BSD-2-Clause
"""What a recorded frame says: Ethernet, VLAN tags, ARP, Neighbour Discovery, IPv4, IPv6, ICMP, UDP and VRRP.

Parsing is lenient and only describes. A property is None where the frame holds no such thing or is too short for it.
"""

import enum
import struct
from dataclasses import dataclass
from functools import cached_property

from .ndisc import Nd, parse_nd
from .wire import (
    ARP_REPLY,
    ARP_REQUEST,
    ETH_P_8021AD,
    ETH_P_8021Q,
    ETH_P_ARP,
    ETH_P_IP,
    ETH_P_IPV6,
    IPPROTO_ICMP,
    IPPROTO_ICMPV6,
    IPPROTO_UDP,
    IPPROTO_VRRP,
    internet_checksum,
    ip_to_text,
    mac_to_text,
    pseudo_header,
)


class Direction(enum.Enum):
    """Which way a frame passed the port of a node."""

    FROM_NODE = ">"
    TO_NODE = "<"


class ChecksumForm(enum.Enum):
    """Over what a VRRP checksum is right; a message whose sum fits neither is WRONG."""

    MESSAGE_ONLY = "message only"
    PSEUDO_HEADER = "with pseudo-header"
    WRONG = "wrong"


@dataclass(frozen=True)
class Arp:
    """An ARP packet for IPv4 over Ethernet (RFC 826)."""

    operation: int
    sender_mac: str
    sender_ip: str
    target_mac: str
    target_ip: str

    @property
    def is_request(self) -> bool:
        return self.operation == ARP_REQUEST

    @property
    def is_reply(self) -> bool:
        return self.operation == ARP_REPLY

    @property
    def is_gratuitous(self) -> bool:
        """An announcement: the sender's address is also the target's (RFC 5227)."""
        return self.sender_ip == self.target_ip


@dataclass(frozen=True)
class Ip:
    """An IPv4 or IPv6 header and what it carries; `hop_limit` is the TTL, `traffic_class` the TOS byte."""

    version: int
    source: str
    destination: str
    protocol: int
    hop_limit: int
    traffic_class: int
    payload: bytes


@dataclass(frozen=True)
class Icmp:
    """Type and code of an ICMP message, of the version of IP that carries it."""

    version: int
    type: int
    code: int

    @property
    def is_echo(self) -> bool:
        """A ping, or the answer to one."""
        return self.type in ((0, 8) if self.version == 4 else (128, 129))

    @property
    def is_port_unreachable(self) -> bool:
        """Nothing listens there."""
        return (self.type, self.code) == ((3, 3) if self.version == 4 else (1, 4))


@dataclass(frozen=True)
class Told:
    """That an IP address is at a MAC address, as ARP or Neighbour Discovery says. is_answer: to somebody who asked."""

    address: str
    mac: str
    is_answer: bool


@dataclass(frozen=True)
class Udp:
    """Ports and payload of a UDP datagram."""

    source_port: int
    destination_port: int
    payload: bytes


@dataclass(frozen=True)
class Vrrp:
    """A VRRP message as it came, valid or not; `interval_ms` is milliseconds in either version."""

    version: int
    type: int
    vrid: int
    priority: int
    count: int
    interval_ms: int
    checksum: int
    checksum_form: ChecksumForm
    addresses: tuple[str, ...]
    source: str
    ttl: int


@dataclass(frozen=True)
class Frame:
    """A frame as it passed one port.

    time_ns: nanoseconds of CLOCK_REALTIME, set by the kernel. node: whose port it passed. data: without the frame check
    sequence, with VLAN tags where they were on the wire.
    """

    time_ns: int
    node: str
    direction: Direction
    data: bytes

    @property
    def sent_by(self) -> str | None:
        """The node it came from; None for the copies delivered to others."""
        return self.node if self.direction is Direction.FROM_NODE else None

    @property
    def delivered_to(self) -> str | None:
        """The node it went to; None where it was sent."""
        return self.node if self.direction is Direction.TO_NODE else None

    @property
    def eth_dst(self) -> str:
        return mac_to_text(self.data[0:6])

    @property
    def eth_src(self) -> str:
        return mac_to_text(self.data[6:12])

    @cached_property
    def _network(self) -> tuple[tuple[int, ...], int, bytes]:
        vlans: list[int] = []
        offset = 12
        while True:
            ethertype = int.from_bytes(self.data[offset : offset + 2], "big")
            if ethertype not in (ETH_P_8021Q, ETH_P_8021AD):
                return tuple(vlans), ethertype, self.data[offset + 2 :]
            vlans.append(int.from_bytes(self.data[offset + 2 : offset + 4], "big") & 0x0FFF)
            offset += 4

    @property
    def vlans(self) -> tuple[int, ...]:
        """VLAN ids, outermost first."""
        return self._network[0]

    @property
    def ethertype(self) -> int:
        """The innermost, behind all tags."""
        return self._network[1]

    @cached_property
    def arp(self) -> Arp | None:
        _, ethertype, packet = self._network
        if ethertype != ETH_P_ARP or len(packet) < 28 or packet[:6] != b"\x00\x01\x08\x00\x06\x04":
            return None
        return Arp(
            operation=int.from_bytes(packet[6:8], "big"),
            sender_mac=mac_to_text(packet[8:14]),
            sender_ip=ip_to_text(packet[14:18]),
            target_mac=mac_to_text(packet[18:24]),
            target_ip=ip_to_text(packet[24:28]),
        )

    @cached_property
    def ip(self) -> Ip | None:
        _, ethertype, packet = self._network
        if ethertype == ETH_P_IP and len(packet) >= 20:
            header = (packet[0] & 0x0F) * 4
            total = int.from_bytes(packet[2:4], "big")
            source, destination = ip_to_text(packet[12:16]), ip_to_text(packet[16:20])
            return Ip(4, source, destination, packet[9], packet[8], packet[1], packet[header:total])
        if ethertype == ETH_P_IPV6 and len(packet) >= 40:
            word, length, protocol, hop_limit = struct.unpack("!IHBB", packet[:8])
            source, destination = ip_to_text(packet[8:24]), ip_to_text(packet[24:40])
            payload = packet[40 : 40 + length]
            return Ip(6, source, destination, protocol, hop_limit, (word >> 20) & 0xFF, payload)
        return None

    def _payload_of(self, protocol: int, least: int) -> bytes | None:
        if self.ip is None or self.ip.protocol != protocol or len(self.ip.payload) < least:
            return None
        return self.ip.payload

    @cached_property
    def icmp(self) -> Icmp | None:
        """ICMP of either version; Neighbour Discovery too."""
        if self.ip is None:
            return None
        payload = self._payload_of(IPPROTO_ICMP if self.ip.version == 4 else IPPROTO_ICMPV6, 8)
        return None if payload is None else Icmp(self.ip.version, payload[0], payload[1])

    @cached_property
    def nd(self) -> Nd | None:
        payload = self._payload_of(IPPROTO_ICMPV6, 24)
        return None if payload is None or self.ip is None else parse_nd(self.ip.source, self.ip.destination, payload)

    @property
    def asks_for(self) -> str | None:
        """The IP address whose MAC address its sender wants to know. An announcement by ARP is not a question."""
        if self.arp is not None:
            return self.arp.target_ip if self.arp.is_request and not self.arp.is_gratuitous else None
        return self.nd.target if self.nd is not None and self.nd.is_solicitation else None

    @property
    def told(self) -> Told | None:
        """Where its sender says that an address is, in answers, announcements and its own questions alike."""
        if self.arp is not None:
            return Told(self.arp.sender_ip, self.arp.sender_mac, self.arp.is_reply)
        if self.nd is None or self.ip is None:
            return None
        if self.nd.is_advertisement:
            # Without the option, the address is where the frame comes from.
            return Told(self.nd.target, self.nd.target_mac or self.eth_src, self.nd.solicited)
        return None if self.nd.source_mac is None else Told(self.ip.source, self.nd.source_mac, False)

    @cached_property
    def udp(self) -> Udp | None:
        payload = self._payload_of(IPPROTO_UDP, 8)
        if payload is None:
            return None
        source_port, destination_port = struct.unpack("!HH", payload[:4])
        return Udp(source_port, destination_port, payload[8:])

    @cached_property
    def vrrp(self) -> Vrrp | None:
        payload = self._payload_of(IPPROTO_VRRP, 8)
        if payload is None or self.ip is None:
            return None
        version, kind = payload[0] >> 4, payload[0] & 0x0F
        size = 4 if self.ip.version == 4 else 16
        listed = payload[8 : 8 + payload[3] * size]
        whole = len(listed) - len(listed) % size
        interval_ms = payload[5] * 1000 if version == 2 else (int.from_bytes(payload[4:6], "big") & 0x0FFF) * 10
        return Vrrp(
            version=version,
            type=kind,
            vrid=payload[1],
            priority=payload[2],
            count=payload[3],
            interval_ms=interval_ms,
            checksum=int.from_bytes(payload[6:8], "big"),
            checksum_form=self._checksum_form(payload),
            addresses=tuple(ip_to_text(listed[at : at + size]) for at in range(0, whole, size)),
            source=self.ip.source,
            ttl=self.ip.hop_limit,
        )

    def _checksum_form(self, message: bytes) -> ChecksumForm:
        _, ethertype, packet = self._network
        source, destination = (packet[12:16], packet[16:20]) if ethertype == ETH_P_IP else (packet[8:24], packet[24:40])
        # The two sums never agree: the pseudo-header of a real advertisement does not add up to zero.
        if internet_checksum(message) == 0:
            return ChecksumForm.MESSAGE_ONLY
        if internet_checksum(pseudo_header(source, destination, IPPROTO_VRRP, len(message)) + message) == 0:
            return ChecksumForm.PSEUDO_HEADER
        return ChecksumForm.WRONG

    def describe(self, *, since_ns: int = 0) -> str:
        """One line for people; the time is in milliseconds after `since_ns`."""
        tags = "".join(f" vlan {vlan}" for vlan in self.vlans)
        time_ms = (self.time_ns - since_ns) / 1e6
        return f"{time_ms:12.3f} ms {self.node}{self.direction.value} {self.eth_src} to {self.eth_dst}{tags} {self._say()}"

    def _say(self) -> str:
        if self.arp is not None:
            word = {ARP_REQUEST: "request", ARP_REPLY: "reply"}.get(self.arp.operation, str(self.arp.operation))
            return f"ARP {word} {self.arp.sender_ip} ({self.arp.sender_mac}) to {self.arp.target_ip}"
        if self.nd is not None:
            return self.nd.describe()
        if self.vrrp is not None:
            v = self.vrrp
            return (
                f"VRRPv{v.version} type {v.type} from {v.source} vrid {v.vrid} priority {v.priority} every {v.interval_ms} ms"
                f" {','.join(v.addresses)} checksum {v.checksum_form.value}"
            )
        if self.ip is not None:
            return f"IPv{self.ip.version} {self.ip.source} to {self.ip.destination} protocol {self.ip.protocol}"
        return f"ethertype {self.ethertype:#06x}, {len(self.data)} bytes"
