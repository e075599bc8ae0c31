# SPDX-License-Identifier: BSD-2-Clause
"""A network of namespaces in which real VRRP routers are watched, disturbed and measured.

    with Lab(routers=2, hosts=1) as lab, lab.capture() as capture:
        lab.start(Keepalived(lab.router("r1"), VirtualRouter(priority=200)))
        lab.start(VrrpXdp(lab.router("r2"), VirtualRouter(priority=100)))
        capture.wait_for(lambda f: f.vrrp is not None and f.sent_by == "r1", "an advertisement of r1")
"""

from .addresses import IPV4, IPV6, LAN_PREFIX, SERVER_ADDRESSES, VIRTUAL_ADDRESS, Family
from .capture import Capture, Filter
from .frames import Arp, ChecksumForm, Frame, Vrrp
from .inject import Advertisement, ArpPacket, Injector, NeighbourAdvertisement, Solicitation
from .loss import Loss
from .ndisc import Nd
from .neighbours import NeighbourProber
from .peers.frr import Frr
from .peers.keepalived import Keepalived
from .peers.model import VirtualRouter
from .peers.radvd import Radvd
from .peers.vrrp_xdp import VrrpXdp
from .topology import Dad, History, Host, Lab, Router
from .traffic import UdpTraffic
from .waiting import eventually

__all__ = [
    "IPV4",
    "IPV6",
    "LAN_PREFIX",
    "SERVER_ADDRESSES",
    "VIRTUAL_ADDRESS",
    "Advertisement",
    "Arp",
    "ArpPacket",
    "Capture",
    "ChecksumForm",
    "Dad",
    "Family",
    "Filter",
    "Frame",
    "Frr",
    "History",
    "Host",
    "Injector",
    "Keepalived",
    "Lab",
    "Loss",
    "Nd",
    "NeighbourAdvertisement",
    "NeighbourProber",
    "Radvd",
    "Router",
    "Solicitation",
    "UdpTraffic",
    "VirtualRouter",
    "VrrpXdp",
    "Vrrp",
    "eventually",
]
