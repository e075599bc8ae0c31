# SPDX-License-Identifier: BSD-2-Clause
"""VLANs on a segment: which its switch carries, and the nodes' devices for them. The kernel must have VLAN devices."""

from collections.abc import Sequence

from .nodes import Node


def carry(nodes: Sequence[Node], *vlans: int) -> None:
    """Let the switch carry these VLANs to and from all these nodes. It learns MAC addresses per VLAN: the same virtual MAC is
    at one router in one VLAN and at another in another."""
    switch = nodes[0].segments["eth0"].namespace
    switch.ip("link set br0 type bridge vlan_filtering 1")
    for node in nodes:
        for vlan in vlans:
            switch.run("bridge", "vlan", "add", "dev", node.name, "vid", str(vlan))


def add_device(node: Node, vlan: int, *cidrs: str) -> None:
    """Give the node eth0.VLAN with these addresses."""
    device = f"eth0.{vlan}"
    node.namespace.ip(
        f"link add link eth0 name {device} type vlan id {vlan}",
        f"link set {device} up",
        *(f"address add {cidr} dev {device} nodad" for cidr in cidrs),
    )
