# SPDX-License-Identifier: BSD-2-Clause
"""What the lab tests look for: frames, in the protocol's words, and what an instance leaves behind."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from vrrp_lab import IPV4, IPV6, Capture, Frame, History, Lab, VrrpXdp
from vrrp_lab.leftovers import instance_directories
from vrrp_lab.netns import Namespace
from vrrp_lab.process import Process

# Runs a test with labs of either family.
each_family = pytest.mark.parametrize("family", [IPV4, IPV6], ids=[IPV4.name, IPV6.name], indirect=True)

# And with whatever the interfaces have been through.
each_history = pytest.mark.parametrize("history", list(History), ids=lambda each: each.value, indirect=True)

# Those of the Virtual Router that all tests but of several use.
_VIRTUAL_ADDRESSES = (*IPV4.virtual, *IPV6.virtual)


def advertisement_of(node: str, priority: int | None = None, *, vrid: int = 10) -> Callable[[Frame], bool]:
    """Whether a frame is an advertisement as the node sent it, with this priority if one is given."""
    return (
        lambda f: f.sent_by == node and f.vrrp is not None and f.vrrp.vrid == vrid and priority in (None, f.vrrp.priority)
    )


def is_by_router(frame: Frame) -> bool:
    """Whether a router sent the frame, and not a host."""
    return frame.sent_by is not None and frame.sent_by.startswith("r")


def is_ping(frame: Frame) -> bool:
    """Whether the frame is a ping or the answer to one."""
    return frame.icmp is not None and frame.icmp.is_echo


def answer_of(node: str, *addresses: str) -> Callable[[Frame], bool]:
    """Whether a frame is an answer, as the node sent it, to a question for one of the addresses, by default a virtual one."""
    among = addresses or _VIRTUAL_ADDRESSES
    return lambda f: f.sent_by == node and f.told is not None and f.told.is_answer and f.told.address in among


def unanswered(capture: Capture, since_ns: int, until_ns: int) -> int:
    """How many questions of hosts for a virtual address no router answered in that time. One may be under way at its end.

    It tells what hosts miss, whatever pauses they make.
    """
    frames = capture.frames(lambda f: f.sent_by is not None and f.time_ns <= until_ns, since_ns=since_ns)
    asked = sum(f.asks_for in _VIRTUAL_ADDRESSES for f in frames)
    return asked - sum(f.told is not None and f.told.is_answer and f.told.address in _VIRTUAL_ADDRESSES for f in frames)


def wait_for_sole_active(
    lab: Lab, capture: Capture, node: str, *, vrid: int = 10, since_ns: int = 0, count: int = 4
) -> None:
    """Wait until the last `count` advertisements of routers for the VRID are all the node's.

    Not until it never was otherwise: on a machine that stood still for a while, routers elect again.
    """

    def is_claim(frame: Frame) -> bool:
        return bool(is_by_router(frame) and frame.vrrp and frame.vrrp.vrid == vrid and frame.vrrp.priority)

    def is_sole() -> bool:
        return [f.sent_by for f in capture.frames(is_claim, since_ns=since_ns)[-count:]] == [node] * count

    lab.eventually(is_sole, f"{node} alone is Active for VRID {vrid}")


def wait_for_state(lab: Lab, router: VrrpXdp, state: str, *, vrid: int = 10) -> None:
    """Wait until the router says that it is in this state."""
    lab.eventually(lambda: router.state(vrid) == state, f"{router.name} is {state} for VRID {vrid}")


def macs_told(capture: Capture, *addresses: str) -> set[str]:
    """Every MAC address that routers gave, asked or not, as that of one of the addresses, by default the virtual ones."""
    told = [f.told for f in capture.frames(is_by_router) if f.told is not None]
    return {each.mac for each in told if each.address in (addresses or _VIRTUAL_ADDRESSES)}


@contextmanager
def watch_neighbours(lab: Lab, address: str) -> Iterator[Callable[[], set[str]]]:
    """Every MAC address that the first host's kernel had in its neighbour table for the address, from `with` on."""
    watched = lab.directory / "neighbours.log"
    monitor = Process(lab.host().namespace, "ip monitor", ["ip", "monitor", "neigh"], watched)

    def macs() -> set[str]:
        entries = [line.split() for line in monitor.log().splitlines() if line.startswith(f"{address} ")]
        return {words[words.index("lladdr") + 1] for words in entries if "lladdr" in words}

    try:
        yield macs
    finally:
        monitor.stop()


def nothing_attached(namespace: Namespace, *interfaces: str) -> bool:
    """Whether nothing of vrrp-xdp is in the namespace: no program, qdisc, pin, socket, group or process."""
    for interface in interfaces or ("eth0", "eth1"):
        link = namespace.run("ip", "link", "show", "dev", interface)
        qdiscs = namespace.run("tc", "qdisc", "show", "dev", interface)
        groups = namespace.run("ip", "maddress", "show", "dev", interface)
        entries = namespace.run("bridge", "fdb", "show", "dev", interface)
        if "00:00:5e:00" in entries or "01:00:5e:00:00:12" in entries or "33:33:00:00:00:12" in entries:
            return False
        if "xdp" in link or "clsact" in qdiscs or "224.0.0.18" in groups or "ff02::12" in groups or "00:00:5e:00" in groups:
            return False
    return not instance_directories(namespace) and not namespace.pids()
