# SPDX-License-Identifier: BSD-2-Clause
"""What the VLAN tests stand on: VLAN devices exist, and the tags that they put on a cable are in the frames, for XDP to see."""

import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from vrrp_lab import leftovers
from vrrp_lab.netns import Namespace
from vrrp_lab.wire import ETH_P_8021Q, ETH_P_ALL

VLAN_ID = 20
ETH_P_8021AD = 0x88A8
LEFT, RIGHT = "192.0.2.1", "192.0.2.2"
_TAG_AT = 12  # behind the two MAC addresses
_PATIENCE_S = 15.0


@pytest.fixture
def cable() -> Iterator[tuple[Namespace, Namespace]]:
    """Two namespaces with eth0 each, joined by a cable on which no tag is left to hardware."""
    leftovers.remove_stale()
    left, right = (Namespace(f"vx{os.getpid()}-0-{name}") for name in ("left", "right"))
    with ExitStack() as stack:
        for namespace in (left, right):
            stack.callback(namespace.delete)
            namespace.create()
        left.ip(f"link add name eth0 type veth peer name eth0 netns {right.name}")
        for namespace in (left, right):
            namespace.run("ethtool", "-K", "eth0", "txvlan", "off", "rxvlan", "off", "tx-vlan-stag-hw-insert", "off")
            namespace.ip("link set eth0 up")
        yield left, right


def add_vlan(namespace: Namespace, protocol: str, address: str) -> None:
    namespace.ip(
        f"link add link eth0 name eth0.{VLAN_ID} type vlan protocol {protocol} id {VLAN_ID}",
        f"link set eth0.{VLAN_ID} up",
        f"address add {address}/24 dev eth0.{VLAN_ID}",
    )


@pytest.mark.parametrize(("protocol", "ethertype"), [("802.1Q", ETH_P_8021Q), ("802.1ad", ETH_P_8021AD)])
def test_VlanDevice_PutsItsTagIntoTheFrame_WhenNoHardwareDoes(
    cable: tuple[Namespace, Namespace], protocol: str, ethertype: int
) -> None:
    left, right = cable
    add_vlan(left, protocol, LEFT)
    add_vlan(right, protocol, RIGHT)
    # Without PACKET_AUXDATA a packet socket shows the frame's own bytes, as the cable gets them.
    with left.socket(socket.AF_PACKET, socket.SOCK_RAW) as watch:
        watch.bind(("eth0", ETH_P_ALL))
        watch.settimeout(_PATIENCE_S)
        left.run("ping", "-c", "1", "-W", "10", RIGHT)
        frame, address = watch.recvfrom(2048)
        while address[2] != socket.PACKET_OUTGOING or b"\x08\x06" not in frame[_TAG_AT : _TAG_AT + 6]:
            frame, address = watch.recvfrom(2048)
    tag = frame[_TAG_AT : _TAG_AT + 4]
    assert tag == ethertype.to_bytes(2, "big") + VLAN_ID.to_bytes(2, "big")
