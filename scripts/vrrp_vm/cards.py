# SPDX-License-Identifier: BSD-2-Clause
"""The network cards of the virtual machine, and how a command in there knows them apart."""

from collections.abc import Sequence
from dataclasses import dataclass

# The environment variable in the guest: "MAC=DRIVER MAC=DRIVER …", in the order of the command line.
VARIABLE = "VM_NICS"


@dataclass(frozen=True)
class Card:
    """A card that QEMU emulates. device: a driver of `qemu-system-x86_64 -device help`. properties: its, as QEMU writes them."""

    device: str
    properties: tuple[str, ...]
    mac: str

    def options(self, number: int) -> list[str]:
        """Return the words of QEMU's command line. All cards are on one hub, which shows each frame to all others."""
        port = f"card{number}"
        # Nothing boots from the network, so the cards have no boot program either: QEMU would look for its file.
        device = ",".join([self.device, *self.properties, f"netdev={port}", f"mac={self.mac}", "romfile="])
        return ["-netdev", f"hubport,id={port},hubid=0", "-device", device]


def parse(descriptions: Sequence[str]) -> list[Card]:
    """Return a card for each DRIVER[,OPTION=VALUE…]."""
    cards = []
    for number, description in enumerate(descriptions, 1):
        device, *properties = description.split(",")
        cards.append(Card(device, tuple(properties), f"52:54:00:00:00:{number:02x}"))
    return cards


def environment(cards: Sequence[Card]) -> str:
    """Return the value of VARIABLE."""
    return " ".join(f"{card.mac}={card.device}" for card in cards)
