# SPDX-License-Identifier: BSD-2-Clause
"""The network of a virtual machine with cards: the router's card nic0, the host's card nic1, and a server behind the router.

The router is the machine itself, so that its card has the machine's drivers and buses around it. Host and server are
namespaces. All cards are on one hub; the server is at the other end of a veth.
"""

import os
import re
import socket
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from vrrp_lab import addresses
from vrrp_lab.commands import run
from vrrp_lab.netns import RUN_NETNS, Namespace
from vrrp_lab.nodes import Router
from vrrp_lab.waiting import eventually

# The machine is emulated, on a host that may have a lot to do.
PATIENCE_S = 60.0

_ROUTER, _HOST, _SERVER = 1, 100, 200
_NET = Path("/sys/class/net")
_TCP_BYTES = 2_000_000
# How long the cards of real machines negotiate, and some emulated ones as well.
_CARRIER_S = 30.0


def cards() -> list[tuple[str, str]]:
    """Return MAC and driver of each card, in the order of scripts/vm's command line."""
    described = os.environ.get("VM_NICS", "")
    return [(mac, driver) for mac, _, driver in (word.partition("=") for word in described.split())]


def interface_of(mac: str) -> str | None:
    """Return the name of the interface with this permanent MAC in this namespace."""
    found = [path.name for path in _NET.iterdir() if (path / "device").exists() and (path / "address").read_text().strip() == mac]
    return found[0] if found else None


class Network:
    """The cards, named and configured, from the beginning of the tests to their end."""

    def __init__(self) -> None:
        (self.mac, self.driver), (self.host_mac, _) = cards()[:2]
        self.router = Router("router", _ROUTER, Namespace("router"))
        self.host = Namespace("host")
        self.server = Namespace("server")

    def create(self) -> None:
        """Make the namespaces and bring the cards up."""
        for mac in (self.mac, self.host_mac):
            eventually(lambda: interface_of(mac), f"there is a card with the MAC {mac}", timeout_s=PATIENCE_S)
        # A name for the namespace that this process is in.
        run(["ip", "netns", "attach", self.router.namespace.name, str(os.getpid())])
        for namespace in (self.host, self.server):
            namespace.create()
        for namespace in (self.router.namespace, self.host, self.server):
            namespace.sysctl(
                net__ipv6__conf__default__addr_gen_mode=1,
                net__ipv6__conf__default__accept_dad=0,
                net__ipv6__conf__default__accept_ra=0,
                net__ipv4__icmp_ratelimit=0,
            )
        self.router.namespace.sysctl(net__ipv4__ip_forward=1, net__ipv6__conf__all__forwarding=1)
        self._configure_host()
        self._configure_server()
        self.configure_router()

    def delete(self) -> None:
        """Remove the namespaces. The host's card is back in the machine's own then."""
        for namespace in (self.host, self.server):
            namespace.delete()
        run(["ip", "netns", "delete", self.router.namespace.name])

    def configure_router(self, name: str = "nic0") -> None:
        """Give the router's card its name and its addresses; once more after its driver was bound again."""
        found = eventually(lambda: interface_of(self.mac), "the router's card is there", timeout_s=PATIENCE_S)
        if found != name:
            self.router.namespace.ip(f"link set {found} down", f"link set {found} name {name}")
        self.router.namespace.sysctl(**{f"net__ipv6__conf__{name}__addr_gen_mode": 1, f"net__ipv6__conf__{name}__accept_dad": 0})
        self.give_addresses(name)
        self.wait_for_carrier(name)

    def give_addresses(self, name: str) -> None:
        """Bring an interface of the router up with the router's addresses on the lan."""
        run(["ip", "link", "set", name, "up"])
        for address in (f"{addresses.lan_address(_ROUTER)}/24", *_ipv6(_ROUTER)):
            run(["ip", "address", "replace", address, "dev", name, *(["nodad"] if ":" in address else [])])

    def give_wan_addresses(self) -> None:
        """Give the router's end of the way to the server its addresses, again where a VRF took them."""
        for address in (f"{addresses.wan_address(_ROUTER)}/24", f"{addresses.wan_address_v6(_ROUTER)}/64"):
            run(["ip", "address", "replace", address, "dev", "wan0", *(["nodad"] if ":" in address else [])])
        link_local = f"{addresses.link_local_address(_ROUTER, interface=2)}/64"
        run(["ip", "address", "replace", link_local, "dev", "wan0", "nodad"])

    @contextmanager
    def unbound(self) -> Iterator[None]:
        """Take the router's card from its driver, and give it back after the block."""
        device = (_NET / "nic0" / "device").resolve()
        driver = (device / "driver").resolve()
        (driver / "unbind").write_text(device.name)
        yield
        (driver / "bind").write_text(device.name)

    def take_addresses(self, name: str) -> None:
        """Take all addresses from an interface of the router."""
        run(["ip", "address", "flush", "dev", name])

    def set_mtu(self, mtu: int) -> None:
        """Set the MTU of the whole path."""
        run(["ip", "link", "set", "nic0", "mtu", str(mtu)])
        run(["ip", "link", "set", "wan0", "mtu", str(mtu)])
        self.host.ip(f"link set nic1 mtu {mtu}")
        self.server.ip(f"link set eth1 mtu {mtu}")

    def wait_for_carrier(self, name: str = "nic0") -> None:
        """Return once the interface works."""
        eventually(
            lambda: (_NET / name / "carrier").read_text().strip() == "1", f"{name} has a carrier", timeout_s=_CARRIER_S
        )

    def settings(self, name: str = "nic0") -> dict[str, str]:
        """Return what an attach may change on an interface, as the tools print it."""
        commands = {
            "ethtool -k": ["ethtool", "-k", name],
            "ip -d link": ["ip", "-d", "link", "show", name],
            "tc qdisc": ["tc", "qdisc", "show", "dev", name],
            "tc filter": ["tc", "filter", "show", "dev", name, "ingress"],
            "bridge fdb": ["bridge", "fdb", "show", "dev", name],
            "ip maddr": ["ip", "maddr", "show", "dev", name],
        }
        # A bridge's timers run, and what works is UNKNOWN for a moment before it is UP.
        passing = re.compile(r"_timer +[\d.]+|state (UP|UNKNOWN)")
        return {what: passing.sub("", run(command, check=False)) for what, command in commands.items()}

    def asked_for_mac(self, address: str = addresses.VIRTUAL_ADDRESS, interface: str = "nic1") -> str | None:
        """Return the MAC that answers the host's ARP or Neighbour Solicitation for the address, if any does."""
        self.host.run("ip", "neighbour", "flush", "dev", interface)
        # Whatever becomes of the ping, it asks.
        self.host.run("ping", "-c", "1", "-W", "1", "-I", interface, address, check=False)
        found = re.search(r"lladdr (\S+)", self.host.run("ip", "neighbour", "show", address, "dev", interface))
        return found[1] if found else None

    def pings(self, address: str, *options: str) -> bool:
        """Return whether the server or another address answers the host."""
        said = self.host.run("ping", "-c", "3", "-i", "0.2", "-W", "5", *options, address, check=False)
        return " 0% packet loss" in said

    def send_frames(self) -> None:
        """Send frames from the host that reach the card, whether anybody answers or not."""
        self.host.run("ping", "-c", "10", "-i", "0.1", "-W", "1", self.router.address, check=False)

    def transfer(self, address: str, *, timeout_s: float = PATIENCE_S) -> None:
        """Send 2 MB by TCP from the host to the server and 2 MB back. Raises an OSError where that stops."""
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        errors: list[OSError] = []
        with self.server.socket(family, socket.SOCK_STREAM) as listening:
            listening.settimeout(timeout_s)
            listening.bind((address, 0))
            listening.listen(1)
            to = listening.getsockname()

            def answer() -> None:
                try:
                    with listening.accept()[0] as accepted:
                        accepted.settimeout(timeout_s)
                        _receive(accepted)
                        accepted.sendall(bytes(_TCP_BYTES))
                except OSError as error:
                    errors.append(error)

            server = threading.Thread(target=answer, name="tcp server", daemon=True)
            server.start()
            with self.host.socket(family, socket.SOCK_STREAM) as connection:
                connection.settimeout(timeout_s)
                connection.connect(to)
                connection.sendall(bytes(_TCP_BYTES))
                _receive(connection)
            server.join()
        for error in errors:
            raise error

    def _configure_host(self) -> None:
        run(["ip", "link", "set", str(interface_of(self.host_mac)), "netns", self.host.name, "name", "nic1"])
        self.host.ip(
            "link set nic1 up",
            f"address add {addresses.lan_address(_HOST)}/24 dev nic1",
            *(f"address add {address} dev nic1 nodad" for address in _ipv6(_HOST)),
            f"route add default via {addresses.VIRTUAL_ADDRESS} dev nic1",
            f"route add default via {addresses.VIRTUAL_LINK_LOCAL} dev nic1",
        )

    def _configure_server(self) -> None:
        self.router.namespace.ip(
            f"link add name wan0 type veth peer name eth1 netns {self.server.name}",
            "link set wan0 up",
        )
        self.give_wan_addresses()
        self.server.ip(
            "link set eth1 up",
            f"address add {addresses.SERVER_ADDRESSES[0]}/24 dev eth1",
            f"address add {addresses.SERVER_ADDRESSES_V6[0]}/64 dev eth1 nodad",
            f"address add {addresses.link_local_address(_SERVER)}/64 dev eth1 nodad",
            f"route add default via {addresses.wan_address(_ROUTER)}",
            f"route add default via {addresses.wan_address_v6(_ROUTER)}",
        )


def configuration(interface: str = "nic0", *, vlans: Mapping[str, str] | None = None, interval: str = "300ms") -> dict[str, Any]:
    """Return the configuration of VRID 10 in both families on one interface. vlans: of more interfaces, by their virtual address."""
    routers = [_virtual_router([addresses.VIRTUAL_ADDRESS], interval)]
    routers.append(_virtual_router([addresses.VIRTUAL_LINK_LOCAL, addresses.VIRTUAL_ADDRESS_V6], interval))
    interfaces = {interface: {"virtual-routers": routers}}
    for name, address in (vlans or {}).items():
        interfaces[name] = {"virtual-routers": [_virtual_router([address], interval)]}
    return {"interfaces": interfaces}


def exists(name: str) -> bool:
    """Return whether the namespace of that name is there."""
    return (RUN_NETNS / name).exists()


def _virtual_router(virtual_addresses: Sequence[str], interval: str) -> dict[str, Any]:
    return {"vrid": 10, "advertise-interval": interval, "virtual-addresses": list(virtual_addresses)}


def _ipv6(number: int) -> tuple[str, str]:
    return f"{addresses.link_local_address(number)}/64", f"{addresses.lan_address_v6(number)}/64"


def _receive(connection: socket.socket) -> None:
    left = _TCP_BYTES
    while left > 0:
        data = connection.recv(65536)
        if not data:
            raise ConnectionError(f"the connection ended with {left} of {_TCP_BYTES} bytes missing")
        left -= len(data)
