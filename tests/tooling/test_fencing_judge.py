# SPDX-License-Identifier: BSD-2-Clause
"""The judge of recordings, with recordings in which things happened that must not."""

from vrrp_lab import IPV4, IPV6, Advertisement, ArpPacket, Frame
from vrrp_lab.fencing import Fault, Verdict, Watched, judge
from vrrp_lab.frames import Direction

MS = 1_000_000
ELECTION = Watched(10, IPV4.virtual, 100 * MS)
PRIORITY = {"r1": 200, "r2": 100}
SOURCE = {"r1": "192.0.2.1", "r2": "192.0.2.2"}


def word(at_ms: float, node: str, priority: int | None = None) -> list[Frame]:
    """The node advertises, and the host sees it."""
    message = Advertisement(
        vrid=10, priority=PRIORITY[node] if priority is None else priority, source=SOURCE[node], addresses=IPV4.virtual
    )
    at_ns = int(at_ms * MS)
    return [
        Frame(at_ns, node, Direction.FROM_NODE, message.to_bytes()),
        Frame(at_ns, "h1", Direction.TO_NODE, message.to_bytes()),
    ]


def heard(at_ms: float, node: str, by: str) -> list[Frame]:
    """What the node advertises reaches the other router."""
    return [Frame(int(at_ms * MS), by, Direction.TO_NODE, word(at_ms, node)[0].data)]


def answer(at_ms: float, node: str) -> list[Frame]:
    packet = ArpPacket.reply("00:00:5e:00:01:0a", IPV4.gateway, "02:00:00:00:01:64", "192.0.2.100")
    return [Frame(int(at_ms * MS), node, Direction.FROM_NODE, packet.to_bytes())]


def judged(*events: list[Frame], election: Watched = ELECTION, fault: Fault | None = None, slack_ns: int = 0) -> Verdict:
    return judge([frame for event in events for frame in event], election, [fault] if fault else [], slack_ns=slack_ns)


def violations(*events: list[Frame], fault: Fault | None = None) -> list[str]:
    return judged(*events, fault=fault).violations


def test_Judge_FindsNothing_InASteadyElectionAndAFarewell() -> None:
    assert not violations(word(0, "r1"), answer(50, "r1"), word(100, "r1"), answer(399, "r1"))
    assert not violations(word(0, "r1"), answer(10, "r1"), word(20, "r1", 0), word(30, "r2"), answer(31, "r2"))
    assert not violations(answer(0, "r1"), word(1, "r1")), "a takeover is a store first"


def test_Judge_FindsAnswersAfterTheLease() -> None:
    (found,) = violations(word(0, "r1"), answer(399, "r1"), answer(401, "r1"))
    assert "its lease has ended" in found and "401.000 ms" in found
    assert not judged(word(0, "r1"), answer(401, "r1"), slack_ns=2 * MS).violations
    assert len(violations(answer(0, "r1"))) == 1, "and of one that never advertised"


def test_Judge_FindsAnswersOfTheDead_OnceTheSuccessorsWordHasReachedThem() -> None:
    dead = Fault("r1", 10 * MS, 10_000 * MS)
    recorded = [word(0, "r1"), answer(20, "r1"), word(330, "r2"), answer(340, "r1")]
    assert not violations(*recorded, fault=dead), "until then its lease lets it"
    (found,) = violations(*recorded, heard(340.1, "r2", by="r1"), answer(341, "r1"), fault=dead)
    assert "is dead or held still" in found


def test_Judge_LetsAWorseRoutersWordPass_WhileTheDeadOnesNextIsNotDue() -> None:
    dead = Fault("r1", 10 * MS, 10_000 * MS)
    recorded = [word(0, "r1"), word(50, "r2"), heard(50.1, "r2", by="r1"), answer(60, "r1")]
    assert not violations(*recorded, fault=dead)
    assert len(violations(*recorded, heard(150, "r2", by="r1"), answer(151, "r1"), fault=dead)) == 1
    given_up = [*recorded, word(70, "r1", 0), answer(71, "r1"), heard(80, "r2", by="r1"), answer(81, "r1")]
    assert len(violations(*given_up, fault=dead)) == 1
    better = [word(0, "r2"), word(50, "r1"), heard(50.1, "r1", by="r2"), answer(60, "r2")]
    assert len(violations(*better, fault=Fault("r2", 10 * MS, 10_000 * MS))) == 1


def test_Judge_FindsAnswersOfOneThatWoke_UntilItAdvertisesAgain() -> None:
    held = Fault("r1", 10 * MS, 60 * MS)
    recorded = [word(0, "r1"), word(330, "r2"), heard(330.1, "r2", by="r1")]
    assert len(violations(*recorded, answer(370, "r1"), fault=held)) == 1
    assert not violations(*recorded, word(600, "r1"), answer(601, "r1"), fault=held)


def test_Judge_FindsAnswersAfterAFarewell_OnceItsSuccessorWasHeard() -> None:
    recorded = [word(0, "r1"), word(10, "r1", 0), answer(15, "r1"), word(20, "r2"), answer(20.1, "r1")]
    verdict = judged(*recorded)
    assert (verdict.violations, verdict.longest_overlap_ns) == ([], 0.1 * MS), "it may be on its way"
    (found,) = violations(*recorded, heard(20.2, "r2", by="r1"), answer(21, "r1"))
    assert "had left, and has heard another" in found
    assert not judged(*recorded, heard(20.2, "r2", by="r1"), answer(21, "r1"), slack_ns=MS).violations


def test_Judge_FindsAnswersAfterAFarewell_ForLongerThanAnInterval() -> None:
    assert not violations(word(0, "r1"), word(10, "r1", 0), answer(109, "r1"))
    (found,) = violations(word(0, "r1"), word(10, "r1", 0), answer(111, "r1"))
    assert "its lease has ended" in found


def test_Judge_LetsTheDeadAnswer_ForWhomAnotherHasSaidFarewell_UntilTheSuccessorsWord() -> None:
    dead = Fault("r1", 5 * MS, 10_000 * MS)
    recorded = [word(0, "r1"), word(350, "r1", 0), answer(449, "r1"), word(450, "r2")]
    assert not violations(*recorded, fault=dead)
    assert len(violations(*recorded, heard(450.1, "r2", by="r1"), answer(450.2, "r1"), fault=dead)) == 2, "too late as well"


def test_Judge_CountsAnswersOfTheDead_WhoseLastWordWasLost() -> None:
    dead = Fault("r1", 105 * MS, 10_000 * MS)
    lost = word(100, "r1")[:1]
    verdict = judged(word(0, "r1"), lost, word(310, "r2"), answer(310.1, "r1"), fault=dead)
    assert (verdict.violations, verdict.lost_words) == ([], 1)


def test_Judge_FindsARouterThatDoesNotYield() -> None:
    preempted = [word(0, "r2"), word(10, "r1"), heard(10.1, "r1", by="r2"), answer(10.2, "r2"), word(100, "r2")]
    assert not violations(*preempted), "one may have been on its way"
    again = [word(110, "r1"), heard(110.1, "r1", by="r2")]
    (found,) = violations(*preempted, *again, word(200, "r2"))
    assert "has heard a better router 2 times" in found
    assert not violations(*preempted, *again, word(480, "r2")), "the better one is gone"


def test_Judge_MeasuresWhatAPreemptionMayTake() -> None:
    verdict = judged(word(0, "r2"), word(10, "r1"), answer(12, "r2"), answer(13, "r1"))
    assert (verdict.violations, verdict.answers, verdict.longest_overlap_ns) == ([], 2, 2 * MS)


def test_Judge_KeepsElectionsApart() -> None:
    other_family = Watched(10, IPV6.virtual, 100 * MS)
    other_vrid = Watched(11, IPV4.second, 100 * MS)
    recorded = [word(0, "r1"), answer(1000, "r1")]
    assert len(violations(*recorded)) == 1
    for election in (other_family, other_vrid):
        assert judged(*recorded, election=election).answers == 0
