# SPDX-License-Identifier: BSD-2-Clause
"""What all implementations are told about a Virtual Router, in one form, and what running any of them shares."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ..addresses import IPV4, IPV6, Family, virtual_mac
from ..nodes import Router
from ..process import Process
from ..wire import is_ipv6


@dataclass(frozen=True, kw_only=True)
class VirtualRouter:
    """One Virtual Router as one router is configured for it; interval_ms is the Advertisement_Interval in milliseconds.

    interface: of vrrp-xdp and keepalived; FRR's is always eth0.
    """

    vrid: int = 10
    addresses: Sequence[str] = IPV4.virtual
    priority: int = 100
    version: int = 3
    interval_ms: int = 100
    preempt: bool = True
    interface: str = "eth0"
    sub_centisecond: bool = False  # of vrrp-xdp alone: interval_ms may be less than 10
    options: Mapping[str, object] = field(default_factory=dict)  # of vrrp-xdp alone: more keys of its configuration

    @property
    def family(self) -> Family:
        """That of its addresses."""
        return IPV6 if is_ipv6(self.addresses[0]) else IPV4

    @property
    def mac(self) -> str:
        """Its virtual MAC address."""
        return virtual_mac(self.vrid, self.addresses[0])


class Daemon:
    """Programs that together are one VRRP implementation in one router, named after both."""

    def __init__(self, implementation: str, router: Router) -> None:
        self.router = router
        self.name = f"{implementation} on {router.name}"
        self._file_name = f"{implementation}-{router.name}"
        self.processes: list[Process] = []

    def log(self) -> str:
        """What its programs printed, of earlier starts too."""
        paths = dict.fromkeys(process.log_path for process in self.processes)
        return "".join(f"[{path.name}]\n{path.read_text(errors='replace')}" for path in paths if path.exists())

    @property
    def running(self) -> bool:
        """Whether the program that speaks VRRP runs."""
        return bool(self.processes) and self.processes[-1].running

    def close(self) -> None:
        """End all its programs, the last started first."""
        for process in reversed(self.processes):
            process.stop()

    def _spawn(self, directory: Path, part: str, argv: Sequence[str]) -> Process:
        process = Process(self.router.namespace, f"{self.name} ({part})", argv, directory / f"{self._file_name}-{part}.log")
        self.processes.append(process)
        return process
