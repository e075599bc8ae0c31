# SPDX-License-Identifier: BSD-2-Clause
"""The takeover benchmark: what it makes of recordings, and a short run of it. No figure is judged here."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from vrrp_bench.records import Election, Kind, Record, failover, false_takeovers, quantile
from vrrp_lab.peers.vrrp_xdp import binary

MS = 1_000_000
R1, R2 = 0, 1
FIRST = Election(1, 4, "198.18.1.1")
SECOND = Election(2, 6, "fe80::5:2")
REPOSITORY = Path(__file__).resolve().parents[2]


def word(at_ms: float, port: int, election: Election = FIRST, priority: int = 100) -> Record:
    return Record(int(at_ms * MS), port, Kind.ADVERTISEMENT, election.vrid, priority, election.version, "192.0.2.1")


def told(at_ms: float, port: int, kind: Kind, election: Election = FIRST) -> Record:
    return Record(int(at_ms * MS), port, kind, 0, 0, election.version, election.address)


def measured(*records: Record, elections: tuple[Election, ...] = (FIRST,)):
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


@pytest.mark.timeout(240)
def test_ShortRun_WritesAndPrintsFigures(tmp_path: Path) -> None:
    file = tmp_path / "figures.json"
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY / "scripts"), "VRRP_XDP_BIN": str(binary())}
    command = [sys.executable, "-m", "vrrp_bench.takeover"]
    options = ["--virtual-routers", "2", "--intervals", "20", "--loads", "idle", "--rounds", "2", "--blocks", "1", "--daemons", "vrrp-xdp,frr"]
    ran = subprocess.run(
        [*command, *options, "--json", str(file)], env=environment, capture_output=True, text=True, timeout=200, check=False
    )
    assert ran.returncode == 0, ran.stderr
    figures = json.loads(file.read_text())
    assert [cell["daemon"] for cell in figures["cells"]] == ["vrrp-xdp", "frr"]
    for cell in figures["cells"]:
        seen = cell["lateness_ns"].get("advertisement", {"count": 0})["count"]
        assert seen + cell["disputed"] + cell["never"] == 2 * cell["rounds"]
        assert cell["active"]["memory_bytes"] > 0 and cell["active"]["cpu"] > 0
        assert cell["lost_records"] == 0
    ours = figures["cells"][0]
    assert ours["lateness_ns"]["advertisement"]["count"] > 0
    assert ours["lateness_ns"]["announcement"]["count"] > 0

    shown = subprocess.run([*command, "--report", str(file)], env=environment, capture_output=True, text=True, check=True)
    assert shown.stdout == ran.stdout
    assert "2  " in ran.stdout and "frr" in ran.stdout


def test_NonsenseOptions_AreExplained() -> None:
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY / "scripts"), "VRRP_XDP_BIN": str(binary())}
    for options in (["--virtual-routers", "511"], ["--loads", "moon"], ["--intervals", "0"]):
        ran = subprocess.run(
            [sys.executable, "-m", "vrrp_bench.takeover", *options], env=environment, capture_output=True, text=True, check=False
        )
        assert ran.returncode == 2 and "error:" in ran.stderr
