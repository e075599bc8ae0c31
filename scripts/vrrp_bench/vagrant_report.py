# SPDX-License-Identifier: BSD-2-Clause
"""Figures of vagrant/bench as a table."""

from collections.abc import Callable
from typing import Any

from .tables import Columns, Row, markdown, plain


def _outage(event: str, kind: str) -> Callable[[Row], str]:
    def show(row: Row) -> str:
        outages = row[event][kind]
        shown = "–" if outages["median"] is None else f"{outages['median']:.0f} / {outages['max']:.0f}"
        return shown + (f", {outages['never']} × for good" if outages["never"] else "")

    return show


COLUMNS: Columns = [
    ("r1 is", lambda row: str(row["what"])),
    ("ARP, ms", _outage("on_fault", "arp_outage_ms")),
    ("echo, ms", _outage("on_fault", "echo_outage_ms")),
    ("it returns: ARP, ms", _outage("on_return", "arp_outage_ms")),
    ("echo, ms", _outage("on_return", "echo_outage_ms")),
]

_LEGEND = """Two routers and a host in virtual machines, with native XDP on virtio network cards ([vagrant/](../vagrant/README.md)). Outages that
`vrrp-xdp probe` saw from the host, median / maximum of {rounds} rounds, at {interval} between advertisements: of ARP, and of echo requests to a server
behind the routers. They were measured before the data
plane outlived its controller: then a lease ended by itself, and the card's filter for the virtual MAC with the controller's socket."""

_EMULATED = """These machines were emulated, all three on the processors named above, so that their times say little of real ones. They show
that it works."""


def _routers(figures: dict[str, Any]) -> list[str]:
    shape = "{router}: {driver}, {queues} queues, {mode} XDP has sent {xdp_tx} frames and dropped {xdp_tx_drops}"
    return [shape.format(**each) for each in figures["guest"]["data_plane"]]


def table(figures: dict[str, Any]) -> str:
    """For a terminal."""
    emulated = ["The machines are emulated: these times say little of real ones."] if figures["machine"]["emulated"] else []
    title = f"Outages, median / maximum of {figures['rounds']} rounds:"
    return "\n".join([*_routers(figures), *emulated, title, plain(COLUMNS, figures["faults"])])


def section(figures: dict[str, Any]) -> list[str]:
    """For the docs."""
    lines = [_LEGEND.format(rounds=figures["rounds"], interval=figures["guest"]["interval"])]
    if figures["machine"]["emulated"]:
        lines.append(_EMULATED)
    lines += ["", *markdown(COLUMNS, figures["faults"]), "", f"The guests run Linux {figures['guest']['kernel']}."]
    return [*lines, *(f"{each}." for each in _routers(figures))]
