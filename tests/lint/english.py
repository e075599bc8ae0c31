# SPDX-License-Identifier: BSD-2-Clause
"""Finds phrases that read like a translation. english.py [DIRECTORY]

CONTRIBUTING.md has the rules for English; this is the part that a program can check.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

DIRECTORIES = (".github", "bpf", "debian", "docs", "include", "packaging", "scripts", "tests", "user", "vagrant")
SUFFIXES = {"", ".bash", ".c", ".cpp", ".h", ".hpp", ".in", ".md", ".py", ".rb", ".service", ".sh", ".txt", ".yaml", ".yml"}
# Measurements and their log, patches of old sources, the words of others, and the phrases themselves.
EXCLUDED = (
    "docs/benchmarks",
    "tests/differential/corpus",
    "tests/fuzz/seeds",
    "tests/lint/english.py",
    "tests/mutants",
    "tests/tooling/test_documents.py",
)

# What must not be there, and what to write instead.
PHRASES = {
    r"(?<!there )(?<!than )is no (?!longer|more|less|such|operation)": '"is not a"',
    r"stands? twice": '"is a duplicate", "is listed twice"',
    r"trying on": '"retrying"',
    r"without a word": 'what it does not do: "without sending"',
    r"anew": '"again"',
    r"for ever": '"forever"',
    r"(tell|tells|told) of": '"reports"',
    r"(is|are|was|were) just (?!as|like)\w+": '"currently", or the past tense',
    r"says? nothing (of|about)": "what is missing",
    r"(say|says|said|saying) (a |its |no )?farewells?": '"sends a farewell"',
    r"(is|are|was) hung up on": '"is disconnected"',
    r"as ever": '"as always"',
    r"goes by": '"uses", "follows"',
    r"takes? no part": '"is in Initialize"',
    r"is no matter": '"is harmless"',
}
_PATTERNS = [(re.compile(rf"\b(?:{phrase})\b", re.IGNORECASE), instead) for phrase, instead in PHRASES.items()]


def files(root: Path) -> Iterator[Path]:
    """Yields the files to check."""
    yield from sorted(root.glob("*.md"))
    for directory in DIRECTORIES:
        for path in sorted((root / directory).rglob("*")):
            name = str(path.relative_to(root))
            if path.is_file() and path.suffix in SUFFIXES and "__pycache__" not in name and not name.startswith(EXCLUDED):
                yield path


def mistakes(root: Path) -> Iterator[str]:
    """Yields what is wrong in a tree, a line each."""
    for path in files(root):
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
            for pattern, instead in _PATTERNS:
                if found := pattern.search(line):
                    yield f'{path.relative_to(root)}:{number}: "{found[0]}": write {instead}'


if __name__ == "__main__":
    printed = list(mistakes(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parents[2]))
    print("\n".join(printed))
    sys.exit(1 if printed else 0)
