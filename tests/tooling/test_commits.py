# SPDX-License-Identifier: BSD-2-Clause
"""The lint of commit subjects, in repositories that are made for it."""

import importlib.util
import os
import subprocess
from pathlib import Path

import pytest

_FILE = Path(__file__).resolve().parents[1] / "lint" / "commits.py"
_SPEC = importlib.util.spec_from_file_location("commits", _FILE)
assert _SPEC is not None and _SPEC.loader is not None
commits = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(commits)

LATER = commits.SINCE + 100


def git(directory: Path, *arguments: str, written: int = LATER) -> None:
    when = f"{written} +0000"
    identity = {f"GIT_{who}_{what}": "tests@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    kept = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    environment = {**kept, **identity, "GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when, "GIT_CONFIG_GLOBAL": "/dev/null"}
    subprocess.run(["git", *arguments], cwd=directory, env=environment, check=True, capture_output=True)


def commit(directory: Path, subject: str, written: int = LATER) -> None:
    git(directory, "commit", "--quiet", "--allow-empty", "--message", subject, written=written)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    directory = tmp_path / "repository"
    directory.mkdir()
    git(directory, "init", "--quiet")
    return directory


@pytest.mark.parametrize(
    "subject",
    [
        "lab: wait for the carrier",
        "tests/lab: pass the MTU to both ends",
        "sim, elections: mend two faults",
        "check: address what RFC 9568 section 8.1.3 asks for",
        "build: VLANs need no module",
    ],
)
def test_AGoodSubject_IsAccepted(subject: str) -> None:
    assert not list(commits.mistakes_of(subject))


@pytest.mark.parametrize(
    ("subject", "said"),
    [
        ("Wait for the carrier", "does not begin with an area"),
        ("Lab: wait for the carrier", "does not begin with an area"),
        ("fixup! lab: wait for the carrier", "does not begin with an area"),
        ("lab: Wait for the carrier", '"Wait" begins with a capital letter'),
        ("lab: waits for the carrier", '"waits" is not an imperative'),
        ("lab: waited for the carrier", '"waited" is not an imperative'),
        ("lab: waiting for the carrier", '"waiting" is not an imperative'),
        ("lab: wait for the carrier.", "ends in a full stop"),
        ("lab: " + "x" * 68, "it has 73 characters, and 72 are allowed"),
    ],
)
def test_ABadSubject_IsNamedWithWhatIsWrong(subject: str, said: str) -> None:
    assert any(said in mistake for mistake in commits.mistakes_of(subject))


def test_OnlyNewCommits_AreJudged(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    commit(repository, "Written before the rule", commits.SINCE - 1)
    commit(repository, "lab: wait for the carrier")
    assert commits.main(repository) == 0
    commit(repository, "Forgot the rule")
    assert commits.main(repository) == 1
    said = capsys.readouterr().out
    assert '"Forgot the rule": it does not begin' in said and "git rebase --interactive" in said and "before" not in said


def test_AShallowClone_IsJudgedByWhatItHas(repository: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for subject in ("Out of reach", "Within reach", "lab: wait for the carrier"):
        commit(repository, subject)
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", "--depth", "2", f"file://{repository}", str(clone))
    assert commits.main(clone) == 1
    said = capsys.readouterr().out
    assert "Within reach" in said and "Out of reach" not in said


def test_ATarball_HasNoCommits(tmp_path: Path) -> None:
    assert commits.main(tmp_path) == 0
