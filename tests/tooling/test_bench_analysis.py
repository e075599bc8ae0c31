# SPDX-License-Identifier: BSD-2-Clause
"""What the benchmarks make of what they saw: losses, timelines, files, the page. No figure is judged here."""

import json
import os
import subprocess
import sys
from pathlib import Path

from vrrp_bench import results
from vrrp_bench.failover import of_phase, timeline
from vrrp_bench.forwarding import Arrival, Loss, Traffic, loss
from vrrp_bench.records import Kind, Record
from vrrp_bench.tables import aim, plain

MS = 1_000_000
REPOSITORY = Path(__file__).resolve().parents[2]


def arrivals(*numbers: int) -> list[Arrival]:
    """One packet a millisecond, each under way for half of one."""
    return [Arrival(number, number * MS, number * MS + MS // 2) for number in numbers]


def test_Loss_IsWhatNeverArrived_AndTheOutageLastsFromGoodToGood() -> None:
    assert loss(arrivals(0, 1, 2, 6, 7, 9), 10, 1000) == Loss(10, 4, 0, 4 * MS)
    assert loss(arrivals(*range(10)), 10, 1000) == Loss(10, 0, 0, 0)


def test_Loss_CountsWhatIsLostFromTheStart_AndWhatNeverComesBack() -> None:
    assert loss(arrivals(*range(20, 100)), 100, 1000) == Loss(100, 20, 0, 20 * MS)
    assert loss(arrivals(*range(20)), 100, 1000) == Loss(100, 80, 0, None)
    assert loss([], 100, 1000) == Loss(100, 100, 0, None)


def test_Loss_ForgivesWhatIsUnderWayAtTheEnd() -> None:
    assert loss(arrivals(*range(995)), 1000, 1000) == Loss(995, 0, 0, 0)


def test_Duplicates_AreNoArrivalsOfOthers() -> None:
    assert loss(arrivals(0, 1, 1, 3), 4, 1000) == Loss(4, 1, 1, 2 * MS)


def test_Phase_HasMedianAndWorst_AndSaysHowOftenNothingCameBack() -> None:
    phase = of_phase([Loss(10, 1, 0, 2 * MS), Loss(10, 3, 5, 4 * MS), Loss(10, 9, 0, None)])
    assert phase["lost"] == {"median": 3, "max": 9}
    assert phase["outage_ns"] == {"median": 2 * MS, "max": 4 * MS}
    assert (phase["duplicates"], phase["never"]) == (5, 1)


def test_Timeline_CountsArrivalsInBins_AndTheHeirsFirstWord() -> None:
    passed = Traffic(1000)
    passed.arrivals = arrivals(0, 1, 2, 3, 20)
    words = [Record(at * MS, 1, Kind.ADVERTISEMENT, 10, priority, 4, "") for at, priority in ((11, 0), (15, 100), (16, 100))]
    seen = timeline(passed, words, 10 * MS)
    assert sum(seen["arrived"]) == 5
    assert seen["arrived"][(20 - 10) * MS // seen["bin_ns"] - seen["from_ns"] // seen["bin_ns"]] == 1
    assert seen["takeover_ns"] == 5 * MS


def test_Figures_AreALineACell_AndAreReadBackAsTheyWere(tmp_path: Path) -> None:
    measured = {"bench": "x", "command": "scripts/bench-x", "cells": [{"a": 1}, {"a": [1, 2]}]}
    file = tmp_path / "deep" / "x.json"
    results.write(file, measured)
    assert json.loads(file.read_text()) == measured
    assert len([line for line in file.read_text().splitlines() if '"a"' in line]) == 2


def test_Aims_AreMetBelowTheirLimit_OrFromItOn() -> None:
    assert aim("x", 14.9, 15, "ns").startswith("met")
    assert "missed" in aim("x", 15, 15, "ns")
    assert aim("x", 5, 5, "times", least=True).startswith("met")
    assert "0.09 ms" in aim("x", 90_000, 100_000, "ms")


def test_Table_IsAsWideAsItsCells() -> None:
    assert plain([("n", lambda row: str(row["n"]))], [{"n": 1}, {"n": 100}]) == "n\n1\n100"


def test_Help_NeedsNoBuild_AndNonsenseIsExplained() -> None:
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY / "scripts"), "VRRP_XDP_BIN": "/nonexistent"}
    for module, options, code in (
        ("everything", ["--help"], 0),
        ("failover", ["--help"], 0),
        ("scale", ["--nonsense"], 2),
        ("takeover", ["--virtual-routers", "511"], 2),
        ("takeover", ["--loads", "moon"], 2),
        ("takeover", ["--intervals", "0"], 2),
    ):
        ran = subprocess.run(
            [sys.executable, "-m", f"vrrp_bench.{module}", *options], env=environment, capture_output=True, text=True, check=False
        )
        assert ran.returncode == code and (code == 0 or "error:" in ran.stderr), ran.stderr
