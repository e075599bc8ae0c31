# SPDX-License-Identifier: BSD-2-Clause
"""Checks that each test that the table of docs/design/guarantees.md names exists.

A cell of the last column has files in backticks.
If a cell does not mean all tests of a file, the beginnings of their names follow: `test_failover.py` CarrierLoss, AddressRemoved.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "design" / "guarantees.md"
# Where a file without a directory may be.
DIRECTORIES = ("lab", "lab/vlan", "bpf", "unit", "sim", "cli", "tooling", "vm", "nic")


def rows() -> Iterator[list[str]]:
    """Yields the cells of each row of the table, without its head."""
    lines = [line for line in PAGE.read_text().splitlines() if line.startswith("|")]
    for line in lines[2:]:
        yield [cell.strip() for cell in line.strip("|").split("|")]


def named(cell: str) -> Iterator[tuple[str, list[str]]]:
    """Yields each file of a cell, and the names that follow it."""
    for file, rest in re.findall(r"`([^`]+)`([^`]*)", cell):
        yield file, re.findall(r"\w+", rest)


def find(file: str) -> Path | None:
    """Returns the file in the repository."""
    places = [ROOT / file, ROOT / "tests" / file, *(ROOT / "tests" / each / file for each in DIRECTORIES)]
    return next((place for place in places if place.is_file()), None)


def mistakes() -> Iterator[str]:
    """Yields what is wrong, a line each."""
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
