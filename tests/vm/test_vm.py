# SPDX-License-Identifier: BSD-2-Clause
"""scripts/vm itself: what goes in and out of the virtual machine, and that nothing of it stays."""

import os
import subprocess
from pathlib import Path

VM = Path(__file__).resolve().parents[2] / "scripts" / "vm"
KERNEL = "6.12"


def run_vm(*arguments: str, directory: Path) -> "subprocess.CompletedProcess[str]":
    """The temporary files of the virtual machine go to the directory as well."""
    environment = os.environ | {"TMPDIR": str(directory)}
    return subprocess.run(
        [VM, *arguments], cwd=directory, env=environment, capture_output=True, text=True, timeout=120, check=False
    )


def test_Command_RunsHere_UnderThatKernel_WithItsWordsOutputAndExitCode(tmp_path: Path) -> None:
    script = 'uname -r; pwd; echo "$1"; cat here; echo loud >&2; seq 20000; echo overwritten >here; exit 41'
    (tmp_path / "here").write_text("a file of the host\n")
    done = run_vm("--kernel", KERNEL, "--", "sh", "-c", script, "sh", "it's \"two words\"", directory=tmp_path)
    kernel, *lines = done.stdout.splitlines()
    assert done.returncode == 41, done.stderr
    assert kernel.startswith(f"{KERNEL}.")
    assert lines[:4] == [str(tmp_path), "it's \"two words\"", "a file of the host", "loud"]
    assert lines[4:] == [str(number) for number in range(1, 20001)]
    assert (tmp_path / "here").read_text() == "a file of the host\n"


def test_Command_ThatLeavesAProgramRunning_HasEnded(tmp_path: Path) -> None:
    done = run_vm("--kernel", KERNEL, "--", "sh", "-c", "sleep 1000 & echo done", directory=tmp_path)
    assert (done.returncode, done.stdout) == (0, "done\n"), done.stderr


def test_Timeout_EndsTheMachine_AndLeavesNothing(tmp_path: Path) -> None:
    done = run_vm("--kernel", KERNEL, "--timeout", "8", "--", "sleep", "1000", directory=tmp_path)
    assert done.returncode == 124
    assert "still ran after 8 s" in done.stderr
    assert not list(tmp_path.iterdir())
