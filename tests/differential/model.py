# SPDX-License-Identifier: BSD-2-Clause
"""A Virtual Router in terms that keepalived's dump and an imported configuration have in common."""

from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address

Address = IPv4Address | IPv6Address
# What the owner of the addresses has, and nobody else.
OWNER = 255
FAULT = "fault"


@dataclass(frozen=True)
class Effect:
    """What something that is tracked does: `up` is added while it is up, `down` while it is down; or it is a fault while down.

    factor: a file's number is multiplied by it and added.
    """

    up: int = 0
    down: int = 0
    is_fault: bool = False
    is_reversed: bool = False  # it is a fault while up
    factor: int | None = None


@dataclass
class Hook:
    """A command that is run on a transition: master, backup, fault, stop, or notify for all of them."""

    transition: str
    arguments: list[str]
    user: str


@dataclass(frozen=True)
class Script:
    """A command that is run again and again. Times are in seconds."""

    arguments: list[str]
    user: str
    interval: int
    timeout: int
    rise: int
    fall: int


@dataclass
class Router:
    """One vrrp_instance, or the Virtual Router that it became. Times are in milliseconds."""

    interface: str
    vrid: int
    version: int
    family: int  # 4 or 6
    priority: int  # with nothing added
    interval: int
    preempt: bool
    preempt_delay: int
    accept: bool
    virtual_mac: bool
    authentication: str | None
    addresses: list[Address]
    excluded: list[Address]  # those that no advertisement lists
    source: Address | None
    peers: list[Address]
    minimum_ttl: int
    repeats: bool  # announces once more after a takeover
    repeat_after: int
    refresh: int
    group: str
    tracked: dict[tuple[str, str], Effect] = field(default_factory=dict)  # kind and what: "interface", "eth1"
    hooks: list[Hook] = field(default_factory=list)

    def priority_while(self, down: tuple[str, str] | None) -> int | str:
        """The priority while one of those that are tracked is down and all others are up; files hold 0."""
        total = self.priority
        for what, effect in self.tracked.items():
            is_down = what == down
            if effect.is_fault and is_down != effect.is_reversed:
                return FAULT
            total += effect.down if is_down else effect.up
        return OWNER if self.priority == OWNER else min(max(total, 1), 254)
