# SPDX-License-Identifier: BSD-2-Clause
"""Checks that each test which docs/architecture.md names under "What must stay true" exists.

A cell of the last column has files in backticks, each followed by the beginnings of the names of its tests, if not all
of them are meant: `test_failover.py` CarrierLoss, AddressRemoved.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "architecture.md"
HEADING = "## What must stay true"
# Where a file without a directory may be.
DIRECTORIES = ("lab", "lab/vlan", "bpf", "unit", "sim", "cli", "tooling", "vm", "nic")


def rows() -> Iterator[list[str]]:
    """The cells of each row of the section's table, without its head."""
    section = PAGE.read_text().split(f"\n{HEADING}\n", 1)[1].split("\n## ", 1)[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    for line in lines[2:]:
        yield [cell.strip() for cell in line.strip("|").split("|")]


def named(cell: str) -> Iterator[tuple[str, list[str]]]:
    """Each file of a cell, and the names that follow it."""
    for file, rest in re.findall(r"`([^`]+)`([^`]*)", cell):
        yield file, re.findall(r"\w+", rest)


def find(file: str) -> Path | None:
    """The file in the repository."""
    places = [ROOT / file, ROOT / "tests" / file, *(ROOT / "tests" / each / file for each in DIRECTORIES)]
    return next((place for place in places if place.is_file()), None)


def mistakes() -> Iterator[str]:
    """What is wrong, a line each."""
    for cells in rows():
        files = list(named(cells[-1]))
        if not files:
            yield f"{cells[0]}: names no test"
        for file, names in files:
            path = find(file)
            if path is None:
                yield f"{cells[0]}: there is no {file}"
                continue
            tests = re.findall(r"^def test_(\w+)|^TEST(?:_F|_P)?\((\w+, *\w+)\)", path.read_text(), re.MULTILINE)
            known = [python or cpp.replace(" ", "").replace(",", "_") for python, cpp in tests]
            for name in names:
                if not any(each.startswith(name) for each in known):
                    yield f"{cells[0]}: {file} has no test that begins with {name}"


if __name__ == "__main__":
    found = list(mistakes())
    print("\n".join(found))
    sys.exit(1 if found else 0)
