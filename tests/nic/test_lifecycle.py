# SPDX-License-Identifier: BSD-2-Clause
"""One instance after another on a card that filters: hosts lose nothing."""

import re
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from conftest import Start
from network import PATIENCE_S, Network, configuration
from vrrp_lab import IPV4, IPV6, Advertisement, Injector, VrrpXdp, eventually
from vrrp_lab.addresses import SERVER_ADDRESSES, SERVER_ADDRESSES_V6, lan_address, link_local_address
from vrrp_lab.process import Process

# A lease is long enough for a start in an emulated machine.
INTERVAL = "8s"
PERIOD_S = 0.05

pytestmark = pytest.mark.long


@contextmanager
def nothing_is_lost(network: Network, directory: Path) -> Iterator[None]:
    """The host's pings through both virtual gateways are all answered while the block runs."""
    pings = [
        Process(network.host, server, ["ping", "-i", str(PERIOD_S), server], directory / f"ping-{number}.txt")
        for number, server in enumerate((SERVER_ADDRESSES[0], SERVER_ADDRESSES_V6[0]))
    ]
    for ping in pings:
        eventually(lambda: "icmp_seq=5" in ping.log(), f"{ping.name} answers", timeout_s=PATIENCE_S)
    yield
    time.sleep(1)
    for ping in pings:
        ping.signal(signal.SIGINT)
        ping.wait()
        sent, received = map(int, re.search(r"(\d+) packets transmitted, (\d+) received", ping.log()).groups())  # type: ignore[union-attr]
        # The last one may be under way.
        assert sent - received <= 1, f"{sent - received} of {sent} pings to {ping.name} are lost"


def wait_for_successor(daemon: VrrpXdp) -> None:
    """Return once the instance that was started last runs the Virtual Routers, as Active."""

    def is_successor() -> bool:
        status = daemon.interface_status("nic0")
        return status.get("pid") == daemon.process.pid and all(
            each["state"] == "active" for each in status["virtual-routers"]
        )

    eventually(is_successor, "the successor is Active", timeout_s=PATIENCE_S, period_s=0.2, report=daemon.log)


@pytest.mark.parametrize("end", ["attach over", "restart", "both killed"])
def test_OneInstanceAfterAnother_LosesNothing(network: Network, start: Start, tmp_path: Path, end: str) -> None:
    daemon = start(configuration(interval=INTERVAL))
    with nothing_is_lost(network, tmp_path):
        if end == "restart":
            daemon.process.signal(signal.SIGUSR1)
            daemon.process.wait(PATIENCE_S)
        elif end == "both killed":
            daemon.kill_family()
        daemon.start(tmp_path)
        wait_for_successor(daemon)
    # As nobody takes its place, it serves for an interval more.
    assert daemon.process.stop(PATIENCE_S) == 0


def test_BothKilled_ServesOn_UntilASuccessorIsHeard(network: Network, start: Start) -> None:
    interval_s = 8
    sources = {IPV4: lan_address(2), IPV6: link_local_address(2)}
    killed = start(configuration(interval=f"{interval_s}s"))
    killed.kill_family()
    died = time.monotonic()
    # Until its next advertisement would have been due, only a better router's ends its lease.
    time.sleep(interval_s)
    for family in (IPV4, IPV6):
        assert network.asked_for_mac(family.gateway) == family.virtual_mac(10), family.name
    with Injector(network.host, "nic1") as injector:
        for family, source in sources.items():
            injector.send(Advertisement(source=source, priority=1, addresses=family.virtual, interval_ms=1000 * interval_s))
    for family in (IPV4, IPV6):
        assert network.asked_for_mac(family.gateway) is None, family.name
    assert time.monotonic() - died < 3 * interval_s, "its lease may have ended by itself"
    killed.run("detach", "nic0")
