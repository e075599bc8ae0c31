# SPDX-License-Identifier: BSD-2-Clause
"""Figures of bench-takeover as a table."""

from collections.abc import Callable, Sequence
from typing import Any

from .tables import Columns, Row, aim, markdown, milliseconds, plain


def _lateness(kind: str) -> Callable[[Row], str]:
    def show(row: Row) -> str:
        of_kind = row["lateness_ns"].get(kind)
        return "–" if of_kind is None else " / ".join(milliseconds(of_kind[name]) for name in ("median", "p99", "max"))

    return show


def _usage(role: str) -> Callable[[Row], str]:
    def show(row: Row) -> str:
        usage = row[role]
        return f"{usage['cpu'] * 100:.1f} % / {usage['wake_ups']:.0f} / {usage['memory_bytes'] / 2**20:.1f}"

    return show


def _outage(row: Row) -> str:
    outage = row["outage_ns"]
    return "–" if outage is None else f"{milliseconds(outage['median'])} / {milliseconds(outage['max'])}"


COLUMNS: Columns = [
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
    ("bare frames: CPU", lambda row: f"{row['bare']['cpu'] * 100:.1f} %" if row["bare"] else "–"),
    ("Active: CPU / wake-ups a s / MiB", _usage("active")),
    ("Backup: CPU / wake-ups a s / MiB", _usage("backup")),
]

LEGEND = """Lateness is median / 99th percentile / maximum, in milliseconds after the protocol's deadline, which is the old Active
Router's last advertisement and the Backup Router's Active_Down_Interval; negative is early. It is that of the first
advertisement, of the first gratuitous ARP or unsolicited Neighbour Advertisement, and of the first ARP answer to a host
that asks every 0.2 ms. Outage is the time between two answers to that host, median / maximum. False: takeovers while
nothing was done to anybody. Disputed: elections that had two Active Routers, or the wrong one, when a round began; never:
that nobody took over. Bare frames is what a program costs, without a load, that sends the same advertisements and does nothing else: in the
lab, the sender's time is also the switch's and the receivers', which a real network card spares it. CPU is a part of one core,
and memory the proportional set size, of all processes of a daemon.
"""


def table(measured: dict[str, Any]) -> str:
    """For a terminal."""
    return plain(COLUMNS, measured["cells"])


def section(measured: dict[str, Any]) -> list[str]:
    """For the docs: lines."""
    return [
        "The preferred router's cable is cut, which the other one learns by silence alone. " + LEGEND.strip(),
        "",
        *markdown(COLUMNS, measured["cells"]),
        "",
        *(f"- {line}" for line in aims(measured["cells"])),
    ]


def aims(rows: Sequence[Row]) -> list[str]:
    """Each aim that the figures speak of, and whether it was met."""
    ours = [row for row in rows if row["daemon"] == "vrrp-xdp" and "advertisement" in row["lateness_ns"]]
    found = []
    for row in ours:
        late = row["lateness_ns"]["advertisement"]
        where = f"{row['virtual_routers']} Virtual Routers at {row['interval_ms']} ms, {row['load']}"
        if row["virtual_routers"] == 1 and row["interval_ms"] >= 10:
            found.append(aim(f"{where}: median below 0.1 ms", late["median"], 100_000, "ms"))
            found.append(aim(f"{where}: 99th percentile below 0.5 ms", late["p99"], 500_000, "ms"))
        if row["virtual_routers"] == 510 and row["interval_ms"] == 10 and row["load"] == "idle":
            found.append(aim(f"{where}: median below 2 ms", late["median"], 2_000_000, "ms"))
            found.append(aim(f"{where}: no false takeover", row["false_takeovers"], 1, ""))
            found.append(aim(f"{where}: Backup Router below 2 % of a core", row["backup"]["cpu"] * 100, 2, "%"))
            found.append(aim(f"{where}: Active Router below 15 % of a core", row["active"]["cpu"] * 100, 15, "%"))
            above = max(0.0, row["active"]["cpu"] - row["bare"]["cpu"]) * 100
            found.append(aim(f"{where}: Active Router, beyond its bare frames, below 15 %", above, 15, "%"))
        if row["interval_ms"] == 2 and row["outage_ns"]:
            found.append(aim(f"{where}: host's median outage below 10 ms", row["outage_ns"]["median"], 10_000_000, "ms"))
    return found


IDLE: Columns = [
    ("VRs", lambda row: str(row["virtual_routers"])),
    ("interval", lambda row: f"{row['interval_ms']} ms"),
    ("daemon", lambda row: str(row["daemon"])),
    ("false takeovers", lambda row: f"{row['false_takeovers']} in {row['watched_s']:.0f} s"),
    ("Active: CPU / wake-ups a s / MiB", _usage("active")),
    ("Backup: CPU / wake-ups a s / MiB", _usage("backup")),
]


def idle(measured: dict[str, Any]) -> list[str]:
    """For the docs, of a run without rounds: lines."""
    return markdown(IDLE, measured["cells"])
