# SPDX-License-Identifier: BSD-2-Clause
"""Virtual Routers in VLANs of one port: roles of their own, frames with the tag they came with, and nothing else touched."""

from typing import Any

import pytest
from observations import nothing_attached
from vrrp_lab import Capture, Frame, History, Lab, VrrpXdp, vlans
from vrrp_lab.addresses import virtual_mac
from vrrp_lab.netns import Namespace
from vrrp_lab.nodes import Node

VLAN = 20
OTHER_VLAN = 30
SERVICE_VLAN = 100
VIRTUAL = {"eth0": "192.0.2.254", "eth0.20": "203.0.113.254", "br0.20": "203.0.113.254", "eth0.100.20": "198.18.0.254"}
PREFIX = {"eth0.20": "203.0.113", "br0.20": "203.0.113", "eth0.30": "192.88.99", "eth0.100.20": "198.18.0"}


def _add_vlans(node: Node) -> None:
    """VLANs 20 and 30, and VLAN 20 inside service VLAN 100, each with an address of the node's number."""
    number = node.number
    for end, interface in ((node.namespace, "eth0"), (node.segments["eth0"].namespace, node.name)):
        end.run("ethtool", "-K", interface, "tx-vlan-stag-hw-insert", "off", "rx-vlan-stag-hw-parse", "off")
    node.namespace.ip(
        f"link add link eth0 name eth0.{VLAN} type vlan id {VLAN}",
        f"link add link eth0 name eth0.{OTHER_VLAN} type vlan id {OTHER_VLAN}",
        f"link add link eth0 name eth0.{SERVICE_VLAN} type vlan protocol 802.1ad id {SERVICE_VLAN}",
        f"link add link eth0.{SERVICE_VLAN} name eth0.{SERVICE_VLAN}.{VLAN} type vlan id {VLAN}",
        *(f"link set {name} up" for name in ("eth0.20", "eth0.30", "eth0.100", "eth0.100.20")),
        *(f"address add {prefix}.{number}/24 dev {name}" for name, prefix in PREFIX.items() if name.startswith("eth0")),
    )


def _config(priorities: dict[str, int], *, interval: str = "200ms") -> dict[str, Any]:
    """VRID 10 on every interface, each with its own priority."""
    return {
        "interfaces": {
            name: {
                "virtual-routers": [
                    {
                        "vrid": 10,
                        "priority": priority,
                        "advertise-interval": interval,
                        "virtual-addresses": [VIRTUAL[name]],
                    }
                ]
            }
            for name, priority in priorities.items()
        }
    }


@pytest.fixture
def lab(make_lab: Any) -> Lab:
    # XDP is to see the tags.
    made: Lab = make_lab(routers=2, hosts=1, offloads=False, history=History.AS_IT_WAS)
    nodes: list[Node] = [*made.routers, *made.hosts]
    vlans.carry(nodes, VLAN, OTHER_VLAN)
    for node in nodes:
        _add_vlans(node)
    return made


PAIRED = ("eth0", "eth0.20", "eth0.100.20")


def _pair(lab: Lab, *, interval: str = "200ms") -> tuple[VrrpXdp, VrrpXdp]:
    """r1 is to be Active in VLAN 20, r2 without a tag and in VLAN 20 of service VLAN 100."""
    r1 = lab.start(VrrpXdp(lab.router("r1"), config=_config({"eth0": 100, "eth0.20": 200, "eth0.100.20": 100}, interval=interval)))
    r2 = lab.start(VrrpXdp(lab.router("r2"), config=_config({"eth0": 200, "eth0.20": 100, "eth0.100.20": 200}, interval=interval)))
    for active, backup, interface in ((r2, r1, "eth0"), (r1, r2, "eth0.20"), (r2, r1, "eth0.100.20")):
        lab.eventually(lambda: active.state(interface=interface) == "active", f"{active.name} Active on {interface}")
        lab.eventually(lambda: backup.state(interface=interface) == "backup", f"{backup.name} Backup on {interface}")
    return r1, r2


def _asked(namespace: Namespace, interface: str) -> str:
    """What arping says of the virtual address of the interface."""
    return namespace.run("arping", "-c", "2", "-w", "8", "-I", interface, VIRTUAL[interface]).lower()


def _is_answer(frame: Frame, by: str, vlans: tuple[int, ...], address: str) -> bool:
    arp = frame.arp
    return frame.sent_by == by and frame.vlans == vlans and arp is not None and arp.is_reply and arp.sender_ip == address


# Interface, who is Active there, and the tags on the wire.
ROLES: tuple[tuple[str, str, tuple[int, ...]], ...] = (
    ("eth0", "r2", ()),
    ("eth0.20", "r1", (VLAN,)),
    ("eth0.100.20", "r2", (SERVICE_VLAN, VLAN)),
)


def test_SameVrid_HasARolePerVlan_AndSpeaksWithTheVlansTag(lab: Lab) -> None:
    with lab.capture() as capture:
        _pair(lab)
        for interface, active, tags in ROLES:
            _wait_for_advertisement(capture, active, tags)
            assert virtual_mac(10) in _asked(lab.host().namespace, interface)
            capture.wait_for(lambda f: _is_answer(f, active, tags, VIRTUAL[interface]), f"an answer of {active}")
            others = [f for f in capture.frames() if _is_answer(f, {"r1": "r2", "r2": "r1"}[active], tags, VIRTUAL[interface])]
            assert not others, [f.describe(since_ns=0) for f in others]


def test_Reload_AddsAndRemovesAVlan_OfAPortThatRuns(lab: Lab) -> None:
    r1 = lab.start(VrrpXdp(lab.router("r1"), config=_config({"eth0": 200}, interval="1s")))
    lab.eventually(lambda: r1.state(interface="eth0") == "active", "r1 is Active without a tag")
    since = r1.virtual_router(interface="eth0")["up-datetime"]
    r1.write(_config({"eth0": 200, "eth0.20": 200}, interval="1s"))
    assert "eth0.20: added" in r1.run("reload")
    lab.eventually(lambda: r1.state(interface="eth0.20") == "active", "r1 is Active in the VLAN")
    assert virtual_mac(10) in _asked(lab.host().namespace, "eth0.20")
    with lab.capture() as capture:
        r1.write(_config({"eth0": 200}, interval="1s"))
        assert "eth0.20: removed" in r1.run("reload")
        capture.wait_for(lambda f: f.vlans == (VLAN,) and f.vrrp and f.vrrp.priority == 0, "a farewell in the VLAN")
    after = r1.virtual_router(interface="eth0")
    assert (after["state"], after["up-datetime"]) == ("active", since)
    assert virtual_mac(10) in _asked(lab.host().namespace, "eth0")


def test_Failover_InOneVlan_LeavesTheOthersAlone(lab: Lab) -> None:
    # An emulated machine that stands still for three intervals elects again, in the other VLANs too.
    r1, r2 = _pair(lab, interval="1s")
    since = r2.virtual_router(interface="eth0")["up-datetime"]
    assert "detached" in r1.detach("eth0.20")
    lab.eventually(lambda: r2.state(interface="eth0.20") == "active", "r2 takes over in VLAN 20")
    assert virtual_mac(10) in _asked(lab.host().namespace, "eth0.20")
    assert r1.state(interface="eth0") == "backup" and r1.state(interface="eth0.100.20") == "backup"
    assert r2.virtual_router(interface="eth0")["up-datetime"] == since


def test_SecondAttach_TakesOverEveryVlan_WhateverTheirOrder(lab: Lab) -> None:
    r1, r2 = _pair(lab, interval="1s")
    since = {name: r2.virtual_router(interface=name)["up-datetime"] for name in PAIRED}
    old = r1.process
    # One VLAN that is left out would be without a router.
    r1.config = VrrpXdp(r1.router, config=_config({"eth0": 100, "eth0.100.20": 100}, interval="1s")).config
    r1.start(lab.directory)
    assert r1.process.wait(30) == 1
    assert "runs eth0.20 too, which is not selected here" in r1.log() and "vrrp-xdp detach eth0.20" in r1.log()
    assert old.running

    priorities = {"eth0.100.20": 100, "eth0.20": 200, "eth0": 100}
    r1.config = VrrpXdp(r1.router, config=_config(priorities, interval="1s")).config
    r1.start(lab.directory)
    assert old.wait(30) == 0
    for name, state in (("eth0", "backup"), ("eth0.20", "active"), ("eth0.100.20", "backup")):
        lab.eventually(lambda: r1.state(interface=name) == state, f"r1 is {state} on {name}")
    assert r1.virtual_router(interface="eth0.20")["last-event"] == "adopted"
    assert virtual_mac(10) in _asked(lab.host().namespace, "eth0.20")
    assert {name: r2.virtual_router(interface=name)["up-datetime"] for name in PAIRED} == since
    assert r1.stop() == 0
    assert nothing_attached(lab.router("r1").namespace, *PAIRED)


def test_VlanDeviceMadeAnew_ComesBack_AndLeavesTheOthersAlone(lab: Lab) -> None:
    r1, r2 = _pair(lab, interval="1s")
    since = r1.virtual_router(interface="eth0")["up-datetime"]
    inside = lab.router("r1").namespace
    inside.ip("link del eth0.20")
    lab.eventually(lambda: r2.state(interface="eth0.20") == "active", "r2 takes over in VLAN 20")
    inside.ip(
        f"link add link eth0 name eth0.20 type vlan id {VLAN}",
        "link set eth0.20 up",
        f"address add {PREFIX['eth0.20']}.1/24 dev eth0.20",
    )
    lab.eventually(lambda: r1.state(interface="eth0.20") == "active", "r1 is back in VLAN 20")
    assert virtual_mac(10) in _asked(lab.host().namespace, "eth0.20")
    assert r1.virtual_router(interface="eth0")["up-datetime"] == since
    assert r1.stop() == 0
    assert nothing_attached(inside, *PAIRED)


def test_PortMadeAnew_ComesBackWithItsVlans_WheneverTheyDo(lab: Lab) -> None:
    r1, r2 = _pair(lab)
    router = lab.router("r1")
    router.namespace.ip("link del eth0")
    lab.eventually(lambda: r2.state(interface="eth0.20") == "active", "r2 takes over in VLAN 20")
    router.plug("eth0", router.segments["eth0"], f"{router.address}/24")
    lab.eventually(lambda: r1.state(interface="eth0") == "backup", "r1 is back without a tag")
    assert r1.state(interface="eth0.20") == "initialize"
    for vlan in (VLAN, OTHER_VLAN):
        router.segments["eth0"].namespace.run("bridge", "vlan", "add", "dev", "r1", "vid", str(vlan))
    _add_vlans(router)
    lab.eventually(lambda: r1.state(interface="eth0.20") == "active", "r1 is back in VLAN 20")
    lab.eventually(lambda: r1.state(interface="eth0.100.20") == "backup", "r1 is back in VLAN 20 of VLAN 100")
    assert virtual_mac(10) in _asked(lab.host().namespace, "eth0.20")
    assert r1.stop() == 0
    assert nothing_attached(router.namespace, *PAIRED)


def test_ForwardedTraffic_GoesThroughTheVlansGateway_BeforeAndAfterAFailover(lab: Lab) -> None:
    r1, r2 = _pair(lab)
    _ping_server_through_vlan(lab)
    r1.stop()
    lab.eventually(lambda: r2.state(interface="eth0.20") == "active", "r2 takes over in VLAN 20")
    _ping_server_through_vlan(lab)
    assert virtual_mac(10) in lab.host().namespace.run("ip", "neighbor", "show", VIRTUAL["eth0.20"])


def test_VlanThatIsNotConfigured_IsUntouched(lab: Lab) -> None:
    _pair(lab)
    lab.host().namespace.run("ping", "-c", "2", "-W", "8", f"{PREFIX['eth0.30']}.{lab.router('r1').number}")


# As ethtool calls them: 802.1Q and 802.1ad.
STRIPPING = ("rx-vlan-offload", "rx-vlan-stag-hw-parse")


def _stripping(node: Node) -> list[str]:
    """Whether the node's NIC strips tags, by STRIPPING: on or off."""
    lines = [line.split() for line in node.namespace.run("ethtool", "-k", "eth0").splitlines()]
    state = {line[0].rstrip(":"): line[1] for line in lines if len(line) > 1}
    return [state[feature] for feature in STRIPPING]


@pytest.mark.parametrize("interface", ["eth0.20", "eth0.100.20"])
@pytest.mark.parametrize("ending", ["stop", "kill"])
def test_TagStripping_IsOffWhileAttached_AndOnAgainAfterwards(lab: Lab, ending: str, interface: str) -> None:
    router = lab.router("r1")
    router.namespace.run("ethtool", "-K", "eth0", *(word for feature in STRIPPING for word in (feature, "on")))
    r1 = lab.start(VrrpXdp(router, config=_config({interface: 200}), mode="native"))
    lab.eventually(lambda: r1.state(interface=interface) == "active", f"r1 Active on {interface}")
    assert _stripping(router) == ["off", "off"]
    # Its pins are the port's; nobody else lives there, or died.
    assert [each["interface"] for each in r1.status()["interfaces"]] == [interface]
    if ending == "stop":
        r1.stop()
    else:
        r1.kill_family()
        assert "removed" in r1.detach(interface)
    assert _stripping(router) == ["on", "on"]


def test_TagStripping_ThatWasOff_StaysOff(lab: Lab) -> None:
    router = lab.router("r1")
    router.namespace.run("ethtool", "-K", "eth0", STRIPPING[1], "on")
    r1 = lab.start(VrrpXdp(router, config=_config({"eth0.20": 200}), mode="native"))
    lab.eventually(lambda: r1.state(interface="eth0.20") == "active", "r1 Active in VLAN 20")
    r1.stop()
    assert _stripping(router) == ["off", "on"]


def _put_below_bridge(node: Node) -> None:
    """Let the node have its VLAN 20 on a bridge, as hosts of virtual machines do: br0.20 above br0 above eth0."""
    node.namespace.ip(
        f"link del eth0.{VLAN}",
        "link add name br0 type bridge stp_state 0 mcast_snooping 0",
        "link set eth0 master br0",
        "link set br0 up",
        f"link add link br0 name br0.{VLAN} type vlan id {VLAN}",
        f"link set br0.{VLAN} up",
        f"address add {PREFIX['br0.20']}.{node.number}/24 dev br0.{VLAN}",
    )


def test_VlanOfABridge_HasItsProgramOnTheBridge_AndWorksAsOnAnyOther(lab: Lab) -> None:
    router = lab.router("r1")
    _put_below_bridge(router)
    with lab.capture() as capture:
        r1 = lab.start(VrrpXdp(router, config=_config({"br0.20": 200})))
        r2 = lab.start(VrrpXdp(lab.router("r2"), config=_config({"eth0.20": 100})))
        lab.eventually(lambda: r1.state(interface="br0.20") == "active", "r1 Active on its bridge")
        lab.eventually(lambda: r2.state(interface="eth0.20") == "backup", "r2 Backup in VLAN 20")
        assert "br0: attached in clsact mode" in r1.log()
        assert r1.interface_status("br0.20")["mode"] == "clsact"
        _wait_for_advertisement(capture, "r1", (VLAN,))
        assert virtual_mac(10) in _asked(lab.host().namespace, "eth0.20")
        capture.wait_for(lambda f: _is_answer(f, "r1", (VLAN,), VIRTUAL["eth0.20"]), "r1 answers in the VLAN")
        _ping_server_through_vlan(lab)

        # What r1 hears on the VLAN device keeps it a Backup Router.
        r1.stop()
        lab.eventually(lambda: r2.state(interface="eth0.20") == "active", "r2 takes over in VLAN 20")
        low = lab.start(VrrpXdp(router, config=_config({"br0.20": 50})))
        lab.eventually(lambda: low.virtual_router(interface="br0.20").get("last-adv-source"), "r1 hears r2")
        assert low.state(interface="br0.20") == "backup"
        low.kill_family()
        assert "removed" in low.detach("br0.20")


def _ping_server_through_vlan(lab: Lab) -> None:
    """Let the host reach the server through the gateway of VLAN 20."""
    lab.host().namespace.ip(f"route replace 198.51.100.0/24 via {VIRTUAL['eth0.20']} dev eth0.20")
    lab.server.namespace.ip(f"route replace {PREFIX['eth0.20']}.0/24 via 198.51.100.2")
    lab.host().namespace.run("ping", "-c", "2", "-W", "8", "198.51.100.100")


def _wait_for_advertisement(capture: Capture, node: str, vlans: tuple[int, ...]) -> None:
    capture.wait_for(
        lambda f: f.sent_by == node and f.vrrp is not None and f.vlans == vlans and f.eth_src == virtual_mac(10),
        f"an advertisement of {node} with the tags {vlans}",
    )


def test_DeviceMadeAnewInAnotherVlan_AnswersThere_AndNotInTheOldOne(lab: Lab) -> None:
    r1 = lab.start(VrrpXdp(lab.router("r1"), config=_config({"eth0": 100, "eth0.20": 200})))
    lab.eventually(lambda: r1.state(interface="eth0.20") == "active", "it is Active")
    inside = lab.router("r1").namespace
    inside.ip(
        "link del eth0.20",
        "link del eth0.30",
        f"link add link eth0 name eth0.20 type vlan id {OTHER_VLAN}",
        "link set eth0.20 up",
        f"address add {PREFIX['eth0.20']}.1/24 dev eth0.20",
    )
    lab.eventually(lambda: "eth0.20: attached again" in r1.log(), "it is attached again")
    lab.eventually(lambda: r1.state(interface="eth0.20") == "active", "it is Active again")
    assert r1.state(interface="eth0") == "active"

    host = lab.host().namespace
    ask = ["arping", "-c", "2", "-w", "8", "-I"]
    assert virtual_mac(10, VIRTUAL["eth0.20"]) in host.run(*ask, "eth0.30", VIRTUAL["eth0.20"], check=False).lower()
    assert "00:00:5e" not in host.run(*ask, "eth0.20", VIRTUAL["eth0.20"], check=False).lower()


def test_Unicast_IsHeard_InAVlanOfAVrf_WhoseRoutesThePortDoesNotHave(lab: Lab) -> None:
    started: list[VrrpXdp] = []
    for router, peer, priority in ((lab.router("r1"), 2, 200), (lab.router("r2"), 1, 100)):
        router.namespace.ip(
            "link add name vrf0 type vrf table 10",
            "link set vrf0 up",
            f"link set eth0.{VLAN} master vrf0",
            # Entering a VRF may take addresses.
            f"address replace {PREFIX['eth0.20']}.{router.number}/24 dev eth0.{VLAN}",
        )
        config = _config({"eth0.20": priority})
        (configured,) = config["interfaces"]["eth0.20"]["virtual-routers"]
        configured |= {"virtual-mac": False, "unicast-peers": [f"{PREFIX['eth0.20']}.{peer}"]}
        started.append(lab.start(VrrpXdp(router, config=config)))
    r1, r2 = started
    lab.eventually(lambda: r1.state(interface="eth0.20") == "active", "r1 is Active")
    lab.eventually(lambda: r2.virtual_router(interface="eth0.20")["statistics"]["advertisement-rcvd"] > 10, "r2 hears r1")
    assert r2.state(interface="eth0.20") == "backup"
    assert r1.state(interface="eth0.20") == "active"
