# SPDX-License-Identifier: BSD-2-Clause
"""Network namespaces: made, entered by commands, entered by sockets of this process, and removed."""

import ctypes
import fcntl
import os
import signal
import socket
import struct
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from .commands import run

RUN_NETNS = Path("/run/netns")
_SYSCTLS = Path("/proc/sys")
_CLONE_NEWNET = 0x40000000
_SIOCSIFFLAGS = 0x8914
_IFF_UP = 1
_libc = ctypes.CDLL(None, use_errno=True)

T = TypeVar("T")


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
        create([self])

    def delete(self) -> None:
        """End what still runs inside by its process id, then remove the namespace. Harmless when it is gone."""
        delete([self])

    def pids(self) -> list[int]:
        """Processes whose network namespace is this one. A lab's own process never is: only its threads visit."""
        return _processes_in({self.inode})

    def inside(self, call: Callable[[], T]) -> T:
        """Return what `call` returns in a thread of this process that has entered the namespace.

        A process that it starts is inside, and a socket that it opens stays inside. Far cheaper than the command nsenter.
        """
        returned: list[T] = []
        raised: list[BaseException] = []

        def enter() -> None:
            try:
                with open(self.path, "rb") as file:
                    if _libc.setns(file.fileno(), _CLONE_NEWNET) != 0:
                        error = ctypes.get_errno()
                        raise OSError(error, f"setns {self.path}: {os.strerror(error)}")
                returned.append(call())
            except BaseException as error:  # handed to the caller's thread
                raised.append(error)

        # A thread of its own, for a namespace belongs to a thread: this one enters, calls and ends.
        thread = threading.Thread(target=enter, name=f"enter {self.name}")
        thread.start()
        thread.join()
        if raised:
            raise raised[0]
        return returned[0]

    def command(self, argv: Sequence[str]) -> list[str]:
        """The command line that runs `argv` inside, for what outlives the call that starts it.

        Not `ip netns exec`, which would hide /sys/fs/bpf behind a fresh mount of /sys.
        """
        return ["nsenter", f"--net={self.path}", *argv]

    def run(self, *argv: str, check: bool = True, timeout_s: float = 30.0) -> str:
        """Run a command inside to its end and return its standard output; see commands.run."""
        return self.inside(lambda: run(argv, check=check, timeout_s=timeout_s))

    def ip(self, *lines: str) -> None:
        """Run lines of the `ip` command, without the word `ip`, in one process."""
        self.inside(lambda: run(["ip", "-batch", "-"], stdin="".join(f"{line}\n" for line in lines)))

    def sysctl(self, **values: int | str) -> None:
        """Set sysctls; the names have `__` where sysctl has a dot, as in net__ipv4__ip_forward=1."""

        def write() -> None:
            for name, value in values.items():
                (_SYSCTLS / name.replace("__", "/")).write_text(str(value))

        self.inside(write)

    def socket(self, family: int, kind: int, protocol: int = 0) -> socket.socket:
        """Open a socket of this process inside the namespace. A socket stays where it was opened."""
        return self.inside(lambda: socket.socket(family, kind, protocol))


def create(namespaces: Sequence[Namespace]) -> None:
    """Make namespaces, each with its loopback up."""
    _ip_netns("add", namespaces)
    for namespace in namespaces:
        namespace.inside(_take_loopback_up)


def delete(namespaces: Sequence[Namespace]) -> None:
    """End what still runs inside by its process id, then remove the namespaces. Harmless when they are gone."""
    there = [namespace for namespace in namespaces if namespace.path.exists()]
    for pid in _processes_in({namespace.inode for namespace in there}):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    _ip_netns("delete", there)


def _ip_netns(verb: str, namespaces: Sequence[Namespace]) -> None:
    # All in one process, for starting it is most of what it costs.
    run(["ip", "-batch", "-"], stdin="".join(f"netns {verb} {namespace.name}\n" for namespace in namespaces))


def _take_loopback_up() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, _SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", _IFF_UP))


def _processes_in(inodes: set[int]) -> list[int]:
    found: list[int] = []
    for process in Path("/proc").glob("[0-9]*"):
        # A process may end while it is looked at, and not all of a container may be looked at.
        with suppress(OSError):
            if (process / "ns/net").stat().st_ino in inodes:
                found.append(int(process.name))
    return found
