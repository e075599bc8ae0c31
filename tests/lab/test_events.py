# SPDX-License-Identifier: BSD-2-Clause
"""`events` and `watch` report what happens, and how late a takeover was."""

import json
import os
import re
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from observations import wait_for_state
from vrrp_lab import Lab, VirtualRouter, VrrpXdp
from vrrp_lab.peers.vrrp_xdp import binary, configuration, invoke
from vrrp_lab.process import Process

INTERVAL_MS = 100


def start(lab: Lab, name: str, priority: int) -> VrrpXdp:
    return lab.start(VrrpXdp(lab.router(name), VirtualRouter(priority=priority, interval_ms=INTERVAL_MS)))


@contextmanager
def following(lab: Lab, *arguments: str) -> Iterator[Process]:
    """`vrrp-xdp events` in r1; it subscribes a little later."""
    log = lab.directory / "events.log"
    process = Process(lab.router("r1").namespace, "vrrp-xdp events", [str(binary()), "events", *arguments], log)
    try:
        yield process
    finally:
        process.stop()


def told(events: Process) -> list[dict[str, Any]]:
    whole = events.log().split("\n")[:-1]  # the last one may be half written
    return [json.loads(line) for line in whole if line.startswith("{")]


def test_Events_AreJson_AndGoOnWithTheNextInstance(lab: Lab) -> None:
    weight = lab.directory / "weight"
    weight.write_text("0")
    trackers = {"weight": {"file": str(weight), "interval": "10ms"}}
    with following(lab, "--json") as events:

        def heard(**fields: Any) -> bool:
            return any(fields.items() <= each.items() for each in told(events))

        lab.eventually(lambda: "waiting for one" in events.log(), "it waits for an instance")
        tracking = VirtualRouter(options={"track": {"weight": "value"}})
        r1 = lab.start(VrrpXdp(lab.router("r1"), config={"trackers": trackers, **configuration({"eth0": [tracking]})}))
        lab.eventually(lambda: heard(event="subscribed", interface="eth0", pid=r1.process.pid), "it has found one")
        weight.write_text("5")
        lab.eventually(lambda: heard(event="tracker", tracker="weight", **{"effective-priority": 105}), "a tracker")
        lab.router("r1").cut()
        lab.eventually(
            lambda: heard(event="transition", vrid=10, state="initialize", cause="interface-down"), "a transition"
        )
        r1.stop()
        lab.eventually(lambda: heard(event="unsubscribed", interface="eth0"), "the end")
        r1.start(lab.directory)
        lab.eventually(lambda: heard(event="subscribed", pid=r1.process.pid), "the next instance")
        first = next(json.loads(line) for line in events.log().splitlines() if '"transition"' in line)
        assert first["time"].endswith("Z") and first["message"].startswith("eth0 vrid 10 ipv4: ")
        assert events.stop() == 0


def test_Events_AreLinesForPeople(lab: Lab) -> None:
    r1 = start(lab, "r1", 100)
    with following(lab) as events:
        lab.eventually(lambda: f"eth0: following pid {r1.process.pid}" in events.log(), "it has subscribed")
        lab.router("r1").cut()
        lab.eventually(lambda: "-> initialize: the interface is down, or has lost its carrier" in events.log(), "it is told")


def control_socket(router: VrrpXdp) -> socket.socket:
    """Connected to the instance that runs there."""
    (path,) = Path("/run/vrrp-xdp").glob(f"{Path(router.interface_status()['pins']).parent.name}/eth0.sock")
    connected = socket.socket(socket.AF_UNIX)
    connected.settimeout(30)
    connected.connect(str(path))
    return connected


def test_ASubscriberThatDoesNotRead_IsDropped_AndNobodyElseMissesAnything(lab: Lab) -> None:
    many = range(1, 201)
    weight = lab.directory / "weight"
    new_weight = lab.directory / "next"
    weight.write_text("0")
    trackers = {"trackers": {"weight": {"file": str(weight), "interval": "10ms"}}}
    routers = [
        VirtualRouter(vrid=vrid, addresses=[f"192.0.2.{vrid + 2}"], interval_ms=1000, options={"track": {"weight": "value"}})
        for vrid in many
    ]
    r1 = lab.start(VrrpXdp(lab.router("r1"), config={**trackers, **configuration({"eth0": routers})}))
    wait_for_state(lab, r1, "backup", vrid=200)
    with following(lab, "--json") as events, control_socket(r1) as slow:
        lab.eventually(lambda: told(events), "it has subscribed")
        slow.sendall(b'{"request": "events"}\n')
        assert b"subscribed" in slow.recv(4096)
        values = range(1, 41)
        for value in values:
            new_weight.write_text(str(value))
            new_weight.rename(weight)  # whole, or not at all
            here = {"event": "tracker", "vrid": 200, "effective-priority": 100 + value}
            lab.eventually(lambda here=here: any(here.items() <= each.items() for each in told(events)), f"event {value}")
        changes = [(each["vrid"], each["effective-priority"]) for each in told(events) if each["event"] == "tracker"]
        assert set(changes) >= {(vrid, 100 + value) for vrid in many for value in values}
        late = b"".join(iter(lambda: slow.recv(1 << 20), b""))
        assert 0 < late.count(b"\n") < len(changes)
    assert r1.state(vrid=200) in ("backup", "active")


def test_Watch_RefusesWhatIsNoTerminal(lab: Lab) -> None:
    done = invoke(lab.router("r1").namespace, "watch")
    assert done.returncode == 2
    assert "watch needs a terminal" in done.stderr and "vrrp-xdp status" in done.stderr and not done.stdout


class Tmux:
    """`vrrp-xdp watch` in a terminal of r1 that nobody looks at."""

    def __init__(self, lab: Lab) -> None:
        self._lab = lab
        self._socket = str(lab.directory / "tmux")
        self("new-session", "-d", "-x", "120", "-y", "20", str(binary()), "watch")
        self("set-option", "-g", "window-size", "manual")

    def __call__(self, *command: str, check: bool = True) -> str:
        argv = ["tmux", "-S", self._socket, "-f", "/dev/null", *command]
        environment = {**os.environ, "TERM": "xterm"}
        return subprocess.run(
            self._lab.router("r1").namespace.command(argv), env=environment, capture_output=True, text=True, check=check
        ).stdout

    def wait_for(self, *texts: str) -> str:
        """The screen, once it shows all of these."""
        screen = ""

        def shows() -> bool:
            nonlocal screen
            screen = self("capture-pane", "-p")
            return all(text in screen for text in texts)

        self._lab.eventually(shows, f"the screen shows {texts}")
        return screen

    def close(self) -> None:
        self("kill-server", check=False)


def test_Watch_ShowsStatesAndTransitions_AndFollowsTheSizeOfTheTerminal(lab: Lab) -> None:
    r1 = start(lab, "r1", 200)
    wait_for_state(lab, r1, "active")
    tmux = Tmux(lab)
    try:
        lines = tmux.wait_for("INTERFACE", "active", "EVENTS").splitlines()
        assert lines[1].split()[:5] == ["eth0", "10", "ipv4", "active", "200"]
        lab.router("r1").cut()
        tmux.wait_for("initialize", "active -> initialize: the interface is down, or has lost its carrier")
        tmux("resize-window", "-x", "40", "-y", "8")
        narrow = tmux.wait_for("INTERFACE        VRID  FAMILY  STATE", "EVENTS")
        assert all(len(line) <= 40 for line in narrow.splitlines())
        r1.stop()
        tmux.wait_for("no instance is running")
        tmux("send-keys", "q")
        lab.eventually(lambda: not tmux("list-sessions", check=False), "q ends it")
    finally:
        tmux.close()


def test_Watch_ShowsHowLateATakeoverWas(lab: Lab) -> None:
    r1, r2 = start(lab, "r1", 100), start(lab, "r2", 200)
    wait_for_state(lab, r2, "active")
    wait_for_state(lab, r1, "backup")
    tmux = Tmux(lab)
    try:
        tmux.wait_for("LATE", "192.0.2.2 priority 200")
        r2.kill_family()
        screen = tmux.wait_for("active", "backup -> active: 192.0.2.2 is no longer heard; ")
        (late,) = re.findall(r"; (\d+\.\d{3} ms) late", screen)
        lab.eventually(lambda: screen_row(tmux).count(late) == 1, "the table says the same as the event")
    finally:
        tmux.close()


def screen_row(tmux: Tmux) -> str:
    return tmux("capture-pane", "-p").splitlines()[1]


def test_LatenessOfATakeover_IsInStatusEventsLogAndExplanation(lab: Lab) -> None:
    r1, r2 = start(lab, "r1", 100), start(lab, "r2", 200)
    wait_for_state(lab, r2, "active")
    wait_for_state(lab, r1, "backup")
    with following(lab, "--json") as events:
        lab.eventually(lambda: told(events), "it has subscribed")
        r2.kill_family()
        wait_for_state(lab, r1, "active")
        late = r1.virtual_router()["takeover-lateness-ms"]
        assert 0 <= late < INTERVAL_MS
        lab.eventually(lambda: told(events)[-1].get("state") == "active", "the event")
        assert told(events)[-1]["takeover-lateness-ms"] == late
    lab.eventually(lambda: f"no longer heard; {late:.3f} ms late" in r1.log(), "the log")
    assert f"Its last takeover was {late:.4g} ms late" in r1.run("explain", "10")


def test_Preemption_IsToldAsOne(lab: Lab) -> None:
    r2 = start(lab, "r2", 100)
    wait_for_state(lab, r2, "active")
    r1 = start(lab, "r1", 200)
    wait_for_state(lab, r1, "active")
    lab.eventually(lambda: "backup -> active: preempts 192.0.2.2, which advertises priority 100; " in r1.log(), "the log")
    r1.stop()
    wait_for_state(lab, r2, "active")
    lab.eventually(lambda: "backup -> active: 192.0.2.1 has left; " in r2.log(), "the log of the other")


def test_Lateness_OutlivesTheRole_AndAReload_ButIsNotASuccessors(lab: Lab) -> None:
    r1 = start(lab, "r1", 100)
    wait_for_state(lab, r1, "active")
    late = r1.virtual_router()["takeover-lateness-ms"]
    start(lab, "r2", 200)
    wait_for_state(lab, r1, "backup")
    r1.write(configuration({"eth0": [VirtualRouter(priority=90, interval_ms=INTERVAL_MS)]}))
    r1.run("reload")
    assert (r1.virtual_router()["priority"], r1.virtual_router()["takeover-lateness-ms"]) == (90, late)
    r1.start(lab.directory)
    lab.eventually(lambda: r1.interface_status().get("pid") == r1.process.pid, "another instance serves")
    assert "takeover-lateness-ms" not in r1.virtual_router()
