# SPDX-License-Identifier: BSD-2-Clause
"""The figures as pictures: gnuplot draws them, as SVG."""

import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

_STYLES = {"vrrp-xdp": "#0072b2", "keepalived": "#d55e00", "frr": "#009e73"}
Series = tuple[str, Sequence[tuple[float, float]]]


class GnuplotError(RuntimeError):
    """gnuplot is missing or refused; the message says what it said."""


def _run(path: Path, script: Sequence[str], size: str = "900,420") -> None:
    head = [f'set terminal svg size {size} dynamic background "white" font "sans-serif,13"', f'set output "{path}"', "set grid"]
    try:
        said = subprocess.run(
            ["gnuplot"], input="\n".join([*head, *script, ""]), capture_output=True, text=True, check=False
        )
    except FileNotFoundError as error:
        raise GnuplotError("gnuplot is missing: install the packages of scripts/packages") from error
    if said.returncode != 0:
        raise GnuplotError(said.stderr)


def _lines(series: Sequence[Series], style: str) -> list[str]:
    """A plot command with the data of all series behind it."""
    blocks = []
    for number, (_, points) in enumerate(series):
        blocks += [f"$data{number} << end", *(f"{x:.6g} {y:.6g}" for x, y in points), "end"]
    drawn = ", ".join(
        f'$data{number} using 1:2 title "{name}" with {style} lw 2 lc rgb "{_colour(name, number)}"'
        for number, (name, _) in enumerate(series)
    )
    return [*blocks, f"plot {drawn}"]


def _colour(name: str, number: int) -> str:
    known = (colour for word, colour in _STYLES.items() if word in name)
    return next(known, ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#f0e442", "#56b4e9")[number % 6])


def lateness(path: Path, measured: dict[str, Any], *, routers: int, interval_ms: int) -> None:
    """Which part of the takeovers was no later than so much: of one size, idle, a line for each daemon."""
    series: list[Series] = []
    for cell in measured["cells"]:
        late = cell["lateness_ns"].get("advertisement")
        if (cell["virtual_routers"], cell["interval_ms"], cell["load"]) == (routers, interval_ms, "idle") and late:
            # Early ones, of a daemon that rounds its timers down, do not fit on a logarithmic scale.
            points = [(max(value / 1e6, 0.01), percent / 100) for percent, value in enumerate(late["percentiles"])]
            series.append((cell["daemon"], points))
    if series:
        title = f'set title "Lateness of the first advertisement: {routers} Virtual Router{"s" * (routers > 1)} at {interval_ms} ms, idle"'
        axes = ['set xlabel "milliseconds after the deadline"', 'set ylabel "part of the takeovers"']
        axes += ["set logscale x", "set key bottom right"]
        _run(path, [title, *axes, "set yrange [0:1]", *_lines(series, "steps")])


def failover(path: Path, measured: dict[str, Any], fault: str, title: str) -> None:
    """Packets that arrive around a fault, a line for each daemon."""
    series: list[Series] = []
    for cell in measured["cells"]:
        if cell["fault"] == fault:
            seen = cell["timeline"]
            start, step = seen["from_ns"] / 1e6, seen["bin_ns"] / 1e6
            points = [(start + number * step, count / step) for number, count in enumerate(seen["arrived"])]
            series.append((cell["daemon"], points))
    axes = [f'set title "{title}"', 'set xlabel "milliseconds after the fault"', 'set ylabel "packets that arrive, a millisecond"']
    _run(path, [*axes, "set yrange [0:*]", "set key top right", *_lines(series, "steps")])


def costs(path: Path, measured: dict[str, Any]) -> None:
    """What each path costs, a bar for each number of Virtual Routers."""
    rows = [cell for cell in measured["cells"] if "path" in cell]
    paths = list(dict.fromkeys(row["path"] for row in rows))
    sizes = sorted({row["virtual_routers"] for row in rows})
    found = {(row["path"], row["virtual_routers"]): row["ns"] for row in rows}
    lines = ["$costs << end"]
    for name in paths:
        lines.append(" ".join([name, *(f"{found[name, size][at]:.2f}" for size in sizes for at in ("median", "p10", "p90"))]))
    lines += ["end", 'set title "Cost of a frame beyond a program that does nothing"', 'set ylabel "nanoseconds"']
    lines += ["set style data histograms", "set style histogram errorbars gap 1 lw 1", "set style fill solid 0.8", "set yrange [0:*]"]
    columns = ", ".join(
        f'$costs using {2 + 3 * number}:{3 + 3 * number}:{4 + 3 * number}:xtic(1) title "{size} VRs" lc rgb "{_colour("", number)}"'
        for number, size in enumerate(sizes)
    )
    _run(path, [*lines, f"plot {columns}"])


def growth(path: Path, measured: dict[str, Any]) -> None:
    """Start, memory, CPU and takeover by the number of Virtual Routers on one interface."""
    panels: tuple[tuple[str, Callable[[Any], float | None]], ...] = (
        ("start, ms", lambda row: None if row["start_ns"] is None else row["start_ns"] / 1e6),
        ("memory of the Active Router, MiB", lambda row: row["active"]["memory_bytes"] / 2**20),
        ("CPU of the Active Router, % of a core", lambda row: row["active"]["cpu"] * 100),
        ("worst takeover, ms late", lambda row: None if row["takeover_ns"] is None else row["takeover_ns"]["max"] / 1e6),
    )
    rows = [cell for cell in measured["cells"] if cell["interfaces"] == 1]
    script = ["set multiplot layout 2,2", "set key top left", 'set xlabel "Virtual Routers"']
    for title, value in panels:
        series = []
        for daemon in dict.fromkeys(row["daemon"] for row in rows):
            points = [(row["virtual_routers"], value(row)) for row in rows if row["daemon"] == daemon]
            if known := [(x, y) for x, y in points if y is not None]:
                series.append((daemon, known))
        if series:
            script += [f'set title "{title}"', "set yrange [0:*]", *_lines(series, "linespoints")]
    _run(path, [*script, "unset multiplot"], "900,640")
