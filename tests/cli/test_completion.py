# SPDX-License-Identifier: BSD-2-Clause
"""What bash offers after the Tab key."""

import os
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from vrrp_lab.peers.vrrp_xdp import binary

SCRIPT = Path(__file__).resolve().parents[2] / "packaging" / "completion.bash"

Offered = Callable[[str], set[str]]


@pytest.fixture
def offered(tmp_path: Path) -> Offered:
    """Completes a command line in a directory with the file routers.yaml."""
    (tmp_path / "routers.yaml").touch()

    def complete(line: str) -> set[str]:
        words = line.split(" ")
        bash = f"""
            source {shlex.quote(str(SCRIPT))}
            COMP_WORDS=({" ".join(map(shlex.quote, words))}) COMP_CWORD={len(words) - 1}
            _vrrp_xdp vrrp-xdp {shlex.quote(words[-1])} {shlex.quote(words[-2])}
            printf '%s\\n' "${{COMPREPLY[@]}}"
        """
        environment = {**os.environ, "PATH": f"{binary().parent}:{os.environ['PATH']}"}
        command = ["bash", "-uc", bash]
        done = subprocess.run(command, cwd=tmp_path, env=environment, check=True, stdout=subprocess.PIPE, text=True)
        return set(done.stdout.split())

    return complete


def test_CommandsAndOptions_AreThoseOfTheProgram(offered: Offered) -> None:
    assert {"attach", "detach", "status", "check"} <= offered("vrrp-xdp ")
    assert offered("vrrp-xdp det") == {"detach"}
    assert offered("vrrp-xdp --v") == {"--version"}
    assert {"--config", "-c", "--mode", "--metrics", "--help", "-h"} <= offered("vrrp-xdp attach -")
    assert offered("vrrp-xdp status --j") == {"--json"}


def test_Arguments_AreInterfacesFilesAndChoices(offered: Offered) -> None:
    assert "lo" in offered("vrrp-xdp detach ") and "lo" in offered("vrrp-xdp check --system l")
    assert offered("vrrp-xdp check rou") == offered("vrrp-xdp attach --config ") == {"routers.yaml"}
    assert offered("vrrp-xdp attach --mode ") == {"auto", "native", "clsact", "generic"}
    assert offered("vrrp-xdp attach --mode n") == {"native"}
    assert offered("vrrp-xdp capture --kind ") == {"advertisement", "arp", "nd", "data"}
    assert offered("vrrp-xdp capture -w ") == {"routers.yaml"} and "lo" in offered("vrrp-xdp capture l")
