# SPDX-License-Identifier: BSD-2-Clause
"""What is made once and kept."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def only_one(made: Path) -> Iterator[None]:
    """Let others who want to make the same wait: two tests may start together."""
    made.parent.mkdir(parents=True, exist_ok=True)
    with open(f"{made}.lock", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
