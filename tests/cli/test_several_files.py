# SPDX-License-Identifier: BSD-2-Clause
"""A configuration in several files: include, a directory, and defaults."""

from pathlib import Path

import pytest
from conftest import Run

DONE, FAILED, WRONG_USAGE, BAD_CONFIGURATION = range(4)


def interface(name: str, keys: str = "vrid: 10") -> str:
    return f"interfaces:\n  {name}:\n    virtual-routers:\n      - {{{keys}, virtual-addresses: [192.0.2.254]}}\n"


def columns(output: str) -> list[list[str]]:
    """Interface and interval of each line of the table."""
    lines = [line.split() for line in output.splitlines()[1:]]
    return [[words[0], words[5]] for words in lines if words[0].startswith("eth")]


def test_Include_ReadsFilesByPattern_WithTheDefaultsOfWhoIncludesThem(run: Run, tmp_path: Path) -> None:
    main = tmp_path / "main.yaml"
    main.write_text("defaults: {advertise-interval: 2s}\ninclude: conf.d/*.yaml\n")
    (tmp_path / "conf.d").mkdir()
    (tmp_path / "conf.d" / "b.yaml").write_text(interface("eth1"))
    (tmp_path / "conf.d" / "a.yaml").write_text("defaults: {advertise-interval: 3s}\n" + interface("eth0"))
    done = run("check", main)
    assert done.returncode == DONE, done.stderr
    assert columns(done.stdout) == [["eth0", "3s"], ["eth1", "2s"]]
    assert f"{main}:1:32: advertise-interval is the default of 1 Virtual Router\n" in done.stdout
    assert f"{tmp_path}/conf.d/a.yaml:1:32: advertise-interval is the default of 1 Virtual Router\n" in done.stdout


def test_Directory_ReadsItsFilesInOrder(run: Run, tmp_path: Path) -> None:
    (tmp_path / "2.yml").write_text(interface("eth1"))
    (tmp_path / "1.yaml").write_text("trackers: {up: {interface: eth9}}\n" + interface("eth0", "vrid: 1, track: {up: fault}"))
    (tmp_path / "README").write_text("not read")
    (tmp_path / ".hidden.yaml").write_text("not read")
    done = run("check", tmp_path)
    assert done.returncode == DONE, done.stderr
    assert [words[0] for words in columns(done.stdout)] == ["eth0", "eth1"]
    assert done.stdout.endswith(f"{tmp_path} is valid\n")


def test_Mistakes_AreToldWithTheirFile_AndTheSameNameTwiceWithBoth(run: Run, tmp_path: Path) -> None:
    first, second = tmp_path / "1.yaml", tmp_path / "2.yaml"
    first.write_text("trackers: {up: {interface: eth9}}\nstartup-delay: 1s\n" + interface("eth0", "vrid: 300"))
    second.write_text("trackers: {up: {interface: eth8}}\nstartup-delay: 2s\n" + interface("eth0"))
    done = run("check", tmp_path)
    assert done.returncode == BAD_CONFIGURATION
    assert done.stderr.splitlines() == [
        f'{first}:6:16: vrid must be a number from 1 to 255, not "300"',
        f'{second}:1:12: duplicate tracker "up"; first defined on line 1 of {first}',
        f'{second}:2:16: duplicate key "startup-delay"; first defined on line 2 of {first}',
        f'{second}:4:3: duplicate interface "eth0"; first defined on line 4 of {first}',
        f"4 mistakes in {tmp_path}; nothing was changed",
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("include: nothing.yaml\n", ":1:10: no file is called"),
        ("include: main.yaml\n", "the file is included twice"),
        ("include: []\n", "include must be a list of 1 to 64 paths, not an empty list"),
        ("include: [{}]\n", "path must be the path of a file, or a pattern such as conf.d/*.yaml"),
        ("defaults: {priority: 3}\n", "the file has no interfaces"),
        ("include: broken.yaml\n", "broken.yaml:1:1: not valid YAML"),
        ("include: defaults.yaml\n", "defaults.yaml:1:11: defaults are for the interfaces of this file"),
        ("include: trackers.yaml\n", "no file of it has the key interfaces"),
    ],
)
def test_Include_ExplainsWhatCannotBeRead(run: Run, tmp_path: Path, text: str, words: str) -> None:
    main = tmp_path / "main.yaml"
    main.write_text(text)
    (tmp_path / "broken.yaml").write_text("}\n")
    (tmp_path / "defaults.yaml").write_text("defaults: {priority: 3}\n")
    (tmp_path / "trackers.yaml").write_text("trackers: {up: {interface: eth9}}\n")
    done = run("check", main)
    assert done.returncode == BAD_CONFIGURATION and words in done.stderr


def test_Directory_WithoutFiles_IsAMistake(run: Run, tmp_path: Path) -> None:
    done = run("check", tmp_path)
    assert done.returncode == BAD_CONFIGURATION and "has no file whose name ends in .yaml" in done.stderr
