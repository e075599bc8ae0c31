# SPDX-License-Identifier: BSD-2-Clause
"""A TCP service on a virtual address, and who uses it: each word comes back with the name of the router that it reached."""

import socket
import sys
import threading
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))

from vrrp_lab import Host, Lab, Router  # noqa: E402  (the path comes first)
from vrrp_lab.process import Process  # noqa: E402
from vrrp_lab.wire import is_ipv6  # noqa: E402

PORT = 7777
_IP_FREEBIND, _IPV6_FREEBIND = 15, 78


def start_service(lab: Lab, router: Router, address: str) -> None:
    """Run it in the router until the lab ends, whether or not the address is there by now."""
    argv = [sys.executable, str(Path(__file__)), address, router.name]
    process = Process(router.namespace, f"service on {router.name}", argv, lab.directory / f"service-{router.name}.log")
    lab.eventually(lambda: "listens" in process.log(), "the service listens")


class Client:
    """A connection of the host to the service."""

    def __init__(self, host: Host, address: str) -> None:
        self._socket = host.namespace.socket(_family(address), socket.SOCK_STREAM)
        self._socket.settimeout(10)
        self._socket.connect((address, PORT))

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def say(self, word: str) -> str:
        """What comes back for it."""
        self._socket.sendall(word.encode())
        return self._socket.recv(100).decode()


def _family(address: str) -> socket.AddressFamily:
    return socket.AF_INET6 if is_ipv6(address) else socket.AF_INET


def _serve(address: str, name: str) -> None:
    def echo(connection: socket.socket) -> None:
        with connection:
            while word := connection.recv(100):
                connection.sendall(f"{name} {word.decode()}".encode())

    level, option = (socket.IPPROTO_IPV6, _IPV6_FREEBIND) if is_ipv6(address) else (socket.IPPROTO_IP, _IP_FREEBIND)
    with socket.socket(_family(address), socket.SOCK_STREAM) as listener:
        listener.setsockopt(level, option, 1)
        listener.bind((address, PORT))
        listener.listen()
        print("listens", flush=True)
        while True:
            threading.Thread(target=echo, args=[listener.accept()[0]], daemon=True).start()


if __name__ == "__main__":
    _serve(*sys.argv[1:])
