# SPDX-License-Identifier: BSD-2-Clause
"""Fixtures of the lab tests. They need root and what scripts/packages lists: what is missing is an error, never a skip."""

import os
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))

from pair import Pair  # noqa: E402  (the path comes first)
from vrrp_lab import IPV4, Family, Lab, leftovers  # noqa: E402

# A whole test, with what it waits for; a shared machine can stand still for seconds.
_TEST_TIMEOUT_S = 90

_LABS: pytest.StashKey[list[Lab]] = pytest.StashKey()

MakeLab = Callable[..., Lab]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--soak", type=int, default=0, metavar="N", help="play N more random schedules of faults")


def pytest_configure(config: pytest.Config) -> None:
    if not config.pluginmanager.hasplugin("timeout"):
        pytest.exit("pytest-timeout is missing: install the packages of scripts/packages", returncode=1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(_TEST_TIMEOUT_S))


@pytest.hookimpl(hookwrapper=True)  # type: ignore[misc]  # untyped in Debian 12's pytest
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, None]:
    """Add to a failure what the captures saw and the peers printed, while the lab still stands."""
    outcome = yield
    report = outcome.get_result()
    if report.failed:
        for lab in item.stash.get(_LABS, []):
            report.sections.append(("lab", lab.report()))


@pytest.fixture(scope="session", autouse=True)
def nothing_left_behind() -> Iterator[None]:
    """Fail when namespaces, processes or directories outlive the tests. Deleting a namespace shows what ran in it."""
    if os.geteuid() != 0:
        pytest.exit("the lab makes network namespaces: run it as root", returncode=1)
    yield
    left = leftovers.find(os.getpid())
    assert not left, f"left behind: {', '.join(map(str, left))}"
    assert not (children := leftovers.children(os.getpid())), f"processes left behind: {children}"


@pytest.fixture
def family(request: pytest.FixtureRequest) -> Family:
    """That of the test's labs: IPv4, unless the test is marked with each_family."""
    chosen: Family = getattr(request, "param", IPV4)
    return chosen


@pytest.fixture
def make_lab(request: pytest.FixtureRequest, family: Family) -> Iterator[MakeLab]:
    """Makes labs, with Lab's own keywords, that last until the end of the test."""
    labs: list[Lab] = []
    request.node.stash[_LABS] = labs
    with ExitStack() as stack:

        def make(**options: Any) -> Lab:
            options.setdefault("family", family)
            lab = stack.enter_context(Lab(**options))
            labs.append(lab)
            return lab

        yield make


@pytest.fixture
def lab(make_lab: MakeLab) -> Lab:
    """Two routers and a host."""
    return make_lab()


@pytest.fixture(params=["native", "generic"])
def mode(request: pytest.FixtureRequest) -> str:
    """How XDP is attached."""
    return str(request.param)


@pytest.fixture
def pair(make_lab: MakeLab, mode: str) -> Pair:
    """r1, Active, and r2, Backup, attached in this mode."""
    pair = Pair(make_lab(xdp_peer=mode == "native"), mode)
    assert pair.active.interface_status()["mode"] == mode
    return pair
