# SPDX-License-Identifier: BSD-2-Clause
"""Short runs of the benchmarks, and the page that is made of them. No figure is judged here."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from vrrp_bench import page
from vrrp_lab.peers.vrrp_xdp import binary

REPOSITORY = Path(__file__).resolve().parents[2]


def run_bench(module: str, options: Sequence[str]) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY / "scripts"), "VRRP_XDP_BIN": str(binary())}
    command = [sys.executable, "-m", f"vrrp_bench.{module}", *options]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=80, check=False, cwd=REPOSITORY)


def test_ShortRuns_MakeThePage_WithItsPictures(tmp_path: Path) -> None:
    figures = tmp_path / "benchmarks"
    for module, options in (
        ("failover", ["--daemons", "vrrp-xdp", "--faults", "stop", "--rate", "500", "--rounds", "1", "--blocks", "1", "--interval", "50"]),
        ("datapath", ["--virtual-routers", "1,2", "--repeats", "100", "--samples", "2", "--seconds", "0.1", "--rounds", "1"]),
        ("scale", ["--daemons", "vrrp-xdp", "--sizes", "2x2", "--interval", "50", "--rounds", "1"]),
    ):
        ran = run_bench(module, [*options, "--json", str(figures / f"{module}.json")])
        assert ran.returncode == 0, ran.stderr
    cells = {name: json.loads((figures / f"{name}.json").read_text())["cells"] for name in ("failover", "datapath", "scale")}
    assert cells["failover"][0]["fails"]["lost"]["max"] < 500, "r2 forwards in the end"
    verdicts = {cell["path"]: cell["verdict"] for cell in cells["datapath"] if "path" in cell}
    assert verdicts == {
        **dict.fromkeys(("ordinary", "forwarded", "clock", "lookup"), "pass"),
        **dict.fromkeys(("arp", "solicitation"), "tx"),
        **dict.fromkeys(("steady", "junk"), "drop"),
    }
    answered = {cell["responder"]: cell["answered"]["min"] for cell in cells["datapath"] if "responder" in cell}
    assert answered["vrrp-xdp"] > 0 and answered["kernel"] > 0
    assert [cell["virtual_routers"] for cell in cells["scale"]] == [4]
    assert all(cell["missed"] == 0 for cell in cells["scale"])

    page.write(tmp_path / "benchmarks.md")
    text = (tmp_path / "benchmarks.md").read_text()
    for picture in ("failover-stop.svg", "datapath.svg"):
        assert f"(benchmarks/{picture})" in text and (figures / picture).read_text().count("<path") > 1
    assert "| clean stop | vrrp-xdp |" in text


@pytest.mark.timeout(240)
def test_ShortRun_WritesAndPrintsFigures(tmp_path: Path) -> None:
    file = tmp_path / "figures.json"
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY / "scripts"), "VRRP_XDP_BIN": str(binary())}
    command = [sys.executable, "-m", "vrrp_bench.takeover"]
    options = ["--virtual-routers", "2", "--intervals", "20", "--loads", "idle", "--rounds", "2", "--blocks", "1"]
    options += ["--daemons", "vrrp-xdp,frr"]
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
