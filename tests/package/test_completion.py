# SPDX-License-Identifier: BSD-2-Clause
"""What bash offers after the Tab key."""

import os
import shlex
from pathlib import Path

import pytest
from conftest import run


@pytest.fixture
def offered(installed: Path, tmp_path: Path):  # type: ignore[no-untyped-def]
    """Completes a command line in a directory with the file routers.yaml."""
    (tmp_path / "routers.yaml").touch()
    script = installed / "share/bash-completion/completions/vrrp-xdp"

    def complete(line: str) -> set[str]:
        words = line.split(" ")
        bash = f"""
            source {shlex.quote(str(script))}
            COMP_WORDS=({" ".join(map(shlex.quote, words))}) COMP_CWORD={len(words) - 1}
            _vrrp_xdp vrrp-xdp {shlex.quote(words[-1])} {shlex.quote(words[-2])}
            printf '%s\\n' "${{COMPREPLY[@]}}"
        """
        environment = {**os.environ, "PATH": f"{installed / 'sbin'}:{os.environ['PATH']}"}
        return set(run(["bash", "-uc", bash], cwd=tmp_path, env=environment).split())

    return complete


def test_CommandsAndOptions_AreThoseOfTheProgram(offered) -> None:  # type: ignore[no-untyped-def]
    assert {"attach", "detach", "status", "check"} <= offered("vrrp-xdp ")
    assert offered("vrrp-xdp det") == {"detach"}
    assert offered("vrrp-xdp --v") == {"--version"}
    assert {"--config", "-c", "--mode", "--metrics", "--help", "-h"} <= offered("vrrp-xdp attach -")
    assert offered("vrrp-xdp status --j") == {"--json"}


def test_Arguments_AreInterfacesFilesAndChoices(offered) -> None:  # type: ignore[no-untyped-def]
    assert "lo" in offered("vrrp-xdp detach ") and "lo" in offered("vrrp-xdp check --system l")
    assert offered("vrrp-xdp check rou") == offered("vrrp-xdp attach --config ") == {"routers.yaml"}
    assert offered("vrrp-xdp attach --mode ") == {"auto", "native", "clsact", "generic"}
    assert offered("vrrp-xdp attach --mode n") == {"native"}
