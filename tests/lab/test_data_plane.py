# SPDX-License-Identifier: BSD-2-Clause
"""What hosts get from the Active Router and not from a Backup Router, with XDP in the driver and in the generic hook."""

import contextlib
import socket
import struct
import time
from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from observations import arp_reply_of, macs_told, wait_for_sole_active, wait_for_state
from vrrp_lab import (
    SERVER_ADDRESSES,
    VIRTUAL_ADDRESS,
    ArpPacket,
    ArpProber,
    Filter,
    Frame,
    Injector,
    Lab,
    Router,
    UdpTraffic,
    VirtualRouter,
    VrrpXdp,
)
from vrrp_lab.addresses import virtual_mac
from vrrp_lab.inject import ethernet, ipv4

VIRTUAL_MAC = virtual_mac(10)
ECHO_PORT = 7777


class Pair:
    """r1, Active, and r2, Backup, attached in one mode."""

    def __init__(self, lab: Lab, mode: str) -> None:
        self.lab = lab
        self.capture = lab.capture().__enter__()
        self.active, self.backup = (
            lab.start(VrrpXdp(lab.router(name), VirtualRouter(priority=priority), mode=mode))
            for name, priority in (("r1", 200), ("r2", 100))
        )
        wait_for_state(lab, self.active, "active")
        wait_for_state(lab, self.backup, "backup")
        wait_for_sole_active(lab, self.capture, "r1")

    def wait_for_counter(self, router: VrrpXdp, name: str, least: int = 1) -> None:
        self.lab.eventually(
            lambda: router.virtual_router()["statistics"][name] >= least, f"{router.name} counts {least} {name}"
        )


@pytest.fixture(params=["native", "generic"])
def mode(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def pair(make_lab: Callable[..., Lab], mode: str) -> Pair:
    pair = Pair(make_lab(xdp_peer=mode == "native"), mode)
    assert pair.active.interface_status()["mode"] == mode
    return pair


@contextlib.contextmanager
def cable_to(router: Router) -> Iterator[Injector]:
    """Sends frames to this router alone, whatever its switch has learned."""
    with Injector(router.segments["eth0"].namespace, router.name) as injector:
        yield injector


def udp_to_server(lab: Lab, destination_mac: str, destination: str = SERVER_ADDRESSES[0]) -> bytes:
    """A packet of the host for the server, which is not answered."""
    payload = struct.pack("!HHHH", ECHO_PORT, ECHO_PORT, 8, 0)
    packet = ipv4(lab.host().address, destination, socket.IPPROTO_UDP, payload)
    return ethernet(lab.host().mac(), destination_mac, 0x0800, packet)


def test_Active_AnswersEveryKindOfArpRequest_WithTheVirtualMac_rfc9568_8_1_2(pair: Pair) -> None:
    host = pair.lab.host()
    asked = {"sender_mac": host.mac(), "sender_ip": host.address, "target_ip": VIRTUAL_ADDRESS}
    requests = (
        ArpPacket(**asked),
        ArpPacket(**asked, eth_destination=VIRTUAL_MAC),
        ArpPacket.probe(host.mac(), VIRTUAL_ADDRESS),
    )
    with Injector(host.namespace) as injector:
        for request in requests:
            since_ns = time.time_ns()
            injector.send(request)
            reply = pair.capture.wait_for(arp_reply_of("r1"), "the answer", since_ns=since_ns)
            assert reply.arp is not None
            assert (reply.eth_src, reply.eth_dst) == (VIRTUAL_MAC, host.mac())
            assert (reply.arp.sender_mac, reply.arp.sender_ip) == (VIRTUAL_MAC, VIRTUAL_ADDRESS)
            assert (reply.arp.target_mac, reply.arp.target_ip) == (host.mac(), request.sender_ip)
    pair.wait_for_counter(pair.active, "arp-answered", len(requests))
    pair.wait_for_counter(pair.backup, "arp-not-answered", 2)
    assert not pair.capture.frames(lambda f: f.sent_by == "r2" and f.arp)


def test_Backup_AnswersNothing_ThatIsSentToItAlone_rfc9568_6_4_2(pair: Pair) -> None:
    host, router = pair.lab.host(), pair.lab.router("r2")
    with cable_to(router) as injector:
        for destination in ("ff:ff:ff:ff:ff:ff", VIRTUAL_MAC, router.mac()):
            asked = ArpPacket(
                sender_mac=host.mac(), sender_ip=host.address, target_ip=VIRTUAL_ADDRESS, eth_destination=destination
            )
            injector.send(asked)
        injector.send(ArpPacket(sender_mac=host.mac(), sender_ip=host.address, target_ip=router.address))
    # Frames keep their order: with this answer the others would have come.
    pair.capture.wait_for(arp_reply_of("r2", router.address), "the answer for its own address")
    pair.wait_for_counter(pair.backup, "arp-not-answered", 3)
    assert not pair.capture.frames(arp_reply_of("r2"))


def test_Kernel_NeverAnswersForTheVirtualAddress_EvenIfItHasIt(pair: Pair) -> None:
    for router in pair.lab.routers:
        router.namespace.ip(f"address add {VIRTUAL_ADDRESS}/32 dev lo")
    with ArpProber(pair.lab.host(), VIRTUAL_ADDRESS) as prober:
        since_ns = time.time_ns()
        pair.lab.eventually(lambda: len(prober.answers(since_ns=since_ns)) >= 10, "answers")
        assert prober.answering_macs() == {VIRTUAL_MAC}
    assert not pair.capture.frames(arp_reply_of("r2"))


def test_Active_ForwardsThroughTheVirtualMac_rfc9568_6_4_3(pair: Pair) -> None:
    host = pair.lab.host()
    host.namespace.run("ping", "-c", "3", "-i", "0.05", "-W", "5", SERVER_ADDRESSES[0])
    with UdpTraffic(host, pair.lab.server) as traffic:
        pair.lab.eventually(lambda: len(traffic.report().echoed) > 100, "echoes through the virtual MAC")
    pair.wait_for_counter(pair.active, "frames-accepted", 100)
    assert macs_told(pair.capture) == {VIRTUAL_MAC}
    assert f"lladdr {VIRTUAL_MAC}" in host.namespace.run("ip", "neighbour", "show", VIRTUAL_ADDRESS)


def test_Backup_ForwardsNothing_ThroughTheVirtualMac_rfc9568_6_4_2(pair: Pair) -> None:
    lab, router = pair.lab, pair.lab.router("r2")
    with lab.capture(router.port("eth1"), only=Filter.EVERYTHING) as wan, cable_to(router) as injector:
        injector.send(udp_to_server(lab, VIRTUAL_MAC, SERVER_ADDRESSES[0]))
        injector.send(udp_to_server(lab, router.mac(), SERVER_ADDRESSES[1]))
        wan.wait_for(lambda f: f.sent_by and f.ip and f.ip.destination == SERVER_ADDRESSES[1], "what is sent to its own MAC")
        pair.wait_for_counter(pair.backup, "frames-not-active")
        assert not wan.frames(lambda f: f.sent_by and f.ip and f.ip.destination == SERVER_ADDRESSES[0])


def test_Flooding_DuplicatesNothing(pair: Pair) -> None:
    lab = pair.lab
    switch = lab.router("r1").segments["eth0"].namespace
    for node in (*lab.routers, *lab.hosts):
        switch.run("bridge", "link", "set", "dev", node.name, "learning", "off")
    switch.run("ip", "link", "set", "dev", "br0", "type", "bridge", "fdb_flush")
    wan_ports = [router.port("eth1") for router in lab.routers]
    with lab.capture(*wan_ports, only=Filter.EVERYTHING) as wan:
        with UdpTraffic(lab.host(), lab.server) as traffic:
            lab.eventually(lambda: traffic.report().received > 200, "traffic through the flooding switch")
        report = traffic.stop()

        def is_forwarded(frame: Frame) -> bool:
            return bool(frame.sent_by and frame.udp and frame.ip and frame.ip.destination == SERVER_ADDRESSES[0])

        lab.eventually(lambda: len(wan.frames(is_forwarded)) >= report.received, "all of it is recorded")
        copies = Counter(f.udp.payload[:4] for f in wan.frames(is_forwarded) if f.udp)
        assert set(copies.values()) == {1}
        assert {f.sent_by for f in wan.frames(is_forwarded)} == {"r1"}
    pair.wait_for_counter(pair.backup, "frames-not-active", 200)


def test_VirtualAddress_AcceptsNothing_WithoutOwnership_rfc9568_6_4_3(pair: Pair) -> None:
    lab, host, router = pair.lab, pair.lab.host(), pair.lab.router("r1")
    # The kernel would take these for its own, as with a service bound to the virtual address in advance.
    router.namespace.ip(f"address add {VIRTUAL_ADDRESS}/32 dev lo")
    with cable_to(router) as injector:
        injector.send(udp_to_server(lab, VIRTUAL_MAC, VIRTUAL_ADDRESS))
        injector.send(udp_to_server(lab, VIRTUAL_MAC, router.address))
    # To its own address by way of the virtual MAC, it answers that nothing listens.
    pair.capture.wait_for(lambda f: f.delivered_to == host.name and f.icmp and f.icmp.type == 3, "port unreachable")
    pair.wait_for_counter(pair.active, "frames-not-accepted")
    assert not pair.capture.frames(lambda f: f.sent_by == "r1" and f.ip and f.ip.source == VIRTUAL_ADDRESS)


def test_OrdinaryTraffic_OfTheRouters_IsAsItWas(pair: Pair) -> None:
    for router in pair.lab.routers:
        pair.lab.host().namespace.run("ping", "-c", "2", "-i", "0.05", "-W", "5", router.address)
        with (
            router.namespace.socket(socket.AF_INET, socket.SOCK_STREAM) as listener,
            pair.lab.host().namespace.socket(socket.AF_INET, socket.SOCK_STREAM) as client,
        ):
            listener.bind((router.address, 0))
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
        assert macs_told(pair.capture, router.address) == {router.mac()}
