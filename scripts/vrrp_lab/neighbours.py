# SPDX-License-Identifier: BSD-2-Clause
"""Asking for the MAC address of an IP address and claiming one, by ARP or Neighbour Discovery, as the address is of IPv4 or
IPv6."""

import threading
import time
from dataclasses import dataclass, field
from types import TracebackType

from .addresses import IPV6
from .capture import Capture
from .frames import Frame
from .inject import ArpPacket, Injector, NeighbourAdvertisement, Solicitation
from .nodes import Host
from .wire import is_ipv6


def question(host: Host, address: str, *, eth_destination: str | None = None) -> ArpPacket | Solicitation:
    """The host asks for the address. eth_destination: by default all, or the solicited-node group."""
    if is_ipv6(address):
        source = host.primary(IPV6)
        return Solicitation(source_mac=host.mac(), source=source, target=address, eth_destination=eth_destination)
    request = ArpPacket(sender_mac=host.mac(), sender_ip=host.address, target_ip=address)
    return request.sent_to(eth_destination) if eth_destination else request


def claim(mac: str, address: str) -> ArpPacket | NeighbourAdvertisement:
    """An announcement to all that the address is at this MAC."""
    return NeighbourAdvertisement(mac=mac, address=address) if is_ipv6(address) else ArpPacket.gratuitous(mac, address)


@dataclass
class NeighbourProber:
    """Asks from a host for an address every `period_s` from `with` to its end, past the kernel and its cache."""

    host: Host
    address: str
    period_s: float = 0.02
    asked_ns: list[int] = field(default_factory=list)

    def __enter__(self) -> "NeighbourProber":
        self._capture = Capture([self.host.own_port()])
        self._capture.__enter__()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._ask, name="prober", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._stop.set()
        self._thread.join()
        self._capture.close()

    def answers(self, *, since_ns: int = 0) -> list[Frame]:
        """The replies to the host, in order of arrival; announcements are not among them."""
        return self._capture.frames(self._is_answer, since_ns=since_ns)

    def wait_for_answer(self, *, since_ns: int = 0) -> Frame:
        """The first reply at or after `since_ns`. Raises AssertionError when none comes."""
        return self._capture.wait_for(self._is_answer, f"an answer for {self.address}", since_ns=since_ns)

    def answering_macs(self, *, since_ns: int = 0) -> set[str]:
        """All MAC addresses that were given as an answer."""
        return {frame.told.mac for frame in self.answers(since_ns=since_ns) if frame.told is not None}

    @property
    def longest_silence_ns(self) -> int:
        """Longest time between two answers; a pause of the prober itself counts too."""
        times = [frame.time_ns for frame in self.answers()]
        return max((later - earlier for earlier, later in zip(times, times[1:])), default=0)

    def _is_answer(self, frame: Frame) -> bool:
        told = frame.told
        to_host = frame.delivered_to == self.host.name and frame.eth_dst == self.host.mac()
        return told is not None and told.is_answer and told.address == self.address and to_host

    def _ask(self) -> None:
        asked = question(self.host, self.address)
        with Injector(self.host.namespace) as injector:
            while not self._stop.wait(self.period_s):
                self.asked_ns.append(time.time_ns())
                try:
                    injector.send(asked)
                except OSError:
                    pass  # the host's cable is out: no answer comes, which is what is measured
