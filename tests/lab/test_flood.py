# SPDX-License-Identifier: BSD-2-Clause
"""Valid advertisements of lower priority, thousands a second, as anybody may send them: nothing that counts is lost."""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from observations import each_family, wait_for_state
from vrrp_lab import Advertisement, Injector, Lab, VirtualRouter, VrrpXdp

TIMES = 15
PERIOD_S = 0.004


@contextmanager
def flood(lab: Lab, frames: Sequence[Advertisement], rate: int) -> Iterator[None]:
    """Send the frames in turn, so many a second in all."""
    data = [frame.to_bytes() for frame in frames]
    stop = threading.Event()

    def send(injector: Injector) -> None:
        sent, began = 0, time.monotonic()
        while not stop.wait(PERIOD_S):
            due = int((time.monotonic() - began) * rate)
            for number in range(max(sent, due - rate // 10), due):
                injector.send(data[number % len(data)])
            sent = due

    with Injector(lab.host().namespace) as injector:
        thread = threading.Thread(target=send, args=(injector,), daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()


def advertisement(lab: Lab, priority: int, **fields: object) -> Advertisement:
    """Of the host, as if it were a router with the same Virtual Router."""
    host = lab.host()
    usual = Advertisement(
        source=host.primary(lab.family),
        source_mac=host.mac(),
        addresses=lab.family.virtual,
        priority=priority,
        interval_ms=100,
    )
    return replace(usual, **fields)


@each_family
def test_Flood_OfWorseRouters_LosesNoFarewellAndNoBetterRouter_rfc9568_6_4(lab: Lab) -> None:
    own = VirtualRouter(addresses=lab.family.virtual, priority=100, interval_ms=100)
    r1 = lab.start(VrrpXdp(lab.router("r1"), own))
    wait_for_state(lab, r1, "active")

    def statistics() -> dict[str, int]:
        found: dict[str, int] = r1.virtual_router()["statistics"]
        return found

    with flood(lab, [advertisement(lab, 50)], rate=3000), Injector(lab.host().namespace) as injector:
        lab.eventually(lambda: statistics()["events-limited"] > 100, "the flood exceeds the rate limit")
        for number in range(TIMES):
            injector.send(advertisement(lab, 200))
            yielded = f"{lab.host().primary(lab.family)} advertises priority 200"
            lab.eventually(lambda: r1.log().count(yielded) == number + 1, f"better router {number + 1} is heard")
            wait_for_state(lab, r1, "active")
        for _ in range(TIMES):
            injector.send(advertisement(lab, 0))
            time.sleep(0.02)
        lab.eventually(lambda: statistics()["priority-zero-pkts-rcvd"] == TIMES, "every farewell is heard")


def test_Flood_OfLongAddressLists_FencesNobody(lab: Lab) -> None:
    """Four Virtual Routers of 255 addresses, and a thousand advertisements a second for each, in another order."""

    def addresses(vrid: int) -> list[str]:
        return [f"10.0.{vrid}.{i}" for i in range(1, 256)]

    ours = [VirtualRouter(vrid=vrid, addresses=addresses(vrid), interval_ms=100) for vrid in range(1, 5)]
    r1 = lab.start(VrrpXdp(lab.router("r1"), *ours))
    for each in ours:
        wait_for_state(lab, r1, "active", vrid=each.vrid)

    def statistic(vrid: int, name: str) -> int:
        return int(r1.virtual_router(vrid).get("statistics", {}).get(name, 0))

    before = {each.vrid: statistic(each.vrid, "master-transitions") for each in ours}
    frames = [advertisement(lab, 50, vrid=each.vrid, addresses=[*reversed(each.addresses)]) for each in ours]
    with flood(lab, frames, rate=4000):
        for each in ours:
            lab.eventually(
                lambda vrid=each.vrid: statistic(vrid, "advertisement-rcvd") > 3000,
                f"the flood reaches VRID {each.vrid}",
                timeout_s=30,
            )
    for each in ours:
        assert r1.state(each.vrid) == "active"
        assert statistic(each.vrid, "master-transitions") == before[each.vrid], r1.log()[-2000:]
