# SPDX-License-Identifier: BSD-2-Clause
"""Another configuration for a running instance: what is different is applied, and nothing else happens."""

import json
import signal
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from observations import advertisement_of, answer_of, each_family, nothing_attached, wait_for_sole_active, wait_for_state
from test_restart import MORE, OTHERS, start_pair
from test_service_manager import held_still, protocol_thread
from vrrp_lab import IPV4, Capture, Frame, Lab, VirtualRouter, VrrpXdp
from vrrp_lab.commands import run
from vrrp_lab.peers.vrrp_xdp import configuration, invoke

DONE, FAILED, _, BAD_CONFIGURATION, NOT_RUNNING = range(5)
INTERVAL_MS = 20

# Vrid 10 and 11 stay as they are, one on an interface that changes around it and one on an interface of its own.
STAYS = VirtualRouter(vrid=10, interval_ms=INTERVAL_MS)
ALONE = VirtualRouter(vrid=11, addresses=["198.51.100.254"], interval_ms=INTERVAL_MS)
CHANGES = VirtualRouter(vrid=20, addresses=OTHERS[IPV4], interval_ms=INTERVAL_MS)
COMES = VirtualRouter(vrid=30, addresses=["192.0.2.240"], interval_ms=INTERVAL_MS)


def reload(router: VrrpXdp, config: Mapping[str, Any] | str) -> str:
    """Put another configuration into the file, and have it applied."""
    router.write(config)
    return router.run("reload")


def gaps_over(frames: Sequence[Frame], limit_ns: float) -> list[tuple[int, int]]:
    """Beginnings and ends of the gaps between frames that are longer than that."""
    return [(a.time_ns, b.time_ns) for a, b in zip(frames, frames[1:]) if b.time_ns - a.time_ns > limit_ns]


def assert_undisturbed(capture: Capture, vrid: int) -> None:
    """No advertisement of r1 for the VRID is another one, missing, or late by more than an interval, but where the whole
    machine stood still: then those of r2, which nobody reloads, are late as well."""
    sent = capture.frames(advertisement_of("r1", vrid=vrid))
    assert len({frame.data for frame in sent if frame.vrrp}) == 1, "an advertisement was changed"
    still = gaps_over(capture.frames(advertisement_of("r2", vrid=99)), 1.5 * INTERVAL_MS * 1e6)
    for began, ended in gaps_over(sent, 2 * INTERVAL_MS * 1e6):
        assert any(a < ended and began < b for a, b in still), f"vrid {vrid} was silent for {(ended - began) / 1e6} ms"


def test_Reload_TouchesNothingButWhatIsDifferent(lab: Lab) -> None:
    """Others are added, changed in every respect and removed; who records every frame sees nothing of it at the rest."""

    def config(*lan: VirtualRouter, wan: Sequence[VirtualRouter] = (ALONE,)) -> dict[str, Any]:
        return configuration({"eth0": lan, "eth1": wan})

    r1 = lab.start(VrrpXdp(lab.router("r1"), config=config(STAYS, CHANGES)))
    lab.start(VrrpXdp(lab.router("r2"), VirtualRouter(vrid=99, addresses=["192.0.2.99"], interval_ms=INTERVAL_MS)))
    for vrid, interface in ((10, "eth0"), (20, "eth0"), (11, "eth1")):
        lab.eventually(lambda v=vrid, i=interface: r1.state(v, i) == "active", f"r1 is Active for VRID {vrid}")
    before = {vrid: r1.virtual_router(vrid, interface) for vrid, interface in ((10, "eth0"), (11, "eth1"))}
    with lab.capture(*(lab.router(name).port(i) for name in ("r1", "r2") for i in ("eth0", "eth1"))) as capture:
        capture.wait_for(advertisement_of("r2", vrid=99), "r2 advertises", count=5)
        for changed in (
            replace(CHANGES, priority=150),
            replace(CHANGES, priority=150, interval_ms=50),
            replace(CHANGES, addresses=[*CHANGES.addresses, MORE[IPV4]]),
            replace(CHANGES, preempt=False),
        ):
            assert "eth0: changed" in reload(r1, config(STAYS, changed))
        reload(r1, config(COMES, STAYS, CHANGES))
        wait_for_state(lab, r1, "active", vrid=30)
        reload(r1, config(STAYS))
        assert "no interface changed" in reload(r1, config(STAYS))
        done_ns = time.time_ns()
        for vrid in (10, 11):
            capture.wait_for(advertisement_of("r1", vrid=vrid), f"{vrid} goes on", since_ns=done_ns, count=5)
        after = {vrid: r1.virtual_router(vrid, interface) for vrid, interface in ((10, "eth0"), (11, "eth1"))}

    for vrid in (10, 11):
        assert_undisturbed(capture, vrid)
        assert after[vrid]["state"] == "active"
        assert after[vrid]["up-datetime"] == before[vrid]["up-datetime"]
        transitions = [each[vrid]["statistics"]["master-transitions"] for each in (before, after)]
        assert transitions[0] == transitions[1]
    # What is different was all the same told to the others.
    told = [frame.vrrp for frame in capture.frames(advertisement_of("r1", vrid=20)) if frame.vrrp]
    assert {(each.priority, each.interval_ms, each.count) for each in told} == {
        (100, 20, 1), (150, 20, 1), (150, 50, 1), (100, 20, 2), (0, 20, 1)
    }  # fmt: skip
    assert told[-1].priority == 0
    assert r1.log().count("vrid 20 ipv4: active -> initialize: asked to stop") == 1
    assert (r1.stop(), nothing_attached(r1.router.namespace)) == (DONE, True)


@each_family
def test_Reload_ThatLowersThePriority_YieldsAsVrrpAsks_AndTheGuardianKnowsTheNewFarewell(lab: Lab) -> None:
    first = VirtualRouter(addresses=lab.family.virtual, priority=200, interval_ms=200)
    r1, r2 = start_pair(lab)
    with lab.capture() as capture, lab.prober() as prober:
        prober.wait_for_answer()
        more = replace(first, addresses=[*first.addresses, MORE[lab.family]])
        reload(r1, configuration({"eth0": [more]}))
        capture.wait_for(lambda f: f.sent_by == "r1" and f.told and f.told.address == MORE[lab.family], "it is announced")
        wait_for_sole_active(lab, capture, "r1")
        reload(r1, configuration({"eth0": [replace(first, priority=50)]}))
        wait_for_state(lab, r2, "active")
        wait_for_state(lab, r1, "backup")
        assert not capture.frames(advertisement_of("r1", priority=0)), "it had to yield, not to leave"
        reloaded_ns = time.time_ns()
        r1.write(configuration({"eth0": [replace(first, priority=254)]}))
        r1.process.signal(signal.SIGHUP)
        capture.wait_for(advertisement_of("r1", priority=254), "r1 preempts", since_ns=reloaded_ns)
        wait_for_state(lab, r2, "backup")
        capture.wait_for(answer_of("r1"), "r1 answers", since_ns=time.time_ns())
        killed_ns = time.time_ns()
        r1.kill()
        farewell = capture.wait_for(advertisement_of("r1", priority=0), "the guardian sends a farewell", since_ns=killed_ns)
        assert farewell.vrrp and farewell.vrrp.addresses == tuple(lab.family.virtual)
        capture.wait_for(advertisement_of("r2"), "r2 takes over", since_ns=killed_ns)


def test_Reload_OfABackupRouter_ThatMayPreemptNow_PreemptsWhomItFollowed(lab: Lab) -> None:
    waiting = VirtualRouter(priority=250, preempt=False)
    r1 = lab.start(VrrpXdp(lab.router("r1"), VirtualRouter(priority=200)))
    wait_for_state(lab, r1, "active")
    r2 = lab.start(VrrpXdp(lab.router("r2"), waiting))
    # Recognised by the data plane, and told to nobody any more.
    lab.eventually(lambda: r2.virtual_router().get("statistics", {}).get("advertisement-rcvd", 0) > 5, "r2 follows r1")
    before = r2.virtual_router()["statistics"]
    reload(r2, configuration({"eth0": [replace(waiting, preempt=True)]}))
    wait_for_state(lab, r2, "active")
    wait_for_state(lab, r1, "backup")
    after = r2.virtual_router()["statistics"]
    assert after["advertisement-rcvd"] >= before["advertisement-rcvd"], "what was counted stays"
    assert after["master-transitions"] == before["master-transitions"] + 1


def test_Reload_AttachesToWhatIsNew_AndLetsGoOfWhatIsGone(lab: Lab) -> None:
    lan, wan = VirtualRouter(priority=200), replace(ALONE, interval_ms=100)
    r1 = lab.start(VrrpXdp(lab.router("r1"), lan))
    wait_for_state(lab, r1, "active")
    inside = r1.router.namespace
    with lab.capture() as capture:
        assert "eth1: added" in reload(r1, configuration({"eth0": [lan], "eth1": [wan]}))
        lab.eventually(lambda: r1.state(11, "eth1") == "active", "it runs on eth1 as well")
        said = reload(r1, configuration({"eth1": [wan]}))
        assert "eth0: removed" in said and "eth1" not in said
        capture.wait_for(advertisement_of("r1", priority=0), "it leaves eth0 with a farewell")
    lab.eventually(lambda: nothing_attached_to(r1, "eth0"), "nothing is left on eth0")
    assert r1.state(11, "eth1") == "active"
    # And back, in exchange for the other.
    reload(r1, configuration({"eth0": [lan]}))
    wait_for_state(lab, r1, "active")
    assert r1.interface_status("eth1") == {}
    assert (r1.stop(), nothing_attached(inside)) == (DONE, True)


def test_Reload_OfABadFile_ChangesNothing_AndSaysWhatCheckSays(lab: Lab) -> None:
    r1 = lab.start(VrrpXdp(lab.router("r1"), VirtualRouter()))
    wait_for_state(lab, r1, "active")
    inside = r1.router.namespace
    good, before = r1.config, r1.virtual_router()
    r1.write(good.replace('"vrid": 10', '"vrid": 300, "priorty": 7'))
    refused, checked = invoke(inside, "reload"), invoke(inside, "check", str(r1.path))
    assert (refused.returncode, refused.stderr) == (BAD_CONFIGURATION, checked.stderr)
    assert "2 mistakes" in refused.stderr and not refused.stdout
    r1.process.signal(signal.SIGHUP)
    lab.eventually(lambda: r1.log().count("is not valid; nothing was changed") == 2, "SIGHUP is answered in the log")
    assert "vrid must be a number from 1 to 255" in r1.log()

    # What is not a mistake of the file, but cannot be done.
    r1.write(good.replace("eth0", "lo"))
    impossible = invoke(inside, "reload", "eth0")
    assert impossible.returncode == FAILED
    assert "lo is not an Ethernet interface" in impossible.stderr and "nothing was changed" in impossible.stderr
    assert r1.virtual_router()["up-datetime"] == before["up-datetime"]
    r1.write(good)
    assert "no interface changed" in r1.run("reload", "eth0")
    assert invoke(inside, "reload", "eth1").returncode == NOT_RUNNING
    r1.stop()
    assert invoke(inside, "reload").returncode == NOT_RUNNING


def test_AlternativeNames_AreTakenForTheInterface(lab: Lab) -> None:
    inside = lab.router("r1").namespace
    inside.ip("link property add dev eth0 altname uplink")
    by_name = configuration({"eth0": [STAYS]})
    r1 = lab.start(VrrpXdp(lab.router("r1"), config=configuration({"uplink": [STAYS]})))
    wait_for_state(lab, r1, "active")
    for config in (by_name, configuration({"uplink": [STAYS]})):
        r1.write(config)
        assert "no interface changed" in r1.run("reload")
    r1.write(configuration({"uplink": [STAYS], "eth0": [COMES]}))
    assert "two entries are for eth0" in invoke(inside, "reload").stderr
    assert r1.virtual_router()["statistics"]["master-transitions"] == 1


def nothing_attached_to(router: VrrpXdp, interface: str) -> bool:
    inside = router.router.namespace
    said = inside.run("ip", "link", "show", "dev", interface) + inside.run("tc", "qdisc", "show", "dev", interface)
    return "xdp" not in said and "clsact" not in said and router.interface_status(interface) == {}


def test_HangupDuringAReload_IsRemembered_AndDoneAfterIt(lab: Lab) -> None:
    r1 = lab.start(VrrpXdp(lab.router("r1"), config=configuration({"eth0": [STAYS]})))
    wait_for_state(lab, r1, "active")
    with held_still(protocol_thread(r1)):
        for more in (CHANGES, COMES):
            r1.write(configuration({"eth0": [STAYS, more]}))
            r1.process.signal(signal.SIGHUP)
            time.sleep(1)  # it has read the file by then, and waits for the thread
    lab.eventually(lambda: r1.state(COMES.vrid) == "active", "what the file says last is what runs")
    assert r1.state(CHANGES.vrid) == "", r1.log()


def test_MapsHaveRoomForWhatIsConfigured_AndForAReloadThatAddsMuch(lab: Lab) -> None:
    def config(count: int) -> Mapping[str, Any]:
        routers = [VirtualRouter(vrid=n, addresses=[f"192.0.2.{100 + n}"], interval_ms=1000) for n in range(1, count + 1)]
        return configuration({"eth0": routers})

    r1 = lab.start(VrrpXdp(lab.router("r1"), config=config(1)))
    lab.eventually(lambda: r1.state(1) == "backup", "it runs")
    counters = Path(r1.interface_status()["pins"]) / "vr_counters"
    assert room(counters) == 64
    reload(r1, config(64))
    lab.eventually(lambda: r1.state(64) == "active", "the last one that there is room for")
    r1.write(config(65))
    refused = invoke(lab.router("r1").namespace, "reload")
    assert refused.returncode == FAILED
    assert "which have room for 64" in refused.stderr and "vrrp-xdp detach" in refused.stderr
    assert r1.state(64) == "active" and not r1.state(65)
    # Where nobody is there whose maps they are, they are created again.
    r1.kill_family()
    r1.start(lab.directory)
    lab.eventually(lambda: r1.state(65) == "active", "there is room now")
    assert room(counters) == 256


def room(pin: Path) -> int:
    return int(json.loads(run(["bpftool", "--json", "map", "show", "pinned", str(pin)]))["max_entries"])
