# SPDX-License-Identifier: BSD-2-Clause
"""vrrp-xdp itself, from the build tree or wherever VRRP_XDP_BIN points."""

import json
import os
import signal
import socket
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from ..addresses import IPV4, IPV6, Family
from ..leftovers import CONTROL_SOCKETS, remove_instances
from ..netns import Namespace
from ..nodes import Router
from ..process import Process
from .model import Daemon, VirtualRouter

# A controller that is held still does not answer.
_ANSWERS_WITHIN_S = 5.0

_REPOSITORY = Path(__file__).resolve().parents[3]


def binary(preset: str = "dev") -> Path:
    """The program: VRRP_XDP_BIN, else the one that the CMake preset builds. Raises FileNotFoundError."""
    path = Path(os.environ.get("VRRP_XDP_BIN") or _REPOSITORY / "build" / preset / "vrrp-xdp")
    if not path.is_file():
        raise FileNotFoundError(f"{path} is missing: `cmake --preset {preset} && cmake --build --preset {preset}`")
    return path


def invoke(namespace: Namespace, *arguments: str, preset: str = "dev") -> subprocess.CompletedProcess[str]:
    """Run a command of vrrp-xdp to its end, whatever its exit code: invoke(namespace, "check", "lab.yaml")."""
    argv = namespace.command([str(binary(preset)), *arguments])
    return subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=30, check=False)


class VrrpXdp(Daemon):
    """`vrrp-xdp attach` in the foreground in one router.

    config: the whole configuration, as YAML text or as a mapping; else made from `routers`. Afterwards its text.
    path: where it was written for the last start.
    mode: what --mode says, by default the router's; None for the program's default. preset: which build. options: more of
    attach. environment: what its environment has besides.
    """

    def __init__(
        self,
        router: Router,
        *routers: VirtualRouter,
        config: str | Mapping[str, Any] | None = None,
        mode: str | None = None,
        preset: str = "dev",
        options: Sequence[str] = (),
        environment: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__("vrrp-xdp", router)
        self._binary = binary(preset)
        self._mode = mode or router.mode
        self._options = list(options)
        self._environment = [f"{name}={value}" for name, value in (environment or {}).items()]
        self._set_config(config if config is not None else configuration(_by_interface(routers)))

    @property
    def process(self) -> Process:
        """The program as started last; its family() holds what it forked."""
        return self.processes[-1]

    def start(self, directory: Path) -> None:
        """Write the configuration below `directory` and run it. May be called again after an end."""
        self.path = directory / f"{self._file_name}.yaml"
        self.path.write_text(self.config)
        mode = [] if self._mode is None else ["--mode", self._mode]
        program = ["env", *self._environment, str(self._binary)]
        self._spawn(directory, "attach", [*program, "attach", "--config", str(self.path), *mode, *self._options])

    def write(self, config: str | Mapping[str, Any]) -> None:
        """Put another configuration into the file that a running one was started with. It takes a reload to be seen."""
        self._set_config(config)
        self.path.write_text(self.config)

    def _set_config(self, config: str | Mapping[str, Any]) -> None:
        # JSON is YAML too.
        self.config = config if isinstance(config, str) else json.dumps(config, indent=2)

    def stop(self) -> int:
        """SIGTERM and the exit code: a clean stop."""
        return self.process.stop()

    def kill(self) -> int:
        """SIGKILL to the program that was started, and not to what it forked."""
        return self.process.kill()

    def kill_family(self) -> int:
        """SIGKILL to the program and all it forked at once."""
        return self.process.kill_family()

    def sigstop(self) -> None:
        """Hold the program that was started, and not what it forked, still."""
        self.process.signal(signal.SIGSTOP)

    def sigstop_family(self) -> None:
        """Hold the program and all it forked still, as a host that is suspended would."""
        for pid in self.process.family():
            os.kill(pid, signal.SIGSTOP)

    def sigcont(self) -> None:
        """Let all of it go on."""
        for pid in self.process.family():
            os.kill(pid, signal.SIGCONT)

    def run(self, *arguments: str, check: bool = True) -> str:
        """Run another command of vrrp-xdp in the router, as run("status"), and return its standard output."""
        return self.router.namespace.run(str(self._binary), *arguments, check=check)

    def status(self) -> Any:
        """What `vrrp-xdp status --json` says. Raises CommandError."""
        return json.loads(self.run("status", "--json"))

    def serves(self) -> bool:
        """Whether it has attached and answers."""
        sockets = self._control_sockets.glob("*.sock")
        return any(self._asked(path).get("pid") == self.process.pid for path in sockets)

    def interface_status(self, interface: str = "eth0") -> Any:
        """What `status --json` says of one interface; empty while nothing runs there, as before an attach is done.

        Asked of the controller, for a process for each look would keep the machine from what is waited for.
        """
        said = self._asked(self._control_sockets / f"{interface}.sock")
        return said if said.get("controller") == "running" else {}

    def virtual_router(self, vrid: int = 10, interface: str = "eth0", *, family: Family | None = None) -> Any:
        """What it says of one Virtual Router; empty while nothing runs there. family: for a VRID that has both."""
        listed = self.interface_status(interface).get("virtual-routers", [])
        families = {family.name} if family else {IPV4.name, IPV6.name}
        return next((each for each in listed if each["vrid"] == vrid and each["address-family"] in families), {})

    def state(self, vrid: int = 10, interface: str = "eth0", *, family: Family | None = None) -> str:
        """One of "initialize", "backup" and "active"; empty while it does not run."""
        return str(self.virtual_router(vrid, interface, family=family).get("state", ""))

    @property
    def _control_sockets(self) -> Path:
        return CONTROL_SOCKETS / f"net-{self.router.namespace.inode}"

    @staticmethod
    def _asked(path: Path) -> Any:
        """What the control socket answers to the request "status"; empty if nobody answers."""
        with socket.socket(socket.AF_UNIX) as control, suppress(OSError):
            control.settimeout(_ANSWERS_WITHIN_S)
            control.connect(str(path))
            control.sendall(b'{"request": "status"}\n')
            if line := control.makefile().readline():
                return json.loads(line)
        return {}

    def detach(self, interface: str = "eth0") -> str:
        """`vrrp-xdp detach`: stops the running one, or clears what a killed one left. Raises CommandError."""
        return self.run("detach", interface)

    def close(self) -> None:
        """End it; what a killed one left is cleared by the program's own command, and in any case without it."""
        super().close()
        failed = any(process.exit_code not in (None, 0) for process in self.processes)
        if failed and self.router.namespace.path.exists():
            self.run("detach", "eth0", check=False)
        remove_instances(self.router.namespace)


def configuration(interfaces: Mapping[str, Sequence[VirtualRouter]]) -> dict[str, Any]:
    """Virtual Routers by the interface that they are on, as the program reads them."""
    return {"interfaces": {name: {"virtual-routers": _listed(routers)} for name, routers in interfaces.items()}}


def _listed(routers: Sequence[VirtualRouter]) -> list[dict[str, Any]]:
    return [
        {
            "vrid": each.vrid,
            "version": each.version,
            "priority": each.priority,
            "advertise-interval": f"{each.interval_ms}ms",
            "preempt": each.preempt,
            "sub-centisecond": each.sub_centisecond,
            "virtual-addresses": list(each.addresses),
            **each.options,
        }
        for each in routers
    ]


def _by_interface(routers: Sequence[VirtualRouter]) -> dict[str, list[VirtualRouter]]:
    found: dict[str, list[VirtualRouter]] = {}
    for each in routers:
        found.setdefault(each.interface, []).append(each)
    return found
