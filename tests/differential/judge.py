# SPDX-License-Identifier: BSD-2-Clause
"""Runs a keepalived.conf through keepalived and through `vrrp-xdp import`, and says what is not the same."""

import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from compare import Difference, differences, is_documented
from dump import read as read_dump
from imported import read as read_imported
from sealed import CONFIG_ID, Sealed

# What `vrrp-xdp import` ends with: all is carried over, or some instances are not.
_IMPORTED = (0, 5)


@dataclass(frozen=True)
class Judgement:
    """What became of a file."""

    wrong: list[str] = field(default_factory=list)  # what is not the same, and is not a documented difference
    documented: list[Difference] = field(default_factory=list)
    starts: bool = True  # keepalived takes the file


class Judge:
    """Judges files, one after the other."""

    def __init__(self, binary: str) -> None:
        self._binary = binary
        self._sealed = Sealed()

    def __enter__(self) -> "Judge":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._sealed.close()

    def judge(self, directory: Path) -> Judgement:
        """Judges directory/keepalived.conf, which may include other files there."""
        run = self._sealed.run(directory)
        command = subprocess.run(
            [self._binary, "import", "--config-id", CONFIG_ID, str(directory / "keepalived.conf")],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=30, check=False
        )  # fmt: skip
        # The last line is a summary.
        notes = "\n".join(command.stderr.splitlines()[:-1])
        if not run.starts:
            # If keepalived itself refuses a file, the import must report something.
            return Judgement([] if notes else ["keepalived refuses the file, and the import says nothing:", *run.lines], starts=False)
        dump = read_dump(run.lines)
        if command.returncode not in _IMPORTED:
            found = [Difference(name, "instance", "there", "left out") for name in dump.routers]
        else:
            found = differences(dump, read_imported(command.stdout))
        wrong = [str(each) for each in found if not is_documented(each, notes)]
        documented = [each for each in found if is_documented(each, notes)]
        return Judgement([*wrong, *notes.splitlines()] if wrong else [], documented)
