# SPDX-License-Identifier: BSD-2-Clause
"""A card with vrrp-xdp on it: the mode it takes, what hosts get through it, and that nothing of it stays."""

import platform

from conftest import Start, gateways
from network import Network
from vrrp_lab.addresses import SERVER_ADDRESSES, SERVER_ADDRESSES_V6

# The drivers with native XDP, by the kernel that has it first.
_NATIVE_SINCE = {"virtio-net-pci": (4, 10), "vmxnet3": (6, 6), "igb": (5, 10)}


def _expects_native(driver: str) -> bool:
    release = tuple(int(number) for number in platform.release().split(".")[:2])
    return driver in _NATIVE_SINCE and release >= _NATIVE_SINCE[driver]


def test_Attach_TakesNativeMode_WhereTheDriverHasIt(network: Network, start: Start) -> None:
    mode = start().interface_status("nic0")["mode"]
    assert (mode == "native") == _expects_native(network.driver), mode


def test_Host_IsAnsweredAndServed_ThroughTheVirtualGateway(network: Network, start: Start) -> None:
    start()
    for address, mac in gateways().items():
        assert network.asked_for_mac(address) == mac, address
    for server in (SERVER_ADDRESSES[0], SERVER_ADDRESSES_V6[0]):
        assert network.pings(server), server
        network.transfer(server)


def test_Detach_LeavesTheCard_AsItWas(network: Network, start: Start) -> None:
    before = network.settings()
    daemon = start()
    assert daemon.stop() == 0
    assert network.settings() == before
