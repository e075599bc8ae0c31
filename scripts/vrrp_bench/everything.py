# SPDX-License-Identifier: BSD-2-Clause
"""All benchmarks, one after the other, and docs/benchmarks.md created again from their figures. Takes about 45 minutes, with
--long twenty more, on a machine that does nothing else; with --quick five, for figures of less worth."""

import argparse
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from . import page, results

_PAGE = Path("docs/benchmarks.md")

# By the name of the figures: the command that makes them.
USUAL: dict[str, list[str]] = {
    "datapath": ["bench-datapath"],
    "failover": ["bench-failover", "--blocks", "1", "--rounds", "3"],
    "scale": ["bench-scale", "--sizes", "1x1,1x16,1x100,1x255,1x510,32x15"],
    "takeover": [
        "bench-takeover",
        *("--virtual-routers", "1,100,510"),
        *("--intervals", "2,10,100,1000"),
        *("--loads", "idle,cpu,disk,network"),
        *("--rounds", "30"),
        *("--blocks", "1"),
    ],
}
QUICK: dict[str, list[str]] = {
    "datapath": ["bench-datapath", "--samples", "10", "--rounds", "2", "--seconds", "1"],
    "failover": ["bench-failover", "--blocks", "1", "--rounds", "1"],
    "scale": ["bench-scale", "--sizes", "1x1,1x64,8x4", "--rounds", "1"],
    "takeover": ["bench-takeover", "--virtual-routers", "1,100", "--intervals", "10", "--loads", "idle", "--rounds", "4", "--blocks", "1"],
}
LONG: dict[str, list[str]] = {
    "idle": [
        "bench-takeover",
        *("--daemons", "vrrp-xdp,keepalived"),
        *("--virtual-routers", "510"),
        *("--intervals", "10"),
        *("--loads", "idle"),
        *("--rounds", "0"),
        *("--blocks", "1"),
        *("--watch", "600"),
    ],
}


def parse(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Raises SystemExit."""
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument("--only", type=lambda t: t.split(","), metavar="A,…", help=", ".join([*USUAL, *LONG]))
    parser.add_argument("--long", action="store_true", help="also ten idle minutes with 510 Virtual Routers at 10 ms, for two daemons")
    parser.add_argument("--quick", action="store_true", help="fewer sizes and rounds")
    parser.add_argument("--page", type=Path, default=_PAGE, metavar="FILE", help=f"page to write, figures beside it (default {_PAGE})")
    parser.add_argument("--report", action="store_true", help="write the page from existing figures instead of measuring")
    options = parser.parse_args(argv)
    for each in options.only or []:
        if each not in {**USUAL, **LONG}:
            parser.error(f"{each} is not one of {', '.join([*USUAL, *LONG])}")
    return options


def commands(options: argparse.Namespace) -> dict[str, list[str]]:
    """What is to be run, by the name of the figures."""
    known = {**(QUICK if options.quick else USUAL), **LONG}
    if options.only:
        return {name: known[name] for name in options.only}
    return {name: command for name, command in known.items() if options.long or name not in LONG}


def main() -> None:
    """Entry point."""
    options = parse()
    failed = []
    if not options.report:
        for name, command in commands(options).items():
            began = time.monotonic()
            file = options.page.with_suffix("") / f"{name}.json"
            results.progress(f"== {name}: scripts/{' '.join(command)}")
            program, *arguments = command
            ran = subprocess.run([f"scripts/{program}", *arguments, "--json", str(file)], stdin=subprocess.DEVNULL, check=False)
            if ran.returncode != 0:
                failed.append(name)
            results.progress(f"== {name}: {time.monotonic() - began:.0f} s\n")
    page.write(options.page)
    if failed:
        sys.exit(f"failed: {', '.join(failed)}; the page has older figures for them, or none")


if __name__ == "__main__":
    main()
