# SPDX-License-Identifier: BSD-2-Clause
"""What must be true of an interface in the kernel is looked at again and again, told where it differs, and mended."""

import ctypes
import json
import os
import re
import socket
from typing import Any

import pytest
from observations import each_family, wait_for_state
from test_accept_mode import held_by, virtual_router, wait_until_held, wait_until_not_held
from vrrp_lab import IPV4, IPV6, Lab, Router, VirtualRouter, VrrpXdp

VIRTUAL_MAC = "00:00:5e:00:01:0a"
_PIDFD_GETFD = 438
_SOL_NETLINK, _NETLINK_DROP_MEMBERSHIP = 270, 2
_libc = ctypes.CDLL(None, use_errno=True)


def items(router: VrrpXdp) -> dict[str, Any]:
    """Every item of eth0 by its name, as explain says it."""
    said = json.loads(router.run("explain", "10", "--json"))["virtual-routers"][0]["reconciler"]
    return {item["item"]: item for item in said}


def differences(router: VrrpXdp) -> dict[str, str]:
    return {name: item["differs"] for name, item in items(router).items() if "differs" in item}


def groups(router: Router) -> set[str]:
    return set(re.findall(r"inet6? (\S+)", router.namespace.run("ip", "maddress", "show", "dev", "eth0")))


def test_Explain_ListsWhatMustBeTrue_AndStatusShowsWhatDiffers(lab: Lab) -> None:
    r1 = lab.start(VrrpXdp(lab.router("r1"), VirtualRouter(priority=200, options={"source-address": "192.0.2.77"})))
    lab.eventually(lambda: r1.state() and differences(r1), "something differs")
    assert set(items(r1)) == {
        *("index", "placement", "port", "program", "running", "sockets", "tags", "filter", "groups", "addresses", "knowledge", "source"),
        "mtu",
    }
    assert "eth0 does not have 192.0.2.77" in r1.run("status")


@each_family
def test_AcceptModeAddress_RemovedBySomebodyElse_IsPutBack_AndThatIsSaidOnce(lab: Lab) -> None:
    r1 = lab.start(VrrpXdp(lab.router("r1"), virtual_router(lab, 254)))
    wait_until_held(lab, "r1")
    inside = lab.router("r1").namespace
    length = 32 if lab.family is IPV4 else 128
    for _ in range(3):
        inside.ip(*(f"address del {address}/{length} dev eth0" for address in lab.family.virtual))
        assert len(held_by(lab.router("r1"), lab)) < len(lab.family.virtual) or r1.state() == "active"
        wait_until_held(lab, "r1")
    for address in lab.family.virtual:
        assert r1.log().count(f"{address} was removed by another program and has been restored") == 1
    # What was put back is ours to take.
    r1.stop()
    wait_until_not_held(lab, "r1")


@pytest.mark.parametrize("family", [IPV6], ids=["ipv6"], indirect=True)
def test_GroupsThatWentWithIpv6_AreJoinedAnew(lab: Lab) -> None:
    router = lab.router("r1")
    of_the_host = groups(router)
    r1 = lab.start(VrrpXdp(router, VirtualRouter(addresses=lab.family.virtual, priority=200)))
    wait_for_state(lab, r1, "active")
    joined = groups(router) - of_the_host
    assert "ff02::12" in joined
    router.namespace.ip("link set eth0 mtu 1200")
    wait_for_state(lab, r1, "initialize")
    lab.eventually(lambda: "groups" in differences(r1), "it says what is missing")
    lines = len(r1.log().splitlines())
    router.namespace.ip("link set eth0 mtu 1210", "link set eth0 mtu 1200")
    router.namespace.ip("link set eth0 mtu 1500")
    router.namespace.ip(f"address add {router.primary(IPV6)}/64 dev eth0 nodad")
    wait_for_state(lab, r1, "active")
    lab.eventually(lambda: groups(router) >= joined, "it is a member of all groups again")
    lab.eventually(lambda: not differences(r1), "all is as it must be")
    assert len(r1.log().splitlines()) - lines < 10


def test_FilterEntry_RemovedBySomebodyElse_IsPutBack_AndThatIsSaid(lab: Lab) -> None:
    router = lab.router("r1")
    r1 = lab.start(VrrpXdp(router, VirtualRouter(priority=200)))
    wait_for_state(lab, r1, "active")

    def entries() -> str:
        return router.namespace.run("bridge", "fdb", "show", "dev", "eth0")

    assert VIRTUAL_MAC in entries()
    router.namespace.run("bridge", "fdb", "del", VIRTUAL_MAC, "dev", "eth0", "self")
    lab.eventually(lambda: VIRTUAL_MAC in entries(), "the virtual MAC is let in again")
    assert f"the filter entry of {VIRTUAL_MAC} was removed by another program and has been restored" in r1.log()
    assert r1.state() == "active"


def test_BelowTheMtuOfIpv6_Ipv4IsServed_AndIpv6Waits(make_lab: Any) -> None:
    lab = make_lab(ipv6=True)
    router = lab.router("r1")
    router.namespace.ip("link set eth0 mtu 1200")
    r1 = lab.start(
        VrrpXdp(
            router,
            VirtualRouter(addresses=IPV4.virtual, priority=200),
            VirtualRouter(addresses=IPV6.virtual, priority=200),
        )
    )
    lab.eventually(lambda: r1.virtual_router(family=IPV4).get("state") == "active", "IPv4 is served")
    assert r1.virtual_router(family=IPV6)["state"] == "initialize"
    router.namespace.ip("link set eth0 mtu 1500", f"address add {router.primary(IPV6)}/64 dev eth0 nodad")
    lab.eventually(lambda: r1.virtual_router(family=IPV6).get("state") == "active", "IPv6 is served")
    lab.eventually(lambda: "ff02::12" in groups(router), "it is a member of the group")


def deafen(pid: int) -> int:
    """Make every netlink socket of the process hear nothing any more; returns how many there were."""
    pidfd = os.pidfd_open(pid)
    deaf = 0
    for number in map(int, os.listdir(f"/proc/{pid}/fd")):
        fd = _libc.syscall(_PIDFD_GETFD, pidfd, number, 0)
        if fd < 0:
            continue
        try:
            with socket.socket(fileno=fd) as copied:
                if copied.family != socket.AF_NETLINK:
                    continue
                for group in (1, 5, 9):
                    copied.setsockopt(_SOL_NETLINK, _NETLINK_DROP_MEMBERSHIP, group)
                deaf += 1
        except OSError:
            os.close(fd) if fd_is_open(fd) else None
    os.close(pidfd)
    return deaf


def fd_is_open(fd: int) -> bool:
    return os.path.exists(f"/proc/self/fd/{fd}")


def test_WhatWasNeverHeard_IsFoundByAFreshLook(lab: Lab) -> None:
    r1 = lab.start(VrrpXdp(lab.router("r1"), VirtualRouter(priority=200)))
    wait_for_state(lab, r1, "active")
    for change, state in ((lab.router("r1").cut, "initialize"), (lab.router("r1").mend, "active")):
        assert deafen(r1.process.pid) >= 2
        change()
        wait_for_state(lab, r1, state)
    assert items(r1)["knowledge"]["mended"] > 0
    assert "the state that elections use differs from the kernel's" in r1.log()
