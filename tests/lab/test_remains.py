# SPDX-License-Identifier: BSD-2-Clause
"""What can be seen of an instance that is dead, and of its counters dead or alive."""

import json
import re

from observations import each_family, wait_for_state
from vrrp_lab import Lab, VirtualRouter, VrrpXdp
from vrrp_lab.peers.vrrp_xdp import invoke

INTERVAL_MS = 200


@each_family
def test_Status_ShowsWhatAKilledInstanceLeft(lab: Lab) -> None:
    r1, r2 = (
        lab.start(
            VrrpXdp(
                lab.router(name),
                VirtualRouter(addresses=lab.family.virtual, priority=priority, interval_ms=INTERVAL_MS),
            )
        )
        for name, priority in (("r1", 200), ("r2", 100))
    )
    wait_for_state(lab, r1, "active")
    wait_for_state(lab, r2, "backup")
    lab.eventually(lambda: "last-adv-source" in r2.virtual_router(), "r2 follows")
    lab.eventually(lambda: r2.virtual_router()["statistics"]["advertisement-rcvd"] > 3, "r2 has heard it again")
    alive = r2.virtual_router()
    for router in (r1, r2):
        router.kill_family()
    (left,) = (router.status()["interfaces"][0] for router in (r1,))
    assert (left["interface"], left["controller"]) == ("eth0", "dead")
    (active,) = left["virtual-routers"]
    assert (active["vrid"], active["address-family"]) == (10, lab.family.name)
    assert sorted(active["virtual-addresses"]) == sorted(lab.family.virtual)
    assert active["virtual-mac"] == lab.family.virtual_mac(10)
    assert active["lease-end"]
    # Its lease ends by itself.
    lab.eventually(lambda: r1.status()["interfaces"][0]["virtual-routers"][0]["lease-remaining-ms"] == 0, "it ends")
    assert re.search(rf"\b10 +{lab.family.name} +- +ended 2", r1.run("status"))

    (backup,) = r2.status()["interfaces"][0]["virtual-routers"]
    assert (backup["lease-remaining-ms"], "lease-end" in backup) == (0, False)
    assert backup["last-adv-ms-ago"] > 0
    assert backup["statistics"]["advertisement-rcvd"] >= alive["statistics"]["advertisement-rcvd"]
    assert "advertisement-sent" not in backup["statistics"], "only the controller knew"
    assert "valid advertisements" in r2.run("stats")


def test_Stats_AreAReadableTable_AndTheSameNumbersForAProgram(lab: Lab) -> None:
    r1 = lab.start(VrrpXdp(lab.router("r1"), VirtualRouter(priority=200)))
    wait_for_state(lab, r1, "active")
    lab.eventually(lambda: r1.virtual_router()["statistics"]["advertisement-sent"] > 2, "it advertises")
    said = r1.run("stats")
    assert "eth0 vrid 10 ipv4" in said and "port eth0" in said
    assert re.search(r"^ +1  master-transitions +transitions of this router to Active$", said, re.MULTILINE)
    assert "checksum-errors" not in said, "nothing was counted"
    assert re.search(r"^ +0  checksum-errors +checksum is wrong$", r1.run("stats", "--all"), re.MULTILINE)
    (interface,) = json.loads(r1.run("stats", "--json"))["interfaces"]
    (router,) = interface["virtual-routers"]
    assert set(router) == {"vrid", "address-family", "statistics"}
    assert router["statistics"].keys() == r1.virtual_router()["statistics"].keys()
    assert interface["statistics"]["vrid-errors"] == 0
    r1.stop()
    assert invoke(r1.router.namespace, "stats").returncode == 4
