# SPDX-License-Identifier: BSD-2-Clause
"""vrrp-xdp's commands as a user meets them where they ask the kernel: exit codes, messages, and refusals that change nothing.
tests/cli has those that do not."""

import json
import re
import subprocess
from collections.abc import Callable

import pytest
from observations import nothing_attached, wait_for_state
from vrrp_lab import VIRTUAL_ADDRESS, Lab, VirtualRouter, VrrpXdp
from vrrp_lab.commands import run
from vrrp_lab.peers.vrrp_xdp import binary, invoke
from vrrp_lab.xdp_peer import attach_pass, compile_pass

VALID = f"""interfaces:
  eth0:
    virtual-routers:
      - vrid: 10
        advertise-interval: 100ms
        virtual-addresses: [{VIRTUAL_ADDRESS}]
"""
FAILED, WRONG_USAGE, NOT_RUNNING = 1, 2, 4


@pytest.fixture
def lab(make_lab: Callable[..., Lab]) -> Lab:
    """One router, where everything here is done."""
    return make_lab(routers=1)


def write(lab: Lab, text: str) -> str:
    path = lab.directory / "lab.yaml"
    path.write_text(text)
    return str(path)


@pytest.mark.parametrize("arguments", [("status",), ("status", "--json"), ("detach", "eth0")], ids=" ".join)
def test_NothingRuns_IsExitCode4(lab: Lab, arguments: tuple[str, ...]) -> None:
    done = invoke(lab.router("r1").namespace, *arguments)
    assert done.returncode == NOT_RUNNING
    assert "no instance is running" in done.stderr


def test_Attach_NamesTheInterfacesThereAre_WhenOneIsMissing(lab: Lab) -> None:
    inside = lab.router("r1").namespace
    done = invoke(inside, "attach", "--strict", "--config", write(lab, VALID.replace("eth0", "eth7")))
    assert done.returncode == FAILED
    assert "there is no interface eth7" in done.stderr and "lo, eth0, eth1" in done.stderr
    done = invoke(inside, "attach", "--config", write(lab, VALID.replace("eth0", "lo")))
    assert done.returncode == FAILED and "lo is not an Ethernet interface" in done.stderr
    done = invoke(inside, "attach", "eth1", "--config", write(lab, VALID))
    assert done.returncode == WRONG_USAGE
    assert "interface eth1 is not in the configuration" in done.stderr
    assert nothing_attached(inside)


def test_HungInstance_IsSaidToHang_ByEveryCommand(lab: Lab) -> None:
    inside = lab.router("r1").namespace
    router = lab.start(VrrpXdp(lab.router("r1"), VirtualRouter()))
    wait_for_state(lab, router, "active")
    router.sigstop_family()
    commands = (["status"], ["detach", "eth0"], ["attach", "--config", write(lab, VALID)])
    asked = [
        subprocess.Popen(inside.command([str(binary()), *each]), text=True, stderr=subprocess.PIPE) for each in commands
    ]
    said = [each.communicate(timeout=30)[1] for each in asked]
    assert [each.returncode for each in asked] == [FAILED] * len(commands)
    for text in said:
        assert "the instance on eth0 does not answer" in text and "SIGKILL" in text
    router.kill_family()
    assert "removed what a previous one had left" in router.detach()


def test_Attach_NamesAnotherXdpProgram_AndLeavesItAlone(lab: Lab) -> None:
    inside = lab.router("r1").namespace
    attach_pass(inside, "eth0", compile_pass(lab.directory))
    for mode in ("auto", "native", "generic"):
        done = invoke(inside, "attach", "--config", write(lab, VALID), "--mode", mode)
        assert done.returncode == FAILED
        said = re.search(r"another XDP program is on eth0: (\w+) \(id (\d+), tag (\w+), native mode\)", done.stderr)
        assert said, done.stderr
        name, program, tag = said.groups()
        assert f"bpftool prog show id {program}" in done.stderr and "ip link set dev eth0 xdp off" in done.stderr
        shown = json.loads(run(["bpftool", "--json", "prog", "show", "id", program]))
        assert (shown["name"], shown["tag"]) == (name, tag)
        assert f"prog/xdp id {program} " in inside.run("ip", "-details", "link", "show", "dev", "eth0")
    inside.ip("link set dev eth0 xdp off")
    assert nothing_attached(inside)


def test_Native_FailsWhereItCannotBe_AndAutoSaysWhyItIsClsact(lab: Lab) -> None:
    inside = lab.router("r1").namespace
    # The kernel's bridge has no native XDP.
    inside.ip("link add name br9 type bridge", "link set br9 up", "address add 203.0.113.1/24 dev br9")
    config = VALID.replace("eth0", "br9")
    done = invoke(inside, "attach", "--config", write(lab, config), "--mode", "native")
    assert done.returncode == FAILED
    assert "no native XDP" in done.stderr and "--mode clsact" in done.stderr
    assert nothing_attached(inside, "br9")

    router = lab.start(VrrpXdp(lab.router("r1"), config=config))
    status = lab.eventually(lambda: router.interface_status("br9"), "attached to the bridge")
    assert status["mode"] == "clsact" and "no native XDP" in status["mode-reason"]
    assert "no native XDP" in router.log()


@pytest.mark.parametrize("capability", ["PERFMON", "BPF", "NET_ADMIN"])
def test_WithoutACapability_AttachNamesIt_AndLeavesTheVerifierOut(lab: Lab, capability: str) -> None:
    less = f"-sys_admin,-{capability.lower()}"
    program = ["setpriv", f"--bounding-set={less}", f"--inh-caps={less}", str(binary())]
    inside = lab.router("r1").namespace
    attach = inside.command([*program, "attach", "--config", write(lab, VALID)])
    done = subprocess.run(attach, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == FAILED
    assert f"this process lacks CAP_{capability}: run as root" in done.stderr and "verif" not in done.stderr
    assert nothing_attached(inside)


def test_WithoutPrivileges_CheckWorks_AndAttachSaysWhatItNeeds(lab: Lab) -> None:
    # Readable by anybody, unlike the build tree perhaps.
    program = lab.directory / "vrrp-xdp"
    program.write_bytes(binary().read_bytes())
    program.chmod(0o755)
    as_nobody = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "--inh-caps=-all", str(program)]
    inside = lab.router("r1").namespace
    assert "is valid" in inside.run(*as_nobody, "check", write(lab, VALID))
    attach = inside.command([*as_nobody, "attach", "--config", write(lab, VALID)])
    done = subprocess.run(attach, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == FAILED
    assert "/run/vrrp-xdp" in done.stderr and "Permission denied" in done.stderr and "run as root" in done.stderr
    assert nothing_attached(inside)
