# SPDX-License-Identifier: BSD-2-Clause
"""The takeover benchmark: what it makes of recordings. No figure is judged here."""

from vrrp_bench.records import Election, Failover, Kind, Record, failover, false_takeovers, quantile

MS = 1_000_000
R1, R2 = 0, 1
FIRST = Election(1, 4, "198.18.1.1")
SECOND = Election(2, 6, "fe80::5:2")


def word(at_ms: float, port: int, election: Election = FIRST, priority: int = 100) -> Record:
    return Record(int(at_ms * MS), port, Kind.ADVERTISEMENT, election.vrid, priority, election.version, "192.0.2.1")


def told(at_ms: float, port: int, kind: Kind, election: Election = FIRST) -> Record:
    return Record(int(at_ms * MS), port, kind, 0, 0, election.version, election.address)


def measured(*records: Record, elections: tuple[Election, ...] = (FIRST,)) -> Failover:
    return failover(
        records,
        elections,
        old=R1,
        new=R2,
        cut_ns=25 * MS,
        until_ns=1000 * MS,
        down_interval_ns=36 * MS,
        asked=FIRST.address,
    )


def test_Lateness_CountsFromTheLastAdvertisement_AndActiveDownInterval() -> None:
    seen = measured(
        word(10, R1),
        word(20, R1),
        told(24, R1, Kind.ANSWER),
        # Out of order, as a recording of two ports is.
        told(59, R2, Kind.ANSWER),
        word(57, R2),
        told(58, R2, Kind.ANNOUNCEMENT),
        word(67, R2),
    )
    assert seen.lateness_ns == {Kind.ADVERTISEMENT: [MS], Kind.ANNOUNCEMENT: [2 * MS], Kind.ANSWER: [3 * MS]}
    assert (seen.never, seen.disputed, seen.outage_ns) == (0, 0, 35 * MS)


def test_Lateness_IsNegative_WhereSomebodyIsEarly() -> None:
    assert measured(word(20, R1), word(50, R2)).lateness_ns[Kind.ADVERTISEMENT] == [-6 * MS]


def test_Elections_AreCountedEach() -> None:
    seen = measured(word(20, R1), word(21, R1, SECOND), word(57, R2, SECOND), elections=(FIRST, SECOND))
    assert (seen.never, seen.lateness_ns[Kind.ADVERTISEMENT]) == (1, [0])
    seen = measured(word(20, R1), word(22, R2), word(57, R2))
    assert (seen.disputed, seen.lateness_ns) == (1, {})
    assert measured(word(57, R2)).disputed == 1, "the old one was not Active"


def test_Farewells_AreNoTakeover() -> None:
    assert measured(word(20, R1), word(57, R2, priority=0)).never == 1


def test_FalseTakeovers_AreCountedOnce_UntilTheyAreOver() -> None:
    records = [word(100, R2), word(110, R2), word(120, R1), word(1500, R2), word(1500, R2, SECOND), word(200, R2, priority=0)]
    assert false_takeovers(records, new=R2, since_ns=0, until_ns=2000 * MS) == 3
    assert false_takeovers(records, new=R2, since_ns=0, until_ns=1000 * MS) == 1


def test_Quantile_IsAValueThatWasSeen() -> None:
    assert [quantile([3, 1, 2], at) for at in (0.0, 0.5, 1.0)] == [1, 2, 3]
