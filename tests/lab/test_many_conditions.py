# SPDX-License-Identifier: BSD-2-Clause
"""Trackers of hundreds of Virtual Routers: what they say arrives, however much of it comes at once."""

from typing import Any

import pytest
from vrrp_lab import Lab, VrrpXdp

PER_FAMILY = 250


def configuration(priority: int) -> dict[str, Any]:
    """A thousand Virtual Routers, all of which a tracker that is down makes 50 less."""

    def routers(site: int) -> list[dict[str, Any]]:
        usual = {"priority": priority, "advertise-interval": "2s", "track": {"service": -50}}
        listed = []
        for vrid in range(1, PER_FAMILY + 1):
            ipv4, ipv6 = f"10.{site}.0.{vrid}", f"fe80::{site}:{vrid:x}"
            listed += [{"vrid": vrid, "virtual-addresses": [address], **usual} for address in (ipv4, ipv6)]
        return listed

    return {
        "trackers": {"service": {"command": ["/bin/false"], "interval": "60s"}},
        "interfaces": {name: {"virtual-routers": routers(site)} for site, name in ((1, "eth0"), (2, "eth1"))},
    }


@pytest.mark.timeout(240)
def test_Reload_OfAThousandVirtualRouters_LeavesEachWithItsRightPriority(lab: Lab) -> None:
    r1 = lab.start(VrrpXdp(lab.router("r1"), config=configuration(100)))

    def priorities() -> list[int]:
        listed = [r1.interface_status(name).get("virtual-routers", []) for name in ("eth0", "eth1")]
        return [each["effective-priority"] for routers in listed for each in routers]

    lab.eventually(lambda: priorities() == [50] * 4 * PER_FAMILY, "all of them know their tracker", timeout_s=60)
    for priority in (120, 90):
        r1.write(configuration(priority))
        r1.run("reload")
        wanted = [priority - 50] * 4 * PER_FAMILY
        lab.eventually(lambda expected=wanted: priorities() == expected, f"{priority} less 50 for all", timeout_s=60)
