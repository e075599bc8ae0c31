# SPDX-License-Identifier: BSD-2-Clause
"""Reading pcapng, as much of it as tests need: https://www.ietf.org/archive/id/draft-ietf-opsawg-pcapng-03.html"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .frames import Direction, Frame

_INTERFACE, _STATISTICS, _PACKET, _SECTION = 1, 5, 6, 0x0A0D0D0A
_COMMENT, _NAME, _FLAGS, _RECEIVED, _DROPPED = 1, 2, 2, 4, 7


@dataclass(frozen=True)
class Packet:
    """A packet with its comment; length: of the whole frame, of which `frame` may hold the beginning."""

    interface: str
    frame: Frame
    comment: str
    length: int

    @property
    def verdict(self) -> str:
        """The word in vrrp-xdp's comment: "vrid 10 ipv4 consumed: advertisement-rcvd"."""
        return self.comment.partition(":")[0].rpartition(" ")[2]

    @property
    def reasons(self) -> list[str]:
        """The counters in it."""
        return self.comment.partition(": ")[2].split(", ") if ":" in self.comment else []


@dataclass(frozen=True)
class Statistics:
    """What the end of a capture says of an interface."""

    interface: str
    received: int
    dropped: int
    comment: str


def read(path: Path, node: str = "") -> tuple[list[Packet], list[Statistics]]:
    """Packets and statistics of a whole file, or of one that is still written. node: whose frames they are."""
    names: list[str] = []
    packets: list[Packet] = []
    statistics: list[Statistics] = []
    for kind, body in _blocks(path.read_bytes()):
        if kind == _INTERFACE:
            names.append(_options(body[8:]).get(_NAME, b"").decode())
        elif kind == _PACKET:
            interface, upper, lower, captured, length = struct.unpack("<5I", body[:20])
            options = _options(body[20 + (captured + 3) // 4 * 4 :])
            outbound = struct.unpack("<I", options[_FLAGS])[0] & 3 == 2
            direction = Direction.FROM_NODE if outbound else Direction.TO_NODE
            frame = Frame(upper << 32 | lower, node, direction, body[20 : 20 + captured])
            packets.append(Packet(names[interface], frame, options.get(_COMMENT, b"").decode(), length))
        elif kind == _STATISTICS:
            options = _options(body[12:])
            received, dropped = (struct.unpack("<Q", options[code])[0] for code in (_RECEIVED, _DROPPED))
            name = names[struct.unpack("<I", body[:4])[0]]
            statistics.append(Statistics(name, received, dropped, options.get(_COMMENT, b"").decode()))
        else:
            assert kind == _SECTION, f"a block of type {kind}"
    return packets, statistics


def _blocks(data: bytes) -> Iterator[tuple[int, bytes]]:
    while len(data) >= 12:
        kind, length = struct.unpack("<II", data[:8])
        assert length % 4 == 0
        if len(data) < length:
            return  # the rest is on its way
        assert struct.unpack("<I", data[length - 4 : length])[0] == length
        yield kind, data[8 : length - 4]
        data = data[length:]


def _options(data: bytes) -> dict[int, bytes]:
    found: dict[int, bytes] = {}
    while len(data) >= 4:
        code, length = struct.unpack("<HH", data[:4])
        if code == 0:
            return found
        found[code] = data[4 : 4 + length]
        data = data[4 + (length + 3) // 4 * 4 :]
    return found
