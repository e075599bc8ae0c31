# SPDX-License-Identifier: BSD-2-Clause
"""What must not disturb an election: the hosts' firewalls, junk, and hosts that claim what is not theirs."""

import time
from collections.abc import Sequence
from dataclasses import replace

import pytest
from observations import advertisement_of, each_family, is_ping, macs_told, wait_for_sole_active, wait_for_state
from vrrp_lab import (
    IPV4,
    IPV6,
    Advertisement,
    ArpPacket,
    Capture,
    ChecksumForm,
    Family,
    Injector,
    Lab,
    NeighbourAdvertisement,
    VirtualRouter,
    VrrpXdp,
)
from vrrp_lab.addresses import VIRTUAL_ADDRESS_V6, VIRTUAL_LINK_LOCAL
from vrrp_lab.wire import ARP_REPLY, ARP_REQUEST, ND_OVERRIDE, ND_ROUTER

# Forwards, and lets in and out nothing at all on the lan; the way to the server needs ARP and Neighbour Discovery.
FIREWALL = """
table ip strict {
    chain input { type filter hook input priority -300; policy drop; ip protocol 112 drop; }
    chain output { type filter hook output priority -300; policy drop; ip protocol 112 drop; }
    chain prerouting { type filter hook prerouting priority -400; ip protocol 112 drop; ip daddr 224.0.0.18 drop; }
}
table ip6 strict {
    chain input { type filter hook input priority -300; iifname "eth0" drop; meta l4proto 112 drop; }
    chain output { type filter hook output priority -300; oifname "eth0" drop; meta l4proto 112 drop; }
    chain prerouting {
        type filter hook prerouting priority -400;
        meta l4proto 112 drop; ip6 daddr ff02::12 drop; iifname "eth0" icmpv6 type { 133, 134, 135, 136 } drop;
    }
}
table arp strict {
    chain input { type filter hook input priority 0; iifname "eth0" drop; }
    chain output { type filter hook output priority 0; oifname "eth0" drop; }
}
table netdev strict {
    chain ingress { type filter hook ingress device eth0 priority 0; meta l4proto 112 drop; ip6 daddr ff02::12 drop; }
}
"""


def start_pair(lab: Lab, capture: Capture) -> tuple[VrrpXdp, VrrpXdp]:
    """Start r1, Active, and r2, Backup."""
    r1, r2 = (
        lab.start(VrrpXdp(lab.router(name), VirtualRouter(addresses=lab.family.virtual, priority=priority)))
        for name, priority in (("r1", 200), ("r2", 100))
    )
    wait_for_state(lab, r1, "active")
    wait_for_state(lab, r2, "backup")
    wait_for_sole_active(lab, capture, "r1")
    return r1, r2


@each_family
def test_Firewall_ThatDropsEverything_ChangesNothing(lab: Lab) -> None:
    for router in lab.routers:
        rules = lab.directory / f"{router.name}.nft"
        rules.write_text(FIREWALL)
        router.namespace.run("nft", "-f", str(rules))
    with lab.capture() as capture, lab.prober() as prober:
        r1, _ = start_pair(lab, capture)
        # It does drop what the kernel handles.
        own_address = lab.router("r1").address_in(lab.family)
        lab.host().namespace.run("ip", "neighbour", "flush", "dev", "eth0")
        lab.host().namespace.run("ping", "-c", "1", "-W", "0.2", own_address, check=False)
        assert not capture.frames(lambda f: f.delivered_to == "h1" and is_ping(f))

        with lab.traffic(rate=300) as traffic:
            for kill in (lambda: None, r1.kill_family):
                kill()
                since_ns = time.time_ns()
                lab.eventually(lambda: traffic.arrived_since(since_ns) > 50, "the host reaches the server")
        killed_ns = time.time_ns()
        wait_for_sole_active(lab, capture, "r2", since_ns=killed_ns)
        prober.wait_for_answer(since_ns=killed_ns)
        assert prober.answering_macs() == {lab.family.virtual_mac(10)}


def junk(lab: Lab) -> Advertisement:
    """An advertisement that beats everybody's, if somebody took it."""
    host, source = lab.host(), lab.host().primary(lab.family)
    return Advertisement(
        source=source, source_mac=host.mac(), addresses=lab.family.virtual, priority=254, interval_ms=100
    )


# By what is wrong, the counter of the Virtual Router; None where no VRID of ours can be read from it.
JUNK: Sequence[tuple[dict[str, object], str | None]] = [
    ({"checksum": ChecksumForm.WRONG}, "checksum-errors"),
    ({"ttl": 254}, "ip-ttl-errors"),
    ({"version": 4}, "version-errors"),
    ({"type": 2}, "invalid-type-pkts-rcvd"),
    ({"cut_to": 7}, None),
    ({"count": 9}, "packet-length-errors"),
    ({"addresses": ()}, "address-count-errors"),
    ({"interval_ms": 0}, "zero-interval-errors"),
    ({"vrid": 99}, None),
]
# What the families do not share.
JUNK_OF: dict[Family, Sequence[tuple[dict[str, object], str | None]]] = {
    IPV4: [*JUNK, ({"version": 2}, "version-errors")],
    IPV6: [
        *JUNK,
        ({"checksum": ChecksumForm.MESSAGE_ONLY}, "checksum-errors"),
        ({"addresses": (VIRTUAL_ADDRESS_V6, VIRTUAL_LINK_LOCAL)}, "first-address-errors"),
    ],
}


@pytest.mark.parametrize(
    ("family", "wrong", "counter"),
    [(family, wrong, counter) for family, listed in JUNK_OF.items() for wrong, counter in listed],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else getattr(value, "name", str(value)),
    indirect=["family"],
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


@each_family
def test_Junk_IsToldFromWhatCounts(lab: Lab) -> None:
    with lab.capture() as capture, Injector(lab.host().namespace) as injector:
        r1, r2 = start_pair(lab, capture)
        with injector.repeating(junk(lab), period_s=0.05):
            for router in (r1, r2):
                wait_for_state(lab, router, "backup")
            status = r1.virtual_router()
            assert (status["last-adv-source"], status["last-adv-priority"]) == (lab.host().primary(lab.family), 254)
        wait_for_sole_active(lab, capture, "r1", since_ns=time.time_ns())


@pytest.mark.parametrize("form", [ChecksumForm.PSEUDO_HEADER, ChecksumForm.MESSAGE_ONLY])
def test_BothChecksumForms_AreTaken_rfc9568_5_2_8(lab: Lab, form: ChecksumForm) -> None:
    with lab.capture() as capture, Injector(lab.host().namespace) as injector:
        r1, _ = start_pair(lab, capture)
        with injector.repeating(replace(junk(lab), checksum=form), period_s=0.05):
            wait_for_state(lab, r1, "backup")
        assert r1.virtual_router()["statistics"]["checksum-errors"] == 0


def claims_of(lab: Lab) -> Sequence[ArpPacket | NeighbourAdvertisement]:
    """The host says that the gateway is itself, in every form."""
    mac, gateway = lab.host().mac(), lab.family.gateway
    if lab.family is IPV4:
        return [ArpPacket.gratuitous(mac, gateway, operation) for operation in (ARP_REQUEST, ARP_REPLY)]
    return [NeighbourAdvertisement(mac=mac, address=gateway, flags=flags) for flags in (0, ND_OVERRIDE | ND_ROUTER)]


@each_family
def test_ClaimOfTheVirtualAddress_IsCountedAndTold(lab: Lab) -> None:
    host, gateway = lab.host(), lab.family.gateway
    counter = "arp-claims" if lab.family is IPV4 else "nd-claims"
    with lab.capture() as capture, Injector(host.namespace) as injector:
        routers = start_pair(lab, capture)
        for each in [*claims_of(lab)] * 2:
            injector.send(each)
        for router in routers:
            lab.eventually(lambda: router.virtual_router()["statistics"][counter] == 4, "all claims are counted")
            told = f"eth0 vrid 10 {lab.family.name}: {host.mac()} claims the virtual address {gateway}"
            lab.eventually(lambda: told in router.log(), "the claim is told, with who it was")
            assert router.log().count("claims the virtual address") < 4, "not every single one"
        wait_for_sole_active(lab, capture, "r1", since_ns=time.time_ns())
        assert macs_told(capture) == {lab.family.virtual_mac(10)}
