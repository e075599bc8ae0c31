# SPDX-License-Identifier: BSD-2-Clause
"""Whether ever two routers answered for one virtual address: a judge of recordings.

Both would answer with the same virtual MAC, so answers are told apart by the switch's port that they came in on.
"""

import bisect
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from .frames import Frame
from .wire import is_ipv6


@dataclass(frozen=True)
class Fault:
    """A router's program was dead or held still at least from `since_ns` to `until_ns` (CLOCK_REALTIME)."""

    router: str
    since_ns: int
    until_ns: int


@dataclass(frozen=True)
class Watched:
    """An election: its VRID, the virtual addresses, all of one family, and the Advertisement_Interval."""

    vrid: int
    addresses: Sequence[str]
    interval_ns: int

    @property
    def lease_ns(self) -> int:
        """How long a router may answer after an advertisement."""
        return 4 * self.interval_ns

    @property
    def patience_ns(self) -> int:
        """How long a Backup Router waits at least."""
        return 3 * self.interval_ns

    def priority_in(self, frame: Frame) -> int | None:
        """What the frame advertises in this election; None if it does not."""
        if frame.vrrp is None or frame.vrrp.vrid != self.vrid or is_ipv6(frame.vrrp.source) != is_ipv6(self.addresses[0]):
            return None
        return frame.vrrp.priority

    def is_answer(self, frame: Frame) -> bool:
        """Whether the frame answers for one of the addresses."""
        return frame.told is not None and frame.told.is_answer and frame.told.address in self.addresses


@dataclass
class Verdict:
    """violations: what must never be, one line each. answers: how many were judged. longest_overlap_ns: for how long a
    healthy router answered beside another, as VRRP has it until the one hears the other. lost_words: how many answers were
    judged of routers that had failed after an advertisement that nobody got."""

    violations: list[str] = field(default_factory=list)
    answers: int = 0
    longest_overlap_ns: int = 0
    lost_words: int = 0


@dataclass
class _Router:
    """What is known of a router up to some time."""

    last_word_ns: int | None = None  # its last advertisement that was no farewell
    priority: int = 0  # in there
    is_heard: bool = False  # whether it has arrived anywhere
    succeeded_ns: int | None = None  # when one first did that ends what is left of its lease
    left_ns: int | None = None  # when it has sent a farewell since
    heir_ns: int | None = None  # when another's advertisement first reached it after that
    source: str = ""  # of it
    overtaken_ns: int | None = None  # when hosts first saw another's advertisement since
    better_ns: list[int] = field(default_factory=list)  # when better ones' advertisements reached it since, without a gap


def judge(frames: Sequence[Frame], watched: Watched, faults: Sequence[Fault] = (), *, slack_ns: int = 0) -> Verdict:
    """Judge what was recorded at the switch's ports of all routers and of a host, in the order of time.

    1. Nobody answers after the end of his lease, four intervals after his last advertisement, one after a farewell of his
       own, and not before one after a farewell that his guardian said. slack_ns: how much later an answer may be recorded.
    2. Who is dead or held still, or was so since his last advertisement, answers no more once another's has reached him.
       slack_ns: how long an answer may be on its way.
    3. Who has sent a farewell in good health answers no more once another's advertisement has reached him. slack_ns as above.
    4. Who has heard a better router twice advertises no more while that one goes on.

    A takeover is a store before it is an advertisement. So whoever is about to advertise, within one interval, may answer
    already, but not while he is dead or held still.
    """
    return _Judge(frames, watched, faults, slack_ns).judge()


class _Judge:
    def __init__(self, frames: Sequence[Frame], watched: Watched, faults: Sequence[Fault], slack_ns: int) -> None:
        self._frames = frames
        self._watched = watched
        self._faults = faults
        self._slack_ns = slack_ns
        self._routers: defaultdict[str, _Router] = defaultdict(_Router)
        self._words: defaultdict[str, list[int]] = defaultdict(list)
        for frame in frames:
            if frame.sent_by and watched.priority_in(frame):
                self._words[frame.sent_by].append(frame.time_ns)
        self._verdict = Verdict()

    def judge(self) -> Verdict:
        for frame in self._frames:
            priority = self._watched.priority_in(frame)
            if priority is not None and frame.sent_by:
                self._advertised(frame, frame.sent_by, priority)
            elif priority is not None and frame.delivered_to:
                self._heard(frame, frame.delivered_to, priority)
            elif frame.sent_by and self._watched.is_answer(frame):
                self._answered(frame, frame.sent_by)
        return self._verdict

    def _blame(self, frame: Frame, what: str) -> None:
        self._verdict.violations.append(f"{frame.describe(since_ns=self._frames[0].time_ns)}: {what}")

    def _advertised(self, frame: Frame, name: str, priority: int) -> None:
        router = self._routers[name]
        if priority == 0:
            if router.left_ns is None:
                router.left_ns = frame.time_ns
            return
        if len(router.better_ns) > 1 and frame.time_ns - router.better_ns[-1] < self._watched.patience_ns:
            self._blame(frame, f"has heard a better router {len(router.better_ns)} times")
        assert frame.vrrp is not None
        router.last_word_ns, router.priority, router.source = frame.time_ns, priority, frame.vrrp.source
        router.left_ns = router.heir_ns = router.overtaken_ns = router.succeeded_ns = None
        router.is_heard = False

    def _heard(self, frame: Frame, name: str, priority: int) -> None:
        assert frame.vrrp is not None
        for router in self._routers.values():
            router.is_heard |= router.source == frame.vrrp.source
        if name not in self._words:
            for router in self._routers.values():
                if priority > 0 and router.source != frame.vrrp.source and router.overtaken_ns is None:
                    router.overtaken_ns = frame.time_ns
            return
        router = self._routers[name]
        is_firm = router.left_ns is None and frame.time_ns - (router.last_word_ns or 0) <= self._watched.interval_ns
        if priority > (router.priority if is_firm else 0) and router.succeeded_ns is None:
            router.succeeded_ns = frame.time_ns
        if priority > 0 and router.left_ns is not None and router.heir_ns is None:
            router.heir_ns = frame.time_ns
        if priority == 0 or (router.better_ns and frame.time_ns - router.better_ns[-1] >= self._watched.patience_ns):
            router.better_ns.clear()
        if priority > router.priority > 0:
            router.better_ns.append(frame.time_ns)

    def _answered(self, frame: Frame, name: str) -> None:
        self._verdict.answers += 1
        router = self._routers[name]
        if self._is_faulty(name, frame.time_ns, frame.time_ns):
            if self._is_succeeded(router, frame.time_ns):
                self._blame(frame, "is dead or held still, and another has taken over")
        elif self._speaks_soon(name, frame.time_ns):
            return
        elif self._is_faulty(name, router.last_word_ns or 0, frame.time_ns):
            if self._is_succeeded(router, frame.time_ns):
                self._blame(frame, "had failed, and another has taken over")
        elif router.heir_ns is not None and frame.time_ns > router.heir_ns + self._slack_ns:
            self._blame(frame, "had left, and has heard another")
        elif router.overtaken_ns is not None:
            overlap_ns = frame.time_ns - router.overtaken_ns
            self._verdict.longest_overlap_ns = max(self._verdict.longest_overlap_ns, overlap_ns)
        end_ns = self._lease_end_ns(name, frame.time_ns)
        if end_ns is None or frame.time_ns > end_ns + self._slack_ns:
            self._blame(frame, "its lease has ended")

    def _is_succeeded(self, router: _Router, time_ns: int) -> bool:
        """Whether a router that failed must be silent because another's advertisement has reached it."""
        if router.overtaken_ns is not None and not router.is_heard:
            self._verdict.lost_words += 1
        return router.succeeded_ns is not None and time_ns > router.succeeded_ns + self._slack_ns

    def _lease_end_ns(self, name: str, time_ns: int) -> int | None:
        """When the router stops to answer by itself; None if it never had a lease."""
        router = self._routers[name]
        if router.last_word_ns is None:
            return None
        end_ns = router.last_word_ns + self._watched.lease_ns
        if router.left_ns is None:
            return end_ns
        left_ns = router.left_ns + self._watched.interval_ns
        is_guardians = self._is_faulty(name, router.last_word_ns, time_ns)
        return max(end_ns, left_ns) if is_guardians else min(end_ns, left_ns)

    def _is_faulty(self, name: str, since_ns: int, until_ns: int) -> bool:
        """Whether the router was dead or held still at any time between these."""
        return any(f.router == name and f.since_ns <= until_ns and since_ns <= f.until_ns for f in self._faults)

    def _speaks_soon(self, name: str, time_ns: int) -> bool:
        words = self._words[name]
        at = bisect.bisect_left(words, time_ns)
        return at < len(words) and words[at] <= time_ns + self._watched.interval_ns
