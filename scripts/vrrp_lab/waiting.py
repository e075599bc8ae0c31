# SPDX-License-Identifier: BSD-2-Clause
"""Waiting for something to become true, with a failure that tells what was seen instead."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

# A shared machine can be starved for seconds; what works is fast, so only failures pay for it.
PATIENCE_S = 15.0

# What one look may cost of the patience. A machine that stood still for longer, as a virtual one does, then gives those
# who were stopped with it the time to do what is waited for.
_LONGEST_LOOK_S = 1.0


def eventually(
    predicate: Callable[[], T],
    what: str,
    *,
    timeout_s: float = PATIENCE_S,
    period_s: float = 0.02,
    report: Callable[[], str] | None = None,
) -> T:
    """Call `predicate` every `period_s` until it returns something true, and return that.

    Raises AssertionError after `timeout_s`, of which one look takes a second at most, naming `what`, the last value and
    what `report` says. An exception of the predicate is not hidden: return False where something is not there yet.
    """
    waited_s = 0.0
    looked_at = time.monotonic()
    while True:
        value = predicate()
        if value:
            return value
        now = time.monotonic()
        waited_s += min(now - looked_at, _LONGEST_LOOK_S)
        looked_at = now
        if waited_s >= timeout_s:
            seen = f"\n{report()}" if report is not None else ""
            raise AssertionError(f"not within {timeout_s} s: {what} (last value: {value!r}){seen}")
        time.sleep(period_s)
