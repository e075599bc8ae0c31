# SPDX-License-Identifier: BSD-2-Clause
"""Network namespaces: made, entered by commands, entered by sockets of this process, and removed."""

import ctypes
import os
import signal
import socket
import threading
from collections.abc import Sequence
from pathlib import Path

from .commands import run

RUN_NETNS = Path("/run/netns")
_CLONE_NEWNET = 0x40000000
_libc = ctypes.CDLL(None, use_errno=True)


class Namespace:
    """One network namespace of the lab, by the name `ip netns` shows."""

    def __init__(self, name: str) -> None:
        self.name = name

    @property
    def path(self) -> Path:
        """The file that stands for the namespace."""
        return RUN_NETNS / self.name

    @property
    def inode(self) -> int:
        """The number by which the kernel tells namespaces apart."""
        return self.path.stat().st_ino

    def create(self) -> None:
        """Make the namespace, with its loopback up."""
        run(["ip", "netns", "add", self.name])
        self.ip("link set lo up")

    def delete(self) -> None:
        """End what still runs inside by its process id, then remove the namespace. Harmless when it is gone."""
        if not self.path.exists():
            return
        for pid in self.pids():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        run(["ip", "netns", "delete", self.name])

    def pids(self) -> list[int]:
        """Processes whose network namespace is this one. A lab's own process never is: only its threads visit."""
        return [int(pid) for pid in run(["ip", "netns", "pids", self.name]).split()]

    def command(self, argv: Sequence[str]) -> list[str]:
        """The command line that runs `argv` inside.

        Not `ip netns exec`, which would hide /sys/fs/bpf behind a fresh mount of /sys.
        """
        return ["nsenter", f"--net={self.path}", *argv]

    def run(self, *argv: str, check: bool = True, timeout_s: float = 30.0) -> str:
        """Run a command inside to its end and return its standard output; see commands.run."""
        return run(self.command(argv), check=check, timeout_s=timeout_s)

    def ip(self, *lines: str) -> None:
        """Run lines of the `ip` command, without the word `ip`, in one process."""
        run(self.command(["ip", "-batch", "-"]), stdin="".join(f"{line}\n" for line in lines))

    def sysctl(self, **values: int | str) -> None:
        """Set sysctls; the names have `__` where sysctl has a dot, as in net__ipv4__ip_forward=1."""
        settings = [f"{name.replace('__', '.')}={value}" for name, value in values.items()]
        run(self.command(["sysctl", "-q", "-w", *settings]))

    def socket(self, family: int, kind: int, protocol: int = 0) -> socket.socket:
        """Open a socket of this process inside the namespace. A socket stays where it was opened."""
        opened: list[socket.socket | BaseException] = []

        def open_inside() -> None:
            # A thread of its own, for a namespace belongs to a thread: this one enters, opens the socket and ends.
            try:
                with open(self.path, "rb") as file:
                    if _libc.setns(file.fileno(), _CLONE_NEWNET) != 0:
                        error = ctypes.get_errno()
                        raise OSError(error, f"setns {self.path}: {os.strerror(error)}")
                opened.append(socket.socket(family, kind, protocol))
            except BaseException as error:  # handed to the caller's thread
                opened.append(error)

        thread = threading.Thread(target=open_inside, name=f"enter {self.name}")
        thread.start()
        thread.join()
        result = opened[0]
        if isinstance(result, BaseException):
            raise result
        return result
