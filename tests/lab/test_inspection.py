# SPDX-License-Identifier: BSD-2-Clause
"""What can be seen from outside while vrrp-xdp runs: its pinned maps by bpftool, its status by its own command."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from observations import wait_for_state
from vrrp_lab import IPV6, VIRTUAL_ADDRESS, Lab, VirtualRouter, VrrpXdp
from vrrp_lab.addresses import virtual_mac
from vrrp_lab.commands import run

# By map, a field of its values that must be shown by name.
FIELDS = {
    "virtual_routers": "slot",
    "untagged_routers": "slot",
    "ipv4_addresses": "mac",
    "ipv6_addresses": "mac",
    "leases": "deadline_ns",
    "expected": "digest",
    "stamps": "advertisement_ns",
    "gaps": "largest_ns",
    "vr_counters": "arp_answered",
    "port_counters": "vrid_errors",
    "event_draft": "received_ns",
    "port": "controller_pid",
    "filter_entries": "ifindex",
}
# Has no elements that could be looked up, and the link is not a map; the filter's elements are words of bits.
WITHOUT_ELEMENTS = {"events", "link", "address_filter"}


def start(lab: Lab, *others: VirtualRouter, mode: str | None = None) -> VrrpXdp:
    router = lab.start(VrrpXdp(lab.router("r1"), VirtualRouter(priority=200), *others, mode=mode))
    wait_for_state(lab, router, "active")
    return router


def dump(pin: Path) -> Any:
    """What `bpftool map dump` shows, by names where the kernel knows them."""
    return json.loads(run(["bpftool", "--json", "map", "dump", "pinned", str(pin)]))


def test_EveryPinnedMap_IsShownWithTheNamesOfItsFields(make_lab: Callable[..., Lab]) -> None:
    unicast = VirtualRouter(vrid=20, addresses=["192.0.2.253"], options={"unicast-peers": ["192.0.2.2"]})
    router = start(make_lab(ipv6=True), VirtualRouter(addresses=IPV6.virtual), unicast, mode="native")
    pins = Path(router.interface_status()["pins"])
    assert {path.name for path in pins.iterdir()} == {*FIELDS, "unicast_peers"} | WITHOUT_ELEMENTS
    assert {"election", "address"} <= set(dump(pins / "unicast_peers")[0]["formatted"]["key"])
    for name, field in FIELDS.items():
        element = dump(pins / name)[0]["formatted"]
        values = element["values"] if "values" in element else [element]
        assert all(field in each["value"] for each in values), name
        assert f'"{field}"' in run(["bpftool", "map", "dump", "pinned", str(pins / name)]), name
    assert "ringbuf" in run(["bpftool", "map", "show", "pinned", str(pins / "events")])
    assert "xdp" in run(["bpftool", "link", "show", "pinned", str(pins / "link")])


def test_PinnedMaps_HoldWhatTheStatusSays(lab: Lab) -> None:
    router = start(lab)
    pins = Path(router.interface_status()["pins"])
    with lab.prober() as prober:
        prober.wait_for_answer()
    status = router.virtual_router()
    per_cpu = dump(pins / "vr_counters")[0]["formatted"]["values"]
    assert sum(each["value"]["arp_answered"] for each in per_cpu) == status["statistics"]["arp-answered"] > 0
    (owner,) = dump(pins / "port")
    assert owner["formatted"]["value"]["controller_pid"] == router.process.pid
    (address,) = dump(pins / "ipv4_addresses")
    assert bytes(address["formatted"]["value"]["mac"]).hex(":") == virtual_mac(10)
    assert dump(pins / "leases")[0]["formatted"]["value"]["deadline_ns"] > 0


def test_Status_TellsPeopleAndPrograms(lab: Lab) -> None:
    router = start(lab)
    backup = lab.start(VrrpXdp(lab.router("r2"), VirtualRouter(priority=100)))
    wait_for_state(lab, backup, "backup")
    text = router.run("status")
    for word in ("eth0", "clsact mode", str(router.process.pid), "active", "200", virtual_mac(10), VIRTUAL_ADDRESS):
        assert word in text
    heard = f"{lab.router('r1').address} priority 200"
    lab.eventually(lambda: heard in backup.run("status"), "the Backup Router tells whom it hears")

    (interface,) = router.status()["interfaces"]
    assert (interface["interface"], interface["mode"], interface["pid"]) == ("eth0", "clsact", router.process.pid)
    assert "mode-reason" in interface
    (status,) = interface["virtual-routers"]
    assert (status["vrid"], status["version"], status["priority"], status["state"]) == (10, 3, 200, "active")
    assert (status["virtual-addresses"], status["primary-address"]) == ([VIRTUAL_ADDRESS], lab.router("r1").address)
    assert 0 < status["lease-remaining-ms"] <= 400
    assert status["active-down-interval-ms"] == 300 + status["skew-time-ms"] == 321.875
