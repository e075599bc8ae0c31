# SPDX-License-Identifier: BSD-2-Clause
"""The file system that the kernel starts with: busybox, the modules that reach the host's files, and what to do then."""

import lzma
import os
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path

from . import cards
from .errors import VmError
from .kernels import Kernel

_GUEST = Path(__file__).resolve().parent / "guest"
_BUSYBOX = Path("/bin/busybox")
# The host's files over virtio, and an overlay that keeps what the guest writes from them.
_MODULES = ("virtio_pci", "virtiofs", "overlay")
_MODULES_OF_DISK = ("virtio_pci", "virtio_blk", "ext4")


def build(kernel: Kernel, command: Sequence[str], directory: str, nics: Sequence[cards.Card] = ()) -> bytes:
    """An initramfs that runs `command` in `directory`, both as the host knows them."""
    files = {"vm/modules": str(kernel.modules).encode(), "vm/run": (_GUEST / "run").read_bytes()}
    if nics:
        command = ["env", f"{cards.VARIABLE}={cards.environment(nics)}", *command]
    return _build(kernel, _MODULES, command, directory, files)


def build_for_disk(kernel: Kernel, command: Sequence[str], brought: Mapping[str, bytes]) -> bytes:
    """An initramfs for a disk with a system that has systemd, which runs `command` where the files `brought` are."""
    files = {f"vm/files/{name}": data for name, data in brought.items()}
    files["vm/command.service"] = (_GUEST / "command.service").read_bytes()
    return _build(kernel, _MODULES_OF_DISK, command, "/run/vm/files", files)


def _build(
    kernel: Kernel, modules: Sequence[str], command: Sequence[str], directory: str, more: Mapping[str, bytes]
) -> bytes:
    if not _BUSYBOX.exists():
        raise VmError(f"{_BUSYBOX} is missing. HINT: apt-get install busybox-static")
    files = {
        "init": (_GUEST / "init").read_bytes(),
        "busybox": _BUSYBOX.read_bytes(),
        "vm/busybox": _BUSYBOX.read_bytes(),
        "vm/report": (_GUEST / "report").read_bytes(),
        "vm/command": f"cd {shlex.quote(directory)} && exec {shlex.join(command)}\n".encode(),
        **more,
    }
    for order, path in enumerate(kernel.load_order(*modules)):
        files[f"modules/{order:02}-{path.name.partition('.')[0]}"] = _plain(path)
    return _cpio(files)


def _plain(module: Path) -> bytes:
    data = module.read_bytes()
    return lzma.decompress(data) if module.suffix == ".xz" else data


def _cpio(files: dict[str, bytes]) -> bytes:
    """A cpio archive in the "new ASCII" format, the only one that the kernel reads; every file can be executed."""
    directories = sorted({parent for name in files for parent in map(str, Path(name).parents)} - {"."})
    entries = [(name, 0o040755, b"") for name in (*directories, "dev")]
    entries += [(name, 0o100755, data) for name, data in files.items()]
    entries.append(("TRAILER!!!", 0, b""))
    archive = bytearray()
    for inode, (name, mode, data) in enumerate(entries, 1):
        # inode mode uid gid links mtime size, device and rdevice each major and minor, size of the name, no checksum
        fields = (inode, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(os.fsencode(name)) + 1, 0)
        archive += b"070701" + b"".join(b"%08X" % field for field in fields)
        archive += os.fsencode(name) + b"\0"
        archive += bytes(-len(archive) % 4)
        archive += data
        archive += bytes(-len(archive) % 4)
    return bytes(archive)
