# SPDX-License-Identifier: BSD-2-Clause
"""The lab itself, proved with routers that are known to work: what it builds, records, injects and measures."""

import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from observations import each_family
from vrrp_lab import (
    IPV6,
    VIRTUAL_ADDRESS,
    Advertisement,
    ArpPacket,
    Capture,
    ChecksumForm,
    Frame,
    Frr,
    Injector,
    Keepalived,
    Lab,
    NeighbourAdvertisement,
    NeighbourProber,
    Solicitation,
    UdpTraffic,
    VirtualRouter,
    leftovers,
)
from vrrp_lab.neighbours import claim

HIGH = VirtualRouter(priority=200)
LOW = VirtualRouter(priority=100)

Implementation = type[Keepalived] | type[Frr]
each_implementation = pytest.mark.parametrize("implementation", [Keepalived, Frr])


def advertisement_of(node: str, priority: int | None = None) -> Callable[[Frame], bool]:
    """Whether a frame is an advertisement as the node sent it, with this priority if one is given."""
    return lambda f: f.sent_by == node and f.vrrp is not None and priority in (None, f.vrrp.priority)


def wait_for_active(capture: Capture, node: str, *, since_ns: int = 0) -> Frame:
    """The third advertisement of the node: by then the others have heard it too."""
    return capture.wait_for(advertisement_of(node), f"advertisements of {node}", since_ns=since_ns, count=3)


@each_implementation
def test_Capture_SeesElectionFailoverAndParsedFields(lab: Lab, implementation: Implementation) -> None:
    with lab.capture() as capture:
        lab.start(implementation(lab.router("r2"), LOW))
        wait_for_active(capture, "r2")
        first = lab.start(implementation(lab.router("r1"), HIGH))
        frame = wait_for_active(capture, "r1")
        assert frame.vrrp is not None and frame.ip is not None
        assert (frame.vrrp.version, frame.vrrp.type, frame.vrrp.vrid, frame.vrrp.priority) == (3, 1, 10, 200)
        assert (frame.vrrp.count, frame.vrrp.addresses) == (1, (VIRTUAL_ADDRESS,))
        assert (frame.vrrp.interval_ms, frame.vrrp.ttl, frame.vrrp.source) == (100, 255, lab.router("r1").address)
        assert (frame.ip.traffic_class, frame.eth_dst) == (0xC0, "01:00:5e:00:00:12")
        assert frame.vrrp.checksum_form is ChecksumForm.PSEUDO_HEADER

        first.stop()
        goodbye = capture.wait_for(advertisement_of("r1", priority=0), "priority 0 of r1")
        both = capture.frames(lambda f: advertisement_of("r2")(f) and frame.time_ns < f.time_ns < goodbye.time_ns)
        assert not both, "r2 goes on beside r1"
        wait_for_active(capture, "r2", since_ns=goodbye.time_ns)
        assert capture.drops() == 0


@each_implementation
def test_Capture_RecordsMessageOnlyChecksum_OfVersion2(lab: Lab, implementation: Implementation) -> None:
    with lab.capture() as capture:
        lab.start(implementation(lab.router("r1"), VirtualRouter(version=2, interval_ms=1000, priority=254)))
        frame = capture.wait_for(advertisement_of("r1"), "an advertisement of version 2")
        assert frame.vrrp is not None
        assert (frame.vrrp.version, frame.vrrp.interval_ms) == (2, 1000)
        assert frame.vrrp.checksum_form is ChecksumForm.MESSAGE_ONLY


@pytest.mark.parametrize(
    ("implementation", "form", "accepted"),
    [
        (Keepalived, ChecksumForm.PSEUDO_HEADER, True),
        (Keepalived, ChecksumForm.MESSAGE_ONLY, False),
        (Keepalived, ChecksumForm.WRONG, False),
        (Frr, ChecksumForm.PSEUDO_HEADER, True),
        (Frr, ChecksumForm.MESSAGE_ONLY, False),
        (Frr, ChecksumForm.WRONG, False),
    ],
)
def test_Injector_SendsWhatAPeerAcceptsOrRejects(
    lab: Lab, implementation: Implementation, form: ChecksumForm, accepted: bool
) -> None:
    host = lab.host()
    rival = Advertisement(source=host.address, priority=254, interval_ms=100, checksum=form)
    with lab.capture() as capture, Injector(host.namespace) as injector, injector.repeating(rival, period_s=0.1):
        seen = capture.wait_for(lambda f: f.delivered_to == "r1" and f.vrrp is not None, "the rival's advertisement")
        assert seen.vrrp is not None and seen.vrrp.checksum_form is form
        lab.start(implementation(lab.router("r1"), LOW))
        if accepted:
            # Alone it would be Active after 0.36 s; both implementations are up within 0.2 s.
            time.sleep(2.0)
            assert not capture.frames(advertisement_of("r1"))
        else:
            capture.wait_for(advertisement_of("r1"), "r1 becomes Active beside a rival it rejects")


def test_UdpTraffic_MeasuresTheOutage_OfAKeepalivedThatIsPartitioned(lab: Lab) -> None:
    lab.start(Keepalived(lab.router("r1"), HIGH))
    lab.start(Keepalived(lab.router("r2"), LOW))
    with lab.capture() as capture:
        wait_for_active(capture, "r1")
        with UdpTraffic(lab.host(), lab.server, rate=500) as traffic:
            lab.eventually(lambda: traffic.report().received > 100, "traffic through r1")
            cut_ns = time.time_ns()
            lab.router("r1").partition()
            wait_for_active(capture, "r2", since_ns=cut_ns)
            healthy_ns = time.time_ns()
            lab.eventually(lambda: traffic.arrived_since(healthy_ns) > 100, "traffic through r2")
        report = traffic.stop()
        # What the switch still delivered, for one may slip through between the order to cut and the cut.
        last = capture.frames(lambda f: f.delivered_to == "r2" and f.vrrp is not None and f.vrrp.priority == HIGH.priority)[-1]
        first = capture.frames(advertisement_of("r2"), since_ns=cut_ns)[0]

        assert report.lost, report.summary()
        # r2 waits three intervals and its Skew_Time; the partition came at most one interval after r1's last word.
        assert first.time_ns - last.time_ns > 300e6
        assert 150e6 < report.longest_outage_ns < 5e9, report.summary()
        assert len(report.echoed) == report.received, report.summary()


@each_family
def test_NeighbourProber_CollectsAnswers_AndFieldsAreParsed(lab: Lab) -> None:
    router, host, family = lab.router("r1"), lab.host(), lab.family
    asked = router.primary(family)
    with lab.capture() as capture, NeighbourProber(host, asked) as prober, Injector(host.namespace) as injector:
        answer = prober.wait_for_answer()
        assert prober.answering_macs() == {router.mac()}
        if answer.arp is not None:
            assert answer.arp.target_mac == host.mac()
        else:
            assert answer.nd is not None and answer.ip is not None
            assert (answer.nd.target_mac, answer.nd.flags, answer.nd.checksum_ok) == (router.mac(), "RSO", True)
            assert (answer.ip.source, answer.ip.destination) == (asked, host.primary(family))

        address = f"{asked}7"  # which nobody has
        injector.send(claim(host.mac(), address))
        announced = capture.wait_for(lambda f: f.told and f.told.address == address, "the announcement").told
        assert announced is not None and (announced.mac, announced.is_answer) == (host.mac(), False)


def test_Kernel_AnswersAProbe_ByArp(lab: Lab) -> None:
    router, host = lab.router("r1"), lab.host()
    with lab.capture() as capture, Injector(host.namespace) as injector:
        injector.send(ArpPacket.probe(host.mac(), router.address))
        capture.wait_for(
            lambda f: f.sent_by == "r1" and f.arp and f.arp.is_reply and f.arp.target_ip == "0.0.0.0",
            "the kernel's answer to a probe",
        )


def test_Kernel_AnswersAProbe_ByNeighbourDiscovery(make_lab: Callable[..., Lab]) -> None:
    lab = make_lab(family=IPV6)
    router, host = lab.router("r1"), lab.host()
    with lab.capture() as capture, Injector(host.namespace) as injector:
        injector.send(Solicitation.probe(host.mac(), router.primary(IPV6)))
        answer = capture.wait_for(lambda f: f.sent_by == "r1" and f.nd and f.nd.is_advertisement, "the kernel's answer").nd
        assert answer is not None and answer.checksum_ok
        assert (answer.destination, answer.flags, answer.target_mac) == ("ff02::1", "RO", router.mac())


def test_Capture_SeesVlanTags_OfInjectedFrames(lab: Lab) -> None:
    host = lab.host()
    tagged = Advertisement(source=host.address, vlans=[20, 30]).to_bytes()
    with lab.capture() as capture, Injector(host.namespace) as injector:
        injector.send(tagged)
        sent = capture.wait_for(lambda f: f.sent_by == "h1" and f.vlans, "the tagged frame as sent")
        delivered = capture.wait_for(lambda f: f.delivered_to == "r1" and f.vlans, "the tagged frame as delivered")
        assert sent.data == delivered.data == tagged
        assert sent.vlans == (20, 30)


def test_Pcap_ReadByTshark_AgreesWithWhatWasBuilt(lab: Lab, tmp_path: Path) -> None:
    host = lab.host()
    with lab.capture() as capture, Injector(host.namespace) as injector:
        for advertisement in (
            Advertisement(source=host.address, priority=7, interval_ms=2500),
            Advertisement(source=host.address, priority=8, checksum=ChecksumForm.WRONG),
            Advertisement(source=host.address, priority=9, version=2),
            Advertisement(source="fe80::1", priority=10, addresses=IPV6.virtual),
            Advertisement(source="fe80::1", priority=11, addresses=IPV6.virtual, checksum=ChecksumForm.MESSAGE_ONLY),
        ):
            injector.send(advertisement)
        messages: list[Solicitation | NeighbourAdvertisement] = [
            Solicitation(source_mac=host.mac(), source="fe80::1", target="fe80::a"),
            Solicitation.probe(host.mac(), "fe80::a"),
            NeighbourAdvertisement(mac=host.mac(), address="fe80::a"),
            Solicitation(source_mac=host.mac(), source="fe80::1", target="fe80::a", checksum=1),
        ]
        for message in messages:
            injector.send(message)
        capture.wait_for(lambda f: f.sent_by == "h1" and f.vrrp is not None, "what was injected", count=5)
        capture.wait_for(lambda f: f.sent_by == "h1" and f.nd is not None, "what was injected", count=4)
        assert [f.nd.checksum_ok for f in capture.frames(lambda f: f.sent_by == "h1" and f.nd) if f.nd] == [True] * 3 + [False]
    path = tmp_path / "lab.pcap"
    capture.write_pcap(path)

    def read(what: str, *fields: str) -> list[str]:
        argv = ["tshark", "-r", str(path), "-Y", what, "-T", "fields", *(f"-e{field}" for field in fields)]
        return subprocess.run(argv, check=True, capture_output=True, text=True, timeout=60).stdout.splitlines()

    # The status is 1 for a good checksum, which tshark reckons with the pseudo-header in version 3, and 0 for a bad one.
    vrrp = read("vrrp", "vrrp.version", "vrrp.prio", "vrrp.checksum.status")
    assert vrrp == ["3\t7\t1", "3\t8\t0", "2\t9\t1", "3\t10\t1", "3\t11\t0"]
    nd = read("icmpv6", "icmpv6.type", "icmpv6.opt.linkaddr", "icmpv6.checksum.status", "_ws.malformed")
    mac = host.mac()
    assert nd == [f"135\t{mac}\t1\t", "135\t\t1\t", f"136\t{mac}\t1\t", f"135\t{mac}\t0\t"]


def test_XdpPeer_IsAttachedInNativeMode_AndPassesTraffic(make_lab: Callable[..., Lab]) -> None:
    lab = make_lab(xdp_peer=True)
    port = lab.router("r1").port()
    link = port.namespace.run("ip", "-details", "link", "show", "dev", port.interface)
    assert "prog/xdp" in link and "xdpgeneric" not in link, link
    lab.host().set_gateway(lab.router("r1").address)
    with UdpTraffic(lab.host(), lab.server) as traffic:
        lab.eventually(lambda: len(traffic.report().echoed) > 100, "echoes through r1")


def test_Lab_LeavesNothing_WhenItsProcessIsKilled(tmp_path: Path) -> None:
    script = (
        "import os, signal, sys; sys.path.insert(0, sys.argv[1])\n"
        "from vrrp_lab import Keepalived, Lab, VirtualRouter\n"
        "with Lab(routers=1) as lab:\n"
        "    lab.start(Keepalived(lab.router('r1'), VirtualRouter()))\n"
        "    os.kill(os.getpid(), getattr(signal, sys.argv[2]))\n"
    )
    scripts = str(Path(leftovers.__file__).resolve().parents[1])
    for name in ("SIGTERM", "SIGINT", "SIGKILL"):
        child = subprocess.Popen(["/usr/bin/python3", "-c", script, scripts, name], stderr=subprocess.DEVNULL)
        child.wait(60)
        if name == "SIGKILL":
            assert leftovers.find(child.pid), "a killed process cannot clean up"
            leftovers.remove_stale()
        assert not leftovers.find(child.pid), name
