# SPDX-License-Identifier: BSD-2-Clause
"""What the lab tests look for: frames, in the protocol's words, and what an instance leaves behind."""

from collections.abc import Callable

from vrrp_lab import VIRTUAL_ADDRESS, Capture, Frame, Lab, VrrpXdp
from vrrp_lab.leftovers import instance_directories
from vrrp_lab.netns import Namespace


def advertisement_of(node: str, priority: int | None = None, *, vrid: int = 10) -> Callable[[Frame], bool]:
    """Whether a frame is an advertisement as the node sent it, with this priority if one is given."""
    return (
        lambda f: f.sent_by == node and f.vrrp is not None and f.vrrp.vrid == vrid and priority in (None, f.vrrp.priority)
    )


def is_by_router(frame: Frame) -> bool:
    """Whether a router sent the frame, and not a host."""
    return frame.sent_by is not None and frame.sent_by.startswith("r")


def arp_reply_of(node: str, address: str = VIRTUAL_ADDRESS) -> Callable[[Frame], bool]:
    """Whether a frame is an answer, as the node sent it, to a question for the address."""
    return lambda f: f.sent_by == node and f.arp is not None and f.arp.is_reply and f.arp.sender_ip == address


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


def macs_told(capture: Capture, address: str = VIRTUAL_ADDRESS) -> set[str]:
    """Every MAC address that routers gave by ARP as that of the address."""
    arps = [f.arp for f in capture.frames(is_by_router) if f.arp is not None]
    return {arp.sender_mac for arp in arps if arp.sender_ip == address}


def nothing_attached(namespace: Namespace, *interfaces: str) -> bool:
    """Whether nothing of vrrp-xdp is in the namespace: no program, qdisc, pin, socket, group or process."""
    for interface in interfaces or ("eth0", "eth1"):
        link = namespace.run("ip", "link", "show", "dev", interface)
        qdiscs = namespace.run("tc", "qdisc", "show", "dev", interface)
        groups = namespace.run("ip", "maddress", "show", "dev", interface)
        if "xdp" in link or "clsact" in qdiscs or "224.0.0.18" in groups or "00:00:5e:00:01" in groups:
            return False
    return not instance_directories(namespace) and not namespace.pids()
