# SPDX-License-Identifier: BSD-2-Clause
"""What processes cost, as the kernel counts it."""

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Usage:
    """Between two looks: cpu is a fraction of one core, user the part of it outside the kernel; wake_ups are voluntary context switches a second; memory_bytes is
    the proportional set size at the second look."""

    cpu: float
    user: float
    wake_ups: float
    memory_bytes: int


class Meter:
    """Looks at processes from its making to `read`."""

    def __init__(self, pids: Sequence[int]) -> None:
        self._pids = pids
        self._began = time.monotonic()
        self._before = [_look(pid) for pid in pids]

    def read(self) -> Usage:
        """What they have cost since. Raises FileNotFoundError if one has ended."""
        seconds = time.monotonic() - self._began
        after = [_look(pid) for pid in self._pids]
        cpu_ns, user_ns, switches = (
            sum(late[part] - early[part] for early, late in zip(self._before, after)) for part in range(3)
        )
        return Usage(cpu_ns / 1e9 / seconds, user_ns / 1e9 / seconds, switches / seconds, sum(map(_memory, self._pids)))


def _look(pid: int) -> tuple[int, int, int]:
    """Nanoseconds on a CPU, those of them outside the kernel, and voluntary switches, of all threads."""
    cpu_ns = user_ns = switches = 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        cpu_ns += int((task / "schedstat").read_text().split()[0])
        user_ns += int((task / "stat").read_text().rsplit(")", 1)[1].split()[11]) * 1_000_000_000 // _TICKS
        for line in (task / "status").read_text().splitlines():
            if line.startswith("voluntary_ctxt_switches"):
                switches += int(line.split()[1])
    return cpu_ns, user_ns, switches


def _memory(pid: int) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
