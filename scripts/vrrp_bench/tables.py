# SPDX-License-Identifier: BSD-2-Clause
"""Tables, for a terminal and for the docs, from columns that each make their cell of a row."""

from collections.abc import Callable, Sequence
from typing import Any

Row = dict[str, Any]
Columns = Sequence[tuple[str, Callable[[Row], str]]]


def milliseconds(value: float | None) -> str:
    """Nanoseconds in milliseconds, or a dash."""
    return "–" if value is None else f"{value / 1e6:.2f}"


def plain(columns: Columns, rows: Sequence[Row]) -> str:
    """For a terminal."""
    lines = [[name for name, _ in columns], *([show(row) for _, show in columns] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines)]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip() for line in lines)


def markdown(columns: Columns, rows: Sequence[Row]) -> list[str]:
    """For the docs: lines."""
    return [
        "| " + " | ".join(name for name, _ in columns) + " |",
        "|" + "---|" * len(columns),
        *("| " + " | ".join(show(row) for _, show in columns) + " |" for row in rows),
    ]


def aim(what: str, value: float, limit: float, unit: str, *, least: bool = False) -> str:
    """Whether an aim was met: a value below the limit, or (least) one that reaches it. Of "ms", nanoseconds are given."""
    shown = f"{value / 1e6:.2f} ms" if unit == "ms" else f"{value:.1f} {unit}".strip()
    met = value >= limit if least else value < limit
    return f"{'met' if met else '**missed**'}: {what} ({shown})"
