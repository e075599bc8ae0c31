# SPDX-License-Identifier: BSD-2-Clause
"""status --json --yang: an instance document of ietf-vrrp. The table below is what RFC 8347 and RFC 7951 say of each node."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from observations import wait_for_state
from vrrp_lab import IPV4, IPV6, Lab, VirtualRouter, VrrpXdp
from vrrp_lab.peers.vrrp_xdp import configuration, invoke

Check = Callable[[Any], bool]


def is_number(least: int, most: int) -> Check:
    return lambda value: type(value) is int and least <= value <= most


def is_one_of(*values: Any) -> Check:
    return lambda value: value in values


def fits(pattern: str) -> Check:
    return lambda value: isinstance(value, str) and re.fullmatch(pattern, value) is not None


def identities(*names: str) -> Check:
    return is_one_of(*(f"ietf-vrrp:{name}" for name in names))


IS_BOOLEAN = is_one_of(False, True)
IS_COUNTER64 = fits(r"\d+")  # RFC 7951 section 6.1: a string
IS_DATE = fits(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
EVENTS = ("none", "startup", "shutdown", "higher-priority-backup", "master-timeout", "interface-up", "interface-down")

INSTANCE: Mapping[str, Check] = {
    "vrid": is_number(1, 255),
    "version": identities("vrrp-v2", "vrrp-v3"),
    "preempt/enabled": IS_BOOLEAN,
    "priority": is_number(1, 254),
    "advertise-interval-sec": is_number(1, 254),
    "advertise-interval-centi-sec": is_number(1, 4095),
    "virtual-ipv4-addresses/virtual-ipv4-address": lambda rows: 1 <= len(rows) <= 16,
    "virtual-ipv6-addresses/virtual-ipv6-address": lambda rows: 1 <= len(rows) <= 2,
    "state": identities("initialize", "backup", "master"),
    "is-owner": IS_BOOLEAN,
    "last-adv-source": fits(r"[0-9a-f.:]+"),
    "up-datetime": IS_DATE,
    "master-down-interval": is_number(0, 2**32 - 1),
    "skew-time": is_number(0, 2**32 - 1),
    "last-event": identities(*(f"vrrp-event-{name}" for name in EVENTS)),
    "new-master-reason": is_one_of("not-master", "priority", "preempted", "no-response"),
    "statistics/master-transitions": is_number(0, 2**32 - 1),
    "statistics/advertisement-rcvd": IS_COUNTER64,
    "statistics/advertisement-sent": IS_COUNTER64,
    "statistics/interval-errors": IS_COUNTER64,
    "statistics/priority-zero-pkts-rcvd": IS_COUNTER64,
    "statistics/priority-zero-pkts-sent": IS_COUNTER64,
    "statistics/invalid-type-pkts-rcvd": IS_COUNTER64,
    "statistics/address-list-errors": IS_COUNTER64,
    "statistics/packet-length-errors": IS_COUNTER64,
}
GLOBAL: Mapping[str, Check] = {
    "virtual-routers": is_number(0, 2**32 - 1),
    "interfaces": is_number(0, 2**32 - 1),
    "statistics/checksum-errors": IS_COUNTER64,
    "statistics/version-errors": IS_COUNTER64,
    "statistics/vrid-errors": IS_COUNTER64,
    "statistics/ip-ttl-errors": IS_COUNTER64,
}


def leaves(node: Mapping[str, Any], path: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in node.items():
        found |= leaves(value, f"{path}{name}/") if isinstance(value, dict) else {path + name: value}
    return found


def assert_valid(node: Mapping[str, Any], model: Mapping[str, Check]) -> None:
    for path, value in leaves(node).items():
        assert path in model, f"{path} is no node of the model"
        assert model[path](value), f"{path} cannot be {value!r}"


def test_Yang_IsADocumentOfRfc8347(make_lab: Callable[..., Lab]) -> None:
    lab = make_lab(routers=1, ipv6=True)
    every = (
        VirtualRouter(vrid=10, priority=200),
        VirtualRouter(vrid=11, addresses=IPV4.second, version=2, interval_ms=1000),
        VirtualRouter(vrid=12, addresses=["192.0.2.1"], priority=255),
        VirtualRouter(vrid=13, addresses=["192.0.2.200"], interval_ms=3, sub_centisecond=True),
        VirtualRouter(vrid=10, addresses=IPV6.virtual),
    )
    router = lab.start(VrrpXdp(lab.router("r1"), config=configuration({"eth0": every})))
    wait_for_state(lab, router, "active", vrid=12)
    wait_for_state(lab, router, "active")
    document = json.loads(router.run("status", "--json", "--yang"))
    assert set(document) == {"ietf-interfaces:interfaces", "ietf-vrrp:vrrp"}
    assert_valid(document["ietf-vrrp:vrrp"], GLOBAL)
    assert (document["ietf-vrrp:vrrp"]["virtual-routers"], document["ietf-vrrp:vrrp"]["interfaces"]) == (5, 1)

    (interface,) = document["ietf-interfaces:interfaces"]["interface"]
    assert set(interface) == {"name", "type", "ietf-ip:ipv4", "ietf-ip:ipv6"}
    assert (interface["name"], interface["type"]) == ("eth0", "iana-if-type:ethernetCsmacd")
    listed = {
        (family, each["vrid"]): each
        for family in ("ipv4", "ipv6")
        for each in interface[f"ietf-ip:{family}"]["ietf-vrrp:vrrp"]["vrrp-instance"]
    }
    assert len(listed) == len(every)
    for instance in listed.values():
        assert_valid(instance, INSTANCE)
        assert {"vrid", "version", "state", "statistics"} <= set(instance)
    active = listed["ipv4", 10]
    assert (active["state"], active["priority"], active["last-event"]) == (
        "ietf-vrrp:master", 200, "ietf-vrrp:vrrp-event-master-timeout"
    )  # fmt: skip
    assert (active["advertise-interval-centi-sec"], active["skew-time"]) == (10, 21875)
    assert listed["ipv4", 11]["advertise-interval-sec"] == 1
    assert listed["ipv4", 12]["is-owner"] and "priority" not in listed["ipv4", 12]
    assert listed["ipv4", 13]["advertise-interval-centi-sec"] == 1, "the least that the model can say"
    assert listed["ipv6", 10]["version"] == "ietf-vrrp:vrrp-v3"
    assert invoke(router.router.namespace, "status", "--yang").returncode == 2
