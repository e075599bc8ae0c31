# SPDX-License-Identifier: BSD-2-Clause
"""Figures of bench-failover as a table."""

from typing import Any

from .faults import FAULTS
from .tables import Columns, Row, markdown, milliseconds, plain

_FAULTS = {fault.name: fault for fault in FAULTS}


def _lost(phase: Row) -> str:
    return f"{phase['lost']['median']} / {phase['lost']['max']}"


def _outage(phase: Row) -> str:
    outage = phase["outage_ns"]
    if outage is None:
        return "for good"
    shown = f"{milliseconds(outage['median'])} / {milliseconds(outage['max'])}"
    return shown + (f", {phase['never']} × for good" if phase["never"] else "")


def _doubled(row: Row) -> str:
    return str(max(row[phase]["duplicates"] for phase in ("fails", "returns")))


COLUMNS: Columns = [
    ("the preferred router's fault", lambda row: _FAULTS[row["fault"]].title),
    ("daemon", lambda row: str(row["daemon"])),
    ("rounds", lambda row: str(row["rounds"])),
    ("lost", lambda row: _lost(row["fails"])),
    ("outage, ms", lambda row: _outage(row["fails"])),
    ("it returns", lambda row: _FAULTS[row["fault"]].returns),
    ("lost then", lambda row: _lost(row["returns"])),
    ("outage then, ms", lambda row: _outage(row["returns"])),
    ("doubled", _doubled),
]

LEGEND = """Lost packets and the longest outage, median / worst of the rounds. An outage is the time from the last packet before the longest
hole to the first after it that arrived, by when they were sent, so that a pause of the sender is not an outage. Doubled: packets that
arrived twice in the worst round, because two routers forwarded them."""


def table(measured: dict[str, Any]) -> str:
    """For a terminal."""
    return plain(COLUMNS, measured["cells"])


def section(measured: dict[str, Any]) -> list[str]:
    """For the docs: lines."""
    cells = measured["cells"]
    return [
        f"One Virtual Router at {cells[0]['interval_ms']} ms. A host sends {cells[0]['rate']} small UDP packets a second through the"
        " virtual gateway to a server behind it;",
        "the way back does not pass the two routers. " + LEGEND,
        "",
        *markdown(COLUMNS, cells),
    ]
