# SPDX-License-Identifier: BSD-2-Clause
"""What vrrp-xdp sends, judged by a dissector that others wrote."""

import subprocess
from pathlib import Path

import pytest
from observations import advertisement_of
from vrrp_lab import IPV4, IPV6, Lab, VirtualRouter, VrrpXdp


HOP_LIMITS = {IPV4: "ip.ttl", IPV6: "ipv6.hlim"}


@pytest.mark.parametrize(
    ("family", "router"),
    [
        (IPV4, VirtualRouter(version=2, interval_ms=1000, priority=254)),
        (IPV4, VirtualRouter(priority=254)),
        (IPV6, VirtualRouter(addresses=IPV6.virtual, priority=254)),
    ],
    ids=["v2", "v3", "v3-ipv6"],
    indirect=["family"],
)
def test_Tshark_FindsNothingWrong_InAnnouncementsAndFarewell(lab: Lab, tmp_path: Path, router: VirtualRouter) -> None:
    with lab.capture() as capture, lab.prober() as prober:
        ours = lab.start(VrrpXdp(lab.router("r1"), router))
        capture.wait_for(advertisement_of("r1"), "advertisements", count=2)
        prober.wait_for_answer()
        assert ours.stop() == 0
        capture.wait_for(advertisement_of("r1", priority=0), "the farewell")
    pcap = tmp_path / "advertisements.pcap"
    capture.write_pcap(pcap)

    fields = ["vrrp.prio", HOP_LIMITS[lab.family], "vrrp.checksum.status", "_ws.malformed", "_ws.expert"]
    argv = ["tshark", "-r", str(pcap), "-o", "ip.check_checksum:TRUE", "-Y", "vrrp", "-T", "fields"]
    argv += [f"-e{field}" for field in fields]
    read = subprocess.run(argv, check=True, capture_output=True, text=True, timeout=60).stdout.splitlines()
    good = "\t255\t1\t\t"
    assert read[-1] == f"0{good}"
    assert len(read) >= 3 and set(read[:-1]) == {f"254{good}"}
    # The announcements too, and answers: of ARP, or of Neighbour Discovery with its checksums.
    wrong = "_ws.malformed || _ws.expert.severity >= warning || ip.checksum.status == 0 || icmpv6.checksum.status == 0"
    argv = ["tshark", "-r", str(pcap), "-o", "ip.check_checksum:TRUE", "-Y", wrong]
    assert not subprocess.run(argv, check=True, capture_output=True, text=True, timeout=60).stdout
