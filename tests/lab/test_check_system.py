# SPDX-License-Identifier: BSD-2-Clause
"""`check --system` on hosts that are and are not fit for vrrp-xdp."""

import json
import subprocess
from collections.abc import Callable
from typing import Any

import pytest
from vrrp_lab import Keepalived, Lab, VirtualRouter, VrrpXdp
from vrrp_lab.peers.vrrp_xdp import binary, invoke
from vrrp_lab.xdp_peer import attach_pass, compile_pass

DONE, FAILED = 0, 1


@pytest.fixture
def lab(make_lab: Callable[..., Lab]) -> Lab:
    """One router, where everything here is done."""
    return make_lab(routers=1)


def findings(lab: Lab, *interfaces: str, code: int = DONE) -> list[dict[str, Any]]:
    done = invoke(lab.router("r1").namespace, "check", "--json", "--system", *interfaces)
    assert done.returncode == code, done.stdout + done.stderr
    return list(json.loads(done.stdout)["findings"])


def find(among: list[dict[str, Any]], words: str) -> dict[str, Any]:
    found = [each for each in among if words in each["finding"]]
    assert len(found) == 1, (words, among)
    return found[0]


def test_AFitHost_HasNothingInTheWay(lab: Lab) -> None:
    inside = lab.router("r1").namespace
    inside.sysctl(net__ipv4__ip_forward=1, net__ipv4__conf__all__send_redirects=0, net__ipv4__conf__eth0__send_redirects=0)
    found = findings(lab, "eth0")
    (warning,) = [each for each in found if each["verdict"] != "ok"]
    assert "cannot filter additional MAC addresses" in warning["finding"]  # no veth has one
    for words in ("ring buffer", "the BPF programs load", "attached by a BPF link", "clsact filter", "real-time", "memory can be locked"):
        assert find(found, words)["subject"] == "host"
    assert "driver veth" in find(found, "auto selects clsact")["finding"]
    find(found, "no other VRRP daemon")
    assert "xdp" not in inside.run("ip", "link", "show") and "clsact" not in inside.run("tc", "qdisc", "show")
    text = invoke(inside, "check", "--system").stdout  # every Ethernet interface
    assert "eth1" in text and "0 problems, " in text


def test_WhatIsInTheWay_IsNamed_WithAHint(lab: Lab) -> None:
    inside = lab.router("r1").namespace
    inside.sysctl(net__ipv4__ip_forward=0, net__ipv4__conf__eth0__send_redirects=1)
    rival = lab.start(Keepalived(lab.router("r1"), VirtualRouter()))
    attach_pass(inside, "eth0", compile_pass(lab.directory))
    socket = lab.eventually(lambda: ":0070" in inside.run("cat", "/proc/net/raw"), "keepalived has its socket")
    found = findings(lab, "eth0", "nix", code=FAILED) if socket else []
    program = find(found, "another XDP program is attached")
    assert program["verdict"] == "problem" and "xdp_pass" in program["finding"] and "xdp off" in program["hint"]
    daemon = find(found, "another VRRP daemon is running: keepalived (pid ")
    assert daemon["verdict"] == "warning" and any(f"(pid {pid})" in daemon["finding"] for pid in rival.processes[-1].family())
    assert "ip_forward=1" in find(found, "IPv4 forwarding is off")["hint"]
    assert "send_redirects=0" in find(found, "ICMP redirects")["hint"]
    assert find(found, "there is no such interface")["subject"] == "nix"


def test_OurOwnProgram_IsNotInTheWay(lab: Lab) -> None:
    router = lab.start(VrrpXdp(lab.router("r1"), VirtualRouter()))
    lab.eventually(lambda: router.state() == "active", "active")
    assert find(findings(lab, "eth0"), "vrrp-xdp is attached in clsact mode")["verdict"] == "ok"


def test_WithoutPrivileges_WhatIsMissingIsSaid(lab: Lab) -> None:
    program = lab.directory / "vrrp-xdp"
    program.write_bytes(binary().read_bytes())
    program.chmod(0o755)
    as_nobody = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "--inh-caps=-all", str(program)]
    command = lab.router("r1").namespace.command([*as_nobody, "check", "--system", "eth0"])
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == FAILED
    for name in ("CAP_NET_ADMIN", "CAP_BPF", "CAP_NET_RAW"):
        assert f"{name} is missing" in done.stdout
    assert "no real-time scheduling" in done.stdout
