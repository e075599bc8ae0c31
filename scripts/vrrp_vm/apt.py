# SPDX-License-Identifier: BSD-2-Clause
"""Packages of any Debian release, from the mirror this machine uses, without touching the machine's own sources."""

import re
from pathlib import Path

from .commands import run
from .errors import VmError

_KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"


class Apt:
    """An apt of its own for one Debian release. All that it keeps is below `directory`."""

    def __init__(self, directory: Path, suite: str) -> None:
        """Make the directories and read the release's list of packages. Raises VmError."""
        self._downloads = directory / "downloads"
        lists, cache = directory / "lists", directory / "cache"
        for each in (self._downloads, lists / "partial", cache / "archives" / "partial"):
            each.mkdir(parents=True)
        sources = directory / "debian.list"
        sources.write_text(f"deb [signed-by={_KEYRING} target=Packages] {mirror()} {suite} main\n")
        installed = directory / "status"
        installed.touch()
        settings = {
            "Dir::Etc::sourcelist": sources,
            "Dir::Etc::sourceparts": "/dev/null",
            "Dir::Etc::preferences": "/dev/null",
            "Dir::Etc::preferencesparts": "/dev/null",
            "Dir::State::lists": lists,
            # As if nothing were installed: a newer package of this machine must not hide the release's.
            "Dir::State::status": installed,
            "Dir::Cache": cache,
            "APT::Sandbox::User": "root",
            "Acquire::Retries": 3,
        }
        self._options = [word for name, value in settings.items() for word in ("-o", f"{name}={value}")]
        run(["apt-get", *self._options, "-qq", "update"])

    def dependency(self, package: str, pattern: str) -> str:
        """The first package that `package` depends on and whose whole name fits the regular expression."""
        listing = run(["apt-cache", *self._options, "depends", "--important", package])
        found = re.search(rf"^ *Depends: ({pattern})$", listing, re.MULTILINE)
        if found is None:
            raise VmError(f"{package} has no dependency like {pattern}:\n{listing}")
        return found[1]

    def unpack(self, package: str, directory: Path) -> None:
        """Download a package and write its files below `directory`; nothing is installed."""
        # apt-get writes what it downloads to the directory it is in.
        run(["env", "-C", str(self._downloads), "apt-get", *self._options, "-qq", "download", package])
        (file,) = self._downloads.glob(f"{package}_*.deb")
        run(["dpkg-deb", "--extract", str(file), str(directory)])
        file.unlink()


def mirror() -> str:
    """Where this machine gets Debian from."""
    fields = "$(REPO_URI)|$(ORIGIN)|$(LABEL)"
    for line in run(["apt-get", "indextargets", "--format", fields, "Created-By: Packages"]).splitlines():
        uri, origin, label = line.split("|")
        if origin == label == "Debian":
            return uri
    raise VmError("apt does not know a mirror of Debian. HINT: add a source in /etc/apt and run apt-get update")
