# SPDX-License-Identifier: BSD-2-Clause
"""What hosts get from the Active Router and not from a Backup Router, with XDP in the driver and in the generic hook."""

import socket
import struct
import time
from collections import Counter
from typing import Any

import pytest
from observations import answer_of, each_family, macs_told
from pair import Pair, cable_to
from vrrp_lab import (
    IPV4,
    IPV6,
    VIRTUAL_ADDRESS,
    ArpPacket,
    Filter,
    Frame,
    Injector,
    Lab,
)
from vrrp_lab.inject import ethernet, ipv4, ipv6
from vrrp_lab.neighbours import question
from vrrp_lab.wire import (
    BROADCAST_MAC,
    ETH_P_IP,
    ETH_P_IPV6,
    internet_checksum,
    ip_to_bytes,
    multicast_mac,
    pseudo_header,
    solicited_node,
)

pytestmark = pytest.mark.each_setting(least=2)

ECHO_PORT = 7777
# What `vrrp-xdp status` calls questions that were answered, and that were not.
ANSWERED = {IPV4: "arp-answered", IPV6: "nd-answered"}
NOT_ANSWERED = {IPV4: "arp-not-answered", IPV6: "nd-not-answered"}


def udp_to(lab: Lab, destination_mac: str, destination: str) -> bytes:
    """A packet of the host that nobody answers but who has the address."""
    host = lab.host()
    source = host.address_in(lab.family)
    head = struct.pack("!HHHH", ECHO_PORT, ECHO_PORT, 8, 0)
    if lab.family is IPV4:
        return ethernet(host.mac(), destination_mac, ETH_P_IP, ipv4(source, destination, socket.IPPROTO_UDP, head))
    # Over IPv6 there is no UDP without a checksum.
    pseudo = pseudo_header(ip_to_bytes(source), ip_to_bytes(destination), socket.IPPROTO_UDP, len(head))
    datagram = head[:6] + struct.pack("!H", internet_checksum(pseudo + head))
    return ethernet(host.mac(), destination_mac, ETH_P_IPV6, ipv6(source, destination, socket.IPPROTO_UDP, datagram))


def test_Active_AnswersEveryKindOfArpRequest_WithTheVirtualMac_rfc9568_8_1_2(pair: Pair) -> None:
    host = pair.lab.host()
    asked: dict[str, Any] = {"sender_mac": host.mac(), "sender_ip": host.address, "target_ip": VIRTUAL_ADDRESS}
    requests = (
        ArpPacket(**asked),
        ArpPacket(**asked, eth_destination=pair.mac),
        ArpPacket.probe(host.mac(), VIRTUAL_ADDRESS),
    )
    with Injector(host.namespace) as injector:
        for request in requests:
            since_ns = time.time_ns()
            injector.send(request)
            reply = pair.capture.wait_for(answer_of("r1"), "the answer", since_ns=since_ns)
            assert reply.arp is not None
            assert (reply.eth_src, reply.eth_dst) == (pair.mac, host.mac())
            assert (reply.arp.sender_mac, reply.arp.sender_ip) == (pair.mac, VIRTUAL_ADDRESS)
            assert (reply.arp.target_mac, reply.arp.target_ip) == (host.mac(), request.sender_ip)
    pair.wait_for_counter(pair.active, ANSWERED[IPV4], len(requests))
    pair.wait_for_counter(pair.backup, NOT_ANSWERED[IPV4], 2)
    assert not pair.capture.frames(lambda f: f.sent_by == "r2" and f.arp)


@each_family
def test_Backup_AnswersNothing_ThatIsSentToItAlone_rfc9568_6_4_2(pair: Pair) -> None:
    host, router, family = pair.lab.host(), pair.lab.router("r2"), pair.family
    to_all = BROADCAST_MAC if family is IPV4 else multicast_mac(solicited_node(family.gateway))
    with cable_to(router) as injector:
        for destination in (to_all, pair.mac, router.mac()):
            injector.send(question(host, family.gateway, eth_destination=destination))
        injector.send(question(host, router.primary(family)))
    # Frames keep their order: with this answer the others would have come.
    pair.capture.wait_for(answer_of("r2", router.primary(family)), "the answer for its own address")
    pair.wait_for_counter(pair.backup, NOT_ANSWERED[family], 3)
    assert not pair.capture.frames(answer_of("r2"))


@each_family
def test_Kernel_NeverAnswersForTheVirtualAddress_EvenIfItHasIt(pair: Pair) -> None:
    # IPv6 has no link-local addresses on lo, and answers only for those of the interface.
    held = f"{VIRTUAL_ADDRESS}/32 dev lo" if pair.family is IPV4 else f"{pair.family.gateway}/64 dev eth0"
    for router in pair.lab.routers:
        router.namespace.ip(f"address add {held}")
    with pair.lab.prober() as prober:
        since_ns = time.time_ns()
        pair.lab.eventually(lambda: len(prober.answers(since_ns=since_ns)) >= 10, "answers")
        assert prober.answering_macs() == {pair.mac}
    assert not pair.capture.frames(answer_of("r2"))


@each_family
def test_Active_ForwardsThroughTheVirtualMac_rfc9568_6_4_3(pair: Pair) -> None:
    host = pair.lab.host()
    host.namespace.run("ping", "-c", "3", "-i", "0.05", "-W", "5", pair.family.server[0])
    with pair.lab.traffic() as traffic:
        pair.lab.eventually(lambda: len(traffic.report().echoed) > 100, "echoes through the virtual MAC")
    pair.wait_for_counter(pair.active, "frames-accepted", 100)
    assert macs_told(pair.capture) == {pair.mac}
    assert f"lladdr {pair.mac}" in host.namespace.run("ip", "neighbour", "show", pair.family.gateway)


@each_family
def test_Backup_ForwardsNothing_ThroughTheVirtualMac_rfc9568_6_4_2(pair: Pair) -> None:
    lab, router, server = pair.lab, pair.lab.router("r2"), pair.family.server
    with lab.capture(router.port("eth1"), only=Filter.EVERYTHING) as wan, cable_to(router) as injector:
        injector.send(udp_to(lab, pair.mac, server[0]))
        injector.send(udp_to(lab, router.mac(), server[1]))
        wan.wait_for(lambda f: f.sent_by and f.ip and f.ip.destination == server[1], "what is sent to its own MAC")
        pair.wait_for_counter(pair.backup, "frames-not-active")
        assert not wan.frames(lambda f: f.sent_by and f.ip and f.ip.destination == server[0])


@each_family
def test_Flooding_DuplicatesNothing(pair: Pair) -> None:
    lab = pair.lab
    switch = lab.router("r1").segments["eth0"].namespace
    for node in (*lab.routers, *lab.hosts):
        switch.run("bridge", "link", "set", "dev", node.name, "learning", "off")
    switch.run("ip", "link", "set", "dev", "br0", "type", "bridge", "fdb_flush")
    wan_ports = [router.port("eth1") for router in lab.routers]
    with lab.capture(*wan_ports, only=Filter.EVERYTHING) as wan:
        with lab.traffic() as traffic:
            lab.eventually(lambda: traffic.report().received > 200, "traffic through the flooding switch")
        report = traffic.stop()

        def is_forwarded(frame: Frame) -> bool:
            return bool(frame.sent_by and frame.udp and frame.ip and frame.ip.destination == lab.family.server[0])

        lab.eventually(lambda: len(wan.frames(is_forwarded)) >= report.received, "all of it is recorded")
        copies = Counter(f.udp.payload[:4] for f in wan.frames(is_forwarded) if f.udp)
        assert set(copies.values()) == {1}
        assert {f.sent_by for f in wan.frames(is_forwarded)} == {"r1"}
    pair.wait_for_counter(pair.backup, "frames-not-active", 200)


@each_family
def test_VirtualAddress_AcceptsNothing_WithoutOwnership_rfc9568_6_4_3(pair: Pair) -> None:
    lab, host, router = pair.lab, pair.lab.host(), pair.lab.router("r1")
    # The kernel would take these for its own, as with a service bound to the virtual address in advance.
    virtual = pair.family.virtual[-1]
    router.namespace.ip(f"address add {virtual} dev lo")
    with cable_to(router) as injector:
        injector.send(udp_to(lab, pair.mac, virtual))
        injector.send(udp_to(lab, pair.mac, router.address_in(pair.family)))
    # To its own address by way of the virtual MAC, it answers that nothing listens.
    pair.capture.wait_for(
        lambda f: f.delivered_to == host.name and f.icmp and f.icmp.is_port_unreachable, "port unreachable"
    )
    pair.wait_for_counter(pair.active, "frames-not-accepted")
    assert not pair.capture.frames(lambda f: f.sent_by == "r1" and f.ip and f.ip.source == virtual and not f.nd)


@each_family
def test_OrdinaryTraffic_OfTheRouters_IsAsItWas(pair: Pair) -> None:
    for router in pair.lab.routers:
        pair.lab.host().namespace.run("ping", "-c", "2", "-i", "0.05", "-W", "5", router.address_in(pair.family))
        domain = socket.AF_INET if pair.family is IPV4 else socket.AF_INET6
        with (
            router.namespace.socket(domain, socket.SOCK_STREAM) as listener,
            pair.lab.host().namespace.socket(domain, socket.SOCK_STREAM) as client,
        ):
            listener.bind((router.address_in(pair.family), 0))
            listener.listen()
            for each in (listener, client):
                each.settimeout(10)
            client.connect(listener.getsockname())
            server, _ = listener.accept()
            with server:
                data = bytes(range(256)) * 1000
                client.sendall(data)
                client.shutdown(socket.SHUT_WR)
                server.settimeout(10)
                received = b"".join(iter(lambda: server.recv(65536), b""))
            assert received == data
        assert macs_told(pair.capture, router.address_in(pair.family)) == {router.mac()}
