# SPDX-License-Identifier: BSD-2-Clause
"""What vrrp-recorder wrote, and what it says of a failover."""

import ipaddress
import struct
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from pathlib import Path
from typing import TypeVar

N = TypeVar("N", int, float)

_RECORD = struct.Struct("<QBBBBB3x16s")


class Kind(IntEnum):
    """What a record is of."""

    ADVERTISEMENT = 1
    ANNOUNCEMENT = 2  # gratuitous ARP or an unsolicited Neighbour Advertisement
    ANSWER = 3  # to ARP or a Neighbour Solicitation


@dataclass(frozen=True)
class Record:
    """A frame as it came in at a port of the switch. time_ns: CLOCK_REALTIME, the kernel's. vrid, priority: of an
    advertisement. address: the announced one, or an advertisement's source."""

    time_ns: int
    port: int
    kind: Kind
    vrid: int
    priority: int
    version: int
    address: str


def read(path: Path) -> Iterator[Record]:
    """All records of a file, port after port only roughly in the order of time."""
    data = path.read_bytes()
    for time_ns, port, kind, vrid, priority, version, address in _RECORD.iter_unpack(data[: len(data) // 32 * 32]):
        text = str(ipaddress.ip_address(address[:4] if version == 4 else address))
        yield Record(time_ns, port, Kind(kind), vrid, priority, version, text)


@dataclass(frozen=True)
class Election:
    """A Virtual Router of one family: VRID, 4 or 6, and its first virtual address."""

    vrid: int
    version: int
    address: str


@dataclass
class Failover:
    """What one failover came to. Lateness is in nanoseconds after the protocol's deadline, the old Active Router's last
    advertisement and Active_Down_Interval; negative is early. By kind, one value for each election that was taken over.

    never: elections that were not. disputed: those in which the Backup Router was not one before. outage_ns: between the last
    answer of the old one and the first of the new one for the address that was asked for, None if that was not seen.
    """

    lateness_ns: dict[Kind, list[int]] = field(default_factory=lambda: defaultdict(list))
    never: int = 0
    disputed: int = 0
    outage_ns: int | None = None


def failover(
    records: Iterable[Record],
    elections: Sequence[Election],
    *,
    old: int,
    new: int,
    cut_ns: int,
    until_ns: int,
    down_interval_ns: int,
    asked: str,
) -> Failover:
    """Measure the failover that began when the old one was cut off at `cut_ns`. old, new: ports of the switch."""
    last: dict[tuple[int, int], int] = {}
    first: dict[tuple[Kind, object], int] = {}
    before: set[tuple[int, int]] = set()
    answers: dict[int, list[int]] = {old: [], new: []}
    for each in sorted((r for r in records if r.time_ns < until_ns), key=lambda r: r.time_ns):
        key: object = (each.vrid, each.version) if each.kind is Kind.ADVERTISEMENT else each.address
        farewell = each.kind is Kind.ADVERTISEMENT and each.priority == 0
        if each.kind is Kind.ANSWER and each.address == asked and each.port in answers:
            answers[each.port].append(each.time_ns)
        if farewell:
            continue
        if each.port == old and each.kind is Kind.ADVERTISEMENT:
            last[each.vrid, each.version] = each.time_ns
        elif each.port == new and each.time_ns > cut_ns:
            first.setdefault((each.kind, key), each.time_ns)
        elif each.port == new and each.kind is Kind.ADVERTISEMENT:
            before.add((each.vrid, each.version))

    result = Failover()
    for election in elections:
        heard = last.get((election.vrid, election.version))
        taken = first.get((Kind.ADVERTISEMENT, (election.vrid, election.version)))
        if heard is None or (election.vrid, election.version) in before:
            result.disputed += 1
        elif taken is None:
            result.never += 1
        else:
            deadline = heard + down_interval_ns
            result.lateness_ns[Kind.ADVERTISEMENT].append(taken - deadline)
            for kind in (Kind.ANNOUNCEMENT, Kind.ANSWER):
                if (told := first.get((kind, election.address))) is not None:
                    result.lateness_ns[kind].append(told - deadline)
    if answers[old] and (heirs := [time_ns for time_ns in answers[new] if time_ns > cut_ns]):
        result.outage_ns = heirs[0] - answers[old][-1]
    return result


def false_takeovers(records: Iterable[Record], *, new: int, since_ns: int, until_ns: int) -> int:
    """How often the Backup Router took over between these times, in which nothing was done to anybody: its
    advertisements that are no farewell and follow none of the same election within a second."""
    last: dict[tuple[int, int], int] = {}
    count = 0
    for each in sorted(records, key=lambda r: r.time_ns):
        if each.kind is not Kind.ADVERTISEMENT or each.port != new or each.priority == 0:
            continue
        if not since_ns <= each.time_ns < until_ns:
            continue
        key = (each.vrid, each.version)
        if key not in last or each.time_ns - last[key] > 1_000_000_000:
            count += 1
        last[key] = each.time_ns
    return count


def quantile(values: Sequence[N], fraction: float) -> N:
    """The value below or at which this fraction of the values lies; they must not be none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(fraction * len(ordered)))]
