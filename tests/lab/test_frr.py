# SPDX-License-Identifier: BSD-2-Clause
"""vrrp-xdp beside FRR's vrrpd as Debian ships it."""

import pytest
from interop import Election, Failover, PeerKind
from vrrp_lab import Frr


@pytest.fixture
def peer() -> PeerKind:
    return PeerKind(Frr, listening="Initialize -> Backup", has_virtual_mac=True)


class TestFailover(Failover):
    """With FRR."""


class TestElection(Election):
    """With FRR."""
