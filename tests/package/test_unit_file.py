# SPDX-License-Identifier: BSD-2-Clause
"""The systemd unit, as systemd-analyze judges it. No systemd is run."""

import json
from pathlib import Path

from conftest import run


def unit(installed: Path) -> Path:
    return installed / "lib/systemd/system/vrrp-xdp.service"


def test_Systemd_UnderstandsAllOfIt(installed: Path) -> None:
    assert f"ExecStart={installed}/sbin/vrrp-xdp attach " in unit(installed).read_text()
    assert run(["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", unit(installed)]) == ""


def test_ItsExposure_StaysLow(installed: Path) -> None:
    judged = json.loads(run(["systemd-analyze", "security", "--offline=true", "--json=short", unit(installed)]))
    exposed = {each["json_field"] for each in judged if each["set"] is False}
    # What the daemon is there for: the network, as root, in real time.
    assert "CapabilityBoundingSet_CAP_SYS_ADMIN" not in exposed and "NoNewPrivileges" not in exposed
    run(["systemd-analyze", "security", "--offline=true", "--threshold=40", unit(installed)])
