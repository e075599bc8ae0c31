# SPDX-License-Identifier: BSD-2-Clause
"""A clean Debian 12 on a disk of its own: made once, and never written to."""

import hashlib
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from .apt import mirror
from .cache import only_one
from .commands import run
from .kernels import Kernel

_RELEASE = "bookworm"
# Beside what every Debian has: a service manager, and what command scripts look at the network with.
_PACKAGES = ("iproute2", "kmod", "systemd-sysv")
_SIZE = "1G"
# Where a guest finds what its apt installs: in the image what others' packages need, and what the run has brought.
_POOL, BROUGHT = "srv/packages", "run/vm/files"


def provide(kernel: Kernel, needed: Sequence[str], cache: Path) -> Path:
    """The file of an ext4 file system with that kernel's modules, where apt knows the packages `needed` and what they need.

    None of these is installed. Made in `cache` where it is not there yet. Raises VmError.
    """
    made_of = "\n".join([kernel.version, *_PACKAGES, *needed])
    image = cache / f"debian-{hashlib.sha256(made_of.encode()).hexdigest()[:12]}.ext4"
    with only_one(image):
        if not image.exists():
            with tempfile.TemporaryDirectory(dir=cache, prefix="debian-") as scratch:
                _make(kernel, needed, Path(scratch)).rename(image)
    return image


def index(directory: Path) -> bytes:
    """What apt wants to know of the packages in the directory."""
    paragraphs = []
    for package in sorted(directory.glob("*.deb")):
        checksum = hashlib.sha256(package.read_bytes()).hexdigest()
        control = run(["dpkg-deb", "--field", str(package)]).rstrip()
        paragraphs.append(f"{control}\nFilename: ./{package.name}\nSize: {package.stat().st_size}\nSHA256: {checksum}\n")
    return "\n".join(paragraphs).encode()


def _make(kernel: Kernel, needed: Sequence[str], scratch: Path) -> Path:
    root = scratch / "root"
    # Should it fail, its mounts end with the namespace.
    privately = ["unshare", "--mount"]
    run([*privately, "debootstrap", "--variant=minbase", f"--include={','.join(_PACKAGES)}", _RELEASE, str(root), mirror()])
    archives, pool = root / "var/cache/apt/archives", root / _POOL
    for package in archives.glob("*.deb"):
        package.unlink()
    download = ["apt-get", "-qq", "--download-only", "--no-install-recommends", "install", *needed]
    run([*privately, "chroot", str(root), *download])
    pool.mkdir(parents=True)
    for package in archives.glob("*.deb"):
        package.rename(pool / package.name)
    (pool / "Packages").write_bytes(index(pool))
    sources = "".join(f"deb [trusted=yes] file:/{place} ./\n" for place in (_POOL, BROUGHT))
    (root / "etc/apt/sources.list").write_text(sources)
    shutil.rmtree(root / "var/lib/apt/lists")
    shutil.copytree(kernel.modules, root / "lib/modules", symlinks=True, dirs_exist_ok=True)
    (root / "etc/hostname").write_text("debian\n")
    image = scratch / "image"
    run(["mke2fs", "-q", "-t", "ext4", "-d", str(root), str(image), _SIZE])
    return image
