# SPDX-License-Identifier: BSD-2-Clause
"""What a Neighbour Discovery message says (RFC 4861)."""

from dataclasses import dataclass

from .wire import (
    IPPROTO_ICMPV6,
    ND_ADVERTISEMENT,
    ND_OVERRIDE,
    ND_ROUTER,
    ND_SOLICITATION,
    ND_SOLICITED,
    ND_SOURCE_ADDRESS,
    ND_TARGET_ADDRESS,
    internet_checksum,
    ip_to_bytes,
    ip_to_text,
    mac_to_text,
    pseudo_header,
)


@dataclass(frozen=True)
class Nd:
    """A Neighbour Solicitation or Advertisement as it came, valid or not.

    The flags are those of an advertisement. source_mac, target_mac: what the options say, None without them.
    """

    type: int
    source: str
    destination: str
    target: str
    router: bool
    solicited: bool
    override: bool
    source_mac: str | None
    target_mac: str | None
    checksum_ok: bool

    @property
    def is_solicitation(self) -> bool:
        return self.type == ND_SOLICITATION

    @property
    def is_advertisement(self) -> bool:
        return self.type == ND_ADVERTISEMENT

    @property
    def flags(self) -> str:
        """Those that are set, of "RSO"."""
        return "".join(
            letter for letter, on in (("R", self.router), ("S", self.solicited), ("O", self.override)) if on
        )

    def describe(self) -> str:
        """One line for people."""
        if self.is_solicitation:
            return f"NS {self.source} ({self.source_mac}) to {self.destination} for {self.target}"
        return f"NA [{self.flags}] {self.target} ({self.target_mac}) from {self.source} to {self.destination}"


def parse_nd(source: str, destination: str, message: bytes) -> Nd | None:
    """The message between these IPv6 addresses, or None if it is something else."""
    if len(message) < 24 or message[0] not in (ND_SOLICITATION, ND_ADVERTISEMENT):
        return None
    pseudo = pseudo_header(ip_to_bytes(source), ip_to_bytes(destination), IPPROTO_ICMPV6, len(message))
    options = link_layer_options(message[24:])
    flags = message[4] if message[0] == ND_ADVERTISEMENT else 0
    return Nd(
        type=message[0],
        source=source,
        destination=destination,
        target=ip_to_text(message[8:24]),
        router=bool(flags & ND_ROUTER),
        solicited=bool(flags & ND_SOLICITED),
        override=bool(flags & ND_OVERRIDE),
        source_mac=options.get(ND_SOURCE_ADDRESS),
        target_mac=options.get(ND_TARGET_ADDRESS),
        checksum_ok=internet_checksum(pseudo + message) == 0,
    )


def link_layer_options(options: bytes) -> dict[int, str]:
    """The MAC address of each link-layer address option, by its type; `options` is all that follows the fixed part."""
    found: dict[int, str] = {}
    while len(options) >= 8 and options[1] > 0:
        if options[0] in (ND_SOURCE_ADDRESS, ND_TARGET_ADDRESS):
            found[options[0]] = mac_to_text(options[2:8])
        options = options[options[1] * 8 :]
    return found
