# SPDX-License-Identifier: BSD-2-Clause
"""A fault, and what `history` and `explain --at` make of it afterwards: they name the cause.

By default a few of them; all, and ten quiet minutes, with VRRP_XDP_ALL_FAULTS=1.
"""

import json
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from observations import wait_for_state
from vrrp_lab import Advertisement, ChecksumForm, Injector, Lab, VirtualRouter, VrrpXdp
from vrrp_lab.peers.vrrp_xdp import configuration

ALL = bool(os.environ.get("VRRP_XDP_ALL_FAULTS"))
QUIET_S = 600
INTERVAL_MS = 100


class Recorded:
    """r1, Active, and r2, Backup, which both keep a history. r1 has a tracker of its uplink, and stays out while that is down."""

    def __init__(self, lab: Lab, interval_ms: int = INTERVAL_MS) -> None:
        self.lab = lab
        self.stack = ExitStack()
        routers = {
            "r1": VirtualRouter(priority=200, interval_ms=interval_ms, options={"track": {"uplink": "fault"}}),
            "r2": VirtualRouter(priority=100, interval_ms=interval_ms),
        }
        self.r1, self.r2 = (
            lab.start(
                VrrpXdp(
                    lab.router(name),
                    config={"trackers": {"uplink": {"interface": "eth1"}}, **configuration({"eth0": [router]})},
                    options=["--state-directory", str(self.directory(name))],
                )
            )
            for name, router in routers.items()
        )
        wait_for_state(lab, self.r1, "active")
        wait_for_state(lab, self.r2, "backup")
        lab.eventually(lambda: self.r2.virtual_router().get("last-adv-priority") == 200, "r2 follows r1")
        # What a takeover may still bring is over: see Receiver.
        time.sleep(5 * interval_ms / 1000)
        self.begun = time.time()

    def directory(self, name: str) -> Path:
        return self.lab.directory / f"state-{name}"

    def ask(self, router: VrrpXdp, *arguments: str) -> str:
        return router.run(*arguments, "--state-directory", str(self.directory(router.router.name)))

    def since(self, router: VrrpXdp) -> list[Any]:
        """What the router's history has from the begin of the fault on."""
        begun = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(self.begun)) + f".{int(self.begun % 1 * 1e6):06}Z"
        said = self.ask(router, "history", "eth0", "10", "--json", "--since", begun)
        return [json.loads(line) for line in said.splitlines()]

    def restart_with(self, router: VrrpXdp, **changed: Any) -> None:
        """Write another configuration of its Virtual Router, and reload."""
        config = json.loads(router.config)
        config["interfaces"]["eth0"]["virtual-routers"][0].update(changed)
        router.write(config)
        router.run("reload")

    def inject(self, **changed: Any) -> None:
        """A host sends such advertisements, until the end of the test."""
        host = self.lab.host()
        source = host.primary(self.lab.family)
        advertisement = Advertisement(source=source, source_mac=host.mac(), interval_ms=INTERVAL_MS, priority=254)
        injector = self.stack.enter_context(Injector(host.namespace))
        self.stack.enter_context(injector.repeating(replace(advertisement, **changed), 0.02))

    def stop_and_go_on(self, stop: Callable[[], None]) -> None:
        """Hold it still until the other router has taken over."""
        stop()
        wait_for_state(self.lab, self.r2, "active")
        self.r1.sigcont()

    def lose_all_of(self, name: str) -> None:
        """What the router says reaches nobody; it hears all."""
        self.lab.loss(name).lose_advertisements(1 << 30)

    def flap(self) -> None:
        router = self.lab.router("r1")
        router.cut()
        self.lab.eventually(lambda: self.r1.state() == "initialize", "r1 has noticed")
        router.mend()


@dataclass(frozen=True)
class Fault:
    """what: whose history has it, in which records, each with these fields, and what `explain --at` says."""

    begin: Callable[[Recorded], object]
    router: str
    records: tuple[Mapping[str, object], ...]
    words: str


def moved(state: str, cause: str) -> Mapping[str, object]:
    return {"event": "transition", "state": state, "cause": cause}


def refused(counter: str) -> tuple[Mapping[str, object], ...]:
    return ({"event": "advertisements-refused", "counter": counter},)


SILENCE = (moved("active", "master-timeout"),)
GONE = "is no longer heard"
FAULTS = {
    "peer-killed": Fault(lambda lab: lab.r1.kill_family(), "r2", SILENCE, GONE),
    "cut-one-way": Fault(lambda lab: lab.lose_all_of("r1"), "r1", ({"event": "rival-active"},), "it does not hear this router"),
    "cut-both": Fault(lambda lab: lab.lab.router("r1").partition(), "r2", SILENCE, GONE),
    "junk-flood": Fault(lambda lab: lab.inject(type=2), "r2", refused("invalid-type-pkts-rcvd"), "VRRP type is not 1"),
    "queue-overflow": Fault(
        lambda lab: lab.r1.router.namespace.run("tc", "qdisc", "replace", "dev", "eth0", "root", "pfifo", "limit", "0"),
        "r1", ({"event": "sending-fails"},), "sending fails: No buffer space available",
    ),
    "peer-stopped": Fault(lambda lab: lab.stop_and_go_on(lab.r1.sigstop_family), "r2", SILENCE, GONE),
    "own-controller-stopped": Fault(
        lambda lab: lab.stop_and_go_on(lab.r1.sigstop), "r1", (moved("backup", "fenced"),), "was delayed, or unable to send"
    ),
    "vrid-with-another-priority": Fault(
        lambda lab: lab.inject(priority=150, addresses=("192.0.2.99",)),
        "r1", ({"event": "rival-active"}, {"event": "address-list-differs"}), "advertises priority 150 while this router is Active",
    ),
    "another-interval": Fault(
        lambda lab: lab.restart_with(lab.r2, **{"advertise-interval": "300ms"}),
        "r2", ({"event": "interval-differs"},), "advertises an interval of 100ms, but 300ms is configured here",
    ),
    "wrong-ttl": Fault(lambda lab: lab.inject(ttl=254), "r2", refused("ip-ttl-errors"), "TTL or hop limit is not 255"),
    "wrong-checksum": Fault(
        lambda lab: lab.inject(checksum=ChecksumForm.WRONG), "r2", refused("checksum-errors"), "checksum is wrong"
    ),
    "another-version": Fault(lambda lab: lab.inject(version=2), "r2", refused("version-errors"), "VRRP version is unknown"),
    "tracker-down": Fault(
        lambda lab: lab.lab.router("r1").cut("eth1"),
        "r1", ({"event": "tracker", "tracker": "uplink", "tracker-state": "down"}, moved("initialize", "faulted")),
        "tracker uplink is down",
    ),
    "link-flap": Fault(
        lambda lab: lab.flap(),
        "r1", ({"event": "link", "link": "down"}, {"event": "link", "link": "up"}, moved("initialize", "interface-down")),
        "is down, or has lost its carrier",
    ),
    "reload": Fault(
        lambda lab: lab.restart_with(lab.r1, priority=50),
        "r1", ({"event": "reload", "outcome": "done"}, moved("backup", "higher-priority-master")), "reloaded; changed: eth0",
    ),
    "forged-better-router": Fault(
        lambda lab: lab.inject(), "r1", (moved("backup", "higher-priority-master"),), "advertises priority 254",
    ),
}  # fmt: skip
USUAL = ("own-controller-stopped", "wrong-checksum", "tracker-down")


@pytest.fixture
def recorded(lab: Lab) -> Iterator[Recorded]:
    made = Recorded(lab)
    with made.stack:
        yield made


@pytest.mark.parametrize("name", FAULTS if ALL else USUAL)
def test_TheCause_IsNamed(recorded: Recorded, name: str) -> None:
    fault = FAULTS[name]
    router = recorded.r1 if fault.router == "r1" else recorded.r2
    fault.begin(recorded)

    def is_told() -> bool:
        told = recorded.since(router)
        return all(any(wanted.items() <= each.items() for each in told) for wanted in fault.records)

    recorded.lab.eventually(is_told, f"{fault.records} are in the history of {router.name}")
    explained = recorded.ask(router, "explain", "10", "eth0", "--at", "0s")
    assert fault.words in explained, explained


if ALL:

    @pytest.mark.timeout(QUIET_S + 120)
    def test_InTenQuietMinutes_NoCauseIsNamed(lab: Lab) -> None:
        recorded = Recorded(lab, interval_ms=1000)
        time.sleep(QUIET_S)
        for router in (recorded.r1, recorded.r2):
            assert recorded.since(router) == []
            assert "Nothing else was written down around that time" in recorded.ask(router, "explain", "10", "--at", "0s")
