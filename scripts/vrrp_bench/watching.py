# SPDX-License-Identifier: BSD-2-Clause
"""The recorder at the switch's ports of r1 and r2, and whether r1 alone is Active."""

import contextlib
import itertools
import time
from collections.abc import Iterator, Sequence

from vrrp_lab import Lab
from vrrp_lab.netns import Namespace
from vrrp_lab.process import Process

from .records import Election, Kind, Record, read
from .tools import tool

OLD, NEW = 0, 1  # ports of the recorder: r1, r2
# A packet socket is closed when every CPU has come to rest once, which may take seconds while elections flap.
PATIENCE_S = 60.0


class Watch:
    """Looks at the elections of a lab. lost_records: of its recordings, what came too fast for them."""

    def __init__(self, lab: Lab, elections: Sequence[Election], interval_s: float) -> None:
        self._lab = lab
        self._elections = elections
        self._interval_s = interval_s
        self._switch: Namespace = lab.router("r1").segments["eth0"].namespace
        self._serial = itertools.count()
        self.lost_records = 0

    @contextlib.contextmanager
    def recording(self, *ports: str) -> Iterator[list[Record]]:
        """Fills the list at its end. ports: by default those of r1 and r2."""
        number = next(self._serial)
        path, log = (self._lab.directory / f"recording-{number}.{kind}" for kind in ("bin", "log"))
        argv = [tool("vrrp-recorder"), "record", str(path), *(ports or ("r1", "r2"))]
        recorder = Process(self._switch, "vrrp-recorder", argv, log)
        self._lab.eventually(lambda: "ready" in recorder.log(), "the recorder is ready")
        records: list[Record] = []
        try:
            yield records
        finally:
            recorder.stop(PATIENCE_S)
        records.extend(read(path))
        self.lost_records += int(recorder.log().split("lost ")[1])
        path.unlink()

    def settled(self, patience_s: float) -> bool:
        """Wait until r1, and r1 alone, is Active everywhere, but not forever: it may never come to that."""
        deadline = time.monotonic() + patience_s
        span_s = max(0.1, 2.5 * self._interval_s)
        while time.monotonic() < deadline:
            with self.recording() as records:
                time.sleep(span_s)
            words = [r for r in records if r.kind is Kind.ADVERTISEMENT and r.priority > 0]
            heard = {(r.vrid, r.version) for r in words if r.port == OLD}
            if len(heard) == len(self._elections) and not any(r.port == NEW for r in words):
                return True
        return False
