# SPDX-License-Identifier: BSD-2-Clause
"""Running short commands, with errors that show what the command said."""

import subprocess
from collections.abc import Sequence


class CommandError(RuntimeError):
    """A command failed or did not end; the message holds the command line and all it printed."""


def run(argv: Sequence[str], *, stdin: str | None = None, timeout_s: float = 30.0, check: bool = True) -> str:
    """Run `argv` to its end and return what it wrote to standard output.

    Raises CommandError when it is missing, runs longer than `timeout_s`, or (with `check`) exits with another code than 0.
    """
    line = " ".join(argv)
    try:
        done = subprocess.run(
            argv,
            # Never the terminal's: a command that reads it would stop a background run.
            input=stdin if stdin is not None else "",
            capture_output=True,
            text=True,
            timeout=timeout_s,
            check=False,
        )
    except FileNotFoundError as error:
        raise CommandError(f"{argv[0]} is missing: install the packages of scripts/packages") from error
    except subprocess.TimeoutExpired as error:
        raise CommandError(f"`{line}` still ran after {timeout_s} s") from error
    if check and done.returncode != 0:
        raise CommandError(f"`{line}` exited with {done.returncode}\n{stdin or ''}{done.stdout}{done.stderr}")
    return done.stdout
