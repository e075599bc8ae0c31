# SPDX-License-Identifier: BSD-2-Clause
"""The lint of user/'s modules, with trees that have mistakes."""

import importlib.util
from pathlib import Path

import pytest

_FILE = Path(__file__).resolve().parents[1] / "lint" / "modules.py"
_SPEC = importlib.util.spec_from_file_location("modules", _FILE)
assert _SPEC is not None and _SPEC.loader is not None
modules = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(modules)

CMAKE = """vrrp_xdp_module(low)
vrrp_xdp_module(middle BELOW low LINK ${json} PRECOMPILE <a.hpp>)
vrrp_xdp_module(beside BELOW low)
add_library(shared INTERFACE)
vrrp_xdp_show(shared shared INTERFACE)
vrrp_xdp_module(high BELOW middle shared)
add_executable(program ${sources})
vrrp_xdp_show(program cli PRIVATE)
target_link_libraries(program PRIVATE high CLI11::CLI11)
"""
NAMES = ("low", "middle", "beside", "shared", "high", "cli")
TABLE = """
## Where things are

| module | what belongs there | depends on |
|---|---|---|
| `bpf/` | what runs in the kernel | |
| `user/low/` | low | nothing |
| `user/middle/` | middle | low |
| `user/beside/` | beside | low |
| `user/shared/` | shared | nothing |
| `user/high/` | high | shared, middle |
| `user/cli/` | commands | high |

## Style
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A tree without mistakes."""
    for name in NAMES:
        (tmp_path / "user" / name).mkdir(parents=True)
    (tmp_path / "user" / "CMakeLists.txt").write_text(CMAKE)
    (tmp_path / "user" / "high" / "loop.hpp").write_text('#include "low/a.hpp"\n#include "shared/b.hpp"\n#include <beside/c.h>\n')
    (tmp_path / "user" / "high" / "loop_receive.cpp").write_text('#include "high/loop.hpp"\n')
    (tmp_path / "user" / "cli" / "status.cpp").write_text('#include "high/loop.hpp"\n#include "middle/d.hpp"\n')
    (tmp_path / "CONTRIBUTING.md").write_text(TABLE)
    assert not found(tmp_path)
    return tmp_path


def found(tree: Path) -> list[str]:
    return list(modules.mistakes(tree))


@pytest.mark.parametrize(("module", "included"), [("low", "middle"), ("middle", "beside"), ("shared", "low"), ("high", "cli")])
def test_AnIncludeThatRunsUpOrSideways_IsFound(tree: Path, module: str, included: str) -> None:
    (tree / "user" / module / "bad.hpp").write_text(f'#pragma once\n#include "{included}/x.hpp"\n')
    assert found(tree) == [f"user/{module}/bad.hpp:2: {module} does not depend on {included}"]


def test_ASourceWithoutAHeader_IsFound_ButNotMainOrACommand(tree: Path) -> None:
    for path in ("low/alone.cpp", "low/main.cpp", "cli/attach.cpp"):
        (tree / "user" / path).touch()
    assert [line.partition(":")[0] for line in found(tree)] == ["user/low/alone.cpp"]


def test_AModuleThatIsTooLong_IsFound(tree: Path) -> None:
    (tree / "user" / "low" / "a.hpp").write_text("\n" * 3501)
    assert [line.partition(":")[0] for line in found(tree)] == ["user/low"]


def test_ATableThatDiffers_IsFound(tree: Path) -> None:
    (tree / "CONTRIBUTING.md").write_text(TABLE.replace("shared, middle", "middle").replace("| `user/beside/` | beside | low |\n", ""))
    assert found(tree) == [
        'CONTRIBUTING.md: "Where things are" lacks user/beside/',
        "CONTRIBUTING.md: user/high/ depends on middle shared, as user/CMakeLists.txt says",
    ]
