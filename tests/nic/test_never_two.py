# SPDX-License-Identifier: BSD-2-Clause
"""A router on a card that is dead, hung or ended answers until its successor's first advertisement, and not after it."""

import random
import signal
import time

import pytest
from conftest import Start, are_answered
from network import Network, configuration
from vrrp_lab import IPV4, IPV6, Advertisement, Injector, VrrpXdp
from vrrp_lab.addresses import lan_address, link_local_address

# A lease is long enough for what an emulated machine has to do within it.
INTERVAL_S = 8

# What happens to the router, and when after it the successor's advertisement comes, in intervals. A guardian that lives ends
# the firm part of the lease at once. Where none does, it lasts until the next advertisement would have been due, and only a
# better router's ends it.
AT_ONCE = (0.1, 0.8)
AFTER_THE_FIRM_PART = (1.0, 1.9)
FAULTS = {
    "its controller is killed": (VrrpXdp.kill, AT_ONCE),
    "all of it is killed": (VrrpXdp.kill_family, AFTER_THE_FIRM_PART),
    "its controller is held still": (VrrpXdp.sigstop, AT_ONCE),
    "all of it is held still": (VrrpXdp.sigstop_family, AFTER_THE_FIRM_PART),
    "it is stopped": (lambda router: router.process.signal(signal.SIGTERM), AT_ONCE),
}


@pytest.mark.flaky(reruns=0)
@pytest.mark.long
@pytest.mark.parametrize("seed", range(1, 4))
@pytest.mark.parametrize("fault", FAULTS)
def test_AnswersUntilTheSuccessorIsHeard_AndNotAfterwards(network: Network, start: Start, fault: str, seed: int) -> None:
    inflict, moments = FAULTS[fault]
    router = start(configuration(interval=f"{INTERVAL_S}s"))
    time.sleep(random.Random(seed).uniform(0, INTERVAL_S))
    inflict(router)
    failed = time.monotonic()
    time.sleep(INTERVAL_S * random.Random(seed).uniform(*moments))
    assert are_answered(network), f"{time.monotonic() - failed:.1f} s after the fault"
    succeed(network)
    for family in (IPV4, IPV6):
        assert network.asked_for_mac(family.gateway) is None, family.name
    assert time.monotonic() - failed < 2.9 * INTERVAL_S, "its lease may have ended by itself"
    router.sigcont()
    router.kill_family()
    router.run("detach", "nic0")


def succeed(network: Network) -> None:
    """Let a router at the host's card advertise once in both families."""
    sources = {IPV4: lan_address(2), IPV6: link_local_address(2)}
    with Injector(network.host, "nic1") as injector:
        for family, source in sources.items():
            injector.send(Advertisement(source=source, priority=1, addresses=family.virtual, interval_ms=1000 * INTERVAL_S))
