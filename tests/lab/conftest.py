# SPDX-License-Identifier: BSD-2-Clause
"""Fixtures of the lab tests. They need root and what scripts/packages lists: what is missing is an error, never a skip."""

import itertools
import os
import zlib
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from pair import Pair
from setting import SETTINGS, Setting
from vrrp_lab import IPV4, Family, History, Lab, leftovers

# A whole test, with what it waits for; a shared machine can stand still for seconds.
_TEST_TIMEOUT_S = 90

_LABS: pytest.StashKey[list[Lab]] = pytest.StashKey()

MakeLab = Callable[..., Lab]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--soak", type=int, default=0, metavar="N", help="play N more random schedules of faults")
    parser.addoption("--matrix", action="store_true", help="run what is marked each_setting in every setting, not in one each")


def pytest_configure(config: pytest.Config) -> None:
    if not config.pluginmanager.hasplugin("timeout"):
        pytest.exit("pytest-timeout is missing: install the packages of scripts/packages", returncode=1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(_TEST_TIMEOUT_S))


_next_setting = itertools.cycle(SETTINGS)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Each test in one setting, or in `least`, in turn, so that all of them occur at no cost of time; with --matrix, in all."""
    marker = metafunc.definition.get_closest_marker("each_setting")
    if marker is None or "setting" not in metafunc.fixturenames:
        return
    least = marker.kwargs.get("least", 1)
    chosen = SETTINGS if metafunc.config.getoption("--matrix") else [next(_next_setting) for _ in range(least)]
    metafunc.parametrize("setting", chosen, ids=map(str, chosen), indirect=True)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, None]:
    """Add to a failure what the captures saw and the peers printed, while the lab still stands."""
    outcome = yield
    report = outcome.get_result()
    if report.failed:
        for lab in item.stash.get(_LABS, []):
            report.sections.append(("lab", lab.report()))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print what failed and then passed as --reruns had it run again: the plugin alone only counts it."""
    for report in terminalreporter.stats.get("rerun", []):
        terminalreporter.section(f"failed, and was run again: {report.nodeid}")
        terminalreporter.write_line(report.longreprtext)
        for title, text in report.sections:
            terminalreporter.section(title, "-")
            terminalreporter.write_line(text)


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
def setting(request: pytest.FixtureRequest) -> Setting:
    """How vrrp-xdp is attached, and to what: as it chooses on a veth, unless the test is marked with each_setting."""
    chosen: Setting = getattr(request, "param", Setting())
    return chosen


@pytest.fixture
def history(request: pytest.FixtureRequest) -> History:
    """What each vrrp-xdp meets: half of the tests attach before the interfaces are up, as at boot. Which, their names tell."""
    if hasattr(request, "param"):
        return History(request.param)
    if (marker := request.node.get_closest_marker("history")) is not None:
        return History(marker.args[0])
    at_boot = zlib.crc32(request.node.nodeid.rsplit("/", 1)[-1].encode()) % 2
    return History.ATTACHED_WHILE_DOWN if at_boot else History.AS_IT_WAS


@pytest.fixture
def make_lab(request: pytest.FixtureRequest, family: Family, setting: Setting, history: History) -> Iterator[MakeLab]:
    """Makes labs, with Lab's own keywords, that last until the end of the test."""
    labs: list[Lab] = []
    request.node.stash[_LABS] = labs
    with ExitStack() as stack:

        def make(**options: Any) -> Lab:
            everything: dict[str, Any] = {"family": family, "history": history, **setting.options, **options}
            lab = stack.enter_context(Lab(**everything))
            labs.append(lab)
            return lab

        yield make


@pytest.fixture
def lab(make_lab: MakeLab) -> Lab:
    """Two routers and a host."""
    return make_lab()


@pytest.fixture
def pair(lab: Lab, setting: Setting) -> Pair:
    """r1, Active, and r2, Backup."""
    pair = Pair(lab)
    assert setting.mode in (None, pair.active.interface_status()["mode"])
    return pair
