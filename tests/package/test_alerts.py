# SPDX-License-Identifier: BSD-2-Clause
"""The alert rules beside the dashboard, judged by Prometheus' own promtool."""

from pathlib import Path

from conftest import REPOSITORY, run

RULES = REPOSITORY / "packaging" / "alerts.yaml"


def test_Rules_AreValid() -> None:
    assert "SUCCESS: 8 rules found" in run(["promtool", "check", "rules", RULES])


def test_Rules_AlertOfWhatIsWrong_AndOfNothingElse() -> None:
    run(["promtool", "test", "rules", Path(__file__).with_name("alerts_test.yaml")])
