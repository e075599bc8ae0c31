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
from vrrp_lab import VrrpXdp, eventually
from vrrp_lab.addresses import SERVER_ADDRESSES, SERVER_ADDRESSES_V6
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
