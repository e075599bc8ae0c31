# SPDX-License-Identifier: BSD-2-Clause
"""Checks the subjects of commits: "area: imperative", at most 72 characters. commits.py [REPOSITORY]

Judges what was written after SINCE, and of that what the clone has: a shallow clone has less, and a source tarball has nothing.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

SINCE = 1795888800  # 2026-11-28 18:00 UTC; subjects before had other forms
LONGEST = 72
# One area or several, such as "lab:", "tests/lab:" or "sim, elections:".
_SUBJECT = re.compile(r"(?P<areas>[a-z0-9][\w./-]*(?:, [a-z0-9][\w./-]*)*): (?P<text>\S.*)")
# Words that look like "fixes", "fixed" or "fixing" and are imperatives.
_IMPERATIVES = {"bring", "bypass", "embed", "feed", "focus", "need", "ping", "proceed", "seed", "shed", "speed"}


def mistakes_of(subject: str) -> Iterator[str]:
    """What is wrong with a subject."""
    if len(subject) > LONGEST:
        yield f"it has {len(subject)} characters, and {LONGEST} are allowed"
    match = _SUBJECT.fullmatch(subject)
    if match is None:
        yield 'it does not begin with an area and a colon, as in "lab: wait for the carrier"'
        return
    first = match["text"].split()[0]
    if first[0].isupper() and first[1:].islower():
        yield f'"{first}" begins with a capital letter'
    if re.fullmatch(r"[a-z]+(?:ed|ing|[^s]s)", first) and first not in _IMPERATIVES:
        yield f'"{first}" is not an imperative; write what the commit does as an order: "fix", not "fixes" or "fixed"'
    if subject.endswith("."):
        yield "it ends in a full stop"


def read_subjects(repository: Path, since: int = SINCE) -> list[tuple[str, str]]:
    """Identifier and subject of each commit that was written after that, without merges. Raises CalledProcessError."""
    # The owner of a clone is often another user, in containers above all; git refuses those by default.
    git = ["git", "-c", "safe.directory=*", "-C", str(repository), "log", "--no-merges", "--format=%h %at %s"]
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    output = subprocess.run(git, capture_output=True, text=True, check=True, env=environment).stdout
    lines = [line.split(" ", 2) for line in output.splitlines()]
    return [(identifier, subject) for identifier, written, subject in lines if int(written) > since]


def main(repository: Path) -> int:
    """Prints each mistake, and returns the exit code."""
    if not (repository / ".git").exists():
        print(f"{repository} is not a git repository: there are no commits to judge")
        return 0
    subjects = read_subjects(repository)
    found = [f'{commit} "{subject}": {mistake}' for commit, subject in subjects for mistake in mistakes_of(subject)]
    print("\n".join(found))
    if found:
        print("HINT: reword them with 'git rebase --interactive'")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parents[2]))
