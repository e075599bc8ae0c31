# SPDX-License-Identifier: BSD-2-Clause
"""A program that is attached and is given no frame, or not all: that is seen, said, and mended."""

import platform

from conftest import Start, are_answered, wait_for_active
from network import PATIENCE_S, Network
from vrrp_lab import VrrpXdp, eventually
from vrrp_lab.addresses import SERVER_ADDRESSES
from vrrp_lab.commands import run

LARGE = ("-s", "8000", "-M", "do")
_ON_6_1 = platform.release().startswith("6.1.")


def wait_until_served(network: Network, daemon: VrrpXdp) -> None:
    """Return once every virtual address is answered again, and the server is reached."""

    def served() -> bool:
        network.send_frames()
        return are_answered(network)

    eventually(served, "the virtual addresses are answered", timeout_s=2 * PATIENCE_S, report=daemon.log)
    assert network.pings(SERVER_ADDRESSES[0])


def test_LinkDownAndUp_LeavesAGatewayThatAnswers(network: Network, start: Start) -> None:
    daemon = start()
    for _ in range(2):
        run(["ip", "link", "set", "nic0", "down"])
        eventually(lambda: daemon.state(10, "nic0") != "active", "it has noticed", timeout_s=PATIENCE_S)
        network.give_addresses("nic0")
        wait_until_served(network, daemon)


def test_MtuChanged_LeavesAGatewayThatAnswers_AndSuchFramesPass(network: Network, start: Start) -> None:
    before = network.settings()
    # QEMU's vmxnet3 takes no larger frames than the usual ones.
    mtu, large = (9000, LARGE) if network.driver == "virtio-net-pci" else (1400, ())
    daemon = start()
    try:
        network.set_mtu(mtu)
        wait_for_active(daemon, "nic0")
        wait_until_served(network, daemon)
        assert network.pings(SERVER_ADDRESSES[0], *large)
        network.transfer(SERVER_ADDRESSES[0])
        assert daemon.stop() == 0
        # After the end, too: the card is not left with a program that it cannot let go.
        assert "xdp" not in run(["ip", "link", "show", "nic0"])
        assert network.pings(network.router.address, *large)
    finally:
        network.set_mtu(1500)
        network.wait_for_carrier()  # some cards are reset for it
    eventually(lambda: network.settings() == before, "the settings are those of before", timeout_s=PATIENCE_S)
    if network.driver == "virtio-net-pci" and _ON_6_1:
        assert "its MTU was changed from 1500 to 9000" in daemon.log()
