# SPDX-License-Identifier: BSD-2-Clause
"""What a reload would do is shown before it is done: reload --dry-run, and diff for another file."""

import json
from dataclasses import replace

from observations import wait_for_state
from vrrp_lab import Lab, VirtualRouter, VrrpXdp
from vrrp_lab.peers.vrrp_xdp import configuration, invoke

DONE, FAILED, _, BAD_CONFIGURATION, NOT_RUNNING = range(5)
LAN = VirtualRouter(priority=200, interval_ms=200)
ENDS = VirtualRouter(vrid=20, addresses=["192.0.2.240"], interval_ms=200)
BEGINS = VirtualRouter(vrid=30, addresses=["192.0.2.230"], interval_ms=200)
PRESENT = configuration({"eth0": [LAN, ENDS]})
WANTED = configuration({"eth0": [replace(LAN, interval_ms=500), BEGINS], "eth9": [BEGINS]})


def test_DryRun_TellsWhatAReloadWouldDo_AndChangesNothing(lab: Lab) -> None:
    router = lab.start(VrrpXdp(lab.router("r1"), config=PRESENT))
    wait_for_state(lab, router, "active")
    assert "is what runs; nothing would change" in router.run("reload", "--dry-run")
    router.write(WANTED)
    told = router.run("reload", "--dry-run").splitlines()
    assert told[:2] == [
        "eth0 vrid 10 IPv4: stays Active",
        "  advertise-interval: 200ms -> 500ms: Backup Routers learn it with the next advertisement",
    ]
    assert any(line.startswith("eth0 vrid 30 IPv4: begins as Backup") for line in told)
    assert "eth9 vrid 30 IPv4: begins when its interface comes: there is none of this name" in told
    assert any(line.startswith("eth0 vrid 20 IPv4: ends") for line in told)
    assert told[-1].endswith("2 Virtual Routers begin, 1 ends, 1 changes; nothing was changed yet")
    assert router.run("reload", "--dry-run").splitlines()[-1] == told[-1], "it was not applied"
    json_told = json.loads(router.run("reload", "--dry-run", "--json"))
    assert [change["fate"] for change in json_told["changes"]] == ["goes-on", "begins", "begins", "ends"]
    router.run("reload")
    assert "is what runs; nothing would change" in router.run("reload", "--dry-run", "eth0")


def test_DryRun_TellsMistakes_LikeTheReload(lab: Lab) -> None:
    router = lab.start(VrrpXdp(lab.router("r1"), config=PRESENT))
    router.write("interfaces: {eth0: {virtual-routers: [{vrid: 300}]}}")
    done = invoke(router.router.namespace, "reload", "--dry-run")
    assert done.returncode == BAD_CONFIGURATION and "vrid must be a number from 1 to 255" in done.stderr
    assert "not valid" not in router.log(), "nobody reloaded"


def test_Diff_ComparesAnotherFileWithWhatRuns(lab: Lab) -> None:
    router = lab.start(VrrpXdp(lab.router("r1"), config=PRESENT))
    wait_for_state(lab, router, "active")
    other = lab.directory / "other.yaml"
    other.write_text(json.dumps(WANTED))
    told = router.run("diff", str(other))
    assert told.startswith("eth0 vrid 10 IPv4: stays Active\n  advertise-interval: 200ms -> 500ms")
    assert f"{other}: 2 Virtual Routers begin, 1 ends, 1 changes; nothing was changed yet" in told
    other.write_text(json.dumps(PRESENT))
    assert router.run("diff", str(other), "eth0") == f"{other} is what runs; nothing would change\n"


def test_Diff_WithoutAnInstance_SaysSo(lab: Lab) -> None:
    namespace = lab.router("r1").namespace
    file = lab.directory / "file.yaml"
    file.write_text(json.dumps(PRESENT))
    assert invoke(namespace, "diff", str(file)).returncode == NOT_RUNNING
    assert invoke(namespace, "reload", "--dry-run").returncode == NOT_RUNNING
