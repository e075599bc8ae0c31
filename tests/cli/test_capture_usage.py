# SPDX-License-Identifier: BSD-2-Clause
"""What `vrrp-xdp capture` refuses before it asks anybody."""

import os
import pty
import subprocess

import pytest
from conftest import Run
from vrrp_lab.peers.vrrp_xdp import binary

WRONG_USAGE = 2


def test_ATerminal_IsRefused_WithWhatToType() -> None:
    ours, terminal = pty.openpty()
    try:
        argv = [str(binary()), "capture"]
        done = subprocess.run(argv, stdout=terminal, stderr=subprocess.PIPE, text=True, timeout=30, check=False)
    finally:
        os.close(terminal)
        os.close(ours)
    assert done.returncode == WRONG_USAGE
    assert "tcpdump -nr -" in done.stderr and "wireshark -k -i -" in done.stderr and "-w FILE" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--vrid", "300"), "from 1 to 255"),
        (("--vrid", "ten"), "--vrid"),
        (("--snaplen", "10"), "from 64 to 9216"),
        (("--kind", "vrrp"), "advertisement"),
        (("--verdict", "drop"), "consumed"),
        (("--rate", "fast"), "--rate"),
    ],
)
def test_AMistake_IsNamed_WithWhatThereIs(run: Run, arguments: tuple[str, ...], told: str) -> None:
    done = run("capture", *arguments)
    assert (done.returncode, done.stdout) == (WRONG_USAGE, "")
    assert told in done.stderr
