# SPDX-License-Identifier: BSD-2-Clause
"""What is left when vrrp-xdp ends, well or badly, and what it leaves to others while it runs and afterwards."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from observations import advertisement_of, nothing_attached, wait_for_sole_active, wait_for_state
from vrrp_lab import Lab, VirtualRouter, VrrpXdp
from vrrp_lab.leftovers import instance_directories
from vrrp_lab.netns import Namespace
from vrrp_lab.peers.vrrp_xdp import binary, invoke
from vrrp_lab.process import Process

DONE, NOT_RUNNING = 0, 4


@pytest.fixture
def lab(make_lab: Callable[..., Lab]) -> Lab:
    """One router, where everything here is done. In every mode: generic XDP would not see tags that offloads hide."""
    return make_lab(routers=1, offloads=False)


def start(lab: Lab, *, mode: str | None = None, config: Any = None) -> VrrpXdp:
    router = lab.start(VrrpXdp(lab.router("r1"), VirtualRouter(interval_ms=50), mode=mode, config=config))
    wait_for_state(lab, router, "active")
    return router


def on_interfaces(**vrids: int) -> dict[str, Any]:
    """A configuration with one Virtual Router on each of these interfaces."""
    return {
        "interfaces": {
            interface: {
                "virtual-routers": [
                    {"vrid": vrid, "advertise-interval": "50ms", "virtual-addresses": [f"192.0.2.{200 + vrid}"]}
                ]
            }
            for interface, vrid in vrids.items()
        }
    }


def wait_until_nothing_is_attached(lab: Lab) -> None:
    lab.eventually(lambda: nothing_attached(lab.router("r1").namespace), "nothing is left")


def add_filter(inside: Namespace, hook: str) -> None:
    """What other software might put there: a filter that matches nothing, in classic BPF."""
    inside.run("tc", "filter", "add", "dev", "eth0", hook, "pref", "7", "bpf", "bytecode", "1,6 0 0 0", "flowid", "1:1")


def open_files(pid: int) -> int:
    return len(os.listdir(f"/proc/{pid}/fd"))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("mode", ["native", "clsact", "generic"])
def test_Stop_LeavesNothing(lab: Lab, mode: str, number: signal.Signals) -> None:
    router = start(lab, mode=mode)
    assert not nothing_attached(lab.router("r1").namespace)
    router.process.signal(number)
    assert router.process.wait() == DONE
    # Not a moment later: the next one may start at once.
    assert nothing_attached(lab.router("r1").namespace)
    assert "eth0: detached" in router.log()


def test_Detach_StopsTheRunningInstance(lab: Lab) -> None:
    with lab.capture() as capture:
        router = start(lab)
        assert router.detach() == "eth0: detached\n"
        assert router.process.wait() == DONE
        assert nothing_attached(lab.router("r1").namespace)
        capture.wait_for(advertisement_of("r1", priority=0), "its farewell")
        assert invoke(lab.router("r1").namespace, "detach", "eth0").returncode == NOT_RUNNING


def test_Detach_OfOneInterface_LeavesTheOtherAlone(lab: Lab) -> None:
    router = lab.start(VrrpXdp(lab.router("r1"), config=on_interfaces(eth0=10, eth1=20)))
    for vrid, interface in ((10, "eth0"), (20, "eth1")):
        lab.eventually(lambda: router.state(vrid, interface) == "active", f"active on {interface}")
    with lab.capture(lab.router("r1").port("eth1")) as wan:
        assert router.detach("eth0") == "eth0: detached\n"
        since_ns = time.time_ns()
        assert router.state(20, "eth1") == "active"
        wan.wait_for(advertisement_of("r1", vrid=20), "it goes on", since_ns=since_ns, count=5)
        assert not wan.frames(advertisement_of("r1", priority=0, vrid=20))
    assert [each["interface"] for each in router.status()["interfaces"]] == ["eth1"]
    assert router.virtual_router(20, "eth1")["statistics"]["master-transitions"] == 1
    assert "vrrp_clsact" not in lab.router("r1").namespace.run("tc", "filter", "show", "dev", "eth0", "ingress")
    assert router.detach("eth1") == "eth1: detached\n"
    assert router.process.wait() == DONE
    wait_until_nothing_is_attached(lab)


@pytest.mark.parametrize("mode", ["native", "clsact", "generic"])
def test_Detach_ClearsWhatAKilledInstanceLeft(lab: Lab, mode: str) -> None:
    inside = lab.router("r1").namespace
    router = start(lab, mode=mode)
    router.kill_family()
    assert len(instance_directories(inside)) == 2
    assert not nothing_attached(inside)
    said = router.run("status")
    assert "no instance is running" in said and "vrrp-xdp detach eth0" in said
    assert router.status()["interfaces"][0]["controller"] == "dead"
    assert "removed what a previous one had left" in router.detach()
    assert nothing_attached(inside)
    assert invoke(inside, "status").returncode == NOT_RUNNING


@pytest.mark.parametrize("mode", ["native", "clsact", "generic"])
def test_Attach_WorksAtOnce_AfterACrash(lab: Lab, mode: str) -> None:
    router = start(lab, mode=mode)
    for _ in range(5):
        router.kill_family()
        router.start(lab.directory)
        wait_for_state(lab, router, "active")
    assert router.stop() == DONE
    assert nothing_attached(lab.router("r1").namespace)


def test_Attach_WorksAtOnce_AfterAStop(lab: Lab) -> None:
    router = start(lab)
    for _ in range(3):
        assert router.stop() == DONE
        router.start(lab.directory)
        wait_for_state(lab, router, "active")


@pytest.mark.parametrize("end", [VrrpXdp.stop, VrrpXdp.kill_family])
def test_SomebodyElsesFilters_AreLeftAlone(lab: Lab, end: Callable[[VrrpXdp], int]) -> None:
    inside = lab.router("r1").namespace
    inside.run("tc", "qdisc", "add", "dev", "eth0", "clsact")
    for hook in ("ingress", "egress"):
        add_filter(inside, hook)
    before = {hook: inside.run("tc", "filter", "show", "dev", "eth0", hook) for hook in ("ingress", "egress")}
    router = start(lab)
    assert "vrrp_clsact" in inside.run("tc", "filter", "show", "dev", "eth0", "ingress")
    end(router)
    invoke(inside, "detach", "eth0")
    assert {hook: inside.run("tc", "filter", "show", "dev", "eth0", hook) for hook in before} == before
    inside.run("tc", "qdisc", "del", "dev", "eth0", "clsact")
    assert nothing_attached(inside)


def test_Qdisc_Stays_WhenSomebodyElseUsesOurs(lab: Lab) -> None:
    inside = lab.router("r1").namespace
    router = start(lab)
    add_filter(inside, "egress")
    assert router.stop() == DONE
    assert "bytecode" in inside.run("tc", "filter", "show", "dev", "eth0", "egress")
    assert "vrrp" not in inside.run("tc", "filter", "show", "dev", "eth0", "ingress")


def test_TwoNamespaces_WithInterfacesOfOneName_DoNotMeet(make_lab: Callable[..., Lab]) -> None:
    lab = make_lab(routers=2)
    with lab.capture() as capture:
        r1, r2 = (
            lab.start(VrrpXdp(router, VirtualRouter(priority=priority)))
            for router, priority in zip(lab.routers, (200, 100))
        )
        for router, state in ((r1, "active"), (r2, "backup")):
            wait_for_state(lab, router, state)
            assert [each["pid"] for each in router.status()["interfaces"]] == [router.process.pid]
        assert r1.interface_status()["pins"] != r2.interface_status()["pins"]
        assert r1.detach() == "eth0: detached\n"
        assert r1.process.wait() == DONE
        assert nothing_attached(lab.router("r1").namespace)
        assert r2.running and Path(r2.interface_status()["pins"]).is_dir()
        wait_for_sole_active(lab, capture, "r2")


def test_SeveralInterfaces_RunInOneProcess_AndOneCanBeChosen(lab: Lab) -> None:
    config = on_interfaces(eth0=10, eth1=20)
    router = lab.start(VrrpXdp(lab.router("r1"), config=config))
    for vrid, interface in ((10, "eth0"), (20, "eth1")):
        lab.eventually(lambda: router.state(vrid, interface) == "active", f"active on {interface}")
    assert {each["pid"] for each in router.status()["interfaces"]} == {router.process.pid}
    assert router.stop() == DONE
    assert nothing_attached(lab.router("r1").namespace)

    argv = [str(binary()), "attach", "eth1", "--config", str(lab.directory / "vrrp-xdp-r1.yaml")]
    one = Process(lab.router("r1").namespace, "attach eth1", argv, lab.directory / "one.log")
    lab.eventually(lambda: router.state(20, "eth1") == "active", "active on eth1")
    assert [each["interface"] for each in router.status()["interfaces"]] == ["eth1"]
    assert one.stop() == DONE


def test_BpfFileSystem_IsMountedWhereItIsMissing(lab: Lab) -> None:
    router = VrrpXdp(lab.router("r1"), config=on_interfaces(eth0=10))
    config = lab.directory / "private.yaml"
    config.write_text(router.config)
    # A mount namespace of its own, in which no BPF file system is mounted.
    alone = 'while umount /sys/fs/bpf 2> /dev/null; do :; done; exec "$@"'
    argv = ["unshare", "--mount", "sh", "-c", alone, "sh", str(binary()), "attach", "--config", str(config)]
    process = Process(lab.router("r1").namespace, "attach without bpffs", argv, lab.directory / "private.log")
    # It is found by its socket, though its pins are out of sight.
    lab.eventually(lambda: router.state(10) == "active", "active")
    assert " /sys/fs/bpf bpf " in Path(f"/proc/{process.pid}/mounts").read_text()
    assert not Path(router.interface_status()["pins"]).exists()
    assert process.stop() == DONE
    wait_until_nothing_is_attached(lab)


def test_Status_OpensNothingThatStaysOpen(lab: Lab) -> None:
    router = start(lab)
    before = open_files(router.process.pid)
    for _ in range(20):
        router.status()
    lab.eventually(lambda: open_files(router.process.pid) == before, "as many files are open as before")


def test_PinsOfANamespaceThatIsGone_AreRemovedByTheNextAttach(make_lab: Callable[..., Lab]) -> None:
    lab = make_lab(routers=3)
    routers = [lab.start(VrrpXdp(router, VirtualRouter(vrid=20 + router.number))) for router in lab.routers[:2]]
    for router in routers:
        lab.eventually(lambda: router.interface_status().get("pins"), "attached")
    gone, living = (Path(router.interface_status()["pins"]).parent for router in routers)
    for router in routers:
        router.kill_family()
    assert gone.is_dir()
    lab.router("r1").namespace.delete()
    # From here on any attach on this machine may remove them. The kernel takes a namespace apart in its own time.
    last = VrrpXdp(lab.router("r3"), VirtualRouter())

    def is_gone_after_an_attach() -> bool:
        lab.start(last)
        wait_for_state(lab, last, "active")
        last.stop()
        return not gone.exists()

    lab.eventually(is_gone_after_an_attach, "the pins of the namespace are gone")
    assert living.is_dir()
