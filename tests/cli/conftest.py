# SPDX-License-Identifier: BSD-2-Clause
"""Fixtures of the tests of commands that ask no kernel: as any user, without a network of their own."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from vrrp_lab.peers.vrrp_xdp import binary

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs a command of vrrp-xdp to its end in a directory of its own, whatever its exit code: run("check", "lab.yaml")."""

    def run_there(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [binary(), *arguments],
            cwd=tmp_path, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=30, check=False
        )  # fmt: skip

    return run_there
