# SPDX-License-Identifier: BSD-2-Clause
"""Figures of a run as tables, for a terminal and for the docs."""

from collections.abc import Callable, Sequence
from typing import Any

Row = dict[str, Any]


def _milliseconds(value: int | None) -> str:
    return "–" if value is None else f"{value / 1e6:.2f}"


def _lateness(kind: str) -> Callable[[Row], str]:
    def show(row: Row) -> str:
        of_kind = row["lateness_ns"].get(kind)
        return "–" if of_kind is None else " / ".join(_milliseconds(of_kind[name]) for name in ("median", "p99", "max"))

    return show


def _usage(role: str) -> Callable[[Row], str]:
    def show(row: Row) -> str:
        usage = row[role]
        return f"{usage['cpu'] * 100:.1f} % / {usage['wake_ups']:.0f} / {usage['memory_bytes'] / 2**20:.1f}"

    return show


def _outage(row: Row) -> str:
    outage = row["outage_ns"]
    return "–" if outage is None else f"{_milliseconds(outage['median'])} / {_milliseconds(outage['max'])}"


COLUMNS: Sequence[tuple[str, Callable[[Row], str]]] = [
    ("VRs", lambda row: str(row["virtual_routers"])),
    ("interval", lambda row: f"{row['interval_ms']} ms"),
    ("load", lambda row: str(row["load"])),
    ("daemon", lambda row: str(row["daemon"])),
    ("samples", lambda row: str(row["lateness_ns"].get("advertisement", {}).get("count", 0))),
    ("advertisement, ms late", _lateness("advertisement")),
    ("GARP or NA, ms late", _lateness("announcement")),
    ("ARP answer, ms late", _lateness("answer")),
    ("outage, ms", _outage),
    ("false", lambda row: f"{row['false_takeovers']} in {row['watched_s']:.0f} s"),
    ("disputed, never", lambda row: f"{row['disputed']}, {row['never']}"),
    ("bare frames: CPU", lambda row: f"{row['bare']['cpu'] * 100:.1f} %"),
    ("Active: CPU / wake-ups a s / MiB", _usage("active")),
    ("Backup: CPU / wake-ups a s / MiB", _usage("backup")),
]

LEGEND = """Lateness is median / 99th percentile / maximum, in milliseconds after the protocol's deadline, which is the old Active
Router's last advertisement and the Backup Router's Active_Down_Interval; negative is early. It is that of the first
advertisement, of the first gratuitous ARP or unsolicited Neighbour Advertisement, and of the first ARP answer to a host
that asks every 0.2 ms. Outage is the time between two answers to that host, median / maximum. False: takeovers while
nothing was done to anybody. Disputed: elections that had two Active Routers, or the wrong one, when a round began; never:
that nobody took over. Bare frames is what a program costs that sends the same advertisements and does nothing else: in the
lab, the sender's time is also the switch's and the receivers', which a real network card spares it. CPU is a part of one core, memory the proportional set size, of all processes of a daemon.
"""


def table(measured: dict[str, Any]) -> str:
    """For a terminal."""
    rows = [[name for name, _ in COLUMNS], *([show(row) for _, show in COLUMNS] for row in measured["cells"])]
    widths = [max(map(len, column)) for column in zip(*rows)]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows)


def markdown(measured: dict[str, Any]) -> str:
    """For the docs: a whole page."""
    about = measured["machine"]
    lines = [
        "# Benchmarks",
        "",
        "Two routers, a host and a switch in network namespaces of one machine. The preferred router's cable is cut, which the",
        "other one learns by silence alone. Both daemons were measured in turn, in the same run, with their defaults.",
        "",
        f"- Command: `{measured['command']}`, {measured['date']}",
        f"- Machine: {about['cpu']}, virtual, Linux {about['kernel']}",
        f"- Daemons: vrrp-xdp {about['vrrp-xdp']}, keepalived {about['keepalived']}",
        "",
        "This page is `scripts/bench-takeover --report docs/benchmarks/takeover.json`. Times depend on the machine; compare rows, and",
        "measure your own.",
        "",
        LEGEND,
        "| " + " | ".join(name for name, _ in COLUMNS) + " |",
        "|" + "---|" * len(COLUMNS),
        *("| " + " | ".join(show(row) for _, show in COLUMNS) + " |" for row in measured["cells"]),
        "",
        "What was aimed for:",
        "",
        *(f"- {line}" for line in aims(measured["cells"])),
    ]
    return "\n".join(lines) + "\n"


def aims(rows: Sequence[Row]) -> list[str]:
    """Each aim that the figures speak of, and whether it was met."""
    ours = [row for row in rows if row["daemon"] == "vrrp-xdp" and "advertisement" in row["lateness_ns"]]
    found = []
    for row in ours:
        late = row["lateness_ns"]["advertisement"]
        where = f"{row['virtual_routers']} Virtual Routers at {row['interval_ms']} ms, {row['load']}"
        if row["virtual_routers"] == 1 and row["interval_ms"] >= 10:
            found.append(_aim(f"{where}: median below 0.1 ms", late["median"], 100_000, "ns"))
            found.append(_aim(f"{where}: 99th percentile below 0.5 ms", late["p99"], 500_000, "ns"))
        if row["virtual_routers"] == 510 and row["interval_ms"] == 10 and row["load"] == "idle":
            found.append(_aim(f"{where}: median below 2 ms", late["median"], 2_000_000, "ns"))
            found.append(_aim(f"{where}: no false takeover", row["false_takeovers"], 1, ""))
            found.append(_aim(f"{where}: Backup Router below 2 % of a core", row["backup"]["cpu"] * 100, 2, "%"))
            found.append(_aim(f"{where}: Active Router below 15 % of a core", row["active"]["cpu"] * 100, 15, "%"))
            above = max(0.0, row["active"]["cpu"] - row["bare"]["cpu"]) * 100
            found.append(_aim(f"{where}: Active Router, beyond its bare frames, below 15 %", above, 15, "%"))
        if row["interval_ms"] == 2 and row["outage_ns"]:
            found.append(_aim(f"{where}: host's median outage below 10 ms", row["outage_ns"]["median"], 10_000_000, "ns"))
    return found


def _aim(what: str, value: float, limit: float, unit: str) -> str:
    shown = f"{value / 1e6:.2f} ms" if unit == "ns" else f"{value:.1f} {unit}".strip()
    return f"{'met' if value < limit else '**missed**'}: {what} ({shown})"
