# SPDX-License-Identifier: BSD-2-Clause
"""What every benchmark says of itself, and its file: one line a cell."""

import json
import os
import platform
import re
import shlex
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from vrrp_lab.peers.vrrp_xdp import binary

Cell = dict[str, Any]


def host() -> dict[str, str]:
    """What it was measured on."""
    about = Path("/proc/cpuinfo").read_text()
    cpu = next((line.split(":")[1].strip() for line in about.splitlines() if line.startswith("model name")), "?")
    memory = next(int(line.split()[1]) for line in Path("/proc/meminfo").open() if line.startswith("MemTotal"))
    return {
        "cpu": f"{os.cpu_count()} × {cpu}" + (" (virtual)" if " hypervisor " in about else ""),
        "memory": f"{memory / 2**20:.0f} GiB",
        "kernel": platform.release(),
    }


def machine() -> dict[str, str]:
    """What it was measured on, and the versions of what was measured."""
    return {
        **host(),
        "vrrp-xdp": _version([str(binary("release")), "--version"]),
        "keepalived": _version(["keepalived", "--version"]),
        "frr": _version(["/usr/lib/frr/vrrpd", "--version"]),
    }


def _version(command: Sequence[str]) -> str:
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    found = re.search(r"\d+(\.\d+)+", said.stdout + said.stderr)
    return found[0] if found else "?"


def figures(bench: str, cells: Sequence[Cell]) -> dict[str, Any]:
    """A whole run: `bench` is its name, as in scripts/bench-NAME."""
    return {
        "bench": bench,
        "command": shlex.join([f"scripts/bench-{bench}", *sys.argv[1:]]),
        "date": time.strftime("%Y-%m-%d"),
        "machine": machine(),
        "cells": list(cells),
    }


def dump(measured: dict[str, Any]) -> str:
    """As JSON with one line a cell."""
    head = [f"{json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}" for key, value in measured.items() if key != "cells"]
    cells = ",\n".join(json.dumps(cell, ensure_ascii=False) for cell in measured["cells"])
    return "{" + ",\n".join([*head, f'"cells": [\n{cells}\n]']) + "}\n"


def write(path: Path | None, measured: dict[str, Any]) -> None:
    """To a file, if one was asked for."""
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dump(measured))


def progress(text: str) -> None:
    """What is measured now, for who waits."""
    print(text, file=sys.stderr, flush=True)
