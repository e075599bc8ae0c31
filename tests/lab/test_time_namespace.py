# SPDX-License-Identifier: BSD-2-Clause
"""In a time namespace the controller's clock is not the data plane's: a lease would last too long, or be over at once."""

import json
import subprocess

import pytest
from observations import nothing_attached
from vrrp_lab import Lab, VirtualRouter
from vrrp_lab.peers.vrrp_xdp import binary, configuration


def run_shifted(lab: Lab, seconds: int, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command of vrrp-xdp whose boot clock is so far ahead."""
    shifted = ["unshare", "--fork", "--time", f"--boottime={seconds}", str(binary()), *arguments]
    argv = lab.router("r1").namespace.command(shifted)
    return subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize("seconds", [100000, 3])
def test_TimeNamespace_IsRefusedAtAttach_AndNamed(lab: Lab, seconds: int) -> None:
    path = lab.directory / "lab.yaml"
    path.write_text(json.dumps(configuration({"eth0": [VirtualRouter(addresses=lab.family.virtual)]})))
    done = run_shifted(lab, seconds, "attach", "--config", str(path))
    assert done.returncode != 0
    assert f"CLOCK_BOOTTIME is {seconds} s ahead" in done.stderr
    assert "time namespace" in done.stderr
    assert "unshare --time" in done.stderr, "what to do about it"
    assert nothing_attached(lab.router("r1").namespace)


def test_TimeNamespace_IsARowOfCheckSystem(lab: Lab) -> None:
    shifted = run_shifted(lab, 100000, "check", "--system", "eth0")
    assert shifted.returncode == 1
    assert "CLOCK_BOOTTIME is 100000 s ahead" in shifted.stdout
    # One without an offset is as good as none.
    assert "CLOCK_BOOTTIME" not in run_shifted(lab, 0, "check", "--system", "eth0").stdout
