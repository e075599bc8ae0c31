# SPDX-License-Identifier: BSD-2-Clause
"""The lab: routers between a lan with hosts and a wan with a server, made on entry and gone on exit.

    h1, h2 … ── lan ──┬── r1, r2 … ──┬── wan ── server
                      └──── back ────┘

The way to the server is through whichever router the hosts' gateway is; the way back is always through `back`, which
only forwards. So a measured loss is a loss on the way through the Virtual Router, whatever is done to the routers.
"""

import enum
import itertools
import os
import shutil
import signal
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from types import FrameType, TracebackType
from typing import Protocol, TypeVar

from . import addresses, netns, waiting
from .addresses import IPV4, IPV6, Family
from .capture import Capture, Filter, Port
from .leftovers import remove_instances, remove_stale
from .loss import Loss
from .netns import Namespace
from .neighbours import NeighbourProber
from .nodes import Cable, Dad, Host, Node, Router, Segment, Server, Wiring, configure, plug
from .peers.vrrp_xdp import VrrpXdp
from .traffic import UdpTraffic
from .xdp_peer import attach_pass, compile_pass

__all__ = ["Dad", "History", "Host", "Lab", "Router", "Server"]

_serial = itertools.count(1)
_ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Peer(Protocol):
    """A VRRP implementation at work in a router."""

    name: str

    def start(self, directory: Path) -> None:
        """Write its configuration and log below `directory` and run it."""

    def close(self) -> None:
        """End it and remove all it left. Harmless when it is not running."""

    def log(self) -> str:
        """What it printed."""


class History(enum.Enum):
    """What a router's interfaces have been through when vrrp-xdp is about to be tested there."""

    AS_IT_WAS = "as it was"
    ATTACHED_WHILE_DOWN = "attached while down"  # as at boot
    DOWN_AND_UP = "after a down and up"


P = TypeVar("P", bound=Peer)
T = TypeVar("T")


class Lab:
    """The whole lab, as a context.

    routers, hosts: how many. family: what it is for; both are there unless ipv6 is False.
    mode: what --mode says to each vrrp-xdp that is told nothing. bridged: the routers' interfaces are bridges, whose ports are
    the cables' ends. offloads: as the kernel makes them. dad: how IPv6 addresses become usable.
    xdp_peer: pass-all programs at the switches' ends of the routers' cables, which native XDP_TX needs, and offloads off with
    them: what the switch is to see must be in the frame. By default where the mode is native.
    history: what happens around the first start of each vrrp-xdp.
    """

    def __init__(
        self,
        *,
        routers: int = 2,
        hosts: int = 1,
        family: Family = IPV4,
        ipv6: bool = True,
        mode: str | None = None,
        bridged: bool = False,
        offloads: bool | None = None,
        dad: Dad = Dad.NONE,
        xdp_peer: bool | None = None,
        history: History = History.AS_IT_WAS,
    ) -> None:
        self.prefix = f"vx{os.getpid()}-{next(_serial)}"
        self.family = family
        self.history = history
        self._ipv6 = ipv6 or family is IPV6
        self._xdp_peer = mode == "native" if xdp_peer is None else xdp_peer
        self._wiring = Wiring(offloads=not self._xdp_peer if offloads is None else offloads, dad=dad)
        self._stack = ExitStack()
        self._captures: list[Capture] = []
        self._peers: list[Peer] = []
        self._lan = Segment(self._namespace("lan"), 1)
        self._wan = Segment(self._namespace("wan"), 2)
        routed = replace(self._wiring, bridged=bridged)
        self.routers = [Router(f"r{n}", n, self._namespace(f"r{n}"), routed, mode=mode) for n in range(1, routers + 1)]
        first, plain = addresses.FIRST_HOST_NUMBER, self._wiring
        self.hosts = [Host(f"h{n}", first + n - 1, self._namespace(f"h{n}"), plain) for n in range(1, hosts + 1)]
        self.server = Server("server", first, self._namespace("server"), plain)
        self.back = Router("back", addresses.RETURN_NODE_NUMBER, self._namespace("back"), plain)

    @property
    def _families(self) -> tuple[Family, ...]:
        return (IPV4, IPV6) if self._ipv6 else (IPV4,)

    def _namespace(self, name: str) -> Namespace:
        return Namespace(f"{self.prefix}-{name}")

    def __enter__(self) -> "Lab":
        remove_stale()
        try:
            self._handle_signals()
            self.directory = self._make_directory()
            self._build()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End and remove everything. A second Ctrl-C does not stop it half way."""
        held = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDINGS)
        try:
            self._stack.close()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, held)

    def router(self, name: str) -> Router:
        """The router with this name, as r1."""
        return next(router for router in self.routers if router.name == name)

    def host(self, name: str = "h1") -> Host:
        """The host with this name."""
        return next(host for host in self.hosts if host.name == name)

    def prober(self, *, period_s: float = 0.02) -> NeighbourProber:
        """Asks from the first host for the gateway of the lab's family."""
        return NeighbourProber(self.host(), self.family.gateway, period_s)

    def traffic(self, *, rate: int = 1000) -> UdpTraffic:
        """Load from the first host to the server, over the lab's family."""
        return UdpTraffic(self.host(), self.server, rate=rate, address=self.family.server[0])

    def loss(self, node: str) -> Loss:
        """What is to be lost of what this router sends on the lan."""
        return Loss(self.router(node).port(), self.directory)

    def start(self, peer: P) -> P:
        """Run a peer until the lab ends or it is stopped. A vrrp-xdp gets the lab's history."""
        self._peers.append(peer)
        self._stack.callback(peer.close)
        if isinstance(peer, VrrpXdp) and self.history is not History.AS_IT_WAS:
            self._start_with_history(peer)
        else:
            peer.start(self.directory)
        return peer

    def _start_with_history(self, peer: VrrpXdp) -> None:
        interfaces = list(peer.router.segments)
        if self.history is History.ATTACHED_WHILE_DOWN:
            for interface in interfaces:
                peer.router.down(interface)
        peer.start(self.directory)
        self.eventually(lambda: peer.serves() or not peer.running, f"{peer.name} has attached or failed")
        if self.history is History.DOWN_AND_UP:
            for interface in interfaces:
                peer.router.down(interface)
        for interface in interfaces:
            peer.router.up(interface)

    def capture(self, *ports: Port, only: Filter = Filter.CONTROL) -> Capture:
        """A recorder of these ports, by default of the switch's port of every router and host on the lan."""
        lan: list[Node] = [*self.routers, *self.hosts]
        capture = Capture(ports or [node.port() for node in lan], only)
        self._captures.append(capture)
        self._stack.callback(capture.close)
        return capture

    def eventually(self, predicate: Callable[[], T], what: str, *, timeout_s: float = waiting.PATIENCE_S) -> T:
        """waiting.eventually, with the lab's report in the failure."""
        return waiting.eventually(predicate, what, timeout_s=timeout_s, report=self.report)

    def report(self) -> str:
        """What all captures and all peers have to say."""
        parts = [capture.describe() for capture in self._captures]
        parts += [f"--- log of {peer.name}\n{peer.log()}" for peer in self._peers]
        return "\n".join(parts)

    def _handle_signals(self) -> None:
        """Let SIGTERM and SIGHUP unwind the stack, as Ctrl-C does."""

        def end(number: int, _frame: FrameType | None) -> None:
            raise SystemExit(128 + number)

        for number in (signal.SIGTERM, signal.SIGHUP):
            self._stack.callback(signal.signal, number, signal.signal(number, end))

    def _make_directory(self) -> Path:
        directory = Path(tempfile.mkdtemp(prefix=f"{self.prefix}-"))
        self._stack.callback(shutil.rmtree, directory, ignore_errors=True)
        directory.chmod(0o755)  # FRR reads its configuration as another user
        return directory

    def _build(self) -> None:
        segments = (self._lan, self._wan)
        forwarding: list[Node] = [*self.routers, self.back]
        nodes: list[Node] = [*forwarding, *self.hosts, self.server]
        namespaces = [*(each.namespace for each in segments), *(each.namespace for each in nodes)]
        self._stack.callback(netns.delete, namespaces)
        netns.create(namespaces)
        for namespace in namespaces:
            remove_instances(namespace)  # the kernel gives the number of a namespace that is gone to the next one
        for segment in segments:
            segment.create()
        for node in nodes:
            configure(node, forward=isinstance(node, Router), ipv6=self._ipv6)
        on_lan = [*forwarding, *self.hosts]
        on_wan = [*forwarding, self.server]
        plug([*(self._cable(node, "eth0", self._lan) for node in on_lan), *(self._cable(node, "eth1", self._wan) for node in on_wan)])
        for host in self.hosts:
            host.set_gateway(*(family.gateway for family in self._families))
        self._back_from_server()
        if self._xdp_peer:
            program = compile_pass(self.directory)
            for router in self.routers:
                for interface, segment in router.segments.items():
                    attach_pass(segment.namespace, router.port(interface).interface, program)

    def _cable(self, node: Node, interface: str, segment: Segment) -> Cable:
        own, own_v6 = (
            (addresses.lan_address(node.number), addresses.lan_address_v6(node.number))
            if segment is self._lan
            else (addresses.wan_address(node.number), addresses.wan_address_v6(node.number))
        )
        link_local = addresses.link_local_address(node.number)
        return Cable(node, interface, segment, [f"{own}/24", *([f"{link_local}/64", f"{own_v6}/64"] if self._ipv6 else [])])

    def _back_from_server(self) -> None:
        back = addresses.RETURN_NODE_NUMBER
        self.server.namespace.ip(
            *(f"address add {family.server[1]}/{family.prefix_length} dev eth1 nodad" for family in self._families),
            f"route add {addresses.LAN_PREFIX} via {addresses.wan_address(back)}",
            *([f"route add {addresses.LAN_PREFIX_V6} via {addresses.wan_address_v6(back)}"] if self._ipv6 else []),
        )
