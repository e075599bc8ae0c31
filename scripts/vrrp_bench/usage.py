# SPDX-License-Identifier: BSD-2-Clause
"""What processes cost, as the kernel counts it."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Usage:
    """Between two looks: cpu is a fraction of one core, wake_ups are voluntary context switches a second; memory_bytes is
    the proportional set size at the second look."""

    cpu: float
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
        cpu_ns, switches = (
            sum(late[part] - early[part] for early, late in zip(self._before, after)) for part in range(2)
        )
        return Usage(cpu_ns / 1e9 / seconds, switches / seconds, sum(map(_memory, self._pids)))


def _look(pid: int) -> tuple[int, int]:
    """Nanoseconds on a CPU and voluntary switches, of all threads."""
    cpu_ns = switches = 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        cpu_ns += int((task / "schedstat").read_text().split()[0])
        for line in (task / "status").read_text().splitlines():
            if line.startswith("voluntary_ctxt_switches"):
                switches += int(line.split()[1])
    return cpu_ns, switches


def _memory(pid: int) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
