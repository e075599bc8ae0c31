# SPDX-License-Identifier: BSD-2-Clause
"""One instance after another on the same interface, over a running one and over a crashed one: nobody else notices."""

import json
import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from shutil import rmtree as remove_tree

import pytest
from interop import V3
from observations import advertisement_of, each_family, macs_told, nothing_attached, wait_for_sole_active, wait_for_state
from setting import Setting
from vrrp_lab import IPV4, IPV6, Family, Keepalived, Lab, VirtualRouter, VrrpXdp
from vrrp_lab.commands import run
from vrrp_lab.leftovers import CONTROL_SOCKETS
from vrrp_lab.peers.vrrp_xdp import binary
from vrrp_lab.process import Process

DONE, FAILED = 0, 1
INTERVAL_MS = 200

# A second virtual address, and those of a second Virtual Router.
MORE = {IPV4: "192.0.2.251", IPV6: "2001:db8:1::251"}
OTHERS = {IPV4: ("192.0.2.252",), IPV6: ("fe80::252", "2001:db8:1::252")}


def configured(family: Family, priority: int = 200, *, interval_ms: int = INTERVAL_MS) -> VirtualRouter:
    return VirtualRouter(addresses=family.virtual, priority=priority, interval_ms=interval_ms)


def start_pair(lab: Lab, *, interval_ms: int = INTERVAL_MS) -> tuple[VrrpXdp, VrrpXdp]:
    """r1, Active, and r2, Backup."""
    with lab.capture() as capture:
        r1, r2 = (
            lab.start(VrrpXdp(lab.router(name), configured(lab.family, priority, interval_ms=interval_ms)))
            for name, priority in (("r1", 200), ("r2", 100))
        )
        wait_for_state(lab, r1, "active")
        wait_for_state(lab, r2, "backup")
        wait_for_sole_active(lab, capture, "r1")
    return r1, r2


def wait_for_successor(lab: Lab, router: VrrpXdp) -> None:
    """Wait until the process that was started last is the one that answers."""
    lab.eventually(
        lambda: router.interface_status().get("pid") == router.process.pid, f"the new {router.name} answers", timeout_s=20
    )


def start_over(lab: Lab, router: VrrpXdp, *routers: VirtualRouter) -> Process:
    """Start another instance in place of a running one; returns the old one, which has ended. routers: what the new one is to
    run, by default the same."""
    old = router.process
    if routers:
        router.config = VrrpXdp(router.router, *routers).config
    router.start(lab.directory)
    wait_for_successor(lab, router)
    assert old.wait() == DONE
    return old


@contextmanager
def nobody_notices(lab: Lab, router: VrrpXdp, peer: VrrpXdp, *, interval_ms: int = INTERVAL_MS) -> Iterator[None]:
    """Whatever is done to r1, which is Active, inside: r2 never is, no advertisement is late, no host loses its gateway."""
    before = peer.virtual_router()
    with lab.capture() as capture, lab.prober() as prober, lab.traffic(rate=200) as traffic:
        capture.wait_for(advertisement_of("r1"), "r1 advertises")
        prober.wait_for_answer()
        yield
        done_ns = time.time_ns()
        capture.wait_for(advertisement_of("r1"), "r1 advertises again", since_ns=done_ns, count=3)
        prober.wait_for_answer(since_ns=done_ns)
        lab.eventually(lambda: traffic.arrived_since(done_ns) > 20, "the host reaches the server")
        sent = capture.frames(advertisement_of("r1"))
        after = peer.virtual_router()
        report = traffic.stop()
    assert not capture.frames(advertisement_of("r2")), "r2 was Active"
    assert not capture.frames(advertisement_of("r1", priority=0)), "r1 sent a farewell"
    gaps = [later.time_ns - earlier.time_ns for earlier, later in zip(sent, sent[1:])]
    assert max(gaps) < 3 * interval_ms * 1e6, "its lease had run out"
    assert macs_told(capture) == {lab.family.virtual_mac(10)}
    assert (after["state"], after["up-datetime"]) == ("backup", before["up-datetime"])
    assert after["statistics"]["master-transitions"] == before["statistics"]["master-transitions"]
    # A few packets are lost in any second on a busy machine; a gap without a gateway is longer.
    assert report.longest_outage_ns < interval_ms * 1e6, report.summary()
    assert router.state() == "active"


@each_family
@pytest.mark.each_setting
def test_Attach_OverARunningActive_IsNoticedByNobody(lab: Lab, setting: Setting) -> None:
    r1, r2 = start_pair(lab)
    mode = r1.interface_status()["mode"]
    assert setting.mode in (None, mode)
    with nobody_notices(lab, r1, r2):
        for _ in range(2):
            start_over(lab, r1)
            status = r1.virtual_router()
            assert (status["state"], status["last-event"]) == ("active", "adopted")
            assert status["statistics"]["master-transitions"] == 0
    assert r1.interface_status()["mode"] == mode
    assert "handed over to another instance" in r1.log() and "taken over from pid" in r1.log()
    assert r1.stop() == DONE
    assert nothing_attached(lab.router("r1").namespace)
    wait_for_state(lab, r2, "active")


@each_family
@pytest.mark.each_setting
def test_Attach_OverAKilledActive_IsNoticedByNobody_WithinItsLease(lab: Lab) -> None:
    r1, r2 = start_pair(lab, interval_ms=2000)
    with nobody_notices(lab, r1, r2, interval_ms=2000):
        r1.kill_family()
        r1.start(lab.directory)
        wait_for_successor(lab, r1)
        assert r1.virtual_router()["last-event"] == "adopted"
    assert r1.stop() == DONE
    assert nothing_attached(lab.router("r1").namespace)


@each_family
@pytest.mark.each_setting
def test_Attach_OverAKilledActive_ListensFirst_AfterItsLease(lab: Lab) -> None:
    r1, r2 = start_pair(lab)
    with lab.capture() as capture:
        r1.kill_family()
        wait_for_sole_active(lab, capture, "r2")
        started_ns = time.time_ns()
        r1.start(lab.directory)
        wait_for_sole_active(lab, capture, "r1", since_ns=started_ns)
        first = capture.frames(advertisement_of("r1"), since_ns=started_ns)[0]
        assert first.time_ns - started_ns > 3 * INTERVAL_MS * 1e6
    wait_for_state(lab, r2, "backup")
    assert r1.virtual_router()["last-event"] == "master-timeout"


@each_family
@pytest.mark.each_setting
def test_Attach_OverARunningBackup_StaysBackup(lab: Lab) -> None:
    r1, r2 = start_pair(lab)
    with lab.capture() as capture:
        start_over(lab, r2)
        wait_for_state(lab, r2, "backup")
        capture.wait_for(advertisement_of("r1"), "r1 goes on", since_ns=time.time_ns(), count=8)
        assert not capture.frames(advertisement_of("r2"))
    assert r2.virtual_router()["statistics"]["master-transitions"] == 0
    assert r1.state() == "active"
    # And it still knows how to take over.
    r1.stop()
    wait_for_state(lab, r2, "active")


@each_family
@pytest.mark.each_setting
def test_Attach_WithAnotherPriorityAndInterval_IsActiveAllTheWhile(lab: Lab) -> None:
    r1, r2 = start_pair(lab)
    with nobody_notices(lab, r1, r2):
        start_over(lab, r1, configured(lab.family, 150, interval_ms=INTERVAL_MS // 2))
    with lab.capture() as capture:
        capture.wait_for(advertisement_of("r1", priority=150), "it advertises what is configured now")
    wait_for_state(lab, r2, "backup")


@each_family
@pytest.mark.each_setting
def test_Attach_WithALowerPriority_YieldsAsVrrpAsks(lab: Lab) -> None:
    r1, r2 = start_pair(lab)
    start_over(lab, r1, configured(lab.family, 50))
    wait_for_state(lab, r2, "active")
    wait_for_state(lab, r1, "backup")


@each_family
@pytest.mark.each_setting
def test_Attach_WithAVirtualRouterMore_AndOneLess(lab: Lab) -> None:
    r1, r2 = start_pair(lab)
    first = configured(lab.family)
    second = VirtualRouter(vrid=20, addresses=OTHERS[lab.family], priority=200, interval_ms=INTERVAL_MS)
    with nobody_notices(lab, r1, r2):
        # Ahead of the other: places in the configuration mean nothing.
        start_over(lab, r1, second, first)
        wait_for_state(lab, r1, "active", vrid=20)
        start_over(lab, r1, first)
    pins = Path(r1.interface_status()["pins"])
    assert r1.virtual_router(20) == {}
    assert entries(pins / "virtual_routers") == 1
    assert entries(pins / f"{lab.family.name}_addresses") == len(lab.family.virtual)


@each_family
@pytest.mark.each_setting
def test_Attach_WithAnAddressMore_AndOneLess(lab: Lab) -> None:
    r1, r2 = start_pair(lab)
    first = configured(lab.family)
    more = MORE[lab.family]
    with nobody_notices(lab, r1, r2):
        with lab.capture() as capture:
            start_over(lab, r1, replace(first, addresses=(*first.addresses, more)))
            capture.wait_for(
                lambda f: f.sent_by == "r1" and f.told and f.told.address == more, "the new address is announced"
            )
        start_over(lab, r1, first)
    pins = Path(r1.interface_status()["pins"])
    assert entries(pins / f"{lab.family.name}_addresses") == len(lab.family.virtual)


@each_family
@pytest.mark.each_setting
def test_Attach_NextToKeepalived_ChangesNothingThere(lab: Lab) -> None:
    ours = lab.start(VrrpXdp(lab.router("r1"), replace(V3.high, addresses=lab.family.virtual)))
    wait_for_state(lab, ours, "active")
    with lab.capture() as capture:
        theirs = lab.start(Keepalived(lab.router("r2"), replace(V3.low, addresses=lab.family.virtual)))
        lab.eventually(lambda: "BACKUP STATE (init)" in theirs.log(), "keepalived listens")
        wait_for_sole_active(lab, capture, "r1", count=10)
    before = theirs.log().count("Entering MASTER STATE")
    with lab.capture() as capture:
        start_over(lab, ours)
        capture.wait_for(advertisement_of("r1"), "it goes on", since_ns=time.time_ns(), count=8)
        assert not capture.frames(advertisement_of("r2"))
        assert not capture.frames(advertisement_of("r1", priority=0))
    assert theirs.log().count("Entering MASTER STATE") == before


# ---- Refusals


def attach(lab: Lab, router: VrrpXdp, config: str, *arguments: str) -> Process:
    """Another instance with a configuration of its own, in r1, which may fail."""
    path = lab.directory / "other.yaml"
    path.write_text(config)
    argv = [str(binary()), "attach", "--config", str(path), *arguments]
    return Process(router.router.namespace, "another attach", argv, lab.directory / "other.log")


def expect_refusal(lab: Lab, router: VrrpXdp, attached: Process, *words: str) -> None:
    """It says why, and the one that runs does so as before."""
    assert attached.wait(timeout_s=30) == FAILED
    for word in words:
        assert word in attached.log()
    assert (router.running, router.state()) == (True, "active")
    assert router.virtual_router()["last-event"] == "master-timeout"
    assert router.interface_status()["pid"] == router.process.pid


@pytest.fixture
def alone(lab: Lab) -> VrrpXdp:
    """r1, Active."""
    router = lab.start(VrrpXdp(lab.router("r1"), VirtualRouter()))
    wait_for_state(lab, router, "active")
    return router


@contextmanager
def not_handing_over(router: VrrpXdp) -> Iterator[None]:
    """The instance answers every request as before, but for one, which somebody between answers with an error."""
    path = CONTROL_SOCKETS / f"net-{router.router.namespace.inode}" / "eth0.sock"
    real = path.with_name("eth0.real")

    def answer(line: bytes) -> bytes:
        if b"hand-over" in line:
            return b'{"error": "busy"}\n'
        with socket.socket(socket.AF_UNIX) as control:
            control.connect(str(real))
            control.sendall(line)
            return control.makefile("rb").readline()

    def serve(listening: socket.socket) -> None:
        # Closing the socket ends it.
        with suppress(OSError):
            while True:
                client, _ = listening.accept()
                with client:
                    client.sendall(answer(client.makefile("rb").readline()))

    path.rename(real)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))
        listening.listen()
        thread = threading.Thread(target=serve, args=(listening,), daemon=True)
        thread.start()
        try:
            yield
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            thread.join()
            real.rename(path)


@pytest.mark.each_setting
def test_InstanceThatDoesNotHandOver_KeepsItsOwnPrograms(lab: Lab, alone: VrrpXdp) -> None:
    inside = alone.router.namespace

    def programs() -> list[str]:
        shown = inside.run("tc", "filter", "show", "dev", "eth0", "ingress") + inside.run("ip", "link", "show", "eth0")
        return re.findall(r" id (\d+)", shown)

    before = programs()
    with not_handing_over(alone):
        refused = attach(lab, alone, alone.config)
        expect_refusal(lab, alone, refused, "refuses to hand over", "busy")
    assert before and programs() == before
    assert alone.stop() == DONE
    assert nothing_attached(inside)


def test_AnotherMode_IsRefused_WhileOneRuns(lab: Lab, alone: VrrpXdp) -> None:
    refused = attach(lab, alone, alone.config, "--mode", "native")
    expect_refusal(lab, alone, refused, "clsact mode", "--mode", "vrrp-xdp detach eth0")
    alone.kill_family()
    alone.start(lab.directory)
    wait_for_successor(lab, alone)


def test_AnotherAbiVersion_IsRefused_WhileOneRuns_AndRemovedAfterACrash(lab: Lab, alone: VrrpXdp) -> None:
    pin = Path(alone.interface_status()["pins"]) / "port"
    version = ["value", "2", "0", "0", "0"]
    rest = [str(byte) for byte in value_of(pin)[4:]]
    run(["bpftool", "map", "update", "pinned", str(pin), "key", "0", "0", "0", "0", *version, *rest])
    refused = attach(lab, alone, alone.config)
    expect_refusal(lab, alone, refused, "another ABI version", "vrrp-xdp detach eth0")
    alone.kill_family()
    alone.start(lab.directory)
    wait_for_state(lab, alone, "active")
    assert alone.virtual_router()["last-event"] == "master-timeout"


def test_TwoAttachesAtOnce_OneWins(lab: Lab) -> None:
    r1, r2 = start_pair(lab)
    with nobody_notices(lab, r1, r2):
        old = r1.process
        rival = attach(lab, r1, r1.config)
        r1.start(lab.directory)
        both = (r1.process, rival)
        assert old.wait(20) == DONE
        # Either one was refused, or the later one took over from the earlier.
        lab.eventually(lambda: [each.running for each in both].count(True) == 1, "one of two is left")
        (winner,) = (each for each in both if each.running)
        (loser,) = (each for each in both if not each.running)
        lab.eventually(lambda: r1.interface_status().get("pid") == winner.pid, "the winner answers")
        if loser.exit_code == FAILED:
            assert "another 'vrrp-xdp attach' is currently attaching to eth0" in loser.log()
        else:
            assert loser.exit_code == DONE and "handed over" in loser.log()
    rival.stop()


def test_HeldInstance_DoesNotHandOver_ToWhoHasGivenUp(lab: Lab, alone: VrrpXdp) -> None:
    alone.sigstop_family()
    refused = attach(lab, alone, alone.config)
    assert refused.wait(timeout_s=30) == FAILED
    assert "does not answer" in refused.log() and "SIGCONT" in refused.log()
    alone.sigcont()
    wait_for_state(lab, alone, "active")
    assert alone.running


def value_of(pin: Path) -> bytes:
    """The first element of a pinned array."""
    said = run(["bpftool", "--json", "map", "lookup", "pinned", str(pin), "key", "0", "0", "0", "0"])
    return bytes(int(byte, 16) for byte in json.loads(said)["value"])


def entries(pin: Path) -> int:
    """How many elements a pinned hash has."""
    return len(json.loads(run(["bpftool", "--json", "map", "dump", "pinned", str(pin)])))


def test_AnotherInstance_WithARunOfItsOwn_IsRefused_AndSaysWhy(lab: Lab, alone: VrrpXdp) -> None:
    """As in a container with the host's network: the pins are shared, /run is not."""
    path = lab.directory / "other.yaml"
    path.write_text(alone.config)
    with lab.capture() as capture:
        inside = alone.router.namespace.command(["unshare", "--mount", "--propagation", "private", "/bin/sh", "-c"])
        script = f"mount -t tmpfs none /run && exec {binary()} attach --config {path}"
        refused = Process(alone.router.namespace, "in a container", [*inside[2:], script], lab.directory / "other.log")
        expect_refusal(lab, alone, refused, "another instance serves the port eth0", "control socket", "container")
        capture.wait_for(advertisement_of("r1"), "r1 goes on", since_ns=time.time_ns(), count=5)
        assert not capture.frames(advertisement_of("r1", priority=0)), "it was fenced"
    assert alone.virtual_router()["statistics"]["master-transitions"] == 1
    assert alone.stop() == DONE
    assert nothing_attached(lab.router("r1").namespace)


def test_AnotherInstance_AfterRunWasCleared_IsRefused_AndSaysWhy(lab: Lab, alone: VrrpXdp) -> None:
    remove_tree(CONTROL_SOCKETS / f"net-{alone.router.namespace.inode}")
    refused = attach(lab, alone, alone.config)
    assert refused.wait(timeout_s=30) == FAILED
    assert "another instance serves the port eth0" in refused.log() and "cleared" in refused.log()
    with lab.capture() as capture:
        capture.wait_for(advertisement_of("r1"), "r1 goes on", count=5)
        assert not capture.frames(advertisement_of("r1", priority=0)), "it was fenced"
    assert alone.stop() == DONE
    assert nothing_attached(lab.router("r1").namespace)
