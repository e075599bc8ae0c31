# SPDX-License-Identifier: BSD-2-Clause
"""Neighbour Discovery for virtual IPv6 addresses: what is answered, how, and what is refused (RFC 4861)."""

import time
from dataclasses import replace

import pytest
from observations import answer_of, is_by_router, wait_for_sole_active, wait_for_state
from pair import Pair
from vrrp_lab import IPV6, Frame, History, Injector, Lab, Solicitation, VirtualRouter, VrrpXdp
from vrrp_lab.inject import nd_option
from vrrp_lab.wire import ALL_NODES, ALL_NODES_MAC, ND_SOURCE_ADDRESS

pytestmark = [
    pytest.mark.parametrize("family", [IPV6], ids=["ipv6"], indirect=True),
    pytest.mark.each_setting(least=2),
]


def solicitation(pair: Pair, target: str) -> Solicitation:
    """A valid one, of the host."""
    host = pair.lab.host()
    return Solicitation(source_mac=host.mac(), source=host.primary(IPV6), target=target)


def is_about_virtual_address(frame: Frame) -> bool:
    """Whether a router says where a virtual address is."""
    return is_by_router(frame) and frame.nd is not None and frame.nd.is_advertisement and frame.nd.target in IPV6.virtual


@pytest.mark.parametrize("target", IPV6.virtual)
def test_Active_AnswersEveryKindOfSolicitation_WithTheVirtualMac_rfc9568_8_2_2(pair: Pair, target: str) -> None:
    host = pair.lab.host()
    usual = solicitation(pair, target)
    solicitations = (
        usual,
        replace(usual, source=host.address_in(IPV6)),
        replace(usual, options=b""),
        replace(usual, destination=target, eth_destination=pair.mac),
        replace(usual, destination=target, eth_destination=pair.mac, options=b""),
        # Of a kind that nobody knows yet, which is to be read over.
        replace(usual, options=nd_option(200, host.mac()) + nd_option(ND_SOURCE_ADDRESS, host.mac())),
    )
    with Injector(host.namespace) as injector:
        for each in solicitations:
            since_ns = time.time_ns()
            injector.send(each)
            answer = pair.capture.wait_for(answer_of("r1", target), "the answer", since_ns=since_ns)
            assert answer.nd is not None and answer.ip is not None
            assert (answer.eth_src, answer.eth_dst) == (pair.mac, host.mac())
            assert (answer.ip.source, answer.ip.destination) == (target, each.source)
            assert (answer.ip.hop_limit, answer.nd.checksum_ok) == (255, True)
            assert (answer.nd.flags, answer.nd.target_mac) == ("RSO", pair.mac)
    pair.wait_for_counter(pair.active, "nd-answered", len(solicitations))
    assert not pair.capture.frames(lambda f: f.sent_by == "r2" and is_about_virtual_address(f))


def test_Active_TellsAllNodes_WhenAHostWithoutAddressAsks_rfc4861_7_2_4(pair: Pair) -> None:
    host = pair.lab.host()
    since_ns = time.time_ns()
    with Injector(host.namespace) as injector:
        injector.send(Solicitation.probe(host.mac(), pair.family.gateway))
    answer = pair.capture.wait_for(
        lambda f: f.sent_by == "r1" and is_about_virtual_address(f), "the answer", since_ns=since_ns
    )
    assert answer.nd is not None and answer.ip is not None
    assert (answer.eth_src, answer.eth_dst) == (pair.mac, ALL_NODES_MAC)
    assert (answer.ip.source, answer.ip.destination) == (pair.family.gateway, ALL_NODES)
    assert (answer.nd.flags, answer.nd.target_mac, answer.nd.checksum_ok) == ("RO", pair.mac, True)
    pair.wait_for_counter(pair.backup, "nd-not-answered")
    assert not pair.capture.frames(lambda f: f.sent_by == "r2" and is_about_virtual_address(f))


@pytest.mark.parametrize("address", IPV6.virtual)
def test_Host_CannotTakeTheVirtualAddress(pair: Pair, address: str) -> None:
    # By the kernel's own detection of duplicates, which the lab has off.
    inside = pair.lab.host().namespace
    inside.sysctl(net__ipv6__conf__eth0__accept_dad=1, net__ipv6__conf__eth0__dad_transmits=1)
    inside.ip(f"address add {address}/64 dev eth0")
    pair.lab.eventually(
        lambda: "dadfailed" in inside.run("ip", "address", "show", "dev", "eth0", "to", address),
        "the host's kernel has found the duplicate",
    )


def test_InvalidSolicitations_AreCountedAndNotAnswered_rfc4861_7_1_1(pair: Pair) -> None:
    usual = solicitation(pair, pair.family.gateway)
    probe = Solicitation.probe(usual.source_mac, usual.target)
    option = nd_option(ND_SOURCE_ADDRESS, usual.source_mac)
    invalid = (
        replace(usual, hop_limit=254),
        replace(usual, code=1),
        replace(usual, checksum=0x1234),
        replace(usual, options=nd_option(ND_SOURCE_ADDRESS, usual.source_mac, units=0)),
        replace(usual, options=nd_option(ND_SOURCE_ADDRESS, usual.source_mac, units=2)),
        replace(usual, options=option[:4]),
        replace(probe, options=option),
        replace(probe, destination=usual.target),
    )
    since_ns = time.time_ns()
    with Injector(pair.lab.host().namespace) as injector:
        for each in invalid:
            injector.send(each)
        injector.send(usual)
    # Frames keep their order: with this answer the others would have come.
    pair.capture.wait_for(answer_of("r1"), "the answer to the valid one", since_ns=since_ns)
    for router in (pair.active, pair.backup):
        pair.wait_for_counter(router, "nd-invalid", len(invalid))
    said = pair.capture.frames(is_about_virtual_address, since_ns=since_ns)
    assert [(f.sent_by, f.nd.flags) for f in said if f.nd] == [("r1", "RSO")]


def test_Router_JoinsTheGroups_InWhichItIsAskedAndHearsOthers(pair: Pair) -> None:
    for router in pair.lab.routers:
        groups = router.namespace.run("ip", "maddress", "show", "dev", "eth0")
        for group in ("ff02::12", "ff02::1:ff00:a", "ff02::1:ff00:254"):
            assert group in groups.split(), f"{router.name} is not in {group}: {groups}"


@pytest.mark.history(History.AS_IT_WAS)  # which gives no address back without detection
def test_Router_AdvertisesFromNoAddress_ThatIsADuplicate_rfc4862_5_4(lab: Lab) -> None:
    router, host = lab.router("r1"), lab.host()
    inside, address = router.namespace, f"{router.primary(IPV6)}/64"
    with lab.capture() as capture:
        host.namespace.ip(f"address add {address} dev eth0")
        inside.ip(f"address del {address} dev eth0")
        inside.sysctl(net__ipv6__conf__eth0__accept_dad=1)
        inside.ip(f"address add {address} dev eth0")
        lab.eventually(lambda: "dadfailed" in inside.run("ip", "address", "show", "dev", "eth0"), "it is a duplicate")
        ours = lab.start(VrrpXdp(router, VirtualRouter(addresses=IPV6.virtual)))
        wait_for_state(lab, ours, "initialize")
        assert "duplicate address detection" in ours.log()

        host.namespace.ip(f"address del {address} dev eth0")
        assert not capture.frames(lambda f: f.sent_by == "r1" and f.vrrp)
        inside.ip(f"address del {address} dev eth0", f"address add {address} dev eth0")
        wait_for_sole_active(lab, capture, "r1")
        assert {f.vrrp.source for f in capture.frames(lambda f: f.sent_by == "r1") if f.vrrp} == {router.primary(IPV6)}
