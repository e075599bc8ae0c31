# SPDX-License-Identifier: BSD-2-Clause
"""Figures of bench-scale as a table."""

from typing import Any

from .tables import Columns, Row, markdown, milliseconds, plain


def _takeover(row: Row) -> str:
    took = row["takeover_ns"]
    shown = "–" if took is None else f"{milliseconds(took['median'])} / {milliseconds(took['max'])}"
    return shown + (f", {row['missed']} missed" if row["missed"] else "")


COLUMNS: Columns = [
    ("VRs", lambda row: str(row["virtual_routers"])),
    ("interfaces", lambda row: str(row["interfaces"])),
    ("daemon", lambda row: str(row["daemon"])),
    ("start, ms", lambda row: milliseconds(row["start_ns"])),
    ("Active: MiB", lambda row: f"{row['active']['memory_bytes'] / 2**20:.1f}"),
    ("Active: CPU", lambda row: f"{row['active']['cpu'] * 100:.1f} %"),
    ("Backup: CPU", lambda row: f"{row['backup']['cpu'] * 100:.2f} %"),
    ("takeover of all, ms late", _takeover),
]


def table(measured: dict[str, Any]) -> str:
    """For a terminal."""
    return plain(COLUMNS, measured["cells"])


def section(measured: dict[str, Any]) -> list[str]:
    """For the docs: lines."""
    return [
        f"At {measured['cells'][0]['interval_ms']} ms. Start is from the start of the program to its last first advertisement, less the",
        "Active_Down_Interval that a router waits first. CPU is a part of one core and memory the proportional set size, of all processes",
        "of a daemon. Takeover is median / worst lateness after the protocol's deadline, of all elections, when all cables are cut at "
        "once.",
        "",
        *markdown(COLUMNS, measured["cells"]),
    ]
