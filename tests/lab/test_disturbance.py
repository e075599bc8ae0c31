# SPDX-License-Identifier: BSD-2-Clause
"""What must not disturb an election: the hosts' firewalls, junk, and hosts that claim what is not theirs."""

import time
from dataclasses import replace

import pytest
from observations import advertisement_of, macs_told, wait_for_sole_active, wait_for_state
from vrrp_lab import (
    VIRTUAL_ADDRESS,
    Advertisement,
    ArpPacket,
    ArpProber,
    Capture,
    ChecksumForm,
    Injector,
    Lab,
    UdpTraffic,
    VirtualRouter,
    VrrpXdp,
)
from vrrp_lab.addresses import virtual_mac
from vrrp_lab.wire import ARP_REPLY

VIRTUAL_MAC = virtual_mac(10)

# Forwards, and lets in and out nothing at all on the lan; the way to the server needs ARP.
FIREWALL = """
table ip strict {
    chain input { type filter hook input priority -300; policy drop; ip protocol 112 drop; }
    chain output { type filter hook output priority -300; policy drop; ip protocol 112 drop; }
    chain prerouting { type filter hook prerouting priority -400; ip protocol 112 drop; ip daddr 224.0.0.18 drop; }
}
table arp strict {
    chain input { type filter hook input priority 0; iifname "eth0" drop; }
    chain output { type filter hook output priority 0; oifname "eth0" drop; }
}
table netdev strict {
    chain ingress { type filter hook ingress device eth0 priority 0; ip protocol 112 drop; }
}
"""


def start_pair(lab: Lab, capture: Capture) -> tuple[VrrpXdp, VrrpXdp]:
    """Start r1, Active, and r2, Backup."""
    r1, r2 = (
        lab.start(VrrpXdp(lab.router(name), VirtualRouter(priority=priority)))
        for name, priority in (("r1", 200), ("r2", 100))
    )
    wait_for_state(lab, r1, "active")
    wait_for_state(lab, r2, "backup")
    wait_for_sole_active(lab, capture, "r1")
    return r1, r2


def test_Firewall_ThatDropsEverything_ChangesNothing(lab: Lab) -> None:
    for router in lab.routers:
        rules = lab.directory / f"{router.name}.nft"
        rules.write_text(FIREWALL)
        router.namespace.run("nft", "-f", str(rules))
    with lab.capture() as capture, ArpProber(lab.host(), VIRTUAL_ADDRESS) as prober:
        r1, _ = start_pair(lab, capture)
        # It does drop what the kernel handles.
        lab.host().namespace.run("ip", "neighbour", "flush", "dev", "eth0")
        lab.host().namespace.run("ping", "-c", "1", "-W", "0.2", lab.router("r1").address, check=False)
        assert not capture.frames(lambda f: f.delivered_to == "h1" and f.icmp)

        with UdpTraffic(lab.host(), lab.server, rate=300) as traffic:
            for kill in (lambda: None, r1.kill_family):
                kill()
                since_ns = time.time_ns()
                lab.eventually(lambda: traffic.arrived_since(since_ns) > 50, "the host reaches the server")
        killed_ns = time.time_ns()
        wait_for_sole_active(lab, capture, "r2", since_ns=killed_ns)
        prober.wait_for_answer(since_ns=killed_ns)
        assert prober.answering_macs() == {VIRTUAL_MAC}


def junk(lab: Lab) -> Advertisement:
    """An advertisement that beats everybody's, if somebody took it."""
    host = lab.host()
    return Advertisement(source=host.address, source_mac=host.mac(), priority=254, interval_ms=100)


@pytest.mark.parametrize(
    ("wrong", "counter"),
    [
        ({"checksum": ChecksumForm.WRONG}, "checksum-errors"),
        ({"ttl": 254}, "ip-ttl-errors"),
        ({"version": 2}, "version-errors"),
        ({"version": 4}, "version-errors"),
        ({"type": 2}, "invalid-type-pkts-rcvd"),
        ({"cut_to": 7}, None),
        ({"count": 9}, "packet-length-errors"),
        ({"addresses": ()}, "address-count-errors"),
        ({"interval_ms": 0}, "zero-interval-errors"),
        ({"vrid": 99}, None),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else str(value),
)
def test_Junk_MutesNobodyAndDeposesNobody_rfc9568_7_1(lab: Lab, wrong: dict[str, object], counter: str | None) -> None:
    with lab.capture() as capture, Injector(lab.host().namespace) as injector:
        r1, r2 = start_pair(lab, capture)
        with injector.repeating(replace(junk(lab), **wrong), period_s=0.002):
            since_ns = time.time_ns()
            # Whoever let junk move a timer would by now have fallen silent, or taken over.
            capture.wait_for(advertisement_of("r1"), "r1 goes on", since_ns=since_ns, count=5)
            wait_for_sole_active(lab, capture, "r1", since_ns=since_ns, count=4)
            assert (r1.state(), r2.state()) == ("active", "backup")
            for router in (r1, r2):
                statistics = router.virtual_router()["statistics"]
                if counter is None:
                    # No VRID of ours can be read from it.
                    statistics = router.interface_status()["statistics"]
                    name = "vrid-errors" if "vrid" in wrong else "packet-length-errors"
                    assert statistics[name] > 10
                else:
                    assert statistics[counter] > 10
                    moved = {name for name, value in statistics.items() if value and name.endswith(("errors", "rcvd"))}
                    assert moved <= {counter, "advertisement-rcvd", "own-advertisements-rcvd"}, moved


def test_Junk_IsToldFromWhatCounts(lab: Lab) -> None:
    with lab.capture() as capture, Injector(lab.host().namespace) as injector:
        r1, r2 = start_pair(lab, capture)
        with injector.repeating(junk(lab), period_s=0.05):
            for router in (r1, r2):
                wait_for_state(lab, router, "backup")
            status = r1.virtual_router()
            assert (status["last-adv-source"], status["last-adv-priority"]) == (lab.host().address, 254)
        wait_for_sole_active(lab, capture, "r1", since_ns=time.time_ns())


@pytest.mark.parametrize("form", [ChecksumForm.PSEUDO_HEADER, ChecksumForm.MESSAGE_ONLY])
def test_BothChecksumForms_AreTaken_rfc9568_5_2_8(lab: Lab, form: ChecksumForm) -> None:
    with lab.capture() as capture, Injector(lab.host().namespace) as injector:
        r1, _ = start_pair(lab, capture)
        with injector.repeating(replace(junk(lab), checksum=form), period_s=0.05):
            wait_for_state(lab, r1, "backup")
        assert r1.virtual_router()["statistics"]["checksum-errors"] == 0


@pytest.mark.parametrize("operation", [1, ARP_REPLY])
def test_ClaimOfTheVirtualAddress_IsCountedAndTold(lab: Lab, operation: int) -> None:
    host = lab.host()
    with lab.capture() as capture, Injector(host.namespace) as injector:
        routers = start_pair(lab, capture)
        for _ in range(3):
            injector.send(ArpPacket.gratuitous(host.mac(), VIRTUAL_ADDRESS, operation))
        for router in routers:
            lab.eventually(lambda: router.virtual_router()["statistics"]["arp-claims"] == 3, "all claims are counted")
            lab.eventually(
                lambda: f"eth0 vrid 10: {host.mac()} claims the virtual address {VIRTUAL_ADDRESS}" in router.log(),
                "the claim is told, with who it was",
            )
            assert router.log().count("claims the virtual address") < 3, "not every single one"
        wait_for_sole_active(lab, capture, "r1", since_ns=time.time_ns())
        assert macs_told(capture) == {VIRTUAL_MAC}
