# SPDX-License-Identifier: BSD-2-Clause
"""Fixtures of the tests of cards. They run in a virtual machine that scripts/vm gave cards:

scripts/vm --kernel 6.12 --nic vmxnet3 --nic virtio-net-pci -- /usr/bin/python3 -m pytest -q tests/nic

The first card is the router's and the one that is tested; the second is the host's.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from network import PATIENCE_S, Network, cards, configuration
from vrrp_lab import VrrpXdp, eventually
from vrrp_lab.addresses import IPV4, IPV6

_TEST_TIMEOUT_S = 200

Start = Callable[..., VrrpXdp]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(_TEST_TIMEOUT_S))


@pytest.fixture(scope="session")
def network() -> Iterator[Network]:
    """The cards, configured, and what is around them."""
    if len(cards()) < 2:
        pytest.exit("these tests need two cards: scripts/vm --kernel 6.12 --nic DRIVER --nic virtio-net-pci -- …", returncode=1)
    network = Network()
    network.create()
    yield network
    network.delete()


@pytest.fixture
def start(network: Network, tmp_path: Path) -> Iterator[Start]:
    """Starts vrrp-xdp and waits until it is Active: start(configuration(), mode="native", active=("nic0",))."""
    started: list[VrrpXdp] = []

    def begin(config: dict[str, Any] | None = None, *, active: tuple[str, ...] = ("nic0",), **options: Any) -> VrrpXdp:
        daemon = VrrpXdp(network.router, config=config or configuration(), **options)
        started.append(daemon)
        daemon.start(tmp_path)
        for interface in active:
            wait_for_active(daemon, interface)
        return daemon

    yield begin
    for daemon in started:
        daemon.close()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Add to a failure what vrrp-xdp printed."""
    outcome: Any = yield
    report = outcome.get_result()
    if report.failed and "tmp_path" in getattr(item, "funcargs", {}):
        for log in sorted(item.funcargs["tmp_path"].glob("*.log")):  # type: ignore[attr-defined]
            report.sections.append((log.name, log.read_text(errors="replace")))


def wait_for_active(daemon: VrrpXdp, interface: str = "nic0") -> None:
    """Return once every Virtual Router of the interface is Active."""

    def all_active() -> bool:
        listed = daemon.interface_status(interface).get("virtual-routers", [])
        return bool(listed) and all(each["state"] == "active" for each in listed)

    eventually(all_active, f"Active on {interface}", timeout_s=PATIENCE_S, period_s=0.2, report=daemon.log)


def gateways() -> dict[str, str]:
    """Return the virtual MAC of each address that the host may take for its gateway."""
    return {address: family.virtual_mac(10) for family in (IPV4, IPV6) for address in family.virtual}


def are_answered(network: Network) -> bool:
    """Return whether the host learns the virtual MAC of every address that it may take for its gateway."""
    return all(network.asked_for_mac(address) == mac for address, mac in gateways().items())
