# SPDX-License-Identifier: BSD-2-Clause
"""What a device lets in for its Virtual Routers is the device's own, and comes in whoever has died."""

import json
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from observations import each_family, nothing_attached, wait_for_state
from vrrp_lab import IPV4, IPV6, Lab, VirtualRouter, VrrpXdp
from vrrp_lab.netns import Namespace
from vrrp_lab.process import Process

DONE = 0
GROUPS = {IPV4: "01:00:5e:00:00:12", IPV6: "33:33:00:00:00:12"}
SOLICITED = "33:33:ff:"


@pytest.fixture
def lab(make_lab: Callable[..., Lab]) -> Lab:
    """One router, where everything here is done."""
    return make_lab(routers=1)


def start(lab: Lab, *vrids: int) -> VrrpXdp:
    routers = [VirtualRouter(vrid=vrid, addresses=addresses_of(lab, vrid), interval_ms=50) for vrid in vrids or (10,)]
    router = lab.start(VrrpXdp(lab.router("r1"), *routers))
    for vrid in vrids or (10,):
        wait_for_state(lab, router, "active", vrid=vrid)
    return router


def addresses_of(lab: Lab, vrid: int) -> tuple[str, ...]:
    if vrid == 10:
        return tuple(lab.family.virtual)
    return (f"192.0.2.{200 + vrid}",) if lab.family is IPV4 else (f"fe80::{vrid}", f"2001:db8:1::{vrid}")


def filter_of(inside: Namespace, interface: str = "eth0") -> set[str]:
    """The MAC addresses that the device itself lets in for good, as bridge(8) shows them."""
    listed = json.loads(inside.run("bridge", "-json", "fdb", "show", "dev", interface) or "[]")
    return {each["mac"] for each in listed if each.get("state") == "permanent" and "self" in each["flags"]}


def promiscuity(inside: Namespace, interface: str = "eth0") -> int:
    (link,) = json.loads(inside.run("ip", "-json", "-details", "link", "show", "dev", interface))
    return int(link["promiscuity"])


def state_of(inside: Namespace) -> Any:
    return filter_of(inside), promiscuity(inside)


@each_family
def test_VirtualMacAndGroups_AreLetIn_AfterControllerAndGuardianWereKilled(lab: Lab) -> None:
    inside = lab.router("r1").namespace
    before = state_of(inside)
    router = start(lab)
    running = state_of(inside)
    router.kill_family()
    wanted = {lab.family.virtual_mac(10), GROUPS[lab.family]}
    assert wanted <= filter_of(inside)
    assert lab.family is IPV4 or any(mac.startswith(SOLICITED) for mac in filter_of(inside) - before[0])
    # A veth has no filter: it is promiscuous instead, and stays so.
    assert promiscuity(inside) == running[1] == before[1] + 1
    (left,) = router.status()["interfaces"]
    assert wanted <= set(left["filter-entries"])
    assert lab.family.virtual_mac(10) in router.run("status").split("filter entries of the device:")[1].splitlines()[0]
    router.detach()
    assert state_of(inside) == before


@each_family
@pytest.mark.parametrize("end", [VrrpXdp.stop, VrrpXdp.detach])
def test_CleanEnd_TakesTheEntriesAway(lab: Lab, end: Callable[[VrrpXdp], Any]) -> None:
    inside = lab.router("r1").namespace
    before = state_of(inside)
    router = start(lab)
    end(router)
    assert router.process.wait() == DONE
    assert state_of(inside) == before
    assert nothing_attached(inside)


@contextmanager
def watch_entries(lab: Lab) -> Iterator[Callable[[], list[str]]]:
    """What the kernel says, from `with` on, of every entry that goes."""
    watch = Process(lab.router("r1").namespace, "bridge monitor", ["bridge", "monitor", "fdb"], lab.directory / "fdb.log")
    try:
        yield lambda: [line for line in watch.log().splitlines() if line.startswith("Deleted")]
    finally:
        watch.stop()


@each_family
def test_RestartAndUpgrade_NeverCloseTheFilter(lab: Lab) -> None:
    inside = lab.router("r1").namespace
    router = start(lab)
    entries = filter_of(inside)
    with watch_entries(lab) as deleted:
        router.process.signal(signal.SIGUSR1)
        assert router.process.wait() == DONE
        assert filter_of(inside) >= {lab.family.virtual_mac(10), GROUPS[lab.family]}
        router.start(lab.directory)
        lab.eventually(lambda: router.interface_status().get("pid") == router.process.pid, "the next one answers")
        before = router.process
        router.start(lab.directory)
        lab.eventually(lambda: router.interface_status().get("pid") == router.process.pid, "the new one answers")
        assert before.wait() == DONE
        assert filter_of(inside) == entries
        # An entry whose end the monitor must tell, so that all before it were told.
        inside.run("bridge", "fdb", "add", "02:00:00:00:00:99", "dev", "eth0", "self", "permanent")
        inside.run("bridge", "fdb", "del", "02:00:00:00:00:99", "dev", "eth0", "self", "permanent")
        lab.eventually(deleted, "the monitor sees what is deleted")
        assert len(deleted()) == 1 and "02:00:00:00:00:99" in deleted()[0]


@each_family
def test_EntriesFollowTheConfiguration(lab: Lab) -> None:
    inside = lab.router("r1").namespace
    router = start(lab)
    one = filter_of(inside)
    both = [VirtualRouter(vrid=vrid, addresses=addresses_of(lab, vrid), interval_ms=50) for vrid in (10, 20)]
    router.write(VrrpXdp(lab.router("r1"), *both).config)
    router.run("reload", "eth0")
    assert lab.family.virtual_mac(20) in filter_of(inside)
    router.write(VrrpXdp(lab.router("r1"), both[0]).config)
    router.run("reload", "eth0")
    lab.eventually(lambda: filter_of(inside) == one, "what nobody needs is gone")
    # Whoever is attached next takes away what it does not need of a dead one.
    router.kill_family()
    router.config = VrrpXdp(lab.router("r1"), both[1]).config
    router.start(lab.directory)
    wait_for_state(lab, router, "active", vrid=20)
    assert lab.family.virtual_mac(10) not in filter_of(inside)


@pytest.mark.parametrize("end", [VrrpXdp.stop, VrrpXdp.kill_family])
def test_AnEntryOfSomebodyElse_IsLeftAlone(lab: Lab, end: Callable[[VrrpXdp], int]) -> None:
    inside = lab.router("r1").namespace
    inside.run("bridge", "fdb", "add", IPV4.virtual_mac(10), "dev", "eth0", "self", "permanent")
    before = state_of(inside)
    end(router := start(lab))
    router.run("detach", "eth0", check=False)
    assert state_of(inside) == before
