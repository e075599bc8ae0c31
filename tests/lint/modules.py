# SPDX-License-Identifier: BSD-2-Clause
"""Checks that the modules of user/ follow user/CMakeLists.txt and CONTRIBUTING.md.

user/CMakeLists.txt lists them: vrrp_xdp_module(NAME BELOW ...).
A module may include its own headers, those of the modules that it names as below it, and those below these.
Its row in CONTRIBUTING.md must say the same.
x.cpp must be beside x.hpp, or begin with the name of a header there, and no module may be longer than a person can read.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

MOST_LINES = 3500
HEADING = "## Where things are"
# Each file is a command, which nothing includes.
PROGRAM = "cli"

Modules = dict[str, list[str]]


def read_modules(text: str) -> Modules:
    """Returns each module, with those that it names as below it."""
    text = re.sub(r"#.*", "", text)
    commands = [(name, words.split()) for name, words in re.findall(r"^(\w+)\(([^()]*)\)", text, re.MULTILINE)]
    modules: Modules = {}
    targets: dict[str, str] = {}
    for command, words in commands:
        if command == "vrrp_xdp_module":
            below = " ".join(words[1:]).partition("BELOW ")[2]
            modules[words[0]] = re.split(r"\b(?:LINK|PRECOMPILE)\b", below)[0].split()
        elif command == "vrrp_xdp_show":
            targets[words[0]] = words[1]
            modules[words[1]] = []
    # Those without their own library: the targets that see their headers tell what is below them.
    for command, words in commands:
        if command == "target_link_libraries" and words[0] in targets:
            modules[targets[words[0]]] = [word for word in words[1:] if word in modules]
    return modules


def closure(modules: Modules, name: str) -> set[str]:
    """Returns the module and all that are below it."""
    found: set[str] = set()
    left = [name]
    while left:
        each = left.pop()
        if each not in found:
            found.add(each)
            left += modules[each]
    return found


def section(text: str, heading: str) -> str:
    """Returns the text under a heading."""
    return text.split(f"\n{heading}\n", 1)[1].split("\n## ", 1)[0]


def read_table(text: str) -> dict[str, list[str]]:
    """Returns what each module depends on, according to CONTRIBUTING.md."""
    rows = re.findall(r"^\| `user/(\w+)/` \|.*\| ([\w, ]+) \|$", section(text, HEADING), re.MULTILINE)
    return {name: [] if below == "nothing" else re.findall(r"\w+", below) for name, below in rows}


def wrong_includes(user: Path, modules: Modules) -> Iterator[str]:
    """Yields includes of modules that are not below."""
    for name in modules:
        visible = closure(modules, name)
        for file in sorted((user / name).glob("*.[ch]pp")):
            for number, line in enumerate(file.read_text().splitlines(), 1):
                included = re.match(r'\s*#\s*include\s*"(\w+)/', line)
                if included and included[1] in modules and included[1] not in visible:
                    yield f"user/{name}/{file.name}:{number}: {name} does not depend on {included[1]}"


def lonely_sources(user: Path, modules: Modules) -> Iterator[str]:
    """Yields sources without a header beside them."""
    for name in modules:
        if name == PROGRAM:
            continue
        headers = {file.stem for file in (user / name).glob("*.hpp")}
        for file in sorted((user / name).glob("*.cpp")):
            if file.name != "main.cpp" and not any(file.stem == each or file.stem.startswith(f"{each}_") for each in headers):
                yield f"user/{name}/{file.name}: no header there has its name, nor the beginning of it"


def long_modules(user: Path, modules: Modules) -> Iterator[str]:
    """Yields modules that are too long."""
    for name in modules:
        lines = sum(len(file.read_text().splitlines()) for file in (user / name).glob("*.[ch]pp"))
        if lines > MOST_LINES:
            yield f"user/{name}: {lines} lines are more than {MOST_LINES}; does it have two subjects?"


def unlike_the_table(modules: Modules, table: dict[str, list[str]]) -> Iterator[str]:
    """Yields differences from CONTRIBUTING.md."""
    for name in sorted(modules.keys() | table.keys()):
        if name not in table:
            yield f'CONTRIBUTING.md: "{HEADING[3:]}" lacks user/{name}/'
        elif name not in modules:
            yield f"CONTRIBUTING.md: {name} is not a module"
        elif sorted(table[name]) != sorted(modules[name]):
            listed = " ".join(modules[name]) or "nothing"
            yield f"CONTRIBUTING.md: user/{name}/ depends on {listed}, as user/CMakeLists.txt says"


def unlisted(user: Path, modules: Modules) -> Iterator[str]:
    """Yields directories that are not modules."""
    for directory in sorted(user.iterdir()):
        if directory.is_dir() and directory.name not in modules:
            yield f"user/{directory.name}: user/CMakeLists.txt has no such module"


def mistakes(root: Path) -> Iterator[str]:
    """Yields the mistakes of a tree, a line each."""
    user = root / "user"
    modules = read_modules((user / "CMakeLists.txt").read_text())
    if unknown := {each for below in modules.values() for each in below} - modules.keys():
        yield f"user/CMakeLists.txt: unknown module {', '.join(sorted(unknown))}"
        return
    yield from unlisted(user, modules)
    yield from wrong_includes(user, modules)
    yield from lonely_sources(user, modules)
    yield from long_modules(user, modules)
    yield from unlike_the_table(modules, read_table((root / "CONTRIBUTING.md").read_text()))


if __name__ == "__main__":
    found = list(mistakes(Path(__file__).resolve().parents[2]))
    print("\n".join(found))
    sys.exit(1 if found else 0)
