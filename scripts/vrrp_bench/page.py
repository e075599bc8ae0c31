# SPDX-License-Identifier: BSD-2-Clause
"""Writes docs/benchmarks.md and its pictures from the figures in docs/benchmarks: nothing there is typed by hand."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from . import datapath_report, failover_report, plots, scale_report, takeover_report, vagrant_report
from .faults import FAULTS

_PICTURED = ("power", "silent", "kill", "stop")

_DAEMONS = {"vrrp-xdp": "vrrp-xdp", "keepalived": "keepalived", "frr": "FRR"}

_HEAD = """# Benchmarks

`scripts/bench` measures everything on this page on your machine, virtual machines apart, and `scripts/bench --report` writes the page again from its figures.

Two routers, a host and a server in network namespaces of one machine, with a switch between them. The daemons are measured in turn, in the same
run, with their defaults. Times depend on the machine, and those of one that is virtual on its neighbours too: compare rows, and
measure your own.
"""

_BOUNDS = """## What bounds it

- **An Active Router's CPU** is what its frames cost, which it must send as often as the protocol says: nearly all of it is spent inside one system
  call a round, `sendmmsg`, and most of that in the switch and the receivers, because a veth delivers in the sender's system call. "Bare
  frames" is the same of a program that does nothing else. A network card takes a frame and is done.
  To pass by the queueing discipline (`PACKET_QDISC_BYPASS`) spares a few per cent here and the host's egress hooks as well: it is not done.
- **A forwarded frame** takes one look at the clock, which is nearly all of it: what that costs alone stands below the paths. The clock is the
  lease itself: it ends a dead router's answers where nobody takes over. In a VLAN a look into a hash table comes on top, which stands there as well.
- **ARP answers a second** are bounded by asking and counting on the same CPU, and by what the veth takes for its two ends.
- **The start of vrrp-xdp** is the kernel's verifier, which reads the programs once for each port.
- **One Virtual Router's lateness** is a timer's interrupt, a wake-up of a real-time thread and one system call; in a virtual machine
  the host's scheduler comes on top. A processor that has slept long wakes later than a busy one, so that an idle machine is later than a loaded one, and
  a long interval later than a short one. The lines above show the whole distribution, `percentiles` in the JSON that of every row.
- **Many Virtual Routers' lateness** is that they share one moment: their advertisements are sent one after the other, a few microseconds each in the lab,
  so that the median is half of the batch. Their leases are stored before all of it: the host's ARP is answered without that delay.
- **FRR** rounds Skew_Time down to whole centiseconds, so that it may be early. It runs no Virtual Router without a macvlan that somebody makes
  for it beforehand, knows no interval below 10 ms, and starts no other process that would notice the death of the first. Its Backup
  Router's macvlan has no carrier, but takes frames to the virtual MAC all the same, and the kernel forwards them, which a Backup Router must
  not (RFC 9568 section 6.4.2): a host loses nothing where the switch floods, as after a link was lost, and packets may be doubled.
- **keepalived without `use_vmac`** answers with the router's own MAC, and the kernel of a router whose daemon died goes on answering and
  forwarding: a host loses nothing until that router fails as well, but two routers hold the address, and no lease ends it.
"""


def _takeover(figures: dict[str, Any], directory: Path) -> list[str]:
    lines = takeover_report.section(figures)
    for routers in sorted({cell["virtual_routers"] for cell in figures["cells"]}):
        picture = directory / f"takeover-{routers}.svg"
        plots.lateness(picture, figures, routers=routers, interval_ms=10)
        if picture.exists():
            lines += ["", f"![Lateness with {routers} Virtual Routers]({directory.name}/{picture.name})"]
    return lines


def _failover(figures: dict[str, Any], directory: Path) -> list[str]:
    lines = failover_report.section(figures)
    measured = {cell["fault"] for cell in figures["cells"]}
    for fault in FAULTS:
        if fault.name in _PICTURED and fault.name in measured:
            picture = directory / f"failover-{fault.name}.svg"
            plots.failover(picture, figures, fault.name, fault.title)
            lines += ["", f"![{fault.title}]({directory.name}/{picture.name})"]
    return lines


def _process_faults(figures: dict[str, Any], _directory: Path) -> list[str]:
    return failover_report.section(figures)


def _datapath(figures: dict[str, Any], directory: Path) -> list[str]:
    plots.costs(directory / "datapath.svg", figures)
    return [*datapath_report.section(figures), "", f"![Cost of a frame]({directory.name}/datapath.svg)"]


def _scale(figures: dict[str, Any], directory: Path) -> list[str]:
    plots.growth(directory / "scale.svg", figures)
    return [*scale_report.section(figures), "", f"![Growth]({directory.name}/scale.svg)"]


def _vagrant(figures: dict[str, Any], _directory: Path) -> list[str]:
    return vagrant_report.section(figures)


def _idle(figures: dict[str, Any], _directory: Path) -> list[str]:
    return ["A long look at routers to which nothing is done.", "", *takeover_report.idle(figures)]


SECTIONS: dict[str, tuple[str, Callable[[dict[str, Any], Path], list[str]]]] = {
    "failover": ("What a host loses", _failover),
    "process-faults-100ms": ("What a host loses when only the process fails, in twenty rounds", _process_faults),
    "process-faults-10ms": ("The same at 10 ms", _process_faults),
    "takeover": ("How late a Backup Router is", _takeover),
    "idle": ("Whether it ever takes over without a fault", _idle),
    "datapath": ("What a frame costs", _datapath),
    "scale": ("How it grows", _scale),
    "vagrant": ("Through virtual machines", _vagrant),
}


def write(page: Path) -> None:
    """The page, of all figures that are in the directory named after it."""
    directory = page.with_suffix("")
    for old in directory.glob("*.svg"):
        old.unlink()
    lines = [_HEAD]
    for name, (title, section) in SECTIONS.items():
        file = directory / f"{name}.json"
        if not file.exists():
            continue
        figures = json.loads(file.read_text())
        about = figures["machine"]
        lines += [f"## {title}", ""]
        lines += [f"`{figures['command']}`, {figures['date']}, on {about['cpu']} with {about['memory']}, Linux {about['kernel']};"]
        lines += [", ".join(f"{title} {about[key]}" for key, title in _DAEMONS.items() if key in about) + ".", ""]
        lines += [*section(figures, directory), ""]
    page.write_text("\n".join([*lines, _BOUNDS]))
