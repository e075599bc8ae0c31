# SPDX-License-Identifier: BSD-2-Clause
"""Losing exactly so many frames of a kind at a port of the switch, where the kernel has no netem."""

import json
from pathlib import Path

from .addresses import IPV4, IPV6, Family
from .capture import Port
from .commands import run
from .xdp_peer import compile_bpf

_SOURCE = "lose_frames.bpf.c"
# As the program numbers what it loses: advertisements of either family.
_KEYS = {IPV4: 0, IPV6: 1}


class Loss:
    """What a node sends is lost at the switch's port, which a capture there still records as sent. Goes with the port."""

    def __init__(self, port: Port, directory: Path) -> None:
        program = compile_bpf(_SOURCE, directory)
        port.namespace.run("tc", "qdisc", "add", "dev", port.interface, "clsact")
        port.namespace.run(
            "tc", "filter", "add", "dev", port.interface, "ingress", "bpf", "direct-action", "obj", str(program), "sec", "tc"
        )
        shown = port.namespace.run("tc", "-json", "filter", "show", "dev", port.interface, "ingress")
        (number,) = {each["options"]["prog"]["id"] for each in json.loads(shown) if "prog" in each.get("options", {})}
        (self._map,) = json.loads(run(["bpftool", "--json", "prog", "show", "id", str(number)]))["map_ids"]

    def lose_advertisements(self, count: int, *families: Family) -> None:
        """Lose the next `count` advertisements, by default of each family. It replaces what is still to be lost."""
        for family in families or (IPV4, IPV6):
            value = [str(byte) for byte in count.to_bytes(4, "little")]
            key = [str(_KEYS[family]), "0", "0", "0"]
            run(["bpftool", "map", "update", "id", str(self._map), "key", *key, "value", *value])
