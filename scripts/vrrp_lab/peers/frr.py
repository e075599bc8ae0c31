# SPDX-License-Identifier: BSD-2-Clause
"""FRR's vrrpd with the zebra it needs, as Debian ships them."""

import shutil
import socket
from pathlib import Path

from ..addresses import IPV4, IPV6, Family, link_local_address
from ..leftovers import FRR_RUN
from ..nodes import Router
from ..waiting import eventually
from .model import Daemon, VirtualRouter

_PROGRAMS = Path("/usr/lib/frr")
_KEYWORDS = {IPV4: "ip", IPV6: "ipv6"}


class Frr(Daemon):
    """zebra and vrrpd in one router, apart from all others by FRR's path space, which is named as the namespace."""

    def __init__(self, router: Router, *routers: VirtualRouter) -> None:
        super().__init__("frr", router)
        self._routers = routers
        self._space = router.namespace.name
        self._run_directory = FRR_RUN / self._space

    def start(self, directory: Path) -> None:
        """Make the macvlans, write the configuration below `directory` and run both programs. May be called again after an end:
        zebra, which does not speak VRRP, then still runs."""
        if not self._run_directory.is_dir():
            self._make_macvlans()
            FRR_RUN.mkdir(exist_ok=True)
            self._run_directory.mkdir()
            shutil.chown(self._run_directory, "frr", "frr")
        config = directory / f"{self._file_name}.conf"
        config.write_text(self.config())
        if not (self.processes and self.processes[0].running):
            self._run(directory, "zebra", "/dev/null")
        eventually(self._zebra_listens, f"zebra of {self.name} listens", report=self.log)
        self._run(directory, "vrrpd", str(config))

    def stop(self) -> None:
        """SIGTERM to vrrpd: it sends priority 0."""
        self.processes[-1].stop()

    def kill(self) -> None:
        """SIGKILL to vrrpd. Its macvlans stay, and the kernel goes on answering for them: to see a machine die, cut its
        cable instead."""
        self.processes[-1].kill()

    def close(self) -> None:
        """End both programs and remove their run directory."""
        super().close()
        shutil.rmtree(self._run_directory, ignore_errors=True)

    def config(self) -> str:
        """The text of vrrpd's configuration."""
        lines = ["interface eth0"]
        for each in self._routers:
            prefix = f" vrrp {each.vrid}"
            lines += [
                f"{prefix} version {each.version}",
                f"{prefix} priority {each.priority}",
                f"{prefix} advertisement-interval {each.interval_ms}",
                f"{prefix} preempt" if each.preempt else f" no vrrp {each.vrid} preempt",
                *(f"{prefix} {_KEYWORDS[each.family]} {address}" for address in each.addresses),
            ]
        return "\n".join([*lines, "exit", ""])

    def _run(self, directory: Path, program: str, config: str) -> None:
        argv = [str(_PROGRAMS / program), "-N", self._space, "-f", config, "--log", "stdout", "--log-level", "debug"]
        # Port 0: no TCP terminal.
        self._spawn(directory, program, [*argv, "-i", f"{self._run_directory}/{program}.pid", "-P", "0"])

    def _zebra_listens(self) -> bool:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
            return probe.connect_ex(str(self._run_directory / "zserv.api")) == 0

    def _make_macvlans(self) -> None:
        # FRR's manual: vrrpd uses macvlans that somebody else makes, with the virtual MAC and the addresses.
        namespace = self.router.namespace
        namespace.sysctl(net__ipv4__conf__eth0__arp_ignore=1, net__ipv4__conf__eth0__arp_announce=2)
        for each in self._routers:
            name = f"vrrp-{each.family.name}-{each.vrid}"
            namespace.ip(
                f"link add {name} link eth0 address {each.mac} type macvlan mode bridge",
                *(f"address add {cidr} dev {name}" for cidr in _cidrs(self.router, each)),
                f"link set {name} up",
            )


def advertises_from(router: Router, family: Family) -> str:
    """Where FRR's advertisements in this router come from: over IPv6 it takes the link-local address of its macvlan."""
    return router.primary(family) if family is IPV4 else link_local_address(router.number, interface=2)


def _cidrs(router: Router, each: VirtualRouter) -> list[str]:
    if each.family is IPV4:
        return [f"{address}/32" for address in each.addresses]
    # It takes the first that the kernel lists, which is the last that was added.
    return [*(f"{address}/128" for address in each.addresses), f"{advertises_from(router, IPV6)}/64"]
