# SPDX-License-Identifier: BSD-2-Clause
"""Checks that all files which name the version name the same one. versions.py [DIRECTORY]"""

import re
import sys
from pathlib import Path

# Each file, and where in it the version is.
PLACES = {
    "CMakeLists.txt": r"^project\(vrrp-xdp VERSION (\S+)",
    "packaging/vrrp-xdp.spec": r"^Version: +(\S+)",
    "debian/changelog": r"\Avrrp-xdp \((.*)-[^-)]+\)",
}
_RELEASED = re.compile(r"^## \[(\d\S*)\] - \d{4}-\d\d-\d\d$", re.MULTILINE)
_UNRELEASED = "\n## [Unreleased]\n"


def mistakes(root: Path) -> list[str]:
    """What is wrong, a line each."""
    versions: dict[str, str] = {}
    for file, pattern in PLACES.items():
        match = re.search(pattern, (root / file).read_text(), re.MULTILINE)
        if match is None:
            return [f"{file}: no version is found by {pattern}"]
        versions[file] = match[1]
    wanted = versions["CMakeLists.txt"]
    found = [f"{file}: names version {version}, and CMakeLists.txt {wanted}" for file, version in versions.items() if version != wanted]
    changelog = (root / "CHANGELOG.md").read_text()
    if _UNRELEASED not in changelog:
        found.append("CHANGELOG.md: has no section [Unreleased]")
    released = _RELEASED.search(changelog)
    if released and released[1] != wanted:
        found.append(f"CHANGELOG.md: the newest release is {released[1]}, and CMakeLists.txt names {wanted}")
    return found


if __name__ == "__main__":
    printed = mistakes(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parents[2])
    print("\n".join(printed))
    sys.exit(1 if printed else 0)
