# SPDX-License-Identifier: BSD-2-Clause
"""What is made of a card: bond, bridge, VRF, VLAN; and unbinding and binding its driver."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from conftest import Start, are_answered, gateways, wait_for_active
from network import PATIENCE_S, Network, configuration, interface_of
from vrrp_lab import eventually
from vrrp_lab.addresses import SERVER_ADDRESSES, SERVER_ADDRESSES_V6
from vrrp_lab.commands import run

VLAN, VLAN_GATEWAY = 20, "203.0.113.254"

pytestmark = pytest.mark.long


@contextmanager
def made_of_the_card(network: Network, name: str, *lines: str) -> Iterator[str]:
    """An interface over nic0, made by lines of the `ip` command, has the router's addresses inside the block."""
    network.take_addresses("nic0")
    network.router.namespace.ip(f"link add name {name} {lines[0]}", *lines[1:])
    try:
        network.give_addresses(name)
        network.wait_for_carrier(name)
        yield name
    finally:
        run(["ip", "link", "delete", name])
        network.give_addresses("nic0")
        network.wait_for_carrier()


def is_served(network: Network) -> None:
    for address, mac in gateways().items():
        assert network.asked_for_mac(address) == mac, address
    for server in (SERVER_ADDRESSES[0], SERVER_ADDRESSES_V6[0]):
        assert network.pings(server), server


@pytest.mark.parametrize(
    ("kind", "lines"),
    [
        ("bond", ("type bond mode active-backup miimon 100", "link set nic0 down", "link set nic0 master bond0")),
        ("bridge", ("type bridge stp_state 0 mcast_snooping 0", "link set nic0 master bridge0")),
    ],
)
def test_InterfaceAboveTheCard_ServesHosts(network: Network, start: Start, kind: str, lines: tuple[str, ...]) -> None:
    with made_of_the_card(network, f"{kind}0", *lines) as name:
        before = network.settings(name)
        daemon = start(configuration(name), active=(name,))
        is_served(network)
        assert daemon.stop() == 0
        assert network.settings(name) == before


def test_CardInAVrf_ServesHosts(network: Network, start: Start) -> None:
    network.router.namespace.ip(
        "link add name vrf0 type vrf table 10", "link set vrf0 up", "link set nic0 master vrf0", "link set wan0 master vrf0"
    )
    try:
        network.give_addresses("nic0")
        network.give_wan_addresses()
        start()
        is_served(network)
    finally:
        run(["ip", "link", "delete", "vrf0"])
        network.give_addresses("nic0")
        network.give_wan_addresses()


def test_ReloadThatAddsAVlan_LeavesTheOthersActive(network: Network, start: Start) -> None:
    router, host = network.router.namespace, network.host
    for namespace, card, address in ((router, "nic0", "203.0.113.1"), (host, "nic1", "203.0.113.100")):
        namespace.ip(
            f"link add link {card} name {card}.{VLAN} type vlan id {VLAN}",
            f"link set {card}.{VLAN} up",
            f"address add {address}/24 dev {card}.{VLAN}",
        )
    try:
        daemon = start()
        since = daemon.virtual_router(10, "nic0")["up-datetime"]
        daemon.write(configuration(vlans={f"nic0.{VLAN}": VLAN_GATEWAY}))
        daemon.run("reload", "nic0")
        wait_for_active(daemon, f"nic0.{VLAN}")
        assert network.asked_for_mac(VLAN_GATEWAY, f"nic1.{VLAN}") == "00:00:5e:00:01:0a"
        is_served(network)
        assert daemon.virtual_router(10, "nic0")["up-datetime"] == since
    finally:
        router.ip(f"link delete nic0.{VLAN}")
        host.ip(f"link delete nic1.{VLAN}")


@pytest.mark.parametrize("before", ["up", "down"])
def test_DriverUnboundAndBound_IsServedAgain(network: Network, start: Start, before: str) -> None:
    daemon = start()
    if before == "down":
        run(["ip", "link", "set", "nic0", "down"])
        run(["ip", "link", "set", "nic0", "up"])
    with network.unbound():
        eventually(lambda: interface_of(network.mac) is None, "the card is gone", timeout_s=PATIENCE_S)
    network.configure_router()
    wait_for_active(daemon, "nic0")
    eventually(lambda: are_answered(network), "the virtual addresses are answered", timeout_s=PATIENCE_S, report=daemon.log)
    is_served(network)
