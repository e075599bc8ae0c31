# SPDX-License-Identifier: BSD-2-Clause
"""Two routers, to whom at random moments anything happens that the promises name, under the eyes of a third party that
records every frame, and loses some: never an answer of one that is dead, hung or fenced once another has taken over.

A schedule follows from its seed, which is in the test's name. `--soak N` adds N schedules with new seeds.
"""

import os
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from observations import wait_for_state
from setting import Setting
from vrrp_lab import IPV4, IPV6, Capture, Lab, Loss, NeighbourProber, VirtualRouter, VrrpXdp
from vrrp_lab.fencing import Fault, Watched, judge

SCHEDULES = 50
SCHEDULES_A_LAB = 10
INTERVAL_MS = 50
LONGEST_PAUSE_S = 8 * INTERVAL_MS / 1000
# More in a row, and its Backup Router takes over beside a healthy Active Router, as VRRP has it.
LONGEST_LOSS = 2
# Where the data plane differs: what a veth gets by default, a bridge as the interface, and native XDP.
WIRINGS = (Setting(), Setting(bridged=True), Setting("native"))
ELECTIONS = [Watched(10, family.virtual, INTERVAL_MS * 1_000_000) for family in (IPV4, IPV6)]
# For the recorder's clock. The least Skew_Time here is 11 ms.
SLACK_NS = 5_000_000


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    seeds = list(range(1, SCHEDULES + 1))
    # New ones each time, but the same in all of pytest-xdist's workers.
    draw = random.Random(os.environ.get("PYTEST_XDIST_TESTRUNUID"))
    seeds += [draw.randrange(10**6, 10**9) for _ in range(metafunc.config.getoption("--soak"))]
    batches = [seeds[at : at + SCHEDULES_A_LAB] for at in range(0, len(seeds), SCHEDULES_A_LAB)]
    cases = [(WIRINGS[number % len(WIRINGS)], batch) for number, batch in enumerate(batches)]
    metafunc.parametrize("setting, seeds", cases, ids=[f"{setting}-seeds {','.join(map(str, batch))}" for setting, batch in cases])


@dataclass
class Victim:
    """A router to whom things happen, and what has happened to it."""

    lab: Lab
    peer: VrrpXdp
    loss: Loss  # on its way to the switch
    recover: Callable[[], None] | None = None  # what ends its present fault
    faults: list[Fault] = field(default_factory=list)
    story: list[str] = field(default_factory=list)
    loss_is_due: bool = False  # whether what it says next may still be lost

    def suffer(self, chance: random.Random, capture: Capture) -> None:
        """Something, if it is well; else it recovers."""
        if self.recover is not None:
            self.be_well()
            return
        program = {
            "its controller is killed": self.peer.kill,
            "all of it is killed": self.peer.kill_family,
            "it is stopped": self.peer.stop,
            "its controller is held still": self.peer.sigstop,
            "all of it is held still": self.peer.sigstop_family,
        }
        node = self.peer.router
        cable = {"it is cut off silently": (node.partition, node.heal)}
        # A bridge learns late that its port has lost the carrier. It may take over meanwhile, and nobody records its words.
        if not node.wiring.bridged:
            cable["its cable is cut"] = (node.cut, node.mend)
        what = chance.choice([*program, *cable])
        self._tell(what)
        if what in cable:
            inflict, self.recover = cable[what]
            inflict()
            return
        if what.startswith("all") and (count := chance.randint(0, LONGEST_LOSS)):
            self._be_unheard(count, capture)
        program[what]()
        time.sleep(0.001)  # a signal takes effect a moment after it was sent
        since_ns = time.time_ns()
        held = "held" in what

        def recover() -> None:
            self.faults.append(Fault(node.name, since_ns, time.time_ns()))
            if held:
                self.peer.sigcont()
            else:
                self.peer.start(self.lab.directory)

        self.recover = recover

    def _be_unheard(self, count: int, capture: Capture) -> None:
        """Its next advertisements are lost. Returns at once when the last of them is, or when it seems to send none."""
        since_ns = time.time_ns()
        self.loss.lose_advertisements(count)
        deadline = time.monotonic() + (count + 1) * INTERVAL_MS / 1000

        def sent() -> int:
            by_us = capture.frames(lambda f: f.sent_by == self.peer.router.name and f.vrrp is not None, since_ns=since_ns)
            return min(sum(election.priority_in(frame) is not None for frame in by_us) for election in ELECTIONS)

        while sent() < count and time.monotonic() < deadline:
            time.sleep(0.001)
        self._tell(f"{sent()} advertisements are lost")
        self.loss_is_due = True

    def be_well(self) -> None:
        """End what it suffers from."""
        if self.recover is not None:
            self._tell("recovers")
            if self.loss_is_due:
                self.loss.lose_advertisements(0)
                self.loss_is_due = False
            self.recover()
            self.recover = None

    def _tell(self, what: str) -> None:
        self.story.append(f"{time.time_ns() / 1e6:.1f} ms {self.peer.router.name}: {what}")


def play(seed: int, lab: Lab, capture: Capture, victims: list[Victim]) -> None:
    """One schedule, from a steady election to the next one."""
    chance = random.Random(seed)
    for _ in range(chance.randint(3, 6)):
        chance.choice(victims).suffer(chance, capture)
        time.sleep(chance.uniform(0, LONGEST_PAUSE_S))
    for victim in victims:
        victim.be_well()
    for family in (IPV4, IPV6):
        for victim in victims:
            wanted = "active" if victim is victims[0] else "backup"
            lab.eventually(
                lambda: victim.peer.state(family=family) == wanted, f"{victim.peer.name} is {wanted} again for {family.name}"
            )


# Once is too often.
@pytest.mark.flaky(reruns=0)
@pytest.mark.timeout(300)
def test_WhateverHappens_NobodyAnswersBesideWhoHasTakenOver(
    make_lab: Callable[..., Lab], seeds: list[int], record_property: Callable[[str, object], None]
) -> None:
    lab = make_lab(ipv6=True)
    configured = {
        name: [
            VirtualRouter(addresses=each.addresses, priority=priority, interval_ms=INTERVAL_MS) for each in ELECTIONS
        ]
        for name, priority in (("r1", 200), ("r2", 100))
    }
    victims = [
        Victim(lab, lab.start(VrrpXdp(lab.router(name), *routers)), lab.loss(name)) for name, routers in configured.items()
    ]
    for victim, state in zip(victims, ("active", "backup")):
        wait_for_state(lab, victim.peer, state)

    for seed in seeds:
        told = [len(victim.story) for victim in victims]
        with lab.capture() as capture:
            for election in ELECTIONS:
                capture.wait_for(lambda f: f.sent_by == "r1" and election.priority_in(f), "r1 is Active")
            probers = [NeighbourProber(lab.host(), family.gateway, 0.005) for family in (IPV4, IPV6)]
            with probers[0], probers[1]:
                play(seed, lab, capture, victims)
        faults = [fault for victim in victims for fault in victim.faults]
        story = sorted(line for victim, since in zip(victims, told) for line in victim.story[since:])
        for election in ELECTIONS:
            verdict = judge(capture.frames(), election, faults, slack_ns=SLACK_NS)
            said = [f.describe(since_ns=capture.frames()[0].time_ns) for f in capture.frames() if f.sent_by and f.vrrp]
            assert not verdict.violations, "\n".join([f"seed {seed}", *verdict.violations[:5], *story, *said])
            assert verdict.answers > 0 and capture.drops() == 0
            record_property(f"answers after lost advertisements, seed {seed}", verdict.lost_words)
            record_property(f"overlap of healthy routers, seed {seed}, ms", verdict.longest_overlap_ns / 1e6)
