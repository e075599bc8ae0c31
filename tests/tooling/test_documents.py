# SPDX-License-Identifier: BSD-2-Clause
"""The lints of English and of links, with trees that have mistakes."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest


def _load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, Path(__file__).resolve().parents[1] / "lint" / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


english, links = _load("english"), _load("links")


@pytest.mark.parametrize("line", ["lo is no Ethernet interface", "vrid 10 Stands twice", "Told of it", "it is just being released"])
def test_APhraseThatReadsLikeATranslation_IsFound(tmp_path: Path, line: str) -> None:
    (tmp_path / "user").mkdir()
    (tmp_path / "user" / "a.cpp").write_text(f'\nfail("{line}");\n')
    assert [each.partition(": ")[0] for each in english.mistakes(tmp_path)] == ["user/a.cpp:2"]


@pytest.mark.parametrize("line", ["There is no such file", "it is no longer there", "it is just like that", "retrying"])
def test_APhraseThatIsEnglish_IsNot(tmp_path: Path, line: str) -> None:
    (tmp_path / "README.md").write_text(f"{line}\n")
    assert not list(english.mistakes(tmp_path))


def test_LinksThatLeadNowhere_AreFound(tmp_path: Path) -> None:
    (tmp_path / "docs" / "design").mkdir(parents=True)
    for name, text in {
        "README.md": "# A\n[docs](docs/README.md) [web](https://example.org/x) [missing](docs/b.md)\n```\n[code](c.md)\n```\n",
        "docs/README.md": "# The index\n[up](../README.md#a) [lease](design/lease.md#a-lease-and-more) [here](#the-index)\n",
        "docs/design/lease.md": "# A `lease`, and more\n[gone](../README.md#nowhere)\n",
        "docs/other.md": "",
    }.items():
        (tmp_path / name).write_text(text)
    assert list(links.mistakes(tmp_path)) == [
        "README.md: docs/b.md: there is no such file",
        "docs/design/lease.md: ../README.md#nowhere: there is no such heading",
        "docs/README.md does not list other.md",
    ]
