# SPDX-License-Identifier: BSD-2-Clause
"""Checks the files in .github/: workflows and forms for issues. github.py [DIRECTORY]

They must be valid by github.schema.json. A workflow runs what anybody can run: apt-get, or one of the scripts of this repository.
"""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import]
import yaml  # type: ignore[import]

SCHEMA = json.loads((Path(__file__).parent / "github.schema.json").read_text())
# Which files must be of which kind.
KINDS = {"workflows/*.yml": "workflow", "ISSUE_TEMPLATE/config.yml": "chooser", "ISSUE_TEMPLATE/[!c]*.yml": "form"}


def check_schema(document: Any, kind: str) -> Iterator[str]:
    """What the schema says against it."""
    schema = {"$ref": f"#/definitions/{kind}", "definitions": SCHEMA["definitions"]}
    for error in jsonschema.Draft7Validator(schema).iter_errors(document):
        yield f"{'.'.join(map(str, error.absolute_path)) or 'top level'}: {error.message}"


def check_commands(document: Any, root: Path) -> Iterator[str]:
    """Which steps do what only GitHub would do."""
    for job in document["jobs"].values():
        for command in (step["run"] for step in job["steps"] if "run" in step):
            program = command.split()[0]
            if program.startswith("scripts/") and not (root / program).is_file():
                yield f'"{command}": there is no {program}'
            elif not re.match(r"scripts/|apt-get$", program) or "\n" in command.strip():
                yield f'"{command}": put it into a script in scripts/, so that it can be run elsewhere too'


def mistakes(root: Path) -> Iterator[str]:
    """What is wrong, a line each."""
    directory = root / ".github"
    known = {path: kind for pattern, kind in KINDS.items() for path in sorted(directory.glob(pattern))}
    for path in sorted(directory.rglob("*.y*ml")):
        if path not in known:
            yield f"{path.relative_to(root)}: is not where GitHub looks for a workflow or a form"
    for path, kind in known.items():
        try:
            # The other loaders take the key "on" for a Boolean.
            document = yaml.load(path.read_text(), Loader=yaml.BaseLoader)
        except yaml.YAMLError as error:
            yield f"{path.relative_to(root)}: {error}"
            continue
        found = list(check_schema(document, kind))
        if not found and kind == "workflow":
            found = list(check_commands(document, root))
        yield from (f"{path.relative_to(root)}: {mistake}" for mistake in found)


if __name__ == "__main__":
    printed = list(mistakes(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parents[2]))
    print("\n".join(printed))
    sys.exit(1 if printed else 0)
