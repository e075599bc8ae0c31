# SPDX-License-Identifier: BSD-2-Clause
"""The virtual machines that `vagrant up` made in vagrant/, reached by SSH."""

import json
import shlex
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_DIRECTORY = Path(__file__).resolve().parents[2] / "vagrant"
_VIRSH = ("virsh", "--quiet", "--connect", "qemu:///system")
_NETWORKS = ("vrrp-xdp-lan", "vrrp-xdp-uplink")


class MachineError(RuntimeError):
    """A machine did not do what it was asked for; the message says what."""


class Machine:
    """A running one, through one connection that stays open: a login takes a second where the processor is emulated."""

    def __init__(self, name: str, ssh_config: Path) -> None:
        self.name = name
        self._domain = f"vrrp-xdp-{name}"
        socket = ssh_config.parent / f"{name}.socket"
        options = ("LogLevel=ERROR", "ControlMaster=auto", f"ControlPath={socket}", "ControlPersist=yes")
        self._ssh = ["ssh", "-F", str(ssh_config), *(word for each in options for word in ("-o", each))]

    def run(self, script: str) -> str:
        """Run a shell script as root and return its standard output. Raises MachineError."""
        try:
            return _run([*self._ssh, self.name, shlex.join(["sudo", "bash", "-euc", script])]).rstrip("\n")
        except MachineError as error:
            raise MachineError(f"{self.name}: {error}") from error

    def close(self) -> None:
        """Hang up."""
        subprocess.run([*self._ssh, "-O", "exit", self.name], capture_output=True, check=False)

    def now_ns(self) -> int:
        """What its clock shows."""
        return int(self.run("date +%s%N"))

    def pull_cables(self) -> None:
        """Those of both networks, which its network cards notice."""
        self._set_cables("down")

    def plug_cables(self) -> None:
        """Undo that; nothing happens where they are plugged in."""
        self._set_cables("up")

    def _set_cables(self, state: str) -> None:
        for line in _run([*_VIRSH, "domiflist", self._domain]).splitlines():
            _, _, network, _, mac = line.split()
            if network in _NETWORKS:
                _run([*_VIRSH, "domif-setlink", self._domain, mac, state])


class Router(Machine):
    """One that runs vrrp-xdp."""

    def states(self) -> set[str]:
        """Those that its Virtual Routers are in; none while it does not run."""
        said = self.run("vrrp-xdp status --json || true")
        interfaces = json.loads(said)["interfaces"] if said else []
        running = [each for each in interfaces if each["controller"] == "running"]
        return {router["state"] for each in running for router in each["virtual-routers"]}

    def data_plane(self) -> dict[str, Any]:
        """How XDP runs on the interface to the host, and how many frames it has sent from there."""
        lan = json.loads(self.run("vrrp-xdp status --json"))["interfaces"][0]
        name = lan["interface"]
        counters = dict(line.strip().split(": ") for line in self.run(f"ethtool -S {name}").splitlines() if ": " in line)
        return {
            "router": self.name,
            "driver": self.run(f"basename $(readlink /sys/class/net/{name}/device/driver)"),
            "queues": int(self.run(f"ls -d /sys/class/net/{name}/queues/rx-* | wc -l")),
            "mode": lan["mode"],
            "xdp_tx": sum(int(value) for key, value in counters.items() if key.startswith("rx") and key.endswith("xdp_tx")),
            "xdp_tx_drops": sum(int(value) for key, value in counters.items() if key.endswith("xdp_tx_drops")),
        }


@dataclass(frozen=True)
class Machines:
    """All three. r1 is the router that is preferred."""

    host: Machine
    r1: Router
    r2: Router


def _run(argv: Sequence[str], directory: Path | None = None) -> str:
    try:
        done = subprocess.run(argv, cwd=directory, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    except FileNotFoundError as error:
        raise MachineError(f"{argv[0]} is missing: install the packages of scripts/packages, section vagrant") from error
    if done.returncode != 0:
        raise MachineError(f"`{shlex.join(argv)}` exited with {done.returncode}\n{done.stdout}{done.stderr}".rstrip())
    return done.stdout


@contextmanager
def machines() -> Iterator[Machines]:
    """Those that run now. Raises MachineError."""
    with tempfile.TemporaryDirectory(prefix="vrrp-bench-") as name:
        ssh_config = Path(name) / "ssh_config"
        try:
            ssh_config.write_text(_run(["vagrant", "ssh-config"], _DIRECTORY))
        except MachineError as error:
            raise MachineError(f"{error}\nHINT: cd vagrant && vagrant up --provider=libvirt") from error
        found = Machines(Machine("h1", ssh_config), Router("r1", ssh_config), Router("r2", ssh_config))
        try:
            yield found
        finally:
            for each in (found.host, found.r1, found.r2):
                each.close()
