# SPDX-License-Identifier: BSD-2-Clause
"""What is shipped: manual pages, completion, unit file and Debian package, made from the build in VRRP_XDP_BUILD."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ.get("VRRP_XDP_BUILD") or REPOSITORY / "build" / "dev")


def run(argv: Sequence[str | Path], *, check: bool = True, **options: object) -> str:
    """Standard output and error of a command; fails with them if its exit code is not 0."""
    done = subprocess.run(argv, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options)  # type: ignore[call-overload]
    assert not check or done.returncode == 0, f"{argv}: exit code {done.returncode}\n{done.stdout}"
    return str(done.stdout)


@pytest.fixture(scope="session")
def program() -> Path:
    return BUILD / "vrrp-xdp"


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The prefix of what `cmake --install` installs."""
    prefix = tmp_path_factory.mktemp("prefix")
    run(["cmake", "--install", BUILD, "--prefix", prefix])
    return prefix


@pytest.fixture(scope="session")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Debian package."""
    directory = tmp_path_factory.mktemp("package")
    run([REPOSITORY / "packaging/debian-package", BUILD, directory])
    (found,) = directory.glob("*.deb")
    return found
