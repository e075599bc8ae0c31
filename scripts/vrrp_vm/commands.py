# SPDX-License-Identifier: BSD-2-Clause
"""Running the programs of this machine that the virtual machine is made with."""

import subprocess
from collections.abc import Sequence

from .errors import VmError


def run(argv: Sequence[str]) -> str:
    """Run `argv` to its end and return its standard output. Raises VmError with all it printed."""
    try:
        done = subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    except FileNotFoundError as error:
        raise VmError(f"{argv[0]} is missing. HINT: install the packages of scripts/packages, sections lab and vm") from error
    if done.returncode != 0:
        raise VmError(f"`{' '.join(argv)}` exited with {done.returncode}\n{done.stdout}{done.stderr}".rstrip())
    return done.stdout
