#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Writes the bill of materials of a build, in SPDX 2.3: sbom.py VERSION DATE FILE --static-guardian|--shared-guardian NAME=VERSION...

A component is listed if its version is given; an empty version is one that the component does not tell.
"""

import hashlib
import json
import re
import sys
from pathlib import Path
from typing import Any

# Licence, home, and how vrrp-xdp has it: a shared library, a part of the program, or a tool that made it.
_SHARED, _PART, _TOOL = "DYNAMIC_LINK", "STATIC_LINK", "BUILD_TOOL_OF"
COMPONENTS = {
    "libbpf": ("LGPL-2.1-only OR BSD-2-Clause", "https://github.com/libbpf/libbpf", _SHARED),
    "libnl": ("LGPL-2.1-only", "https://github.com/thom311/libnl", _SHARED),
    "libsystemd": ("LGPL-2.1-or-later", "https://systemd.io/", _SHARED),
    "spdlog": ("MIT", "https://github.com/gabime/spdlog", _SHARED),
    "fmt": ("MIT", "https://github.com/fmtlib/fmt", _SHARED),
    "yaml-cpp": ("MIT", "https://github.com/jbeder/yaml-cpp", _SHARED),
    "glibc": ("LGPL-2.1-or-later", "https://www.gnu.org/software/libc/", _SHARED),
    "libstdc++": ("GPL-3.0-or-later WITH GCC-exception-3.1", "https://gcc.gnu.org/", _SHARED),
    "CLI11": ("BSD-3-Clause", "https://github.com/CLIUtils/CLI11", _PART),
    "asio": ("BSL-1.0", "https://think-async.com/Asio/", _PART),
    "expected": ("CC0-1.0", "https://github.com/TartanLlama/expected", _PART),
    "nlohmann-json": ("MIT", "https://github.com/nlohmann/json", _PART),
    "readerwriterqueue": ("BSD-2-Clause", "https://github.com/cameron314/readerwriterqueue", _PART),
    "clang": ("Apache-2.0 WITH LLVM-exception", "https://clang.llvm.org/", _TOOL),
    "Clang": ("Apache-2.0 WITH LLVM-exception", "https://clang.llvm.org/", _TOOL),
    "GNU": ("GPL-3.0-or-later WITH GCC-exception-3.1", "https://gcc.gnu.org/", _TOOL),
    "cmake": ("BSD-3-Clause", "https://cmake.org/", _TOOL),
}
# What a statically linked guardian has in it.
_IN_GUARDIAN = ("glibc", "libstdc++")
_NAMES = {"Clang": "clang-for-the-programs", "clang": "clang-for-bpf", "GNU": "gcc"}
_DOCUMENT, _PROGRAM, _GUARDIAN = "SPDXRef-DOCUMENT", "SPDXRef-vrrp-xdp", "SPDXRef-vrrp-xdp-guardian"


def component(name: str, version: str, licence: str, home: str, identifier: str) -> dict[str, Any]:
    """A package, as SPDX calls each component."""
    told = {"versionInfo": version} if version else {}
    return {
        "name": name,
        "SPDXID": identifier,
        **told,
        "downloadLocation": home,
        "filesAnalyzed": False,
        "licenseConcluded": licence,
        "licenseDeclared": licence,
        "copyrightText": "NOASSERTION",
    }


def relation(subject: str, kind: str, other: str) -> dict[str, str]:
    return {"spdxElementId": subject, "relationshipType": kind, "relatedSpdxElement": other}


def readable(name: str, version: str) -> str:
    """A version as its project writes it."""
    if name == "asio" and version.isdigit():  # 102201 is 1.22.1
        return f"{int(version) // 100000}.{int(version) // 100 % 1000}.{int(version) % 100}"
    return version


def describe(version: str, date: str, static_guardian: bool, versions: dict[str, str]) -> dict[str, Any]:
    """The document. Raises KeyError if nothing is known of a component."""
    own = "BSD-2-Clause AND (GPL-2.0-only OR BSD-2-Clause)"
    packages = [
        component("vrrp-xdp", version, own, "NOASSERTION", _PROGRAM),
        component("vrrp-xdp-guardian", version, "BSD-2-Clause", "NOASSERTION", _GUARDIAN),
    ]
    relations = [relation(_DOCUMENT, "DESCRIBES", _PROGRAM), relation(_PROGRAM, "CONTAINS", _GUARDIAN)]
    for name, its_version in sorted(versions.items()):
        licence, home, kind = COMPONENTS[name]
        named = _NAMES.get(name, name)
        identifier = "SPDXRef-" + re.sub(r"[^A-Za-z0-9.-]", "-", named)
        packages.append(component(named, readable(name, its_version), licence, home, identifier))
        relations.append(relation(identifier, kind, _PROGRAM) if kind == _TOOL else relation(_PROGRAM, kind, identifier))
        if name in _IN_GUARDIAN:
            relations.append(relation(_GUARDIAN, _PART if static_guardian else _SHARED, identifier))
    content = json.dumps([packages, relations], sort_keys=True)
    return {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": _DOCUMENT,
        "name": f"vrrp-xdp-{version}",
        # Another content is another document.
        "documentNamespace": f"https://vrrp-xdp.example/spdx/vrrp-xdp-{version}-{hashlib.sha256(content.encode()).hexdigest()}",
        "creationInfo": {"created": date, "creators": ["Tool: vrrp-xdp-sbom"]},
        "packages": packages,
        "relationships": relations,
    }


def main(version: str, date: str, file: str, *rest: str) -> None:
    """Writes the document."""
    given = dict(each.split("=", 1) for each in rest if not each.startswith("--"))
    document = describe(version, date, "--static-guardian" in rest, given)
    Path(file).write_text(json.dumps(document, indent=2) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
