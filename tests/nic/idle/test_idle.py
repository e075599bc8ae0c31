# SPDX-License-Identifier: BSD-2-Clause
"""A driver that takes the program and gives it no frame: virtio_net without mergeable buffers, of a device with large frames.

scripts/vm --kernel 6.12 --nic virtio-net-pci,mrg_rxbuf=off,host_mtu=9000 --nic virtio-net-pci -- \\
    /usr/bin/python3 -m pytest -q tests/nic/idle
"""

import pytest
from conftest import Start, are_answered
from network import PATIENCE_S, Network
from vrrp_lab import VrrpXdp, eventually

MESSAGE = "driver virtio_net receives frames and does not run the XDP program that is attached to it"


@pytest.fixture(autouse=True)
def usual_mtu(network: Network) -> None:
    """With its own MTU the driver takes no program at all."""
    network.set_mtu(1500)


def test_Auto_TakesAnotherModeThanNative_AndServes(network: Network, start: Start) -> None:
    daemon: VrrpXdp = start()
    assert daemon.interface_status("nic0")["mode"] == "native"

    def has_left_native() -> bool:
        network.send_frames()
        return bool(daemon.interface_status("nic0").get("mode") not in (None, "native"))

    eventually(has_left_native, "it has taken another mode", timeout_s=2 * PATIENCE_S, report=daemon.log)
    eventually(
        lambda: are_answered(network),
        "the virtual addresses are answered",
        timeout_s=PATIENCE_S,
        report=daemon.log,
    )
    assert daemon.interface_status("nic0")["mode-reason"] == MESSAGE
    assert MESSAGE in daemon.log()


def test_Native_IsNotActive_WhereItCannotAnswer(network: Network, start: Start) -> None:
    daemon: VrrpXdp = start(mode="native")

    def has_stopped() -> bool:
        network.send_frames()
        return daemon.state(10, "nic0", family=None) == "initialize"

    eventually(has_stopped, "it is Active no more", timeout_s=PATIENCE_S, report=daemon.log)
    assert MESSAGE in daemon.log()
    assert "or the driver does not run it" in daemon.log()
