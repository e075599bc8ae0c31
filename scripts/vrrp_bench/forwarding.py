# SPDX-License-Identifier: BSD-2-Clause
"""Packets sent through the virtual gateway at a steady rate, and what became of them."""

import contextlib
import itertools
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from vrrp_lab import SERVER_ADDRESSES, Lab
from vrrp_lab.process import Process

from .tools import tool

_ARRIVAL = struct.Struct("=QQQ")
_PORT = "9"


@dataclass(frozen=True)
class Arrival:
    """A packet that reached the server. Times are nanoseconds of CLOCK_REALTIME."""

    number: int
    sent_ns: int
    arrived_ns: int


@dataclass(frozen=True)
class Loss:
    """What was lost of so many packets.

    outage_ns: the longest time in which all that was sent was lost, from the last packet before it that arrived to the first
    after it; None if none arrived after it. duplicates: packets that arrived more than once, through two routers.
    """

    sent: int
    lost: int
    duplicates: int
    outage_ns: int | None


def read(path: Path) -> list[Arrival]:
    """All arrivals of a file of vrrp-traffic."""
    data = path.read_bytes()
    whole = len(data) // _ARRIVAL.size * _ARRIVAL.size
    return [Arrival(*fields) for fields in _ARRIVAL.iter_unpack(data[:whole])]


def loss(arrivals: Sequence[Arrival], sent: int, rate: int) -> Loss:
    """What was lost of the packets 0 to sent - 1, sent `rate` a second. A hundredth of them may be under way at the end."""
    first_of: dict[int, Arrival] = {}
    for each in arrivals:
        first_of.setdefault(each.number, each)
    good = [first_of[number] for number in sorted(first_of)]
    if not good:
        return Loss(sent, sent, 0, None)
    ends = good[-1].number + sent // 100 + 1 >= sent
    counted = good[-1].number + 1 if ends else sent
    pairs = itertools.pairwise(good)
    holes = [late.sent_ns - early.sent_ns for early, late in pairs if late.number > early.number + 1]
    holes.append(good[0].number * 1_000_000_000 // rate)
    return Loss(counted, counted - len(good), len(arrivals) - len(good), max(holes) if ends else None)


class Traffic:
    """Filled when it has ended: what arrived, and how many were sent."""

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self.arrivals: list[Arrival] = []
        self.sent = 0

    def loss(self) -> Loss:
        """See `loss`."""
        return loss(self.arrivals, self.sent, self._rate)


@contextlib.contextmanager
def traffic(lab: Lab, rate: int) -> Iterator[Traffic]:
    """From the first host to the server, `rate` packets a second, from `with` to its end."""
    path = lab.directory / "arrivals.bin"
    logs = {end: lab.directory / f"traffic-{end}.log" for end in ("server", "host")}
    for log in logs.values():
        log.unlink(missing_ok=True)
    there = [SERVER_ADDRESSES[0], _PORT]
    program = tool("vrrp-traffic")
    receiving = Process(lab.server.namespace, "vrrp-traffic", [program, "receive", *there, str(path)], logs["server"])
    result = Traffic(rate)
    try:
        lab.eventually(lambda: "ready" in receiving.log(), "the server receives")
        sending = Process(lab.host().namespace, "vrrp-traffic", [program, "send", *there, str(rate)], logs["host"])
        try:
            yield result
        finally:
            sending.stop()
    finally:
        receiving.stop()
    result.sent = int(sending.log().split("sent ")[1])
    result.arrivals = read(path)
