# SPDX-License-Identifier: BSD-2-Clause
"""Fixtures of the tests that hold `vrrp-xdp import` against keepalived itself. They need root, for namespaces."""

from collections.abc import Iterator

import pytest
from judge import Judge
from vrrp_lab.peers.vrrp_xdp import binary


@pytest.fixture(scope="session")
def judge() -> Iterator[Judge]:
    """keepalived in a sealed root directory, and the program that imports."""
    with Judge(str(binary())) as made:
        yield made
