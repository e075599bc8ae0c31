# SPDX-License-Identifier: BSD-2-Clause
"""The compiled parts of the benchmarks: in the release build, beside the program."""

from vrrp_lab.peers.vrrp_xdp import binary


def tool(name: str) -> str:
    """Path of one of them. Raises FileNotFoundError."""
    return str(binary("release").with_name(name))
