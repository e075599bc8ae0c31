# SPDX-License-Identifier: BSD-2-Clause
"""keepalived as Debian ships it, with its defaults unless a test says otherwise."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from ..addresses import IPV4
from ..nodes import Router
from .model import Daemon, VirtualRouter


class Keepalived(Daemon):
    """keepalived in one router.

    use_vmac: send from and answer with the virtual MAC, through a macvlan. extra: lines added to every vrrp_instance.
    interfaces: by VRID, where it is not the Virtual Router's own. sync_group: the name of a vrrp_sync_group of all of them.
    """

    def __init__(
        self,
        router: Router,
        *routers: VirtualRouter,
        use_vmac: bool = False,
        extra: Sequence[str] = (),
        interfaces: Mapping[int, str] | None = None,
        sync_group: str | None = None,
    ) -> None:
        super().__init__("keepalived", router)
        self._routers = routers
        self._use_vmac = use_vmac
        self._extra = extra
        self._interfaces = interfaces or {}
        self._sync_group = sync_group
        self._directory: Path | None = None

    def start(self, directory: Path) -> None:
        """Write the configuration below `directory` and run it. It begins as Backup. May be called again after an end."""
        self._directory = directory
        stem = directory / self._file_name
        config = stem.with_suffix(".conf")
        config.write_text(self.config())
        pid_files = ["-p", f"{stem}.pid", "-r", f"{stem}-vrrp.pid"]
        for path in pid_files[1::2]:
            # A killed child may not be reaped yet; keepalived would take it for a running daemon.
            Path(path).unlink(missing_ok=True)
        self._spawn(directory, "main", ["keepalived", "-n", "-l", "-G", "-D", "-P", "-f", str(config), *pid_files])

    def stop(self) -> None:
        """SIGTERM: it sends priority 0."""
        self.processes[-1].stop()

    def kill(self) -> None:
        """SIGKILL to parent and child, so that none sends priority 0. The addresses it added stay, and the kernel goes on
        answering for them: to see a machine die, cut its cable instead."""
        self.processes[-1].kill_family()

    def close(self) -> None:
        """End it. It takes a second over a polite stop, which at the end of a lab serves nobody."""
        for process in self.processes:
            process.kill_family()

    def config(self) -> str:
        """The text of its configuration."""
        head = "global_defs {\n    router_id lab\n    vrrp_version 3\n}\n"
        return head + self._group() + "".join(self._instance(each) for each in self._routers)

    def _group(self) -> str:
        if self._sync_group is None:
            return ""
        members = "".join(f"        {_name(each)}\n" for each in self._routers)
        return f"vrrp_sync_group {self._sync_group} {{\n    group {{\n{members}    }}\n}}\n"

    def _instance(self, each: VirtualRouter) -> str:
        interval_s = each.interval_ms / 1000
        host_bits = 32 if each.family is IPV4 else 128
        lines = [
            "state BACKUP",
            f"interface {self._interfaces.get(each.vrid, each.interface)}",
            f"virtual_router_id {each.vrid}",
            f"priority {each.priority}",
            f"version {each.version}",
            f"advert_int {interval_s:g}",
            *([] if each.preempt else ["nopreempt"]),
            *([f"use_vmac vmac{each.vrid}"] if self._use_vmac else []),
            *self._extra,
            "virtual_ipaddress {",
            *(f"    {address}/{host_bits}" for address in each.addresses),
            "}",
        ]
        body = "".join(f"    {line}\n" for line in lines)
        return f"vrrp_instance {_name(each)} {{\n{body}}}\n"


def _name(router: VirtualRouter) -> str:
    return f"{router.interface}-vr{router.vrid}-{router.family.name}"
