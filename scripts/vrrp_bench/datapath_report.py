# SPDX-License-Identifier: BSD-2-Clause
"""Figures of bench-datapath as tables."""

from typing import Any

from .tables import Columns, Row, aim, markdown, plain

_PATHS = {
    "ordinary": "ordinary frame, to the router's own MAC",
    "forwarded": "forwarded frame, to the virtual MAC",
    "arp": "ARP request, answered",
    "solicitation": "Neighbour Solicitation, answered",
    "steady": "advertisement of the Active Router, steady state",
    "junk": "advertisement with a wrong checksum",
    "clock": "(a look at the clock alone)",
    "lookup": "(a look into a hash table alone)",
}

_RESPONDERS = {"kernel": "the kernel's own", "nobody": "a Backup Router, which drops"}

COSTS: Columns = [
    ("path", lambda row: _PATHS[row["path"]]),
    ("VRs", lambda row: str(row["virtual_routers"])),
    ("verdict", lambda row: f"XDP_{row['verdict'].upper()}"),
    ("ns a frame", lambda row: f"{row['ns']['median']:.1f}"),
    ("10 % to 90 %", lambda row: f"{row['ns']['p10']:.1f} to {row['ns']['p90']:.1f}"),
]

ANSWERS: Columns = [
    ("responder", lambda row: _RESPONDERS.get(row["responder"], row["responder"])),
    ("answers a second", lambda row: f"{row['answered']['median']:,}"),
    ("worst and best", lambda row: f"{row['answered']['min']:,} to {row['answered']['max']:,}"),
    ("asked a second", lambda row: f"{row['asked']['median']:,}"),
]


def costs(measured: dict[str, Any]) -> list[Row]:
    """The cells that are costs of a path."""
    return [cell for cell in measured["cells"] if "path" in cell]


def answers(measured: dict[str, Any]) -> list[Row]:
    """The cells that are rates of answers."""
    return [cell for cell in measured["cells"] if "responder" in cell]


def asking_ns(measured: dict[str, Any]) -> float:
    """What asking costs that nobody answers: the most that any responder could be asked."""
    return 1e9 / next(row["asked"]["median"] for row in answers(measured) if row["responder"] == "nobody")


def table(measured: dict[str, Any]) -> str:
    """For a terminal."""
    return "\n\n".join(
        [plain(COSTS, costs(measured)), plain(ANSWERS, answers(measured)), "\n".join(aims(measured))],
    )


def aims(measured: dict[str, Any]) -> list[str]:
    """Each aim, and whether it was met."""
    found = []
    for path, limit in (("ordinary", 15), ("forwarded", 60)):
        rows = [row for row in costs(measured) if row["path"] == path]
        found += [
            aim(f"{_PATHS[path]}, {row['virtual_routers']} Virtual Routers: below {limit} ns", row["ns"]["median"], limit, "ns")
            for row in rows
        ]
        few, many = rows[0], rows[-1]
        grown = many["ns"]["median"] - few["ns"]["median"]
        found.append(aim(f"{_PATHS[path]}: below 5 ns more with {many['virtual_routers']} than with {few['virtual_routers']}", grown, 5, "ns"))
    rate = {row["responder"]: row["answered"]["median"] for row in answers(measured)}
    found.append(aim("ARP: 5 times the kernel's rate", rate["vrrp-xdp"] / rate["kernel"], 5, "times", least=True))
    ours, kernel = (1e9 / rate[responder] - asking_ns(measured) for responder in ("vrrp-xdp", "kernel"))
    found.append(aim("ARP, less what asking costs: a fifth of the kernel's time", kernel / ours, 5, "times", least=True))
    return found


def section(measured: dict[str, Any]) -> list[str]:
    """For the docs: lines."""
    return [
        "By `BPF_PROG_TEST_RUN`, against a program that does nothing and ran in turn with it. What is answered is written anew before",
        "each time, for both. Each sample is the mean of many frames with warm caches; a NIC's driver comes on top for both.",
        "",
        *markdown(COSTS, costs(measured)),
        "",
        "ARP over a veth, with live frames (`BPF_F_TEST_XDP_LIVE_FRAMES`) from one CPU, which does all the work: sending, answering and",
        f"counting. Asking alone costs {asking_ns(measured):.0f} ns, which bounds every rate. The kernel's own responder is asked in the same way, at a router",
        "without vrrp-xdp.",
        "",
        *markdown(ANSWERS, answers(measured)),
        "",
        *(f"- {line}" for line in aims(measured)),
    ]
