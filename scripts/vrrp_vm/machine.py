# SPDX-License-Identifier: BSD-2-Clause
"""The virtual machine at work: QEMU, and the server that shows it the host's files."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from .cards import Card
from .errors import VmError
from .kernels import Kernel

# Another one where a card needs a newer QEMU than Debian 12's.
_QEMU = os.environ.get("VRRP_XDP_QEMU", "qemu-system-x86_64")
_FILE_SERVER = "/usr/lib/qemu/virtiofsd"
# One: with two, a boot has ended in a kernel panic, and nothing was faster.
_CPUS = 1
_MEMORY_MIB = 1024
# Nobody logs in at the console, and what would let them waits for a udev that there is not.
_FOR_SYSTEMD = "systemd.getty_auto=no"
_PERIOD_S = 0.05
_SHOWN_CONSOLE_LINES = 80
# Should this process be killed, the kernel ends these too.
_WITH_US = ("setpriv", "--pdeathsig", "KILL")


def run(
    kernel: Kernel, initramfs: bytes, timeout_s: float, *, disk: Path | None = None, cards: Sequence[Card] = ()
) -> int:
    """Boot, copy what the command prints to standard output, and return its exit code.

    disk: an image that the guest sees in place of the host's files. What is written to it is gone afterwards.
    cards: network cards, all on one hub.

    Raises TimeoutError, and VmError when the machine ended without an exit code.
    """
    with tempfile.TemporaryDirectory(prefix="vrrp-vm-") as name:
        directory = Path(name)
        (directory / "initramfs").write_bytes(initramfs)
        for file in ("console", "output", "code", "log"):
            (directory / file).touch()
        try:
            with _file_server(directory, disk), _process(_qemu(kernel, directory, disk, cards), directory) as qemu:
                _follow(qemu, directory / "output", time.monotonic() + timeout_s)
        except TimeoutError as error:
            raise TimeoutError(f"the command still ran after {timeout_s:g} s\n{_console(directory)}") from error
        code = (directory / "code").read_text().strip()
        if not code:
            raise VmError(f"the virtual machine ended before the command did\n{_console(directory)}")
        return int(code)


def _qemu(kernel: Kernel, directory: Path, disk: Path | None, cards: Sequence[Card]) -> list[str]:
    memory = f"memory-backend-memfd,id=memory,size={_MEMORY_MIB}M,share=on"
    if disk is None:
        files = [
            # The file server reads the guest's memory, so it is shared.
            *("-object", memory, "-numa", "node,memdev=memory"),
            *("-chardev", f"socket,id=files,path={directory / 'files'}"),
            *("-device", "vhost-user-fs-pci,chardev=files,tag=host,queue-size=1024"),
        ]
    else:
        files = ["-drive", f"file={disk},format=raw,if=virtio,snapshot=on,cache=unsafe"]
    return [
        *(_QEMU, "-nodefaults", "-no-user-config", "-no-reboot", "-display", "none"),
        # Emulation works everywhere; hardware virtualisation may be there and yet hang.
        *("-machine", "q35", "-accel", "tcg", "-cpu", "max", "-smp", str(_CPUS), "-m", str(_MEMORY_MIB)),
        *files,
        *(word for number, card in enumerate(cards) for word in card.options(number)),
        *("-kernel", str(kernel.image), "-initrd", str(directory / "initramfs")),
        # Without random addresses the emulator translates a program once: processes start three times as fast.
        *("-append", f"console=ttyS0 quiet panic=-1 norandmaps {_FOR_SYSTEMD}"),
        # Files, for a slow reader of a pipe would lose what it does not take in time.
        *(word for file in ("console", "output", "code") for word in ("-serial", f"file:{directory / file}")),
    ]


@contextmanager
def _file_server(directory: Path, disk: Path | None) -> Iterator[None]:
    """Show all files of this machine through the socket `files`, unless there is a disk. The guest mounts them read-only."""
    if disk is not None:
        yield
        return
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(directory / "files"))
        listening.listen(1)
        options = "source=/,cache=always,sandbox=chroot"
        argv = [_FILE_SERVER, f"--fd={listening.fileno()}", "-o", options, "-o", "log_level=warn"]
        with _process(argv, directory, keep=(listening.fileno(),)):
            yield


@contextmanager
def _process(argv: Sequence[str], directory: Path, keep: Sequence[int] = ()) -> Iterator["subprocess.Popen[bytes]"]:
    """A program that does not outlive the block; what it says goes to the file `log`."""
    if not any(Path(place, argv[0]).exists() for place in ("/usr/bin", "/")):
        raise VmError(f"{argv[0]} is missing. HINT: install the packages of scripts/packages, sections lab and vm")
    with open(directory / "log", "ab") as log:
        # A Ctrl-C in the terminal is for this process, which then ends the others.
        popen = subprocess.Popen(
            [*_WITH_US, *argv], stdin=subprocess.DEVNULL, stdout=log, stderr=log, pass_fds=keep, start_new_session=True
        )
    try:
        yield popen
    finally:
        popen.kill()
        popen.wait()


def _follow(qemu: "subprocess.Popen[bytes]", path: Path, deadline: float) -> None:
    """Copy the file to standard output while it grows, until QEMU ends. Raises TimeoutError at the deadline."""
    with open(path, "rb") as output:
        running = True
        while running:
            running = qemu.poll() is None  # before reading, so that the last read is after the end
            sys.stdout.buffer.write(output.read())
            sys.stdout.buffer.flush()
            if running and time.monotonic() >= deadline:
                raise TimeoutError
            time.sleep(_PERIOD_S if running else 0)


def _console(directory: Path) -> str:
    """What the kernel and QEMU said last."""
    lines = [line for file in ("console", "log") for line in (directory / file).read_text(errors="replace").splitlines()]
    return "\n".join(["the console showed last:", *lines[-_SHOWN_CONSOLE_LINES:]])
