# SPDX-License-Identifier: BSD-2-Clause
"""A router that signs its advertisements, as keepalived 2.4.2 and later can (draft-cassen-vrrp-auth-hmac): it is followed
unless the operator says otherwise, and named in either case."""

import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from observations import each_family, wait_for_state
from vrrp_lab import IPV6, Advertisement, ChecksumForm, Injector, Lab, VirtualRouter, VrrpXdp


def signature(counter: int) -> bytes:
    """Type, key, reserved; seconds, fraction and counter, which change each time; a digest."""
    return struct.pack("!BBHIHH", 1, 7, 0, 0x69290000, counter & 0xFFFF, counter & 0xFFFF) + bytes([counter & 0xFF]) * 16


@contextmanager
def signing_peer(lab: Lab, **more: object) -> Iterator[Advertisement]:
    """A router with priority 200 that signs: over IPv4 its checksum leaves the signature out, over IPv6 the kernel covers it."""
    host = lab.host()
    first = Advertisement(
        source=host.primary(lab.family),
        source_mac=host.mac(),
        addresses=lab.family.virtual,
        priority=200,
        checksum_covers_trailer=lab.family is IPV6,
        **{"interval_ms": 100, **more},  # type: ignore[arg-type]
    )
    stop = threading.Event()

    def advertise() -> None:
        with Injector(host.namespace) as injector:
            counter = 0
            while not stop.wait(0.02):
                counter += 1
                injector.send(first.with_trailer(signature(counter)))

    thread = threading.Thread(target=advertise, daemon=True)
    thread.start()
    try:
        yield first
    finally:
        stop.set()
        thread.join()


def statistics(router: VrrpXdp) -> dict[str, int]:
    return dict(router.virtual_router()["statistics"])


@each_family
def test_PeerThatSigns_IsFollowed_AndNamedOnce(lab: Lab) -> None:
    with signing_peer(lab) as peer:
        r1 = lab.start(VrrpXdp(lab.router("r1"), VirtualRouter(addresses=lab.family.virtual)))
        # For many times as long as it would wait for somebody whom it does not hear.
        lab.eventually(lambda: statistics(r1)["signed-rcvd"] > 100, "it hears who signs")
        assert r1.state() == "backup" and statistics(r1)["checksum-errors"] == 0
        assert statistics(r1)["master-transitions"] == 0
        told = f"{peer.source} signs its advertisements with key 7, which this router does not verify"
        assert r1.log().count(told) == 1
        assert told in r1.run("explain", "10")


def test_PeerThatSigns_IsFollowed_InVersion2(lab: Lab) -> None:
    with signing_peer(lab, version=2, interval_ms=1000, checksum=ChecksumForm.MESSAGE_ONLY):
        r1 = lab.start(VrrpXdp(lab.router("r1"), VirtualRouter(version=2, interval_ms=1000)))
        lab.eventually(lambda: statistics(r1)["signed-rcvd"] > 300, "it hears who signs", timeout_s=30)
        assert r1.state() == "backup" and statistics(r1)["master-transitions"] == 0


@each_family
def test_PeerThatSigns_IsRefused_WhereTheOperatorSaysSo(lab: Lab) -> None:
    refusing = VirtualRouter(addresses=lab.family.virtual, options={"signed-advertisements": "refuse"})
    with signing_peer(lab):
        r1 = lab.start(VrrpXdp(lab.router("r1"), refusing))
        wait_for_state(lab, r1, "active")
        assert statistics(r1)["signed-errors"] > 0 and statistics(r1)["advertisement-rcvd"] == 0
        assert "signed-errors" in r1.run("explain", "10")


@each_family
@pytest.mark.parametrize("more", [4, 64])
def test_OtherBytesBehindTheAddresses_ArePassedOver_AndCounted(lab: Lab, more: int) -> None:
    host = lab.host()
    peer = Advertisement(
        source=host.primary(lab.family),
        source_mac=host.mac(),
        addresses=lab.family.virtual,
        priority=200,
        interval_ms=100,
        trailer=bytes(more),
    )
    with Injector(host.namespace) as injector, injector.repeating(peer, period_s=0.02):
        r1 = lab.start(VrrpXdp(lab.router("r1"), VirtualRouter(addresses=lab.family.virtual)))
        lab.eventually(lambda: statistics(r1)["trailing-bytes"] > 50, "it hears it")
        assert r1.state() == "backup" and statistics(r1)["signed-rcvd"] == 0
