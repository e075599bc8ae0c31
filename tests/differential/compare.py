# SPDX-License-Identifier: BSD-2-Clause
"""Holds an imported configuration against what keepalived made of the same file, field by field."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from dump import Dump
from imported import Imported, script_of
from model import Hook, Router

_FIELDS = (
    "interface", "vrid", "family", "version", "interval", "preempt", "preempt_delay", "accept", "virtual_mac", "authentication",
    "source", "repeats", "refresh",
)  # fmt: skip


@dataclass(frozen=True)
class Difference:
    """One field of one instance that is not the same."""

    instance: str
    field: str
    theirs: object
    ours: object

    def __str__(self) -> str:
        return f"{self.instance}: {self.field} is {self.theirs} in keepalived and {self.ours} here"


# What is not the same on purpose, and told: the field, and what the note says. docs/keepalived.md has all of it.
DOCUMENTED = (
    ("instance", r"vrrp_instance \"{name}\" is not carried over"),
    # A file whose braces or quotes do not match, or that has an unknown or a random definition, is refused.
    ("instance", r"a quote is not closed|a block without a name|unmatched }|is not closed|\$_RANDOM|there is no definition of"),
    ("addresses", r"is not carried over: (a virtual address is on|it is a duplicate|.* is not an address|.*address)"),
    ("excluded", r"is not carried over: (a virtual address is on|it is of another family|nothing is lost|.* is not an address)"),
    ("addresses", r"vrrp_instance \"{name}\" has no link-local address"),
    ("version", r"vrrp_instance \"{name}\" uses version 3, the only one for IPv6"),
    ("interval", r"vrrp_instance \"{name}\" uses version 3, the only one for IPv6"),
    ("peers", r"is not carried over( as a peer)?: "),
    ("preempt_delay", r"the address owner preempts immediately"),
    ("source", r"_src_ip\" is not carried over"),
    ("authentication", r"\"authentication\" is not carried over: (only auth_type PASS|its auth_pass)"),
    ("authentication", r"vrrp_instance \"{name}\" uses version 3, the only one for IPv6"),
    ("group", r"vrrp_sync_group \".*\" is not carried over|member \".*\" is not carried over"),
    ("tracked", r"tracking \".*\" is not carried over: (a tracker cannot lower|the number in a file)"),
    ("tracked", r"there is no program \"(.*missing.*|/etc/keepalived/my)\""),
    ("priority", r"the priority is \d+ while everything that is tracked is up, and cannot exceed 254"),
    # keepalived takes the other device for one that is tracked, without a weight.
    ("priority", r"is not carried over: a virtual address is on the interface of its Virtual Router"),
    ("interval|timeout|rise|fall", r"must be a number from 1 to"),
    ("refresh|repeat_after", r"it must be a number of seconds from 0 to 3600"),
    ("hooks", r"there is no program \"(.*missing.*|/etc/keepalived/my)\""),
)


def _same_program(theirs: list[str], ours: list[str]) -> bool:
    """keepalived has looked up what has no path."""
    return theirs == ours or "/" not in ours[0] and theirs[1:] == ours[1:] and theirs[0].endswith("/" + ours[0])


def _sorted(hooks: list[Hook]) -> list[Hook]:
    return sorted(hooks, key=lambda hook: (hook.transition, hook.arguments[-1:], hook.user))


def _same_hooks(theirs: list[Hook], ours: list[Hook]) -> bool:
    return len(theirs) == len(ours) and all(
        one.transition == other.transition and one.user == other.user and _same_program(one.arguments, other.arguments)
        for one, other in zip(_sorted(theirs), _sorted(ours), strict=True)
    )


def _members(group: str, routers: dict[str, Router]) -> list[str]:
    """All members of a group, in the order of the file."""
    return [name for name, router in routers.items() if group and router.group == group]


def _of_router(name: str, theirs: Router, ours: Router) -> Iterator[Difference]:
    for field in _FIELDS:
        if getattr(theirs, field) != getattr(ours, field):
            yield Difference(name, field, getattr(theirs, field), getattr(ours, field))
    if theirs.repeats and theirs.repeat_after != ours.repeat_after:
        yield Difference(name, "repeat_after", theirs.repeat_after, ours.repeat_after)
    for field in ("addresses", "excluded", "peers"):
        one, other = (sorted(map(str, getattr(each, field))) for each in (theirs, ours))
        if one != other:
            yield Difference(name, field, one, other)
    if theirs.peers and max(theirs.minimum_ttl, 1) != ours.minimum_ttl:
        yield Difference(name, "minimum_ttl", theirs.minimum_ttl, ours.minimum_ttl)
    yield from _of_priorities(name, theirs, ours)


def _of_priorities(name: str, theirs: Router, ours: Router) -> Iterator[Difference]:
    # A file's number of an owner counts for nothing, and neither does any other weight.
    one, other = (sorted(each.tracked) for each in (theirs, ours))
    if one != other:
        yield Difference(name, "tracked", one, other)
        return
    for down in [None, *one]:
        if theirs.priority_while(down) != ours.priority_while(down):
            when = f"priority while {down} is down" if down else "priority"
            yield Difference(name, when, theirs.priority_while(down), ours.priority_while(down))
    for what in one:
        if theirs.tracked[what].factor != ours.tracked[what].factor:
            yield Difference(name, f"factor of {what}", theirs.tracked[what], ours.tracked[what])


def _of_hooks(dump: Dump, imported: Imported) -> Iterator[Difference]:
    for name, ours in imported.routers.items():
        expected = list(dump.routers[name].hooks)
        for group, members in dump.groups.items():
            present = [member for member in members if member in imported.routers]
            if present and present[0] == name:
                expected += dump.group_hooks[group]
        if not _same_hooks(expected, ours.hooks):
            yield Difference(name, "hooks", _sorted(expected), _sorted(ours.hooks))


def _of_groups(dump: Dump, imported: Imported) -> Iterator[Difference]:
    for name, ours in imported.routers.items():
        theirs = _members(dump.routers[name].group, dump.routers)
        if len(theirs) > 1 or ours.group:
            members = _members(ours.group, imported.routers)
            if sorted(theirs) != sorted(members):
                yield Difference(name, "group", theirs, members)


def _of_trackers(dump: Dump, imported: Imported) -> Iterator[Difference]:
    for name, tracker in imported.trackers.items():
        if name in dump.scripts and "command" in tracker:
            theirs, ours = dump.scripts[name], script_of(tracker)
            if not _same_program(theirs.arguments, ours.arguments):
                yield Difference(name, "command", theirs.arguments, ours.arguments)
            for field in ("user", "interval", "timeout", "rise", "fall"):
                if getattr(theirs, field) != getattr(ours, field):
                    yield Difference(name, field, getattr(theirs, field), getattr(ours, field))
        elif "file" in tracker and tracker["file"] != dump.files.get(name):
            yield Difference(name, "file", dump.files.get(name), tracker["file"])
        elif "process" in tracker and dump.processes.get(name, "").rpartition("/")[2][:15] != tracker["process"]:
            yield Difference(name, "process", dump.processes.get(name), tracker["process"])


def differences(dump: Dump, imported: Imported) -> list[Difference]:
    """Everything that is not the same."""
    found: list[Difference] = []
    for name, theirs in dump.routers.items():
        if name in imported.routers:
            found += _of_router(name, theirs, imported.routers[name])
        else:
            found.append(Difference(name, "instance", "there", "left out"))
    found += [Difference(name, "instance", "not there", "there") for name in imported.routers if name not in dump.routers]
    if all(name in dump.routers for name in imported.routers):
        found += _of_hooks(dump, imported)
        found += _of_groups(dump, imported)
    return found + list(_of_trackers(dump, imported))


def is_documented(difference: Difference, notes: str) -> bool:
    """Whether it is one of those on purpose, and the import has told it."""
    field, name = difference.field.split(" ")[0], re.escape(difference.instance)
    return any(re.fullmatch(which, field) and re.search(told.replace("{name}", name), notes) for which, told in DOCUMENTED)
