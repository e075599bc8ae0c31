# SPDX-License-Identifier: BSD-2-Clause
"""The manual pages are well-formed, and leave out nothing that the program knows."""

import re
from pathlib import Path

import pytest
from conftest import run

# What mandoc says of this machine's index of other pages, and not of ours.
_INDEX = ("mandoc.db", "referenced manual not found")


def page(installed: Path, name: str) -> str:
    return next((installed / "share" / "man").glob(f"man*/{name}")).read_text()


@pytest.mark.parametrize("name", ["vrrp-xdp.8", "vrrp-xdp.yaml.5"])
def test_APage_IsCleanToMandoc(installed: Path, tmp_path: Path, name: str) -> None:
    source = tmp_path / name
    source.write_text(page(installed, name))
    said = run(["mandoc", "-T", "lint", source], check=False).splitlines()
    assert not [line for line in said if not any(word in line for word in _INDEX)]


def test_ThePageOfCommands_HasEveryCommandAndOption(installed: Path, program: Path) -> None:
    text = page(installed, "vrrp-xdp.8").replace("\\-", "-").replace("\\&", "")
    commands = re.findall(r"^  ([a-z-]+)", run([program, "--help"]).partition("Subcommands:\n")[2].partition("\n\n")[0], re.MULTILINE)
    assert {"attach", "detach", "status", "check"} <= set(commands)
    for command in commands:
        assert f"\n.Ss {command}\n" in text
        options = set(re.findall(r"^  (?:-\w,)?(--[a-z-]+)", run([program, command, "--help"]), re.MULTILINE))
        section = text.partition(f"\n.Ss {command}\n")[2].partition("\n.S")[0]
        assert not [each for each in options - {"--help"} if each not in section], command


def test_ThePageOfTheConfiguration_HasEveryKey(installed: Path, program: Path, tmp_path: Path) -> None:
    file = tmp_path / "keys.yaml"
    file.write_text("no-key: 1\ninterfaces:\n  eth0:\n    no-key: 1\n    virtual-routers:\n      - {no-key: 1}\n")
    told = run([program, "check", file], check=False)
    keys = {key for listed in re.findall(r"\(allowed here: (.*?)\)", told) for key in listed.split(", ")}
    assert {"interfaces", "virtual-routers", "vrid", "virtual-addresses"} <= keys
    text = page(installed, "vrrp-xdp.yaml.5").replace("\\-", "-")
    assert not [key for key in keys if f"\\f[B]{key}\\f[R]" not in text]
