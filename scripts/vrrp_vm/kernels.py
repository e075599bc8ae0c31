# SPDX-License-Identifier: BSD-2-Clause
"""Debian's kernels: fetched once, kept unpacked."""

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from .apt import Apt
from .cache import only_one
from .commands import run

# The Debian release that has the kernel.
SUITES = {"6.1": "bookworm", "6.12": "trixie"}

# The kernel for virtual machines is the smallest, and has as modules all that most tests need. The full one has the
# drivers of real cards too.
_PACKAGES = {"cloud": "linux-image-cloud-amd64", "full": "linux-image-amd64"}
_PACKAGE_OF_VERSION = r"linux-image-[0-9]\S*"


@dataclass(frozen=True)
class Kernel:
    """An unpacked kernel. The directory holds vmlinuz and lib/modules/VERSION."""

    directory: Path

    @property
    def image(self) -> Path:
        """The kernel itself."""
        return self.directory / "vmlinuz"

    @property
    def modules(self) -> Path:
        """What /lib/modules is to be."""
        return self.directory / "lib" / "modules"

    @property
    def version(self) -> str:
        """As uname -r gives it."""
        (version,) = self.modules.iterdir()
        return version.name

    def load_order(self, *names: str) -> list[Path]:
        """The files of these modules and of all that they need, each after what it needs; none for what is built in."""
        command = ["modprobe", f"--dirname={self.directory}", f"--set-version={self.version}", "--show-depends"]
        lines = [line.split() for name in names for line in run([*command, name]).splitlines()]
        return [Path(path) for path in dict.fromkeys(words[1] for words in lines if words[0] == "insmod")]


def provide(release: str, cache: Path, *, flavour: str = "cloud") -> Kernel:
    """Return the kernel of that release, a key of SUITES, fetched into `cache` where it is not there yet.

    flavour: "cloud", or "full" for the one with all drivers. Raises VmError.
    """
    kernel = Kernel(cache / (release if flavour == "cloud" else f"{release}-{flavour}"))
    with only_one(kernel.directory):
        if not kernel.directory.exists():
            with tempfile.TemporaryDirectory(dir=cache, prefix="fetch-") as scratch:
                _fetch(release, _PACKAGES[flavour], Path(scratch)).rename(kernel.directory)
    return kernel


def _fetch(release: str, package: str, scratch: Path) -> Path:
    apt = Apt(scratch / "apt", SUITES[release])
    unpacked = scratch / "unpacked"
    apt.unpack(apt.dependency(package, _PACKAGE_OF_VERSION), unpacked)
    complete = scratch / "complete"
    (complete / "lib").mkdir(parents=True)
    (image,) = (unpacked / "boot").glob("vmlinuz-*")
    image.rename(complete / "vmlinuz")
    # Trixie's packages have no /lib any more.
    (modules,) = [path for path in (unpacked / "lib/modules", unpacked / "usr/lib/modules") if path.exists()]
    shutil.move(modules, complete / "lib")
    run(["depmod", f"--basedir={complete}", Kernel(complete).version])
    return complete
