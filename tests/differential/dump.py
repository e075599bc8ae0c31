# SPDX-License-Identifier: BSD-2-Clause
"""Reads what keepalived 2.2.7 logs of its own configuration with --dump-conf."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from ipaddress import ip_address

from model import OWNER, Effect, Hook, Router, Script

_STATES = {"Master": "master", "Backup": "backup", "Fault": "fault", "Stop": "stop", "Generic": "notify"}
_HOOK = re.compile(r"(\w+) state transition script = (.*), uid:gid (\d+):\d+")
_USERS = {"0": "root", "1": "daemon", "65534": "nobody", "110": "haproxy"}


def in_ascii(text: str) -> str:
    """As a comment of an imported file has it."""
    return "".join(chr(each) if 32 <= each <= 126 else "?" for each in text.encode(errors="surrogateescape"))


def user_of(uid: str) -> str:
    """By the number, as in the password file of sealed.py."""
    return _USERS.get(uid, uid)


@dataclass
class _Block:
    """A line of the dump, and those that stand further to the right below it."""

    text: str
    depth: int
    below: list["_Block"] = field(default_factory=list)

    def value(self, name: str) -> str | None:
        """What stands behind "name = "."""
        return next((each.text[len(name) + 3 :] for each in self.below if each.text.startswith(f"{name} = ")), None)

    def beneath(self, name: str) -> list[str]:
        """The lines below one that begins like this."""
        return [item.text for each in self.below if each.text.startswith(name) for item in each.below]

    def flag(self, name: str) -> bool:
        """Whether there is such a line."""
        return any(each.text.startswith(name) for each in self.below)


def _sections(lines: list[str]) -> dict[str, _Block]:
    """The dump's sections by title, each with its objects."""
    sections: dict[str, _Block] = {}
    open_blocks: list[_Block] = []
    for line in lines:
        if line.startswith("------< "):
            section = _Block(line, 0)
            sections[line.strip("-<> ")] = section
            open_blocks = [section]
        elif open_blocks and line.startswith(" "):
            block = _Block(line.strip(" "), len(line) - len(line.lstrip(" ")))
            while open_blocks[-1].depth >= block.depth:
                open_blocks.pop()
            open_blocks[-1].below.append(block)
            open_blocks.append(block)
    return sections


def _items(section: _Block | None) -> list[_Block]:
    return section.below if section else []


def _hook(text: str) -> Hook | None:
    match = _HOOK.fullmatch(text)
    if not match or match[1] not in _STATES:
        return None
    # keepalived puts each word into quotes and does not escape what is in them.
    words = match[2].strip("'").split("' '")
    return Hook(_STATES[match[1]], words, user_of(match[3]))


def _hooks(block: _Block, mail: list[str]) -> list[Hook]:
    """mail: whom it comes from, and whom it goes to, if it goes anywhere."""
    found = [each for each in (_hook(line.text) for line in block.below) if each]
    mails = bool(mail) and block.value("Using smtp notification") == "yes"
    return [*found, Hook("mail", mail, "root")] if mails else found


def effect_of(kind: str, weight: int, is_reversed: bool) -> Effect:
    """What a weight means."""
    if kind == "file":
        return Effect(is_fault=True, is_reversed=is_reversed) if weight == 0 else Effect(factor=-weight if is_reversed else weight)
    if weight == 0:
        return Effect(is_fault=True, is_reversed=is_reversed)
    sign = -1 if is_reversed else 1
    return Effect(up=sign * max(weight, 0), down=sign * min(weight, 0))


_EFFECT = re.compile(r"(.*?),? weight (-?\d+)( reverse)?(?: \(dynamic\))?")


def _effects(kind: str, lines: list[str]) -> Iterator[tuple[str, Effect]]:
    """Of lines such as "eth1 weight -20" and "web, weight 5 reverse"."""
    for match in filter(None, map(_EFFECT.fullmatch, lines)):
        yield match[1], effect_of(kind, int(match[2]), bool(match[3]))


def _everything_below(block: _Block) -> Iterator[str]:
    for each in block.below:
        yield each.text
        yield from _everything_below(each)


# Where it stands what is tracked, and for which instances with which weights in the end.
_TRACKED = {
    "VRRP Scripts": ("script", "VRRP Script = "),
    "VRRP Track files": ("file", "Track file = "),
    "VRRP Track processes": ("process", "VRRP Track process = "),
    "Interfaces": ("interface", "Name = "),
}


def _track(dump: "Dump", sections: dict[str, _Block], named: dict[str, set[str]]) -> None:
    """Puts into the routers what they track. named: the interfaces that an instance names, for it tracks others as well."""
    for title, (kind, prefix) in _TRACKED.items():
        for block in _items(sections.get(title)):
            what = block.text.removeprefix(prefix)
            for instance, effect in _effects(kind, list(_everything_below(block))):
                if instance not in dump.routers or kind == "interface" and what not in named[instance]:
                    continue
                router = dump.routers[instance]
                if what != router.interface and (effect.is_fault or router.priority != OWNER):
                    router.tracked[kind, what] = effect


def _interfaces_of(block: _Block) -> set[str]:
    return {name for name, _ in _effects("interface", block.beneath("Tracked interfaces"))}


def _router(block: _Block, mail: list[str]) -> Router:
    version = int(block.value("VRRP Version") or 0)
    interval, unit = (block.value("Advert interval") or "").split()
    # "eth0", or "vrrp.10, vmac on eth0, xmit base i/f".
    interface = re.sub(r".*, vmac on ([^,]+).*", r"\1", block.value("Configured interface") or block.value("Interface") or "")
    source = re.fullmatch(r"(.*) \(from configuration\)", block.value("Using src_ip") or "")
    addresses = block.beneath("Virtual IP (")
    # If one is defined twice, the first definition counts.
    peers = {words[0]: words for words in reversed([line.split() for line in block.beneath("Unicast Peer :")])}
    delay = float((block.value("Preempt delay") or "0 secs").split()[0])
    is_password = block.value("Authentication type") == "SIMPLE_PASSWORD"
    return Router(
        interface=interface,
        vrid=int(block.value("Virtual Router ID") or 0),
        version=version,
        family=6 if block.flag("Using Native IPv6") else 4,
        priority=int(block.value("Priority") or 0),
        interval=int(interval) * (1000 if unit == "sec" else 1),
        preempt=block.value("Preempt") == "enabled",
        preempt_delay=round(delay * 1000),
        accept=block.value("Accept") == "enabled",
        virtual_mac=block.flag("Use VMAC, "),
        authentication=block.value("Password") if is_password else None,
        addresses=[ip_address(line.split()[0].split("/")[0]) for line in addresses],
        excluded=[ip_address(line.split()[0].split("/")[0]) for line in block.beneath("Virtual IP Excluded ")],
        source=ip_address(source[1]) if source else None,
        peers=[ip_address(peer) for peer in peers],
        minimum_ttl=min([int(words[2]) for words in peers.values()], default=255),
        repeats=block.value("Gratuitous ARP delay") != "0",
        repeat_after=int(block.value("Gratuitous ARP delay") or 0) * 1000,
        refresh=int(block.value("Gratuitous ARP refresh") or 0) * 1000,
        group=block.value("Sync group") or "",
        hooks=_hooks(block, mail),
    )


def _mail(globals_: _Block) -> list[str]:
    to = globals_.beneath("Email notification to:")
    is_sent = to and globals_.flag("Smtp server = ")
    return [globals_.value("Email notification from") or "keepalived", *to] if is_sent else []


def _script(block: _Block) -> Script:
    interval, timeout, rise, fall = (int((block.value(each) or "0").split()[0]) for each in ("Interval", "Timeout", "Rise", "Fall"))
    user = user_of((block.value("Script uid:gid") or "").split(":")[0])
    return Script((block.value("Command") or "").strip("'").split("' '"), user, interval, timeout or interval, rise, fall)


@dataclass
class Dump:
    """What keepalived made of a file."""

    routers: dict[str, Router] = field(default_factory=dict)  # by the name of the instance
    groups: dict[str, list[str]] = field(default_factory=dict)  # the members of each sync group
    group_hooks: dict[str, list[Hook]] = field(default_factory=dict)
    scripts: dict[str, Script] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)  # their paths
    processes: dict[str, str] = field(default_factory=dict)  # what is looked for


def read(lines: list[str]) -> Dump:
    """The instances and what they track, out of the lines of a log."""
    sections = _sections(lines)
    dump = Dump()
    mail = _mail(sections.get("Global definitions") or _Block("", 0))
    named: dict[str, set[str]] = {}
    for block in _items(sections.get("VRRP Topology")):
        name = in_ascii(block.text.removeprefix("VRRP Instance = "))
        dump.routers[name] = _router(block, mail)
        named[name] = _interfaces_of(block)
    for block in _items(sections.get("VRRP Sync groups")):
        name = block.text.removeprefix("VRRP Sync Group = ").rpartition(", ")[0]
        dump.groups[name] = [line.split(",")[0] for line in block.beneath("VRRP member instances")]
        dump.group_hooks[name] = _hooks(block, mail)
        for member in dump.groups[name]:
            named[member] |= _interfaces_of(block)
    for block in _items(sections.get("VRRP Scripts")):
        name = block.text.removeprefix("VRRP Script = ")
        dump.scripts[name] = _script(block)
    for block in _items(sections.get("VRRP Track files")):
        dump.files[block.text.rpartition(" = ")[2]] = block.value("File") or ""
    for block in _items(sections.get("VRRP Track processes")):
        dump.processes[block.text.removeprefix("VRRP Track process = ")] = block.value("Process") or ""
    _track(dump, sections, named)
    return dump
