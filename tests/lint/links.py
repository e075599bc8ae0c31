# SPDX-License-Identifier: BSD-2-Clause
"""Checks the links between documents. links.py [DIRECTORY]

A relative link must lead to a file or directory, and its anchor to a heading.
docs/README.md must list every document in docs/.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

LINK = re.compile(r"\]\(([^()\s]+)\)")
CODE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def documents(root: Path) -> list[Path]:
    """Returns the documents to check."""
    return sorted([*root.glob("*.md"), *(root / "docs").rglob("*.md"), *(root / "vagrant").glob("*.md")])


def anchors(document: Path) -> set[str]:
    """Returns the anchors that GitHub gives the headings of a document."""
    headings = re.findall(r"^#+ +(.*)$", CODE.sub("", document.read_text()), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def wrong_links(root: Path, document: Path) -> Iterator[str]:
    """Yields the links of a document that lead nowhere."""
    for link in LINK.findall(CODE.sub("", document.read_text())):
        if re.match(r"[a-z]+:", link):
            continue
        name, _, anchor = link.partition("#")
        target = (document.parent / name).resolve() if name else document
        if not target.exists():
            yield f"{document.relative_to(root)}: {link}: there is no such file"
        elif anchor and anchor not in anchors(target):
            yield f"{document.relative_to(root)}: {link}: there is no such heading"


def unlisted(root: Path) -> Iterator[str]:
    """Yields the documents that the index lacks."""
    index = root / "docs" / "README.md"
    listed = {(index.parent / link.partition("#")[0]).resolve() for link in LINK.findall(index.read_text())}
    for document in sorted((root / "docs").rglob("*.md")):
        if document != index and document.resolve() not in listed:
            yield f"docs/README.md does not list {document.relative_to(root / 'docs')}"


def mistakes(root: Path) -> Iterator[str]:
    """Yields what is wrong in a tree, a line each."""
    for document in documents(root):
        yield from wrong_links(root, document)
    yield from unlisted(root)


if __name__ == "__main__":
    printed = list(mistakes(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parents[2]))
    print("\n".join(printed))
    sys.exit(1 if printed else 0)
