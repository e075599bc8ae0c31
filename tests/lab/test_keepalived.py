# SPDX-License-Identifier: BSD-2-Clause
"""vrrp-xdp beside keepalived as Debian ships it: with the router's own MAC, which is its default, and with use_vmac."""

import time
from functools import partial
from itertools import groupby

import pytest
from interop import V3, Election, Failover, PeerKind, Scene
from observations import each_family, macs_told
from vrrp_lab import Advertisement, ChecksumForm, Injector, Keepalived

_LISTENING = "Entering BACKUP STATE (init)"
OWN_MAC = PeerKind(Keepalived, listening=_LISTENING, has_virtual_mac=False)
USE_VMAC = PeerKind(partial(Keepalived, use_vmac=True), listening=_LISTENING, has_virtual_mac=True)


class TestFailover(Failover):
    """With both forms of keepalived."""

    @pytest.fixture(params=[OWN_MAC, USE_VMAC], ids=["own_mac", "use_vmac"])
    def peer(self, request: pytest.FixtureRequest) -> PeerKind:
        kind: PeerKind = request.param
        return kind

    @each_family
    def test_PairMigrates_ToVrrpXdpAndBack_OneRouterAtATime(self, scene: Scene) -> None:
        theirs = {"r1": scene.start_theirs("r1", V3.high)}
        scene.wait_for_sole_active("r1")
        theirs["r2"] = scene.start_theirs("r2", V3.low)
        scene.wait_for_sole_active("r1")

        # The Backup Router first, which nobody notices; then the Active one, which costs a failover and its return.
        theirs["r2"].stop()
        ours = {"r2": scene.start_ours("r2", V3.low)}
        scene.wait_for_sole_active("r1", since_ns=time.time_ns())
        theirs["r1"].stop()
        scene.expect_traffic(scene.virtual_mac)
        scene.wait_for_sole_active("r2")
        ours["r1"] = scene.start_ours("r1", V3.high)
        scene.expect_gateway("r1", scene.virtual_mac)
        scene.expect_traffic(scene.virtual_mac)

        assert ours["r2"].stop() == 0
        theirs["r2"] = scene.start_theirs("r2", V3.low)
        scene.wait_for_sole_active("r1", since_ns=time.time_ns())
        assert ours["r1"].stop() == 0
        scene.wait_for_sole_active("r2")
        scene.expect_traffic(scene.peer_mac("r2"))
        theirs["r1"] = scene.start_theirs("r1", V3.high)
        mac = scene.peer_mac("r1")
        scene.expect_gateway("r1", mac)
        scene.expect_traffic(mac)

        advertised = scene.capture.frames(lambda f: f.sent_by and f.vrrp and f.vrrp.priority > 0)
        assert [name for name, _ in groupby(f.sent_by for f in advertised)] == ["r1", "r2", "r1", "r2", "r1"]
        if scene.kind.has_virtual_mac:
            assert macs_told(scene.capture) == {scene.virtual_mac}


class TestElection(Election):
    """With keepalived's defaults."""

    @pytest.fixture
    def peer(self) -> PeerKind:
        return OWN_MAC

    @each_family
    def test_RejectedAdvertisements_DoNotMuteVrrpXdp(self, scene: Scene) -> None:
        # An Active keepalived starts its advertisement timer again at each of these.
        host = scene.lab.host()
        ours = scene.start_ours("r1", V3.high)
        scene.wait_for_sole_active("r1")
        scene.start_theirs("r2", V3.low)
        rival = Advertisement(
            source=host.primary(scene.lab.family),
            addresses=scene.lab.family.virtual,
            priority=254,
            interval_ms=100,
            checksum=ChecksumForm.WRONG,
        )
        begun_ns = time.time_ns()
        with Injector(host.namespace) as injector, injector.repeating(rival, period_s=0.02):
            time.sleep(2.0)
        ended_ns = time.time_ns()
        sent = scene.advertisements("r1", since_ns=begun_ns, until_ns=ended_ns)
        assert len(sent) * V3.interval_ns > (ended_ns - begun_ns) / 2
        scene.wait_for_sole_active("r1", since_ns=ended_ns)
        scene.expect_patience("r2", "r1", 3 * V3.interval_ns)
        counters = ours.status()["interfaces"][0]["virtual-routers"][0]["statistics"]
        assert counters["checksum-errors"] > 0
        assert counters["advertisement-rcvd"] == 0
