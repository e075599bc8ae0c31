# SPDX-License-Identifier: BSD-2-Clause
"""What a Virtual Router depends on beside its own interface, and whom it tells: trackers and hooks."""

import time
from pathlib import Path
from typing import Any

from observations import advertisement_of, each_family, each_history, wait_for_sole_active, wait_for_state
from vrrp_lab import Lab, VrrpXdp


def configuration(lab: Lab, priority: int, *, interval_ms: int = 50, top: dict[str, Any] | None = None, **keys: Any) -> Any:
    """One Virtual Router on eth0 with more keys, below others of the whole file."""
    router = {
        "vrid": 10,
        "priority": priority,
        "advertise-interval": f"{interval_ms}ms",
        "virtual-addresses": list(lab.family.virtual),
        **keys,
    }
    return {**(top or {}), "interfaces": {"eth0": {"virtual-routers": [router]}}}


def start(lab: Lab, name: str, priority: int, **keys: Any) -> VrrpXdp:
    return lab.start(VrrpXdp(lab.router(name), config=configuration(lab, priority, **keys)))


def script(lab: Lab, name: str, text: str) -> str:
    path = lab.directory / name
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return str(path)


def tracker(router: VrrpXdp, name: str) -> Any:
    """What the router says of a tracker; empty while it does not run."""
    return next((each for each in router.virtual_router().get("trackers", []) if each["name"] == name), {})


@each_family
@each_history
def test_UplinkLost_IsFault_AndTheOtherRouterTakesOver_UntilItReturns(lab: Lab) -> None:
    with lab.capture() as capture:
        uplink = {"trackers": {"uplink": {"interface": "eth1"}}}
        r1 = start(lab, "r1", 200, top=uplink, track={"uplink": "fault"})
        r2 = start(lab, "r2", 100)
        wait_for_sole_active(lab, capture, "r1")
        cut_ns = time.time_ns()
        lab.router("r1").cut("eth1")
        wait_for_sole_active(lab, capture, "r2", since_ns=cut_ns)
        # It could still speak, so nobody has to wait for three intervals.
        assert capture.frames(advertisement_of("r1", priority=0), since_ns=cut_ns)
        wait_for_state(lab, r1, "initialize")
        assert r1.virtual_router()["last-event"] == "faulted"
        assert tracker(r1, "uplink") == {
            "name": "uplink",
            "effect": "fault",
            "state": "down",
            "detail": "eth1 is down, or has no carrier",
        }
        mended_ns = time.time_ns()
        lab.router("r1").mend("eth1")
        wait_for_sole_active(lab, capture, "r1", since_ns=mended_ns)
        wait_for_state(lab, r2, "backup")
        assert "tracker uplink is down: eth1 is down, or has no carrier; in Initialize" in r1.log()


def test_RouteAndFile_ChangeThePriority_AndWithItWhoIsActive(lab: Lab) -> None:
    weight = lab.directory / "weight"
    trackers = {"way": {"route": "198.51.100.0/24", "table": 100}, "weight": {"file": str(weight), "interval": "10ms"}}
    inside = lab.router("r1").namespace
    weight.write_text("20")
    with lab.capture() as capture:
        r1 = start(lab, "r1", 200, top={"trackers": trackers}, track={"way": -150, "weight": "value"})
        start(lab, "r2", 100)
        wait_for_sole_active(lab, capture, "r2")
        assert r1.virtual_router()["effective-priority"] == 70
        # The table is another one, and then the interface takes its routes along silently.
        inside.ip("route add 198.51.100.0/24 dev eth1 table 101")
        inside.ip("route add 198.51.100.0/24 dev eth1 table 100")
        wait_for_sole_active(lab, capture, "r1")
        assert capture.frames(advertisement_of("r1", priority=220))
        inside.ip("link set eth1 down")
        wait_for_sole_active(lab, capture, "r2", since_ns=time.time_ns())
        weight.write_text("90\n")
        wait_for_sole_active(lab, capture, "r1", since_ns=time.time_ns())
        assert r1.virtual_router()["effective-priority"] == 140
        assert "140 (200)" in r1.run("status")


def test_CommandThatHangs_NeverDelaysAnAdvertisement(lab: Lab) -> None:
    runs = lab.directory / "runs"
    runs.touch()
    hang = script(lab, "hang", f"echo run >> {runs}; sleep 60")
    watched = {"command": [hang], "interval": "10ms", "timeout": "50ms", "user": "root"}
    with lab.capture() as capture:
        r1 = start(lab, "r1", 200, interval_ms=20, top={"trackers": {"web": watched}}, track={"web": -50})
        r2 = start(lab, "r2", 100, interval_ms=20)
        wait_for_state(lab, r2, "backup")
        wait_for_sole_active(lab, capture, "r1")
        lab.eventually(lambda: tracker(r1, "web").get("state") == "down", "the command is down")
        assert tracker(r1, "web")["detail"] == "it timed out and was killed"
        before = r2.virtual_router()["statistics"]["master-transitions"]
        first = len(runs.read_text().splitlines())
        lab.eventually(lambda: len(runs.read_text().splitlines()) >= first + 10, "it hangs ten times more")
        assert r1.virtual_router()["effective-priority"] == 150
        assert r2.virtual_router()["statistics"]["master-transitions"] == before
    r1.stop()
    assert r1.router.namespace.pids() == [r2.process.pid] or not r1.router.namespace.pids()


def test_FirstCheckDecides_BeforeTheElectionBegins(lab: Lab) -> None:
    release = lab.directory / "release"
    wait = script(lab, "wait", f"while ! test -e {release}; do sleep 0.01; done")
    watched = {"command": [wait], "interval": "10ms", "timeout": "60s", "user": "root"}
    r1 = start(lab, "r1", 200, interval_ms=10, top={"trackers": {"web": watched}}, track={"web": "fault"})
    lab.eventually(lambda: tracker(r1, "web").get("state") == "unknown", "the first check runs")
    assert r1.state() == "initialize"
    release.touch()
    wait_for_state(lab, r1, "active")
    assert "initialize -> backup: its trackers say that it can serve again" in r1.log()


HOOK = """{ echo "$1 from $VRRP_XDP_PREVIOUS_STATE to $VRRP_XDP_STATE: $VRRP_XDP_CAUSE"
    env | grep ^VRRP_XDP_ | sort | tr '\\n' ' '; echo; id -un; } >> "$0.$1"
echo "$1 $VRRP_XDP_STATE begins" >> "$0.order"
test "$1" = slow && sleep 60
sleep 0.05
echo "$1 $VRRP_XDP_STATE ends" >> "$0.order"
"""


def test_Hooks_RunInOrder_WithWhatTheyNeedToKnow_TheLastOnesToo(lab: Lab) -> None:
    notify = script(lab, "notify", HOOK)
    everywhere = {"hooks": [{"command": [notify, "all"]}]}
    own = [{"command": [notify, "own"], "on": ["active"]}, {"command": [notify, "slow"], "on": ["backup"], "timeout": "1s"}]
    r1 = start(lab, "r1", 200, interval_ms=10, top=everywhere, hooks=own)
    wait_for_state(lab, r1, "active")
    r1.stop()
    heads = Path(f"{notify}.all").read_text().splitlines()[::3]
    assert heads == [
        "all from initialize to backup: startup",
        "all from backup to active: master-timeout",
        "all from active to initialize: shutdown",
    ]
    told = dict(each.split("=", 1) for each in Path(f"{notify}.own").read_text().splitlines()[1].split(" ") if "=" in each)
    assert told == {
        "VRRP_XDP_INTERFACE": "eth0",
        "VRRP_XDP_VRID": "10",
        "VRRP_XDP_FAMILY": "ipv4",
        "VRRP_XDP_STATE": "active",
        "VRRP_XDP_PREVIOUS_STATE": "backup",
        "VRRP_XDP_CAUSE": "master-timeout",
        "VRRP_XDP_PRIORITY": "200",
        "VRRP_XDP_ADDRESSES": " ".join(lab.family.virtual),
    }
    assert Path(f"{notify}.own").read_text().splitlines()[2] == "root"
    assert Path(f"{notify}.order").read_text().splitlines() == [
        "all backup begins",
        "all backup ends",
        "slow backup begins",  # and takes too long
        "all active begins",
        "all active ends",
        "own active begins",
        "own active ends",
        "all initialize begins",
        "all initialize ends",
    ]
    assert f"hook {notify} (-> backup) timed out and was killed" in r1.log()


def test_Commands_RunAsTheirUser_WithItsGroupsAlone(lab: Lab) -> None:
    def is_run_by(user: str, group: str) -> list[str]:
        # Nothing of root is left to it either: no further group, no capability.
        bare = "grep -q 'CapEff:[^1-9a-f]*$' /proc/self/status"
        return ["/bin/sh", "-c", f'test "$(id -un) $(id -Gn) $USER" = "{user} {group} {user}" && {bare}']

    trackers = {
        "by-default": {"command": is_run_by("nobody", "nogroup"), "interval": "10ms"},
        "named": {"command": is_run_by("daemon", "daemon"), "interval": "10ms", "user": "daemon"},
        "mistaken": {"command": is_run_by("root", "root"), "interval": "10ms", "user": "daemon"},
    }
    said = ["/bin/sh", "-c", 'echo "hook runs as $(id -un) $(id -Gn), $VRRP_XDP_STATE"']
    hooks = [{"command": said, "user": "daemon", "on": ["active"]}]
    track = {"by-default": -10, "named": -20, "mistaken": -40}
    r1 = start(lab, "r1", 200, interval_ms=10, top={"trackers": trackers}, track=track, hooks=hooks)
    wait_for_state(lab, r1, "active")
    found = {"by-default": "up", "named": "up", "mistaken": "down"}
    lab.eventually(lambda: {name: tracker(r1, name).get("state") for name in trackers} == found, "each has run")
    assert r1.virtual_router()["effective-priority"] == 160
    lab.eventually(lambda: "hook runs as daemon daemon, active" in r1.log(), "the hook")


def test_ReloadThatTouchesATracker_LeavesAnUnfitRouterUnfit(lab: Lab) -> None:
    """Its command says so once, and from then on takes longer than a takeover does."""
    said = lab.directory / "said"
    once = script(lab, "once", f"test -e {said} && sleep 60; touch {said}; exit 1")

    def config(other: str, timeout: str) -> Any:
        web = {"command": [once], "interval": "10ms", "timeout": timeout, "user": "root"}
        trackers = {"web": web, "other": {"file": str(lab.directory / other), "interval": "10ms"}}
        return configuration(lab, 200, top={"trackers": trackers}, track={"web": "fault", "other": "value"})

    with lab.capture() as capture:
        r1 = lab.start(VrrpXdp(lab.router("r1"), config=config("one", "50s")))
        r2 = start(lab, "r2", 100)
        wait_for_sole_active(lab, capture, "r2")
        assert (r1.state(), tracker(r1, "web")["state"]) == ("initialize", "down")
        for changed in (config("another", "50s"), config("another", "40s"), config("one", "50s")):
            reloaded_ns = time.time_ns()
            r1.write(changed)
            r1.run("reload")
            capture.wait_for(advertisement_of("r2"), "r2 goes on", since_ns=reloaded_ns, count=15)
            assert (r1.state(), tracker(r1, "web")["state"]) == ("initialize", "down"), r1.log()
        assert not capture.frames(advertisement_of("r1"))
    assert r2.virtual_router()["statistics"]["master-transitions"] == 1


def test_ReloadThatChangesThePriority_OfALoweredRouter_DoesNotPreempt(lab: Lab) -> None:
    down: dict[str, dict[str, Any]] = {"trackers": {"down": {"file": str(lab.directory / "missing"), "interval": "10ms"}}}
    command = {"command": ["/bin/false"], "interval": "10ms", "user": "root"}
    down["trackers"]["command"] = command

    def config(priority: int) -> Any:
        return configuration(lab, priority, top=down, track={"command": -150})

    with lab.capture() as capture:
        r1 = lab.start(VrrpXdp(lab.router("r1"), config=config(200)))
        start(lab, "r2", 100)
        wait_for_sole_active(lab, capture, "r2")
        lab.eventually(lambda: r1.virtual_router().get("effective-priority") == 50, "r1 is lowered")
        wait_for_state(lab, r1, "backup")
        before_ns = time.time_ns()
        for priority in (210, 220, 230, 240):
            r1.write(config(priority))
            r1.run("reload")
        capture.wait_for(advertisement_of("r2"), "r2 goes on", since_ns=time.time_ns(), count=10)
        assert not capture.frames(advertisement_of("r1"), since_ns=before_ns)
