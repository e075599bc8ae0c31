# SPDX-License-Identifier: BSD-2-Clause
"""What advertisements are sent from: it stays while the interface has it, and a configuration may say which it is."""

import json

from observations import wait_for_state
from test_unicast import Scene
from vrrp_lab import Lab, VirtualRouter, VrrpXdp
from vrrp_lab.peers.vrrp_xdp import invoke

_OTHER = "198.18.0.201"  # of another prefix, so that neither is the secondary address of the other


def source(router: VrrpXdp) -> str:
    return str(router.virtual_router().get("primary-address", ""))


def start(lab: Lab, **options: object) -> VrrpXdp:
    r1 = lab.start(VrrpXdp(lab.router("r1"), VirtualRouter(priority=200, options=options)))
    return r1


def test_Source_Stays_WhenItsAddressIsRefreshed_OrAnotherIsAdded(lab: Lab) -> None:
    router = lab.router("r1")
    router.namespace.ip(f"address add {_OTHER}/24 dev eth0")
    r1 = start(lab)
    wait_for_state(lab, r1, "active")
    router.namespace.ip(f"address change {router.address}/24 dev eth0 valid_lft 1000 preferred_lft 1000")
    router.namespace.ip("address add 198.18.1.202/24 dev eth0")
    router.namespace.ip("link set eth0 mtu 1400")  # whatever is told last, has been heard by then
    sent = r1.virtual_router()["statistics"]["advertisement-sent"]
    lab.eventually(lambda: r1.virtual_router()["statistics"]["advertisement-sent"] > sent + 5, "it advertises on")
    assert source(r1) == router.address
    # It moves on only when the address is gone.
    router.namespace.ip(f"address del {router.address}/24 dev eth0")
    lab.eventually(lambda: source(r1) in (_OTHER, "198.18.1.202"), "it sends from another address")
    moved = source(r1)
    router.namespace.ip(f"address add {router.address}/24 dev eth0")
    sent = r1.virtual_router()["statistics"]["advertisement-sent"]
    lab.eventually(lambda: r1.virtual_router()["statistics"]["advertisement-sent"] > sent + 5, "it advertises on")
    assert source(r1) == moved


def test_ConfiguredSource_IsTheOneThatIsUsed_AndWaitedFor(lab: Lab) -> None:
    router = lab.router("r1")
    r1 = start(lab, **{"source-address": _OTHER})
    wait_for_state(lab, r1, "initialize")
    lab.eventually(
        lambda: f"does not have {_OTHER}, the source-address of vrid 10" in r1.run("explain", "10"), "explain says why"
    )
    router.namespace.ip(f"address add {_OTHER}/24 dev eth0")
    wait_for_state(lab, r1, "active")
    assert source(r1) == _OTHER
    router.namespace.ip(f"address del {_OTHER}/24 dev eth0")
    wait_for_state(lab, r1, "initialize")
    assert r1.virtual_router()["last-event"] == "no-primary-ip-address"


def test_ConfiguredSource_FollowsAReload(lab: Lab) -> None:
    router = lab.router("r1")
    router.namespace.ip(f"address add {_OTHER}/24 dev eth0")
    r1 = start(lab)
    wait_for_state(lab, r1, "active")
    r1.write(VrrpXdp(router, VirtualRouter(priority=200, options={"source-address": _OTHER})).config)
    r1.run("reload")
    lab.eventually(lambda: source(r1) == _OTHER, "it sends from the other address")
    assert r1.state() == "active"
    shown = invoke(router.namespace, "check", str(r1.path)).stdout
    assert f"source-address: {_OTHER}" in shown


def test_PeerThatSendsFromAnUnknownAddress_IsALineOfExplain(lab: Lab) -> None:
    with lab.capture() as capture:
        scene = Scene(lab, capture, lab.traffic())
        lab.router("r2").namespace.ip(f"address add {_OTHER}/24 dev eth0")
        r1 = scene.ours("r1", 200)
        wait_for_state(lab, r1, "active")
        scene.ours("r2", 250, **{"source-address": _OTHER})
        lab.eventually(
            lambda: "list the address that the other router sends from" in r1.run("explain", "10"), "explain says so"
        )
        lab.eventually(lambda: "from an address that is not in unicast-peers" in r1.log(), "the log says so")
        warnings = json.loads(r1.run("explain", "10", "--json"))["virtual-routers"][0]["warnings"]
        assert any("unicast-peer-errors" in warning for warning in warnings)
