# SPDX-License-Identifier: BSD-2-Clause
"""In which ways vrrp-xdp is attached, and to what: the settings of the tests that are marked with each_setting."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Setting:
    """mode: what --mode says, None for what the program chooses. bridged: the routers' interfaces are bridges and not the ends
    of cables. offloads: as the kernel makes them, or off; None is off where the mode is native."""

    mode: str | None = None
    bridged: bool = False
    offloads: bool | None = None

    def __str__(self) -> str:
        kind = "bridge" if self.bridged else "veth"
        return f"{self.mode or 'auto'} {kind}{' without offloads' if self.offloads is False else ''}"

    @property
    def options(self) -> dict[str, Any]:
        """Those of Lab."""
        return {"mode": self.mode, "bridged": self.bridged, "offloads": self.offloads}


# Native XDP is not to be had on a bridge, and sends from a veth only what the cable takes as it is.
SETTINGS = [
    Setting("native", offloads=False),
    *(Setting("clsact", bridged, offloads) for bridged in (False, True) for offloads in (True, False)),
    # Elsewhere VLAN tags would be hidden from it.
    Setting("generic", offloads=False),
]
