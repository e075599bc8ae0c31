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

_RESPONDERS = {"kernel": "the kernel's own"}

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
]


def costs(measured: dict[str, Any]) -> list[Row]:
    """The cells that are costs of a path."""
    return [cell for cell in measured["cells"] if "path" in cell]


def answers(measured: dict[str, Any]) -> list[Row]:
    """The cells that are rates of answers."""
    return [cell for cell in measured["cells"] if "responder" in cell]


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
        if few is not many:
            sizes = f"with {many['virtual_routers']} than with {few['virtual_routers']}"
            found.append(aim(f"{_PATHS[path]}: below 5 ns more {sizes}", grown, 5, "ns"))
    rate = {row["responder"]: row["answered"]["median"] for row in answers(measured)}
    found.append(aim("ARP: 5 times the kernel's rate", rate["vrrp-xdp"] / rate["kernel"], 5, "times", least=True))
    return found


def section(measured: dict[str, Any]) -> list[str]:
    """For the docs: lines."""
    return [
        "By `BPF_PROG_TEST_RUN`, against a program that does nothing and ran in turn with it. What is answered is written again before",
        "each time, for both. Each sample is the mean of many frames with warm caches; a NIC's driver comes on top for both.",
        "",
        *markdown(COSTS, costs(measured)),
        "",
        "ARP over a veth, by XDP frames: 128 questions are on their way, and whoever takes an answer off the wire turns it into the next",
        "question. One CPU does all the work, asking and counting too, which bounds both rates. The kernel's own responder is asked in the",
        "same way, at a router without vrrp-xdp.",
        "",
        *markdown(ANSWERS, answers(measured)),
        "",
        *(f"- {line}" for line in aims(measured)),
    ]
