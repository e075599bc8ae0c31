# SPDX-License-Identifier: BSD-2-Clause
"""status --json --yang is an instance document of ietf-vrrp (RFC 8347): yanglint judges what running routers say of themselves.

It does so by the modules of yang/ and FRR's ietf-interfaces, or, where VRRP_XDP_YANG_MODULES names a directory that has the
published ones, by those."""

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from observations import wait_for_state
from vrrp_lab import IPV4, IPV6, Lab, VirtualRouter, VrrpXdp
from vrrp_lab.peers.vrrp_xdp import configuration, invoke

Document = dict[str, Any]

MODULES = ("ietf-interfaces", "iana-if-type", "ietf-ip", "ietf-vrrp")
OURS = (Path(__file__).parent / "yang", Path("/usr/share/yang"))


def judge(document: Document, directory: Path, *, kind: str) -> str:
    """What yanglint has against it. kind: "get" judges each value, and "data" what all of them are together as well."""
    published = os.environ.get("VRRP_XDP_YANG_MODULES")
    places = (Path(published),) if published else OURS
    modules = [max(str(path) for place in places for path in place.glob(f"{name}[.@]*")) for name in MODULES]
    path = directory / "document.json"
    path.write_text(json.dumps(document))
    search = [argument for place in places for argument in ("-p", str(place))]
    done = subprocess.run(["yanglint", *search, "-t", kind, *modules, str(path)], capture_output=True, text=True)
    assert (done.returncode == 0) == (not done.stderr), done.stderr
    return done.stderr


def said(router: VrrpXdp) -> Document:
    document: Document = json.loads(router.run("status", "--json", "--yang"))
    return document


def with_interface_state(document: Document) -> Document:
    """What ietf-interfaces asks for of whoever has the interface, which is not vrrp-xdp's to say."""
    whole = deepcopy(document)
    for interface in whole["ietf-interfaces:interfaces"]["interface"]:
        statistics = {"discontinuity-time": "2026-01-01T00:00:00Z"}
        interface |= {"oper-status": "up", "admin-status": "up", "if-index": 2, "statistics": statistics}
    return whole


def assert_valid(lab: Lab, document: Document) -> None:
    assert not judge(document, lab.directory, kind="get")
    assert not judge(with_interface_state(document), lab.directory, kind="data")


def instances(document: Document, family: str) -> dict[int, Any]:
    """By VRID."""
    (interface,) = document["ietf-interfaces:interfaces"]["interface"]
    return {each["vrid"]: each for each in interface[f"ietf-ip:{family}"]["ietf-vrrp:vrrp"]["vrrp-instance"]}


def test_EveryKindOfVirtualRouter_IsDescribedAsTheModelHasIt(make_lab: Callable[..., Lab]) -> None:
    lab = make_lab(routers=1, ipv6=True)
    missing = {"trackers": {"weight": {"file": str(lab.directory / "missing"), "interval": "10ms"}}}
    every = (
        VirtualRouter(vrid=10, priority=200),
        VirtualRouter(vrid=11, addresses=IPV4.second, version=2, interval_ms=1000),
        VirtualRouter(vrid=12, addresses=["192.0.2.1"], priority=255),
        VirtualRouter(vrid=13, addresses=["192.0.2.200"], interval_ms=3, sub_centisecond=True),
        VirtualRouter(vrid=14, addresses=["192.0.2.201"], options={"track": {"weight": -50}}),
        VirtualRouter(vrid=15, addresses=["192.0.2.202"], options={"track": {"weight": "fault"}}),
        VirtualRouter(vrid=16, addresses=["192.0.2.203"], interval_ms=1000, options={"version": "2+3"}),
        VirtualRouter(vrid=17, addresses=[f"192.0.2.{last}" for last in range(100, 120)]),
        VirtualRouter(vrid=18, addresses=["192.0.2.204"], version=2, interval_ms=255_000),
        VirtualRouter(vrid=10, addresses=IPV6.virtual),
        VirtualRouter(vrid=11, addresses=["fe80::11", "2001:db8::11", "2001:db8::12"], options={"accept-mode": True}),
    )
    assert_valid(lab, json.loads(invoke(lab.router("r1").namespace, "status", "--json", "--yang").stdout))
    router = lab.start(VrrpXdp(lab.router("r1"), config={**missing, **configuration({"eth0": every})}))
    for vrid in (10, 12, 13, 14, 17):
        wait_for_state(lab, router, "active", vrid=vrid)
    document = said(router)
    assert_valid(lab, document)

    ours = document["ietf-vrrp:vrrp"]
    assert (ours["virtual-routers"], ours["interfaces"]) == (len(every), 1)
    (interface,) = document["ietf-interfaces:interfaces"]["interface"]
    assert (interface["name"], interface["type"]) == ("eth0", "iana-if-type:ethernetCsmacd")
    ipv4, ipv6 = instances(document, "ipv4"), instances(document, "ipv6")
    assert len(ipv4) + len(ipv6) == len(every)
    assert (ipv4[10]["state"], ipv4[10]["priority"], ipv4[10]["last-event"]) == (
        "ietf-vrrp:master", 200, "ietf-vrrp:vrrp-event-master-timeout"
    )  # fmt: skip
    assert (ipv4[10]["advertise-interval-centi-sec"], ipv4[10]["skew-time"]) == (10, 21875)
    assert (ipv4[11]["advertise-interval-sec"], ipv4[11]["version"]) == (1, "ietf-vrrp:vrrp-v2")
    assert ipv4[12]["is-owner"] and "priority" not in ipv4[12]
    assert ipv4[13]["advertise-interval-centi-sec"] == 1, "the least that the model can say"
    assert ipv4[14]["priority"] == 100, "the configured one"
    assert ipv4[15]["state"] == "ietf-vrrp:initialize"
    assert len(ipv4[17]["virtual-ipv4-addresses"]["virtual-ipv4-address"]) == 16, "the most that the model can say"
    assert ipv4[18]["advertise-interval-sec"] == 254
    assert ipv6[10]["version"] == "ietf-vrrp:vrrp-v3"
    assert len(ipv6[11]["virtual-ipv6-addresses"]["virtual-ipv6-address"]) == 2
    assert invoke(router.router.namespace, "status", "--yang").returncode == 2


def test_BackupRouter_SaysWhomItHears_AndWhatMovedIt(make_lab: Callable[..., Lab]) -> None:
    lab = make_lab(ipv6=True)
    every = VirtualRouter(), VirtualRouter(addresses=IPV6.virtual)
    low = lab.start(VrrpXdp(lab.router("r1"), *every))
    for family in (IPV4, IPV6):
        lab.eventually(lambda family=family: low.state(family=family) == "active", f"{family.name} is active")
    high = [VirtualRouter(addresses=each.addresses, priority=200) for each in every]
    lab.start(VrrpXdp(lab.router("r2"), *high))
    for family in (IPV4, IPV6):
        lab.eventually(lambda family=family: low.state(family=family) == "backup", f"{family.name} is backup")
    document = said(low)
    assert_valid(lab, document)
    for family in (IPV4, IPV6):
        instance = instances(document, family.name)[10]
        assert (instance["state"], instance["last-event"]) == (
            "ietf-vrrp:backup", "ietf-vrrp:vrrp-event-higher-priority-backup"
        )  # fmt: skip
        assert instance["last-adv-source"] == lab.router("r2").primary(family)
    lab.router("r1").cut()
    wait_for_state(lab, low, "initialize")
    assert_valid(lab, said(low))


# What is done to a Virtual Router's entry, and a word of what yanglint says to it.
DAMAGES: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "no such enum": ("Invalid enumeration value", lambda entry: entry.update({"new-master-reason": "luck"})),
    "no such identity": ("identity not found", lambda entry: entry.update({"state": "ietf-vrrp:active"})),
    "an identity of another kind": ("not derived from the base", lambda entry: entry.update({"state": "ietf-vrrp:vrrp-v3"})),
    "no such leaf": ('"lateness" not found', lambda entry: entry.update({"lateness": 1})),
    "the owner's priority": ("out of the allowed range", lambda entry: entry.update({"priority": 255})),
    "a counter64 as a number": ("num64", lambda entry: entry["statistics"].update({"advertisement-sent": 1})),
    "no date": ("Unsatisfied pattern", lambda entry: entry.update({"up-datetime": "yesterday"})),
    "no key": ("missing its key", lambda entry: entry.pop("vrid")),
}
DAMAGES_TO_THE_WHOLE: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "intervals of both versions": ("both cases", lambda entry: entry.update({"advertise-interval-sec": 1})),
    "no version": ("When condition", lambda entry: entry.pop("version")),
    "an interval of the other version": ("When condition", lambda entry: entry.update({"version": "ietf-vrrp:vrrp-v2"})),
    "too many addresses": (
        "Too many",
        lambda entry: entry["virtual-ipv4-addresses"].update(
            {"virtual-ipv4-address": [{"ipv4-address": f"192.0.2.{last}"} for last in range(17)]}
        ),
    ),
}


@pytest.fixture
def document(make_lab: Callable[..., Lab]) -> Iterator[Document]:
    lab = make_lab(routers=1)
    router = lab.start(VrrpXdp(lab.router("r1"), VirtualRouter()))
    wait_for_state(lab, router, "active")
    yield said(router)


def test_DamagedDocument_IsRefused(document: Document, tmp_path: Path) -> None:
    cases = [("get", document, DAMAGES), ("data", with_interface_state(document), DAMAGES | DAMAGES_TO_THE_WHOLE)]
    for kind, whole, damages in cases:
        assert not judge(whole, tmp_path, kind=kind)
        for name, (word, damage) in damages.items():
            damaged = deepcopy(whole)
            damage(instances(damaged, "ipv4")[10])
            assert word in judge(damaged, tmp_path, kind=kind), name
