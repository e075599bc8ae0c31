# SPDX-License-Identifier: BSD-2-Clause
"""radvd as Debian ships it: tells hosts of their default router, from an address that it is given."""

from pathlib import Path

from ..addresses import LAN_PREFIX_V6
from ..nodes import Router
from .model import Daemon


class Radvd(Daemon):
    """radvd in one router, set as docs/configuration.md says, but as often as it lets itself be asked to.

    source: the address that its advertisements are to come from.
    """

    def __init__(self, router: Router, source: str) -> None:
        super().__init__("radvd", router)
        self._source = source

    def start(self, directory: Path) -> None:
        """Write the configuration below `directory` and run it."""
        stem = directory / self._file_name
        config = stem.with_suffix(".conf")
        config.write_text(self.config())
        self._spawn(directory, "main", ["radvd", "-n", "-d", "3", "-m", "stderr", "-C", str(config), "-p", f"{stem}.pid"])

    def stop(self) -> None:
        """SIGTERM: it says that it is not a default router any more."""
        self.processes[-1].stop()

    def config(self) -> str:
        """The text of its configuration."""
        lines = [
            "interface eth0 {",
            "    AdvSendAdvert on;",
            "    MinRtrAdvInterval 3;",
            "    MaxRtrAdvInterval 4;",
            f"    AdvRASrcAddress {{ {self._source}; }};",
            f"    prefix {LAN_PREFIX_V6} {{ }};",
            "};",
        ]
        return "\n".join([*lines, ""])
