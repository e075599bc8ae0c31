# SPDX-License-Identifier: BSD-2-Clause
"""What vrrp-xdp tells the service manager that started it, and a restart by one: what its unit file counts on."""

import ctypes
import os
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from observations import advertisement_of, each_family, is_by_router, nothing_attached, wait_for_sole_active, wait_for_state
from vrrp_lab import Lab, VirtualRouter, VrrpXdp

DONE = 0
WATCHDOG_S = 0.6
_PTRACE_SEIZE, _PTRACE_INTERRUPT, _PTRACE_DETACH = 0x4206, 0x4207, 17
_libc = ctypes.CDLL(None, use_errno=True)


class Manager:
    """The socket that systemd would listen at, and what was said there."""

    def __init__(self, lab: Lab) -> None:
        path = str(lab.directory / "notify")
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(path)
        self.environment = {"NOTIFY_SOCKET": path, "WATCHDOG_USEC": str(int(WATCHDOG_S * 1e6))}

    def hear(self, timeout_s: float = 10.0) -> dict[str, str]:
        """The next message. Raises TimeoutError."""
        self._socket.settimeout(timeout_s)
        text = self._socket.recv(4096).decode()
        return dict(line.split("=", 1) for line in text.splitlines())

    def hear_until(self, name: str, value: str) -> list[dict[str, str]]:
        """All messages up to the one that says so."""
        heard = [self.hear()]
        while heard[-1].get(name) != value:
            heard.append(self.hear())
        return heard

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def manager(lab: Lab) -> Iterator[Manager]:
    manager = Manager(lab)
    yield manager
    manager.close()


@contextmanager
def held_still(thread: int) -> Iterator[None]:
    """One thread of a process stands still, as if it hung; the others go on."""

    def ptrace(request: int) -> None:
        if _libc.ptrace(request, thread, None, None) != 0:
            raise OSError(ctypes.get_errno(), "ptrace")

    ptrace(_PTRACE_SEIZE)
    ptrace(_PTRACE_INTERRUPT)
    os.waitpid(thread, 0x40000000)  # __WALL
    try:
        yield
    finally:
        ptrace(_PTRACE_DETACH)


def protocol_thread(router: VrrpXdp) -> int:
    """The one with real-time priority."""
    threads = map(int, os.listdir(f"/proc/{router.process.pid}/task"))
    return next(each for each in threads if os.sched_getscheduler(each) == os.SCHED_FIFO)


def start(
    lab: Lab, manager: Manager | None = None, *, name: str = "r1", priority: int = 200, interval_ms: int = 200
) -> VrrpXdp:
    router = VirtualRouter(priority=priority, addresses=lab.family.virtual, interval_ms=interval_ms)
    environment = manager.environment if manager else {}
    return lab.start(VrrpXdp(lab.router(name), router, environment=environment))


def test_TheManager_HearsOfTheStart_TheStates_AndTheEnd(lab: Lab, manager: Manager) -> None:
    router = start(lab, manager)
    first = manager.hear()
    assert first == {"READY": "1", "WATCHDOG": "1"}
    assert router.state() in ("backup", "active")  # the elections have begun
    manager.hear_until("STATUS", "1 active, 0 backup, 0 initialize")
    manager.hear_until("WATCHDOG", "1")
    router.process.signal(signal.SIGHUP)
    manager.hear_until("RELOADING", "1")
    manager.hear_until("READY", "1")
    lab.router("r1").cut()
    manager.hear_until("STATUS", "0 active, 0 backup, 1 initialize")
    router.process.signal(signal.SIGTERM)
    manager.hear_until("STOPPING", "1")
    assert router.process.wait() == DONE


def test_TheWatchdog_IsNotFed_WhileTheProtocolThreadHangs(lab: Lab, manager: Manager) -> None:
    router = start(lab, manager)
    manager.hear_until("STATUS", "1 active, 0 backup, 0 initialize")
    with held_still(protocol_thread(router)):
        with pytest.raises(TimeoutError):
            for _ in range(3):  # what was under way
                manager.hear(timeout_s=3 * WATCHDOG_S)
    assert "hangs: revoked 1 leases" in router.log()
    manager.hear_until("WATCHDOG", "1")


@each_family
def test_ARestart_IsNoSwitchover(lab: Lab) -> None:
    interval_ms = 500  # so long that a busy machine starts a process within three of them
    active = start(lab, interval_ms=interval_ms)
    with lab.capture() as election:
        wait_for_state(lab, active, "active")
        backup = start(lab, name="r2", priority=100, interval_ms=interval_ms)
        wait_for_state(lab, backup, "backup")
        wait_for_sole_active(lab, election, "r1", count=2)
    with lab.capture() as capture:
        active.process.signal(signal.SIGUSR1)
        assert active.process.wait() == DONE
        active.start(lab.directory)
        capture.wait_for(advertisement_of("r1", 200), "r1 goes on")
        lab.eventually(lambda: active.state() == "active", "r1 says so")
        wait_for_sole_active(lab, capture, "r1", count=2)
    senders = {frame.sent_by for frame in capture.frames(is_by_router) if frame.vrrp}
    assert senders == {"r1"} and not capture.frames(advertisement_of("r1", 0))
    assert active.virtual_router()["last-event"] == "adopted" and "left as it is for the next instance" in active.log()


def test_ARestart_DoesNotWaitForHooks_WhichGoOnWithinTheirTime(lab: Lab) -> None:
    done = lab.directory / "done"
    slow = ["/bin/sh", "-c", f"sleep 3; echo $VRRP_XDP_STATE >> {done}"]
    hooks = {"hooks": [{"command": slow, "user": "root", "on": ["active"], "timeout": "20s"}]}
    router = lab.start(VrrpXdp(lab.router("r1"), VirtualRouter(interval_ms=200, options=hooks)))
    wait_for_state(lab, router, "active")
    asked_s = time.monotonic()
    router.process.signal(signal.SIGUSR1)
    assert router.process.wait() == DONE
    assert time.monotonic() - asked_s < 2.5 and not done.exists()
    lab.eventually(lambda: done.exists() and done.read_text() == "active\n", "the hook has ended by itself")
    router.detach()


def test_ARestartThatFails_LeavesTheLeaseToRunOut_AndDetachClearsTheRest(lab: Lab) -> None:
    active = start(lab)
    backup = start(lab, name="r2", priority=100)
    wait_for_state(lab, active, "active")
    wait_for_state(lab, backup, "backup")
    with lab.capture() as capture:
        active.process.signal(signal.SIGUSR1)
        assert active.process.wait() == DONE
        wait_for_state(lab, backup, "active")
    assert not capture.frames(advertisement_of("r1", 0))
    assert "removed what a previous one had left" in active.detach()
    assert nothing_attached(lab.router("r1").namespace)
