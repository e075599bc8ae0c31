# SPDX-License-Identifier: BSD-2-Clause
"""vrrp-xdp explain: why a router is in its state, in sentences that are true of it."""

import json

from observations import wait_for_state
from vrrp_lab import Lab, VirtualRouter, VrrpXdp
from vrrp_lab.peers.vrrp_xdp import configuration, invoke


def explained(router: VrrpXdp) -> str:
    return router.run("explain", "10")


def test_Explain_SaysWhyAndWhatWouldChangeIt(lab: Lab) -> None:
    r1, r2 = (
        lab.start(VrrpXdp(lab.router(name), VirtualRouter(priority=priority))) for name, priority in (("r1", 200), ("r2", 100))
    )
    wait_for_state(lab, r1, "active")
    wait_for_state(lab, r2, "backup")
    lab.eventually(lambda: "It heard 192.0.2.1 with priority 200, last" in explained(r2), "r2 hears r1")
    backup, active = explained(r2), explained(r1)
    assert backup.startswith("eth0 vrid 10 ipv4 has been backup since 2")
    assert "not heard for 360.9 ms (Active_Down_Interval), or 60.94 ms (Skew_Time)" in backup
    assert "With a priority above 200 it would preempt that router." in backup
    assert "because no Active Router was heard any more." in active
    assert "a priority above 200, or 200 from an address above its own" in active
    assert "It stops answering in" in active and "WARNING" not in active

    r2.write(configuration({"eth0": [VirtualRouter(priority=250, preempt=False)]}))
    r2.run("reload")
    assert "Its priority is the higher one, but preempt is false" in explained(r2)

    inside = r2.router.namespace
    (said,) = json.loads(r2.run("explain", "10", "eth0", "--json"))["virtual-routers"]
    assert (said["state"], said["interface"], said["warnings"]) == ("backup", "eth0", [])
    missing = invoke(inside, "explain", "7")
    assert missing.returncode == 1 and "there are: 10 on eth0" in missing.stderr
    assert invoke(inside, "explain", "256").returncode == 2

    # Other addresses than here, from somebody who is worth following.
    r1.write(configuration({"eth0": [VirtualRouter(priority=255, addresses=["192.0.2.254", "192.0.2.253"])]}))
    r1.run("reload")
    lab.eventually(lambda: "make the virtual addresses equal on all routers" in explained(r2), "it warns of the difference")
    inside.ip("link set eth0 down")
    lab.eventually(lambda: "because the interface is down" in explained(r2), "it knows why it does not run")
    assert "It starts when the interface is up and has a carrier" in explained(r2)
    r2.kill_family()
    assert "no instance serves" in explained(r2)
    assert invoke(lab.host().namespace, "explain", "10").returncode == 4
