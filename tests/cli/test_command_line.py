# SPDX-License-Identifier: BSD-2-Clause
"""What vrrp-xdp says of its command line and of files: exit codes, help, and every mistake with its place."""

import json
import os
import subprocess
from pathlib import Path

import pytest
from conftest import Run
from vrrp_lab.peers.vrrp_xdp import binary

VALID = """interfaces:
  eth0:
    virtual-routers:
      - vrid: 10
        advertise-interval: 100ms
        virtual-addresses: [192.0.2.254]
"""
MISTAKEN = """interfaces:
  eth0:
    virtual-routers:
      - vrid: 300
        priorty: 200
        virtual-addresses: [192.0.2.254]
"""
KEEPALIVED = """global_defs {
    router_id here
    vrrp_version 3
}
vrrp_instance gateway {
    interface eth0
    virtual_router_id 10
    priority 200
    advert_int 0.1
    virtual_ipaddress {
        192.0.2.254
    }
}
"""
COMMANDS = (
    "advise", "attach", "capture", "check", "detach", "diff", "drain", "events", "explain", "history", "import", "probe", "reload",
    "stats", "status", "switch-over", "undrain", "watch",
)
DONE, FAILED, WRONG_USAGE, BAD_CONFIGURATION = range(4)
LEFT_OUT = 5


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Of a valid configuration."""
    path = tmp_path / "lab.yaml"
    path.write_text(VALID)
    return path


def test_Version_AndHelp_AreDone(run: Run) -> None:
    version = run("--version")
    assert (version.returncode, version.stdout.split()[0]) == (DONE, "vrrp-xdp")
    for command in ((), *((name,) for name in COMMANDS)):
        help_ = run(*command, "--help")
        assert help_.returncode == DONE and "Exit codes:" in help_.stdout and "Examples:" in help_.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        [], ["atach"], ["attach"], ["detach"], ["check"], ["check", "x", "--system"], ["check", "--against", "x"], ["check", "x", "--json"],
        ["check", "x", "-i", "router1"], ["status", "--xml"], ["status", "--yang"],
        ["attach", "-c", "x", "--mode", "fast"], ["explain", "256"], ["import"], ["diff"], ["reload", "--json"],
        ["drain", "--for", "5"], ["drain", "--for", "-1h"], ["undrain", "--force"],
        ["history", "--since"], ["advise", "256"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_WrongUsage_IsSaidAndIsExitCode2(run: Run, arguments: list[str]) -> None:
    done = run(*arguments)
    assert done.returncode == WRONG_USAGE
    assert "--help" in done.stderr and not done.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["eth0", "gateway"], "gateway is neither an IPv4 nor an IPv6 address"),
        (["eth0", "192.0.2.254", "--ping", "fe80::1"], "not an address of the gateway's family"),
        (["eth0", "192.0.2.254", "--rate", "0"], "--rate"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_Probe_ExplainsWhatItCannotAskFor(run: Run, arguments: list[str], words: str) -> None:
    done = run("probe", *arguments)
    assert done.returncode == WRONG_USAGE and words in done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["256"], "VRID 256 is not between 1 and 255"),
        (["eth0", "eth1"], "'eth1' is not a VRID"),
        (["--since", "yesterday"], "--since: 'yesterday' is not a time"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_History_ExplainsWhatItDoesNotUnderstand(run: Run, arguments: list[str], words: str) -> None:
    done = run("history", *arguments)
    assert done.returncode == WRONG_USAGE and words in done.stderr


def test_ExplainAt_ExplainsWhatItDoesNotUnderstand(run: Run, tmp_path: Path) -> None:
    done = run("explain", "10", "--at", "yesterday")
    assert done.returncode == WRONG_USAGE and "--at: 'yesterday' is not a time" in done.stderr
    done = run("explain", "10", "--at", "5m", "--state-directory", tmp_path)
    assert done.returncode == FAILED and f"there is no history in {tmp_path}" in done.stderr


def test_History_SaysWhereThereIsNone(run: Run, tmp_path: Path) -> None:
    done = run("history", "--state-directory", tmp_path)
    assert done.returncode == FAILED and not done.stdout
    assert f"there is no history in {tmp_path}" in done.stderr and "HINT: " in done.stderr


def test_Check_ShowsWhatAFileMeans(run: Run, file: Path) -> None:
    done = run("check", file)
    assert done.returncode == DONE
    for word in ("eth0", "00:00:5e:00:01:0a", "192.0.2.254", "100ms", "is valid"):
        assert word in done.stdout


def test_Check_ListsWhatIsNotTheDefault_InTheLastColumn(run: Run, file: Path) -> None:
    head, plain = run("check", file).stdout.splitlines()[:2]
    assert head.split()[-1] == "OPTIONS" and plain.split()[-1] == "192.0.2.254"
    file.write_text(VALID.replace("100ms", "5ms\n        sub-centisecond: true"))
    line = run("check", file).stdout.splitlines()[1]
    assert line[head.index("OPTIONS") :] == "sub-centisecond"


def test_Check_ShowsTracksAndHooks(run: Run, file: Path) -> None:
    router = {
        "vrid": 10,
        "virtual-addresses": ["192.0.2.254"],
        "track": {"uplink": -50, "w": "value"},
        "hooks": [{"command": ["/bin/false"]}],
    }
    trackers = {"uplink": {"interface": "eth1"}, "w": {"file": "/w"}}
    everything = {"trackers": trackers, "hooks": [{"command": ["/bin/true"]}], "interfaces": {"eth0": {"virtual-routers": [router]}}}
    file.write_text(json.dumps(everything))
    done = run("check", file)
    assert all(each in done.stdout for each in ("track uplink: -50", "track w: value", "hooks: 2"))


def test_CheckAgainst_SaysWhoIsActive_WhereTwoFilesAgree(run: Run, file: Path) -> None:
    other = file.with_name("other.yaml")
    other.write_text(VALID.replace("100ms", "100ms\n        priority: 200"))
    done = run("check", file, "--against", other)
    assert (done.returncode, done.stderr) == (DONE, "")
    assert f"Active is {other} (priority 200), Backup is {file} (priority 100)" in done.stdout
    assert done.stdout.endswith(f"{file} and {other} agree on 1 Virtual Router\n")


def test_CheckAgainst_TellsWhatAKeepalivedConfSaysOtherwise(run: Run, file: Path) -> None:
    other = file.with_name("other")
    other.write_text(KEEPALIVED.replace("192.0.2.254", "192.0.2.1").replace("interface eth0", "interface eth0\n use_vmac\n no_accept"))
    done = run("check", file, "--against", other)
    assert done.returncode == BAD_CONFIGURATION
    assert done.stderr.splitlines() == [
        "mistake: eth0 vrid 10 IPv4: the addresses differ: a router discards an advertisement with other addresses than its own, "
        "so both would be Active",
        f"  {file}:6:29: only here: 192.0.2.254",
        f"  {other}:13:9: only here: 192.0.2.1",
        f"1 mistake in what {file} and {other} say together",
    ]
    told = json.loads(run("check", file, "--against", other, "--json").stdout)
    assert [finding["key"] for finding in told["findings"]] == ["virtual-addresses"]
    assert told["findings"][0]["said"][1]["line"] == 13


def test_CheckAgainst_TellsTheMistakesOfBothFiles(run: Run, file: Path) -> None:
    file.write_text(MISTAKEN)
    missing = file.with_name("missing.conf")
    done = run("check", file, "--against", missing)
    assert done.returncode == BAD_CONFIGURATION
    assert f"2 mistakes in {file}; nothing was changed" in done.stderr and f"1 mistake in {missing}" in done.stderr


@pytest.mark.parametrize("command", [("check",), ("attach", "--config")], ids=" ".join)
def test_Mistakes_AreAllToldWithTheirPlace(run: Run, file: Path, command: tuple[str, ...]) -> None:
    file.write_text(MISTAKEN)
    done = run(*command, file)
    assert done.returncode == BAD_CONFIGURATION
    first, second, last = done.stderr.splitlines()
    assert first.startswith(f"{file}:4:15: vrid must be a number from 1 to 255")
    assert second.startswith(f"{file}:5:9: ") and "priority" in second
    assert "2 mistakes" in last and "nothing was changed" in last
    missing = run(*command, "/nowhere.yaml")
    assert missing.returncode == BAD_CONFIGURATION
    assert "/nowhere.yaml: the file cannot be read: No such file or directory" in missing.stderr


def test_Import_MakesAConfigurationThatIsValid_AndNamesWhatItLeavesOut(run: Run, tmp_path: Path) -> None:
    theirs, made = tmp_path / "keepalived.conf", tmp_path / "vrrp-xdp.yaml"
    theirs.write_text(KEEPALIVED)
    done = run("import", theirs, "-o", made)
    assert done.returncode == DONE and not done.stdout
    lines = done.stderr.splitlines()
    assert lines[-1] == "1 of 1 instances carried over"
    assert lines[-2] == f'nothing is lost without "router_id" ({theirs}:2)'
    assert run("import", theirs).stdout == made.read_text()
    checked = run("check", made)
    assert checked.returncode == DONE and "192.0.2.254" in checked.stdout

    again = run("import", theirs, "-o", made)
    assert again.returncode == FAILED and "already exists" in again.stderr and "HINT: " in again.stderr


def test_Import_OfAFileWithMistakes_WritesNothing(run: Run, tmp_path: Path) -> None:
    theirs, made = tmp_path / "keepalived.conf", tmp_path / "vrrp-xdp.yaml"
    theirs.write_text(KEEPALIVED.rstrip("}\n"))
    done = run("import", theirs, "-o", made)
    assert done.returncode == BAD_CONFIGURATION
    assert f"{theirs} cannot be imported; nothing was written" in done.stderr
    assert not made.exists()


def test_Import_ThatLeavesInstancesOut_SaysSoInTheEnd_AndHasAnotherExitCode(run: Run, tmp_path: Path) -> None:
    theirs = tmp_path / "keepalived.conf"
    theirs.write_text(KEEPALIVED + "vrrp_instance LAN {\n interface eth1\n virtual_router_id 1\n}\n")
    done = run("import", theirs)
    assert done.returncode == LEFT_OUT
    assert done.stderr.splitlines()[-1] == "1 of 2 instances carried over; not carried over: LAN (no address)"


def test_Import_Strict_RefusesWhatAPairDoesNotAgreeOn(run: Run, tmp_path: Path) -> None:
    theirs, made = tmp_path / "keepalived.conf", tmp_path / "vrrp-xdp.yaml"
    theirs.write_text(KEEPALIVED.replace("192.0.2.254", "192.0.2.254\n198.51.100.1 dev eth1\n"))
    done = run("import", "--strict", theirs, "-o", made)
    assert done.returncode == BAD_CONFIGURATION and not made.exists()
    assert "198.51.100.1 on" in done.stderr.splitlines()[0] and "nothing was written" in done.stderr
    assert run("import", theirs, "-o", made).returncode == DONE


def test_Import_ReadsStandardInput_AndWaitsForNoFifo(tmp_path: Path) -> None:
    command = [str(binary()), "import", "-"]
    done = subprocess.run(command, input=KEEPALIVED, capture_output=True, text=True, timeout=30, check=True)
    assert "192.0.2.254" in done.stdout
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    refused = subprocess.run([binary(), "import", str(fifo)], capture_output=True, text=True, timeout=30, check=False)
    assert refused.returncode == BAD_CONFIGURATION and "it is not a regular file: `vrrp-xdp import -` reads" in refused.stderr
