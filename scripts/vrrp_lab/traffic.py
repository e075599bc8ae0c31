# SPDX-License-Identifier: BSD-2-Clause
"""Load on a path: UDP through the gateway with every packet accounted for."""

import socket
import struct
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType

from .addresses import IPV4, IPV6, SERVER_ADDRESSES
from .nodes import Host, Server
from .wire import is_ipv6

_SO_TIMESTAMPNS = 35
_PACKET = struct.Struct("!IQ")
_POLL_S = 0.1


@dataclass(frozen=True)
class UdpReport:
    """What became of the packets of a UdpTraffic. Times are nanoseconds of CLOCK_REALTIME, lists in order of sending.

    sent_ns: when each was sent. arrived_ns: by sequence number, when the server's kernel had it. echoed: sequence numbers
    whose answer came back to the host.
    """

    sent_ns: Sequence[int]
    arrived_ns: dict[int, int]
    echoed: frozenset[int]

    @property
    def sent(self) -> int:
        """Packets sent."""
        return len(self.sent_ns)

    @property
    def received(self) -> int:
        """Packets that reached the server, each counted once."""
        return len(self.arrived_ns)

    @property
    def lost(self) -> list[int]:
        """Sequence numbers that never reached the server."""
        return [number for number in range(self.sent) if number not in self.arrived_ns]

    @property
    def longest_gap_ns(self) -> int:
        """Longest time between two arrivals at the server; on a busy machine the sender's own pauses count too."""
        times = sorted(self.arrived_ns.values())
        return max((later - earlier for earlier, later in zip(times, times[1:])), default=0)

    @property
    def longest_outage_ns(self) -> int:
        """Longest time in which all that was sent was lost: from the last packet sent before it that arrived to the first
        after it. 0 when nothing was lost in between. It owes nothing to the sender's pauses elsewhere."""
        good = sorted(self.arrived_ns)
        spans = (self.sent_ns[b] - self.sent_ns[a] for a, b in zip(good, good[1:]) if b > a + 1)
        return max(spans, default=0)

    def summary(self) -> str:
        """One line for people."""
        return (
            f"{self.sent} sent, {self.received} arrived, {len(self.echoed)} echoed, {len(self.lost)} lost,"
            f" longest outage {self.longest_outage_ns / 1e6:.1f} ms, longest gap {self.longest_gap_ns / 1e6:.1f} ms"
        )


class UdpTraffic:
    """Sends numbered packets from a host to the server, which echoes them, from `with` to its end.

    rate: packets a second; after a pause of the sender the packets missed are not made up. address: which of the server's, of
    either family. source: which of the host's, by default its own on the lan.
    """

    def __init__(
        self,
        host: Host,
        server: Server,
        *,
        rate: int = 1000,
        address: str = SERVER_ADDRESSES[0],
        source: str | None = None,
    ) -> None:
        self._period_s = 1.0 / rate
        family, address_family = (IPV6, socket.AF_INET6) if is_ipv6(address) else (IPV4, socket.AF_INET)
        self._host = host.namespace.socket(address_family, socket.SOCK_DGRAM)
        self._server = server.namespace.socket(address_family, socket.SOCK_DGRAM)
        self._server.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
        self._server.bind((address, 0))
        self._destination = self._server.getsockname()
        for each in (self._host, self._server):
            each.settimeout(_POLL_S)
        self._host.bind((source or host.address_in(family), 0))
        self._sent_ns: list[int] = []
        self._arrived_ns: dict[int, int] = {}
        self._echoed: set[int] = set()
        self._stop_sending = threading.Event()
        self._stop = threading.Event()
        self._sender = threading.Thread(target=self._send, name="udp sender", daemon=True)
        self._receivers = [
            threading.Thread(target=self._receive, args=(each, answer), name="udp receiver", daemon=True)
            for each, answer in ((self._server, True), (self._host, False))
        ]

    def __enter__(self) -> "UdpTraffic":
        for thread in (*self._receivers, self._sender):
            thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def stop(self, settle_s: float = 0.3) -> UdpReport:
        """Stop sending, wait `settle_s` for what is under way, and return the report. Harmless when it is stopped."""
        if not self._stop.is_set():
            self._stop_sending.set()
            self._sender.join()
            time.sleep(settle_s)
            self._stop.set()
            for thread in self._receivers:
                thread.join()
            self._host.close()
            self._server.close()
        return self.report()

    def report(self) -> UdpReport:
        """What is known so far. While traffic runs, what is under way counts as lost."""
        arrived, echoed = self._arrived_ns.copy(), frozenset(self._echoed.copy())
        return UdpReport(self._sent_ns.copy(), arrived, echoed)

    def arrived_since(self, time_ns: int) -> int:
        """How many packets sent after `time_ns` (CLOCK_REALTIME) have arrived."""
        report = self.report()
        return sum(report.sent_ns[number] >= time_ns for number in report.arrived_ns if number < report.sent)

    def _send(self) -> None:
        due = time.monotonic()
        while not self._stop_sending.wait(max(0.0, due - time.monotonic())):
            number, now_ns = len(self._sent_ns), time.time_ns()
            # Noted first, so that no packet arrives before it is known.
            self._sent_ns.append(now_ns)
            try:
                self._host.sendto(_PACKET.pack(number, now_ns), self._destination)
            except OSError:
                pass  # no route, no carrier: it is lost, and counted so because it never arrives
            due = max(due + self._period_s, time.monotonic())

    def _receive(self, each: socket.socket, answer: bool) -> None:
        while not self._stop.is_set():
            try:
                data, ancillary, _, sender = each.recvmsg(_PACKET.size, 64)
            except OSError:  # nothing came for a while, or an ICMP error for what was echoed
                continue
            number, _ = _PACKET.unpack(data)
            if not answer:
                self._echoed.add(number)
                continue
            for _, kind, value in ancillary:
                if kind == _SO_TIMESTAMPNS:
                    seconds, nanoseconds = struct.unpack("qq", value[:16])
                    self._arrived_ns.setdefault(number, seconds * 1_000_000_000 + nanoseconds)
            try:
                each.sendto(data, sender)
            except OSError:
                pass  # the echo is lost, and counted so
