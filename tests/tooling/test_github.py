# SPDX-License-Identifier: BSD-2-Clause
"""The lint of .github/, with copies of it that somebody has broken."""

import importlib.util
import shutil
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
_SPEC = importlib.util.spec_from_file_location("github", REPOSITORY / "tests" / "lint" / "github.py")
assert _SPEC is not None and _SPEC.loader is not None
github = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(github)

QUICK = "workflows/quick.yml"
BUG = "ISSUE_TEMPLATE/bug.yml"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    shutil.copytree(REPOSITORY / ".github", tmp_path / ".github")
    (tmp_path / "scripts").mkdir()
    (tmp_path / "scripts/test").touch()
    return tmp_path


def test_WhatIsThere_IsValid(root: Path) -> None:
    assert not list(github.mistakes(root))


@pytest.mark.parametrize(
    ("file", "text", "broken", "said"),
    [
        (QUICK, "steps:", "stepps:", "jobs.quick: Additional properties are not allowed ('stepps' was unexpected)"),
        (QUICK, "runs-on: ubuntu-latest", "", "jobs.quick: 'runs-on' is a required property"),
        (QUICK, "  pull_request:", "  pull-request:", "on: Additional properties are not allowed ('pull-request' was unexpected)"),
        (QUICK, "timeout-minutes: 30", "timeout-minutes: soon", "jobs.quick.timeout-minutes: 'soon' does not match"),
        (QUICK, "jobs:", "jobs: [", "quick.yml: while parsing"),
        (QUICK, "run: scripts/test --quick", "run: make check", '"make check": put it into a script'),
        (QUICK, "run: scripts/test --quick", "run: scripts/tests", '"scripts/tests": there is no scripts/tests'),
        ("workflows/nightly.yml", "17 2 * * *", "17 2 * *", "on.schedule.0.cron: '17 2 * *' does not match"),
        (BUG, "type: textarea", "type: textfield", "body.1.type: 'textfield' is not one of"),
        (BUG, "    id: what\n", "", "body.1: 'id' is a required property"),
    ],
)
def test_AMistake_IsNamedWithItsPlace(root: Path, file: str, text: str, broken: str, said: str) -> None:
    path = root / ".github" / file
    before = path.read_text()
    assert text in before
    path.write_text(before.replace(text, broken, 1))
    found = list(github.mistakes(root))
    assert any(said in mistake and path.name in mistake for mistake in found), found


def test_AFileThatGitHubWouldNotRead_IsNamed(root: Path) -> None:
    (root / ".github/workflows/more.yaml").write_text("name: more\n")
    assert [each for each in github.mistakes(root) if "more.yaml: is not where GitHub looks" in each]
