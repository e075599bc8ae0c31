# SPDX-License-Identifier: BSD-2-Clause
"""The control socket under clients that do not wait, do not ask, or do not stop: the instance answers, and idles."""

import contextlib
import json
import os
import resource
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from observations import nothing_attached, wait_for_state
from vrrp_lab import Lab, VirtualRouter, VrrpXdp
from vrrp_lab.leftovers import CONTROL_SOCKETS
from vrrp_lab.peers.vrrp_xdp import configuration

DONE = 0
LAN = VirtualRouter(interval_ms=200)
WAN = VirtualRouter(vrid=20, addresses=["198.51.100.254"], interval_ms=200)
BOTH = configuration({"eth0": [LAN], "eth1": [WAN]})
ALONE = configuration({"eth0": [LAN]})


def path_of(router: VrrpXdp, interface: str) -> Path:
    return CONTROL_SOCKETS / f"net-{router.router.namespace.inode}" / f"{interface}.sock"


def connect(path: Path) -> socket.socket:
    client = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    client.settimeout(10)
    client.connect(str(path))
    return client


@contextlib.contextmanager
def clients_in_a_loop(path: Path, count: int = 2) -> Iterator[None]:
    """They connect, ask, and do not wait for the answer, as long as anybody listens and after that."""
    over = threading.Event()

    def ask_on() -> None:
        while not over.is_set():
            with contextlib.suppress(OSError), connect(path) as client:
                client.sendall(b'{"request": "status"}\n')

    threads = [threading.Thread(target=ask_on) for _ in range(count)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join()


def processor_time_s(router: VrrpXdp) -> float:
    """Of the ordinary thread, which is the first."""
    fields = Path(f"/proc/{router.process.pid}/task/{router.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def assert_idle(router: VrrpXdp, watched_s: float = 2.0) -> None:
    before = processor_time_s(router)
    time.sleep(watched_s)
    used = processor_time_s(router) - before
    assert used < watched_s / 5, f"the ordinary thread used {used:.2f} s of {watched_s} s"


def start(lab: Lab, config: object) -> VrrpXdp:
    router = lab.start(VrrpXdp(lab.router("r1"), config=config))  # type: ignore[arg-type]
    wait_for_state(lab, router, "active")
    return router


def test_ClientsThatConnect_WhileAnInterfaceIsDetachedOrReloadedAway_HarmNobody(lab: Lab) -> None:
    router = start(lab, BOTH)
    for way in ("detach", "reload", "reload", "detach"):
        with clients_in_a_loop(path_of(router, "eth1")):
            if way == "detach":
                router.detach("eth1")
            else:
                router.write(ALONE)
                router.run("reload")
        assert router.running and router.state() == "active", router.log()
        assert_idle(router, 1.0)
        router.write(BOTH)
        router.run("reload")
        lab.eventually(lambda: router.state(20, "eth1") == "active", "eth1 is back")
    with clients_in_a_loop(path_of(router, "eth0")):
        assert router.process.stop(timeout_s=20) == DONE
    assert nothing_attached(router.router.namespace)


def test_WhoAskedForTheLastDetach_HearsOfIt(lab: Lab) -> None:
    router = start(lab, ALONE)
    with connect(path_of(router, "eth0")) as one, connect(path_of(router, "eth0")) as other:
        for client in (one, other):
            client.sendall(b'{"request": "detach"}\n')
        for client in (one, other):
            assert json.loads(client.makefile().readline()) == {"detached": "eth0"}
    assert router.process.wait() == DONE


def test_WithoutADescriptorLeft_TheInstanceIdles_AndAnswersAgainAfterwards(lab: Lab) -> None:
    router = start(lab, ALONE)
    before = resource.prlimit(router.process.pid, resource.RLIMIT_NOFILE)
    resource.prlimit(router.process.pid, resource.RLIMIT_NOFILE, (3, before[1]))
    waiting = connect(path_of(router, "eth0"))
    waiting.sendall(b'{"request": "status"}\n')
    assert_idle(router)
    resource.prlimit(router.process.pid, resource.RLIMIT_NOFILE, before)
    with waiting:
        assert "virtual-routers" in json.loads(waiting.makefile().readline())


def test_OneQuestion_AtAnySocket_IsAnsweredForAllInterfaces(lab: Lab) -> None:
    late = VirtualRouter(vrid=70, addresses=["198.18.0.254"])
    router = start(lab, configuration({"eth0": [LAN], "eth1": [WAN], "eth7": [late]}))
    lab.eventually(lambda: router.state(20, "eth1") == "active", "eth1 is active")
    shown = router.status()["interfaces"]
    assert [each["interface"] for each in shown] == ["eth0", "eth1", "eth7"]
    for interface in ("eth0", "eth1", "eth7"):  # the last one is missing
        with connect(path_of(router, interface)) as client:
            client.sendall(b'{"request": "status-all"}\n')
            said = json.loads(client.makefile().readline())["interfaces"]
        by_name = {each["interface"]: each for each in said}
        assert set(by_name) == {"eth0", "eth1", "eth7"}
        for each in shown:
            assert by_name[each["interface"]].keys() == each.keys()
            assert each.keys() >= router.interface_status(each["interface"]).keys()
        assert "waiting" in by_name["eth7"] and "reconciler" in by_name["eth1"]


def test_WhoDoesNotAsk_IsHungUpOn_AndKeepsNobodyElseOut(lab: Lab) -> None:
    router = start(lab, ALONE)
    silent = [connect(path_of(router, "eth0")) for _ in range(200)]
    refused = [client for client in silent if is_ended(client)]
    assert refused, "there is no limit"
    lab.eventually(lambda: all(is_ended(client) for client in silent), "those that did not ask are disconnected")
    assert router.state() == "active"
    for client in silent:
        client.close()


def test_ManyWhoListenToEvents_LeaveRoomForCommands(lab: Lab) -> None:
    router = start(lab, ALONE)
    listeners = [connect(path_of(router, "eth0")) for _ in range(80)]
    for client in listeners:
        client.sendall(b'{"request": "events"}\n')
    said = [json.loads(client.makefile().readline()) for client in listeners]
    refused = [each for each in said if "error" in each]
    assert refused and len(said) - len(refused) > 10
    assert router.state() == "active"
    for client in listeners:
        client.close()


def is_ended(client: socket.socket) -> bool:
    """Whether the other side has said something, or hung up."""
    client.settimeout(0.05)
    try:
        client.recv(1, socket.MSG_PEEK)
        return True
    except ConnectionError:
        return True
    except TimeoutError:
        return False
