# SPDX-License-Identifier: BSD-2-Clause
"""A bridge as the interface: what is sent to the virtual MAC goes where the Active Router is, and nowhere else."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from observations import nothing_attached
from vrrp_lab import IPV4, Lab, VirtualRouter, VrrpXdp
from vrrp_lab.capture import Port
from vrrp_lab.netns import Namespace

DONE = 0
BRIDGE = "br0"
PATIENCE = ("-c", "1", "-W", "10")


@pytest.fixture
def lab(make_lab: Callable[..., Lab]) -> Lab:
    """Two routers, of which r1 has a bridge over its cable to the lan, with its address."""
    lab = make_lab()
    r1 = lab.router("r1")
    r1.namespace.ip(
        f"link add name {BRIDGE} type bridge stp_state 0",
        "address flush dev eth0",
        f"link set eth0 master {BRIDGE}",
        f"link set {BRIDGE} up",
        f"address add {r1.address}/24 dev {BRIDGE}",
    )
    return lab


@pytest.fixture
def bystander(lab: Lab) -> Iterator[Namespace]:
    """A host at another port of that bridge, with eth0."""
    with ExitStack() as stack:
        host = Namespace(f"{lab.prefix}-by")
        stack.callback(host.delete)
        host.create()
        inside = lab.router("r1").namespace
        inside.ip(
            f"link add name by type veth peer name eth0 netns {host.name}",
            f"link set by master {BRIDGE}",
            "link set by up",
        )
        host.ip("link set eth0 up", "address add 192.0.2.77/24 dev eth0", "route add default via 192.0.2.254")
        yield host


def start(lab: Lab, name: str, priority: int) -> VrrpXdp:
    interface = BRIDGE if name == "r1" else "eth0"
    configured = VirtualRouter(interface=interface, priority=priority, interval_ms=100)
    return lab.start(VrrpXdp(lab.router(name), configured))


def wait_for(lab: Lab, router: VrrpXdp, state: str, interface: str) -> None:
    lab.eventually(lambda: router.state(10, interface) == state, f"{router.name} is {state}")


def keeps(lab: Lab) -> bool:
    """Whether the bridge has the virtual MAC for its own."""
    listed = json.loads(lab.router("r1").namespace.run("bridge", "-json", "fdb", "show", "br", BRIDGE) or "[]")
    mac = IPV4.virtual_mac(10)
    return any(each["mac"] == mac and is_kept(each) for each in listed)


def is_kept(entry: dict[str, Any]) -> bool:
    """Whether it is of the bridge's table; what the bridge's own interface lets in stands there too, as "self"."""
    return (entry["ifname"], entry.get("master"), entry["state"]) == (BRIDGE, BRIDGE, "permanent")


def ping_server(lab: Lab) -> None:
    address = lab.family.server[0]
    lab.eventually(lambda: "1 received" in lab.host().namespace.run("ping", *PATIENCE, address, check=False), "the way through")


def test_WhileActive_NothingIsFloodedToOtherPorts(lab: Lab, bystander: Namespace) -> None:
    r1 = start(lab, "r1", 200)
    wait_for(lab, r1, "active", BRIDGE)
    lab.eventually(lambda: keeps(lab), "the bridge keeps what is sent to the virtual MAC")
    with lab.capture(Port("bystander", bystander, "eth0", at_node=True)) as capture:
        for _ in range(5):
            ping_server(lab)
        capture.wait_for(lambda f: f.vrrp, "what is for all comes in there", count=3)
        assert not capture.frames(lambda f: f.eth_dst == IPV4.virtual_mac(10))
    assert r1.stop() == DONE
    assert not keeps(lab)


def test_AsBackup_TheBridgeSendsOnToTheActiveRouter(lab: Lab, bystander: Namespace) -> None:
    r1, r2 = start(lab, "r1", 100), start(lab, "r2", 200)
    wait_for(lab, r2, "active", "eth0")
    wait_for(lab, r1, "backup", BRIDGE)
    lab.eventually(lambda: not keeps(lab), "the bridge leaves it to its ports")
    lab.eventually(lambda: "1 received" in bystander.run("ping", *PATIENCE, lab.family.server[0], check=False), "through r2")
    r2.stop()
    wait_for(lab, r1, "active", BRIDGE)
    lab.eventually(lambda: keeps(lab), "now it is its own")
    lab.eventually(lambda: "1 received" in bystander.run("ping", *PATIENCE, lab.family.server[0], check=False), "through r1")
    start_again(lab, r2)
    wait_for(lab, r1, "backup", BRIDGE)
    lab.eventually(lambda: not keeps(lab), "and its own no more")


def start_again(lab: Lab, router: VrrpXdp) -> None:
    router.start(lab.directory)
    wait_for(lab, router, "active", "eth0")


def test_AKilledController_KeepsNothing(lab: Lab, bystander: Namespace) -> None:
    r1, r2 = start(lab, "r1", 200), start(lab, "r2", 100)
    wait_for(lab, r1, "active", BRIDGE)
    lab.eventually(lambda: keeps(lab), "kept")
    r1.kill()
    wait_for(lab, r2, "active", "eth0")
    lab.eventually(lambda: not keeps(lab), "the guardian has given it back")
    lab.eventually(lambda: "1 received" in bystander.run("ping", *PATIENCE, lab.family.server[0], check=False), "through r2")
    r1.run("detach", BRIDGE)


def test_WhatBothLeftWhenKilled_IsClearedByDetach(lab: Lab) -> None:
    r1 = start(lab, "r1", 200)
    wait_for(lab, r1, "active", BRIDGE)
    lab.eventually(lambda: keeps(lab), "kept")
    r1.kill_family()
    assert keeps(lab)
    r1.run("detach", BRIDGE)
    assert not keeps(lab) and nothing_attached(lab.router("r1").namespace, BRIDGE)
