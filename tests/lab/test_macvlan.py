# SPDX-License-Identifier: BSD-2-Clause
"""Interfaces on top of others: what the one below does not hand up cannot be served."""

from collections.abc import Callable

import pytest
from test_check_system import find, findings
from vrrp_lab import Lab, VirtualRouter, VrrpXdp
from vrrp_lab.netns import Namespace

FAILED = 1


@pytest.fixture
def lab(make_lab: Callable[..., Lab]) -> Lab:
    """One router, where everything here is done."""
    return make_lab(routers=1)


def put_on_top(lab: Lab, kind: str) -> Namespace:
    """Gives the router's address to mv0, an interface on its eth0."""
    router = lab.router("r1")
    router.namespace.ip(
        "address flush dev eth0",
        f"link add link eth0 name mv0 type {kind}",
        f"address add {router.address}/24 dev mv0",
        "link set mv0 up",
    )
    return router.namespace


@pytest.mark.parametrize("mode", ["private", "vepa", "bridge"])
def test_AVirtualMac_IsRefused_OnAMacvlan(lab: Lab, mode: str) -> None:
    put_on_top(lab, f"macvlan mode {mode}")
    refused = lab.start(VrrpXdp(lab.router("r1"), VirtualRouter(interface="mv0")))
    assert refused.process.wait() == FAILED
    assert f"mv0 is a macvlan in {mode} mode" in refused.log() and "virtual-mac: false" in refused.log()
    said = find(findings(lab, "mv0"), f"is a macvlan in {mode} mode")
    assert said["verdict"] == "warning" and "virtual-mac: false" in said["hint"]


def test_AVirtualMac_IsRefused_OnAMacvtap(lab: Lab) -> None:
    put_on_top(lab, "macvtap mode bridge")
    refused = lab.start(VrrpXdp(lab.router("r1"), VirtualRouter(interface="mv0")))
    assert refused.process.wait() == FAILED
    assert "of kind macvtap" in refused.log() and "virtual-mac: false" in refused.log()


@pytest.mark.parametrize(("mode", "virtual_mac"), [("bridge", False), ("passthru", False), ("passthru", True)])
def test_HostsReachTheServer_ThroughAMacvlan(lab: Lab, mode: str, virtual_mac: bool) -> None:
    put_on_top(lab, f"macvlan mode {mode}")
    options = {} if virtual_mac else {"virtual-mac": False}
    router = lab.start(VrrpXdp(lab.router("r1"), VirtualRouter(interface="mv0", interval_ms=50, options=options)))
    lab.eventually(lambda: router.state(10, "mv0") == "active", "active")
    with lab.traffic(rate=100) as traffic:
        lab.eventually(lambda: traffic.arrived_since(0) > 20, "the host reaches the server")
        traffic.stop()
