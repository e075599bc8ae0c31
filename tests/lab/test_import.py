# SPDX-License-Identifier: BSD-2-Clause
"""A keepalived.conf, run by keepalived and by vrrp-xdp after `vrrp-xdp import`, in every mixture of the two: the same router is
Active, and hosts get the same answers."""

import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from observations import advertisement_of, is_by_router, wait_for_sole_active
from vrrp_lab import IPV4, Capture, Keepalived, Lab, Router, VirtualRouter, VrrpXdp
from vrrp_lab.peers.vrrp_xdp import invoke

# Who runs in r1, which has the higher priority, and in r2.
_THEIRS, _IMPORTED = "keepalived", "imported"
mixtures = pytest.mark.parametrize(
    "mixture",
    [(_THEIRS, _THEIRS), (_IMPORTED, _THEIRS), (_THEIRS, _IMPORTED), (_IMPORTED, _IMPORTED)],
    ids="-".join,
)

_GATEWAY = IPV4.gateway


def _import(lab: Lab, theirs: Keepalived) -> VrrpXdp:
    """What keepalived would run, imported by the program itself."""
    directory = lab.directory / theirs.router.name
    directory.mkdir()
    (directory / "keepalived.conf").write_text(theirs.config())
    made = directory / "vrrp-xdp.yaml"
    for arguments in (["import", str(directory / "keepalived.conf"), "-o", str(made)], ["check", str(made)]):
        command = invoke(theirs.router.namespace, *arguments)
        assert command.returncode == 0, command.stderr
    return VrrpXdp(theirs.router, config=made.read_text(), mode="native")


class Pair:
    """r1 and r2, each with a keepalived.conf of its own, and a host that asks for its gateway all the time."""

    def __init__(self, lab: Lab, capture: Capture, mixture: Sequence[str], *, preempt: bool = True, interval_ms: int = 100) -> None:
        self.lab = lab
        self.capture = capture
        self.daemons: dict[str, Keepalived | VrrpXdp] = {}
        for name, kind, priority in zip(("r1", "r2"), mixture, (200, 100), strict=True):
            virtual_router = VirtualRouter(priority=priority, preempt=preempt, interval_ms=interval_ms)
            theirs = Keepalived(lab.router(name), virtual_router)
            daemon: Keepalived | VrrpXdp = theirs if kind == _THEIRS else _import(lab, theirs)
            self.daemons[name] = lab.start(daemon)
            if name == "r1":
                capture.wait_for(advertisement_of("r1"), "r1 is Active", count=4)
        self.expect_active("r1")

    def expect_active(self, name: str, *, since_ns: int = 0) -> None:
        """The router alone is Active, and what the host sends to the virtual address itself is answered."""
        wait_for_sole_active(self.lab, self.capture, name, since_ns=since_ns)
        self.lab.eventually(lambda: self._pings(), f"{_GATEWAY} answers while {name} is Active")

    def expect_claim_of(self, name: str, since_ns: int) -> None:
        """The router tells all hosts at once where the gateway's address is: by gratuitous ARP."""
        claims = self.capture.frames(
            lambda f: is_by_router(f) and f.told and not f.told.is_answer and f.told.address == _GATEWAY, since_ns=since_ns
        )
        assert claims and claims[0].sent_by == name

    def _pings(self) -> bool:
        return " 1 received" in self.lab.host().namespace.run("ping", "-c", "1", "-W", "1", _GATEWAY, check=False)


@pytest.fixture
def scene(make_lab) -> Iterator[tuple[Lab, Capture]]:  # type: ignore[no-untyped-def]
    lab = make_lab(xdp_peer=True)
    with lab.capture() as capture, lab.prober():
        yield lab, capture


@mixtures
def test_LinkLoss_MovesTheAddress_AndItsEndBringsItBack(scene: tuple[Lab, Capture], mixture: Sequence[str]) -> None:
    pair = Pair(*scene, mixture)
    r1 = pair.lab.router("r1")
    cut_ns = time.time_ns()
    r1.cut()
    pair.expect_active("r2", since_ns=cut_ns)
    pair.expect_claim_of("r2", cut_ns)
    mended_ns = time.time_ns()
    r1.mend()
    pair.expect_active("r1", since_ns=mended_ns)


@mixtures
def test_WithoutPreemption_TheAddressStays_WhereAStopMovedIt(scene: tuple[Lab, Capture], mixture: Sequence[str]) -> None:
    # keepalived that starts on a busy machine takes over from a router that it could hear.
    pair = Pair(*scene, mixture, preempt=False, interval_ms=500)
    stopped_ns = time.time_ns()
    pair.daemons["r1"].stop()
    pair.capture.wait_for(advertisement_of("r1", priority=0), "farewell of r1", since_ns=stopped_ns)
    pair.expect_active("r2", since_ns=stopped_ns)
    pair.daemons["r1"].start(pair.lab.directory)
    # Longer than r1 waits for r2.
    time.sleep(2.5)
    pair.expect_active("r2", since_ns=time.time_ns())
    assert not pair.capture.frames(
        lambda f: f.sent_by == "r1" and f.vrrp and f.vrrp.priority > 0 and f.time_ns > stopped_ns + 1e9
    )


class _WithScripts(Keepalived):
    """keepalived that tracks whether a file is there, and tells a script of its states."""

    def __init__(self, router: Router, virtual_router: VirtualRouter, directory: Path) -> None:
        self.alive = directory / f"{router.name}.alive"
        self.told = directory / f"{router.name}.told"
        self.alive.touch()
        script = directory / f"{router.name}.sh"
        script.write_text(f'#!/bin/sh\necho "$@" >> {self.told}\n')
        script.chmod(0o755)
        super().__init__(
            router, virtual_router, extra=[f'notify "{script} \'by name\'"', "track_script {", "    alive", "}"]
        )

    def config(self) -> str:
        script = f'vrrp_script alive {{\n    script "/usr/bin/test -e {self.alive}"\n    weight -150\n}}\n'
        return "global_defs {\n    script_user root\n}\n" + script + super().config()


@pytest.mark.parametrize("kind", [_THEIRS, _IMPORTED])
def test_ScriptThatFails_MovesTheAddress_AndNotifyIsToldTheSame(scene: tuple[Lab, Capture], kind: str) -> None:
    lab, capture = scene
    theirs = _WithScripts(lab.router("r1"), VirtualRouter(priority=200), lab.directory)
    daemon: Keepalived | VrrpXdp = theirs if kind == _THEIRS else _import(lab, theirs)
    lab.start(daemon)
    capture.wait_for(advertisement_of("r1", priority=200), "r1 is Active, with its priority", count=4)
    lab.start(Keepalived(lab.router("r2"), VirtualRouter(priority=100)))
    wait_for_sole_active(lab, capture, "r1")

    theirs.alive.unlink()
    capture.wait_for(advertisement_of("r2"), "r2 is better than r1 without its file", count=4)
    daemon.stop()

    def told() -> list[str]:
        return theirs.told.read_text().splitlines() if theirs.told.exists() else []

    lab.eventually(lambda: told() and "STOP" in told()[-1], f"the script of {daemon.name} learns of its end")
    words = [line.split() for line in told()]
    assert [line[:4] for line in words] == [["by", "name", "INSTANCE", "eth0-vr10-ipv4"]] * len(words)
    assert [line[4] for line in words] == ["BACKUP", "MASTER", "BACKUP", "STOP"]
    assert words[1][5] == "200"
    assert words[2][5] == "50"
