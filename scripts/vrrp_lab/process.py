# SPDX-License-Identifier: BSD-2-Clause
"""A long-running program inside a namespace: started, signalled by process id, ended, its log kept."""

import os
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from .netns import Namespace

_STOP_TIMEOUT_S = 5.0


class Process:
    """A program in a namespace whose standard output and error go to a file."""

    def __init__(self, namespace: Namespace, name: str, argv: Sequence[str], log_path: Path) -> None:
        self.namespace = namespace
        self.name = name
        self.log_path = log_path
        # nsenter and setpriv each become the next program, so the process id is the program's. Should this
        # process be killed, the kernel kills the program too.
        command = namespace.command(["setpriv", "--pdeathsig", "KILL", *argv])
        with open(log_path, "ab") as log:
            self._popen = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                # A Ctrl-C in the terminal is for the lab, which then ends its programs in order.
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """Process id of the program."""
        return self._popen.pid

    @property
    def exit_code(self) -> int | None:
        """None while it runs; negative is the signal that ended it."""
        return self._popen.poll()

    @property
    def running(self) -> bool:
        """Whether the program has not ended."""
        return self.exit_code is None

    def log(self) -> str:
        """All it has printed."""
        return self.log_path.read_text(errors="replace") if self.log_path.exists() else ""

    def family(self) -> list[int]:
        """Process ids of the program and of all its descendants, parents first."""
        found = [self.pid] if self.running else []
        for pid in found:  # grows while it is walked
            try:
                children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
            except (FileNotFoundError, ProcessLookupError):
                continue
            found.extend(int(child) for child in children)
        return found

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the program alone, if it runs."""
        if self.running:
            os.kill(self.pid, number)

    def wait(self, timeout_s: float = _STOP_TIMEOUT_S) -> int:
        """Wait for the end and return the exit code. Raises TimeoutError."""
        try:
            return self._popen.wait(timeout_s)
        except subprocess.TimeoutExpired as error:
            raise TimeoutError(f"{self.name} (pid {self.pid}) still runs after {timeout_s} s\n{self.log()}") from error

    def stop(self, timeout_s: float = _STOP_TIMEOUT_S) -> int:
        """End it politely with SIGTERM, else after `timeout_s` with SIGKILL; returns the exit code."""
        family = self.family()
        self.signal(signal.SIGTERM)
        for pid in family:
            _send(pid, signal.SIGCONT)  # a test may have held it still
        try:
            code = self.wait(timeout_s)
        except TimeoutError:
            return self.kill_family()
        _end_orphans(family)
        return code

    def kill(self) -> int:
        """SIGKILL to the program alone: what it started may notice and act."""
        self.signal(signal.SIGKILL)
        return self.wait()

    def kill_family(self) -> int:
        """SIGKILL to the program and all it started, with none of them able to act on another's end. Harmless after it."""
        family = self.family()
        for number in (signal.SIGSTOP, signal.SIGKILL):
            for pid in family:
                _send(pid, number)
        return self.wait()


def _send(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass


def _end_orphans(pids: Sequence[int], timeout_s: float = 2.0) -> None:
    """Children outlive a parent that does not wait for them: give them time, then end them."""
    deadline = time.monotonic() + timeout_s
    left = [pid for pid in pids if _alive(pid)]
    while left and time.monotonic() < deadline:
        time.sleep(0.02)
        left = [pid for pid in left if _alive(pid)]
    for pid in left:
        _send(pid, signal.SIGKILL)


def _alive(pid: int) -> bool:
    try:
        # A zombie has ended: it waits only for whoever inherited it.
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
