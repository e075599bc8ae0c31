# SPDX-License-Identifier: BSD-2-Clause
"""An Active Router and a Backup Router, for tests of what each lets pass."""

import contextlib
from collections.abc import Iterator

from observations import wait_for_sole_active, wait_for_state
from vrrp_lab import Injector, Lab, Router, VirtualRouter, VrrpXdp


class Pair:
    """r1, Active, and r2, Backup. capture: what happens from then on; at the start, on a busy machine, r2 may have been Active
    for a moment."""

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        self.family = lab.family
        self.mac = lab.family.virtual_mac(10)
        self.active, self.backup = (
            lab.start(VrrpXdp(lab.router(name), VirtualRouter(addresses=lab.family.virtual, priority=priority)))
            for name, priority in (("r1", 200), ("r2", 100))
        )
        with lab.capture() as election:
            wait_for_state(lab, self.active, "active")
            wait_for_state(lab, self.backup, "backup")
            wait_for_sole_active(lab, election, "r1")
        self.capture = lab.capture().__enter__()

    def wait_for_counter(self, router: VrrpXdp, name: str, least: int = 1) -> None:
        self.lab.eventually(
            lambda: router.virtual_router()["statistics"][name] >= least, f"{router.name} counts {least} {name}"
        )


@contextlib.contextmanager
def cable_to(router: Router) -> Iterator[Injector]:
    """Sends frames to this router alone, whatever its switch has learned."""
    with Injector(router.segments["eth0"].namespace, router.name) as injector:
        yield injector
