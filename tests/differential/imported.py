# SPDX-License-Identifier: BSD-2-Clause
"""Reads a configuration that `vrrp-xdp import` has made."""

import re
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any

import yaml  # type: ignore[import]
from model import Effect, Hook, Router, Script

# The helper program that stands before the command of a hook, and the transition that it is for.
_HELPER = "keepalived-notify"
_TRANSITIONS: dict[tuple[str, ...], str] = {("active",): "master", ("backup",): "backup"}
_ORIGIN = re.compile(r"- vrid: \d+  # vrrp_instance (.*), [^,]*:\d+$", re.MULTILINE)


@dataclass
class Imported:
    """The Virtual Routers of a file, by the names of the instances that they were."""

    routers: dict[str, Router] = field(default_factory=dict)
    trackers: dict[str, dict[str, Any]] = field(default_factory=dict)


def _milliseconds(text: str) -> int:
    number, unit = re.fullmatch(r"([\d.]+)(ms|s)", text).groups()  # type: ignore[union-attr]
    return round(float(number) * (1 if unit == "ms" else 1000))


def program(command: list[str]) -> list[str]:
    """Without what looks it up, or opens what it is redirected from."""
    if command[:2] == ["/bin/sh", "-c"] and command[2].startswith("<"):
        return command[2:]
    return command[1:] if command[0] == "/usr/bin/env" else command


def _hooks(raw: list[dict[str, Any]]) -> list[Hook]:
    hooks = []
    for hook in raw:
        command: list[str] = hook["command"]
        transition = _TRANSITIONS.get(tuple(hook.get("on", [])), "")
        if command[0].endswith(_HELPER):
            # HELPER fault|stop COMMAND..., or HELPER notify|mail|fifo INSTANCE|GROUP NAME ...
            transition = command[1]
            command = command[2:] if transition in ("fault", "stop") else command[4:]
        hooks.append(Hook(transition, program(command), hook.get("user", "root")))
    return hooks


def _kind(tracker: dict[str, Any]) -> str:
    if "interface" in tracker:
        return "interface"
    if "process" in tracker:
        return "process"
    if "file" in tracker or tracker["command"][:2] == ["/bin/sh", "-c"] and tracker["command"][2].startswith("test "):
        return "file"
    return "script"


def script_of(tracker: dict[str, Any]) -> Script:
    """A tracker with a command."""
    interval, timeout = (round(_milliseconds(tracker[each]) / 1000) if each in tracker else 1 for each in ("interval", "timeout"))
    rise, fall = (int(tracker.get(each, 1)) for each in ("rise", "fall"))
    return Script(program(tracker["command"]), tracker.get("user", "nobody"), interval, timeout, rise, fall)


def _tracked(raw: dict[str, Any], trackers: dict[str, dict[str, Any]]) -> dict[tuple[str, str], Effect]:
    tracked = {}
    for name, effect in raw.items():
        kind = _kind(trackers[name])
        is_reversed = kind == "script" and name.endswith("-reversed")
        what = trackers[name]["interface"] if kind == "interface" else re.sub(r"-(is-0|reversed)$", "", name)
        if effect == "fault":
            tracked[kind, what] = Effect(is_fault=True, is_reversed=is_reversed)
        elif effect == "value":
            tracked[kind, what] = Effect(factor=1)
        else:
            # One that is reversed is down while the script is up.
            tracked[kind, what] = Effect(up=int(effect)) if is_reversed else Effect(down=int(effect))
    return tracked


def _router(interface: str, raw: dict[str, Any], imported: Imported) -> Router:
    addresses = [ip_address(each) for each in raw["virtual-addresses"]]
    announcements = raw.get("announcements", {})
    return Router(
        interface=interface,
        vrid=int(raw["vrid"]),
        version=int(raw.get("version", 3)),
        family=addresses[0].version,
        priority=int(raw.get("priority", 100)),
        interval=_milliseconds(raw.get("advertise-interval", "1s")),
        preempt=raw.get("preempt", "true") == "true",
        preempt_delay=_milliseconds(raw.get("preempt-delay", "0s")),
        accept=raw.get("accept-mode", "false") == "true",
        virtual_mac=raw.get("virtual-mac", "true") == "true",
        authentication=raw.get("authentication"),
        addresses=addresses,
        excluded=[ip_address(each) for each in raw.get("unadvertised-addresses", [])],
        source=ip_address(raw["source-address"]) if "source-address" in raw else None,
        peers=[ip_address(each) for each in raw.get("unicast-peers", [])],
        minimum_ttl=int(raw.get("minimum-ttl", 255)),
        repeats=announcements.get("repeat", "1") != "0",
        repeat_after=_milliseconds(announcements.get("repeat-after", "5s")),
        refresh=_milliseconds(announcements.get("refresh", "0s")),
        group=raw.get("sync-group", ""),
        tracked=_tracked(raw.get("track", {}), imported.trackers),
        hooks=_hooks(raw.get("hooks", [])),
    )


def read(text: str) -> Imported:
    """The Virtual Routers of a configuration, whose comments say what each was, in ASCII."""
    # Everything as text: YAML 1.1 takes the key "on" for a truth, and arguments for numbers.
    raw = yaml.load(text, Loader=yaml.CBaseLoader)
    names = iter(_ORIGIN.findall(text))
    imported = Imported(trackers=raw.get("trackers", {}))
    for interface, body in raw["interfaces"].items():
        for each in body["virtual-routers"]:
            imported.routers[next(names)] = _router(interface, each, imported)
    return imported
