# SPDX-License-Identifier: BSD-2-Clause
"""What `vrrp-xdp history` tells afterwards, whatever has become of the instance."""

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from observations import wait_for_state
from vrrp_lab import Lab, VirtualRouter, VrrpXdp
from vrrp_lab.commands import run
from vrrp_lab.peers.vrrp_xdp import invoke

DONE, FAILED = 0, 1
SLOT_BYTES = 1024


def start(lab: Lab, name: str, priority: int, directory: Path | None = None) -> VrrpXdp:
    options = [] if directory is None else ["--state-directory", str(directory)]
    return lab.start(VrrpXdp(lab.router(name), VirtualRouter(priority=priority), options=options))


def history(router: VrrpXdp, directory: Path, *arguments: str) -> list[Any]:
    """What `history --json` says."""
    said = router.run("history", "--json", "--state-directory", str(directory), *arguments)
    return [json.loads(line) for line in said.splitlines()]


def has(records: list[Any], **fields: Any) -> bool:
    return any(fields.items() <= each.items() for each in records)


def test_History_IsWhole_AcrossAKillATornRecordAndARestart(lab: Lab) -> None:
    directory = lab.directory / "state"
    r1 = start(lab, "r1", 200)
    wait_for_state(lab, r1, "active")
    r2 = start(lab, "r2", 100, directory)
    wait_for_state(lab, r2, "backup")
    lab.eventually(lambda: r2.virtual_router().get("last-adv-priority") == 200, "r2 hears r1")
    r1.kill_family()
    wait_for_state(lab, r2, "active")
    takeover = {"event": "transition", "state": "active", "cause": "master-timeout", "vrid": 10, "interface": "eth0"}
    lab.eventually(lambda: has(history(r2, directory), **takeover), "the takeover is written down")
    found = next(each for each in history(r2, directory, "eth0", "10") if takeover.items() <= each.items())
    assert found["heard"] == {"address": r1.router.address, "priority": 200} and found["takeover-lateness-ms"] >= 0
    assert f"{r1.router.address} is no longer heard" in found["message"]

    killed = r2.process.pid
    r2.kill_family()
    before = history(r2, directory)
    assert has(before, **takeover)
    with (directory / "history").open("r+b") as file:
        file.seek((len(before) + 1) * SLOT_BYTES + 100)
        file.write(b"\0\0\0\0")
    told = invoke(r2.router.namespace, "history", "--state-directory", str(directory))
    assert told.returncode == DONE and len(told.stdout.splitlines()) == len(before) - 1
    assert "1 record is damaged and left out" in told.stderr

    r2.start(lab.directory)
    wait_for_state(lab, r2, "active")
    lab.eventually(lambda: has(history(r2, directory), event="instance-lost", **{"lost-pid": killed}), "its death is told")
    assert history(r2, directory)[: len(before) - 1] == before[:-1]
    r2.stop()
    assert [each["event"] for each in history(r2, directory)][-1] == "instance-ended"
    assert not history(r2, directory, "eth1")[0].get("interface")


def test_LinksAddressesReloadsAndJunk_AreWrittenDown(lab: Lab) -> None:
    directory = lab.directory / "state"
    r1 = start(lab, "r1", 100, directory)
    wait_for_state(lab, r1, "active")

    def wait_for(**fields: Any) -> None:
        lab.eventually(lambda: has(history(r1, directory), **fields), f"{fields} is written down")

    begun_ns = time.time_ns()
    r1.router.namespace.ip("address add 192.0.2.77/24 dev eth0")
    wait_for(event="address", address="192.0.2.77", change="added", interface="eth0")
    r1.router.cut()
    wait_for(event="link", link="down")
    wait_for(event="transition", state="initialize", cause="interface-down")
    r1.router.mend()
    wait_for(event="link", link="up")
    r1.write(VrrpXdp(r1.router, VirtualRouter(priority=150)).config)
    r1.run("reload")
    wait_for(event="reload", outcome="done")
    r1.write("interfaces: [")
    r1.run("reload", check=False)
    wait_for(event="reload", outcome="mistakes", level="error")
    # The virtual address came and went with the role, which is not a change of the host's.
    assert not has(history(r1, directory), event="address", address=r1.virtual_router()["virtual-addresses"][0])
    since = f"{max(1, (time.time_ns() - begun_ns) // 10**9 + 1)}s"
    assert history(r1, directory, "--since", since) and not history(r1, directory, "--since", "0s")


@contextmanager
def small_file_system(directory: Path) -> Iterator[None]:
    """Mount one that holds 64 KiB there."""
    directory.mkdir()
    run(["mount", "-t", "tmpfs", "-o", "size=64k", "none", str(directory)])
    try:
        yield
    finally:
        run(["umount", str(directory)])


def test_FullAndReadOnlyDisks_KeepNobodyFromServing(lab: Lab) -> None:
    directory = lab.directory / "disk"
    with small_file_system(directory):
        r1 = start(lab, "r1", 200, directory)
        wait_for_state(lab, r1, "active")
        assert f"no history is kept: making {directory}/history: No space left on device" in r1.log()
        assert os.listdir(directory) == []
        run(["mount", "-o", "remount,ro", str(directory)])
        r2 = start(lab, "r2", 100, directory)
        wait_for_state(lab, r2, "backup")
        assert f"no history is kept: making {directory}/history: Read-only file system" in r2.log()
    said = invoke(r1.router.namespace, "history", "--state-directory", str(directory))
    assert said.returncode == FAILED and "HINT: 'vrrp-xdp attach --state-directory DIR' keeps one" in said.stderr
