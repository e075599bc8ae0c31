# SPDX-License-Identifier: BSD-2-Clause
"""`vrrp-xdp probe` on a host, with nothing but CAP_NET_RAW: beside a failover, two routers that both answer, and nobody."""

import contextlib
import json
from collections.abc import Iterator
from typing import Any

from observations import each_family, wait_for_state
from vrrp_lab import IPV4, Lab, VirtualRouter, VrrpXdp
from vrrp_lab.peers.vrrp_xdp import binary, invoke
from vrrp_lab.process import Process

_NET_RAW_ALONE = [
    *("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"),
    *("--inh-caps=-all,+net_raw", "--ambient-caps=-all,+net_raw", "--bounding-set=-all,+net_raw"),
]


@contextlib.contextmanager
def probing(lab: Lab, *options: str) -> Iterator[dict[str, Any]]:
    """The host probes for the lab's gateway from `with` to its end; then it is told here what was found."""
    # Readable by anybody, unlike the build tree perhaps.
    program = lab.directory / "vrrp-xdp"
    program.write_bytes(binary().read_bytes())
    program.chmod(0o755)
    argv = [*_NET_RAW_ALONE, str(program), "probe", "eth0", lab.family.gateway, "--json", *options]
    prober = Process(lab.host().namespace, "vrrp-xdp probe", argv, lab.directory / "probe.json")
    found: dict[str, Any] = {}
    try:
        lab.eventually(lambda: _waits_for_signals(prober.pid), "it probes")
        yield found
    finally:
        code = prober.stop()
    assert code == 0, prober.log()
    found.update(json.loads(prober.log()))


def _waits_for_signals(pid: int) -> bool:
    blocked = next(line for line in open(f"/proc/{pid}/status") if line.startswith("SigBlk"))
    return bool(int(blocked.split()[1], 16) & 1 << 14)  # SIGTERM


@each_family
def test_Probe_TellsOfAFailover_OneMacAndOneOutage(lab: Lab) -> None:
    high, low = (VirtualRouter(addresses=lab.family.virtual, priority=priority) for priority in (200, 100))
    r1 = lab.start(VrrpXdp(lab.router("r1"), high))
    wait_for_state(lab, r1, "active")
    r2 = lab.start(VrrpXdp(lab.router("r2"), low))
    wait_for_state(lab, r2, "backup")
    with probing(lab, "--rate", "200", "--ping", lab.family.server[0]) as found:
        lab.eventually(lambda: r1.virtual_router()["statistics"]["frames-accepted"] > 10, "echo requests pass r1")
        lab.router("r1").cut()
        lab.eventually(lambda: r2.virtual_router()["statistics"]["frames-accepted"] > 10, "echo requests pass r2")
    for what in (found["arp" if lab.family is IPV4 else "nd"], found["echo"]):
        outage = max(what["outages"], key=lambda each: each["lost"])
        assert outage["over"] and outage["ms"] > 100 and outage["lost"] > 10
        assert what["lost"] >= outage["lost"] and what["longest-gap-ms"] >= outage["ms"]
    named = found["arp" if lab.family is IPV4 else "nd"]
    assert [each["mac"] for each in named["responders"]] == [lab.family.virtual_mac(10)]
    assert named["duplicates"] == 0


def test_Probe_SeesTwoThatBothAnswer(lab: Lab) -> None:
    for name in ("r1", "r2"):
        lab.router(name).namespace.ip(f"address add {IPV4.gateway}/32 dev eth0")
    with probing(lab, "--rate", "200", "--duration", "0.5") as found:
        lab.eventually(lambda: not lab.host().namespace.pids(), "it ends by itself")
    assert {each["mac"] for each in found["arp"]["responders"]} == {lab.router(name).mac() for name in ("r1", "r2")}
    assert found["arp"]["duplicates"] > 10


def test_Probe_OfAnAddressThatNobodyHas_FailsAndSaysSo(lab: Lab) -> None:
    ran = invoke(lab.host().namespace, "probe", "eth0", IPV4.gateway, "--duration", "0.2")
    assert ran.returncode == 1 and f"nobody answered for {IPV4.gateway} on eth0" in ran.stderr
    assert "0 duplicate answers" in ran.stdout and "silent since" in ran.stdout


def test_Probe_ExplainsWhatCannotBe(lab: Lab) -> None:
    lab.host().namespace.sysctl(net__ipv6__conf__eth0__disable_ipv6=1)
    for arguments, words in (
        (["eth9", IPV4.gateway], "there is no interface eth9"),
        (["lo", IPV4.gateway], "lo is not an Ethernet interface"),
        (["eth0", "fe80::a"], "eth0 has no address of the gateway's family"),
    ):
        ran = invoke(lab.host().namespace, "probe", *arguments)
        assert ran.returncode == 1 and words in ran.stderr + ran.stdout, ran
