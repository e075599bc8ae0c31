# SPDX-License-Identifier: BSD-2-Clause
"""An interface of the configuration that is not there, at a start, a reload or a restart: the others run, and it is waited for."""

import signal
import time
from typing import Any

from observations import advertisement_of, nothing_attached, wait_for_sole_active, wait_for_state
from vrrp_lab import Lab, VirtualRouter, VrrpXdp
from vrrp_lab.peers.vrrp_xdp import configuration, invoke

DONE, FAILED = 0, 1
INTERVAL_MS = 200
LAN = VirtualRouter(priority=200, interval_ms=INTERVAL_MS)
LATE = VirtualRouter(vrid=70, addresses=["198.18.0.254"], interval_ms=INTERVAL_MS)
BOTH = configuration({"eth0": [LAN], "eth7": [LATE]})


def plug_in(router: VrrpXdp) -> None:
    router.router.namespace.ip(
        "link add name eth7 type veth peer name eth7-peer",
        "address add 198.18.0.1/24 dev eth7",
        "link set eth7-peer up",
        "link set eth7 up",
    )


def pull_out(router: VrrpXdp) -> None:
    router.router.namespace.ip("link delete eth7")


def start(lab: Lab, config: Any = BOTH, **options: Any) -> VrrpXdp:
    router = lab.start(VrrpXdp(lab.router("r1"), config=config, **options))
    wait_for_state(lab, router, "active")
    return router


def test_InterfaceThatIsMissingAtTheStart_IsTold_AndAttachedWhenItComes(lab: Lab) -> None:
    router = start(lab, options=["--metrics", "127.0.0.1:9112"])
    assert router.state(70, "eth7") == "initialize"
    assert "there is no interface eth7; waiting for it; there are: " in router.log()
    assert "eth7: waiting" in router.run("status") and "there is no interface eth7" in router.run("status")
    assert "there is no interface eth7" in router.run("explain", "70")
    scraped = router.router.namespace.run("curl", "-s", "http://127.0.0.1:9112/metrics")
    assert 'vrrp_xdp_state{interface="eth7",vrid="70",family="ipv4",state="initialize"} 1' in scraped
    with lab.capture() as capture:
        plug_in(router)
        lab.eventually(lambda: router.state(70, "eth7") == "active", "it runs when it comes")
        capture.wait_for(advertisement_of("r1"), "eth0 goes on", count=5)
        sent = capture.frames(advertisement_of("r1"))
        assert max(b.time_ns - a.time_ns for a, b in zip(sent, sent[1:])) < 3 * INTERVAL_MS * 1e6
    assert router.virtual_router()["statistics"]["master-transitions"] == 1
    assert router.stop() == DONE
    assert nothing_attached(router.router.namespace, "eth0", "eth7")


def test_Restart_WithAnInterfaceThatHasGone_LosesNoHealthyActive(lab: Lab) -> None:
    router = lab.start(VrrpXdp(lab.router("r1"), config=configuration({"eth0": [LAN]})))
    wait_for_state(lab, router, "active")
    plug_in(router)
    router.write(BOTH)
    router.run("reload")
    lab.eventually(lambda: router.state(70, "eth7") == "active", "both run")
    pull_out(router)
    old = router.process
    with lab.capture() as capture:
        old.signal(signal.SIGUSR1)
        old.wait(20)
        router.start(lab.directory)
        lab.eventually(lambda: router.interface_status().get("pid") == router.process.pid, "the new one runs", timeout_s=30)
        wait_for_sole_active(lab, capture, "r1")
    assert router.state(70, "eth7") == "initialize"
    # Over a running one, which waits as well, and does so no longer.
    old = router.process
    router.start(lab.directory)
    assert old.wait(20) == DONE
    lab.eventually(lambda: router.interface_status("eth7").get("pid") == router.process.pid, "the new one waits")
    wait_for_state(lab, router, "active")
    plug_in(router)
    lab.eventually(lambda: router.state(70, "eth7") == "active", "it runs when it comes")
    assert router.state() == "active"


def test_Reload_WithAnInterfaceThatIsMissing_AppliesTheRest(lab: Lab) -> None:
    router = start(lab, configuration({"eth0": [LAN]}))
    more = VirtualRouter(vrid=20, addresses=["192.0.2.252"], interval_ms=INTERVAL_MS)
    router.write(configuration({"eth0": [LAN, more], "eth7": [LATE]}))
    said = router.run("reload")
    assert "eth0: changed" in said and "eth7: missing" in said
    wait_for_state(lab, router, "active", vrid=20)
    assert router.state(70, "eth7") == "initialize"
    router.detach("eth7")
    lab.eventually(lambda: router.interface_status("eth7") == {}, "nobody waits for it")
    router.run("reload")
    assert router.state(70, "eth7") == "initialize"
    router.write(configuration({"eth0": [LAN]}))
    router.run("reload")
    assert router.interface_status("eth7") == {}
    assert router.virtual_router()["statistics"]["master-transitions"] == 1


def test_SyncGroup_WithAMemberThatIsMissing_TakesNoPart_UntilItComes(lab: Lab) -> None:
    grouped = {
        name: [VirtualRouter(vrid=each.vrid, addresses=each.addresses, interval_ms=INTERVAL_MS, options={"sync-group": "g"})]
        for name, each in (("eth0", LAN), ("eth7", LATE))
    }
    router = lab.start(VrrpXdp(lab.router("r1"), config=configuration(grouped)))
    lab.eventually(lambda: router.state(70, "eth7") == "initialize", "it waits")
    time.sleep(5 * INTERVAL_MS / 1000)
    assert router.state() == "initialize"
    plug_in(router)
    lab.eventually(lambda: (router.state(), router.state(70, "eth7")) == ("active", "active"), "both are Active")


def test_NothingIsThere_IsWaitedForAllTheSame_AndStrictRefuses(lab: Lab) -> None:
    alone = configuration({"eth7": [LATE]})
    router = lab.start(VrrpXdp(lab.router("r1"), config=alone))
    lab.eventually(lambda: router.state(70, "eth7") == "initialize", "it waits")
    plug_in(router)
    lab.eventually(lambda: router.state(70, "eth7") == "active", "it runs when it comes")
    pull_out(router)
    assert router.stop() == DONE
    router.start(lab.directory)
    lab.eventually(lambda: router.state(70, "eth7") == "initialize", "it waits")
    assert router.stop() == DONE
    refused = invoke(router.router.namespace, "attach", "--strict", "--config", str(router.path))
    assert refused.returncode == FAILED and "there is no interface eth7" in refused.stderr
    assert nothing_attached(router.router.namespace)
