# SPDX-License-Identifier: BSD-2-Clause
"""What is done to a router, and how it comes back."""

import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass

from vrrp_lab import Keepalived, Lab, Router, VrrpXdp

from .takeover import Daemon


@dataclass(frozen=True)
class Fault:
    """name: for the command line. title: for people. returns: how it comes back, in words. strike, mend: what is done.
    only: the daemon that knows of it, where others do not."""

    name: str
    title: str
    returns: str
    strike: Callable[[Lab, Router, Daemon], None]
    mend: Callable[[Lab, Router, Daemon], None]
    only: str = ""

    def concerns(self, daemon: str) -> bool:
        """Whether it is measured of a daemon of this name."""
        return self.only in ("", daemon)


def _cut_all(_lab: Lab, router: Router, _daemon: Daemon) -> None:
    for interface in ("eth0", "eth1"):
        router.cut(interface)


def _mend_all(_lab: Lab, router: Router, _daemon: Daemon) -> None:
    """The wan's first, which the daemon does not watch: the kernel may take a second to notice a carrier."""
    router.mend("eth1")
    time.sleep(1.5)
    router.mend("eth0")


def _cut(_lab: Lab, router: Router, _daemon: Daemon) -> None:
    router.cut()


def _mend(_lab: Lab, router: Router, _daemon: Daemon) -> None:
    router.mend()


def _silence(_lab: Lab, router: Router, _daemon: Daemon) -> None:
    router.partition()


def _heal(_lab: Lab, router: Router, _daemon: Daemon) -> None:
    router.heal()


def _speaker(daemon: Daemon) -> int:
    """Process id of the one process that speaks VRRP; of keepalived it is a child of the one that was started."""
    family = daemon.processes[-1].family()
    return family[-1] if isinstance(daemon, Keepalived) else family[0]


def _kill_speaker(_lab: Lab, _router: Router, daemon: Daemon) -> None:
    os.kill(_speaker(daemon), signal.SIGKILL)


def _crash(_lab: Lab, _router: Router, daemon: Daemon) -> None:
    os.kill(_speaker(daemon), signal.SIGSEGV)


def _upgrade(lab: Lab, _router: Router, daemon: Daemon) -> None:
    """Another instance, started over the one that runs, which then ends."""
    predecessor = daemon.processes[-1]
    daemon.start(lab.directory)
    predecessor.wait()


def _restart_service(lab: Lab, _router: Router, daemon: Daemon) -> None:
    """As systemd does it: RestartKillSignal=SIGUSR1, then another instance."""
    daemon.processes[-1].signal(signal.SIGUSR1)
    daemon.processes[-1].wait()
    daemon.start(lab.directory)


def _reload(_lab: Lab, _router: Router, daemon: Daemon) -> None:
    assert isinstance(daemon, VrrpXdp)
    daemon.run("reload")


def _drain(_lab: Lab, _router: Router, daemon: Daemon) -> None:
    assert isinstance(daemon, VrrpXdp)
    daemon.run("drain")


def _undrain(_lab: Lab, _router: Router, daemon: Daemon) -> None:
    assert isinstance(daemon, VrrpXdp)
    daemon.run("undrain")


def _nothing(_lab: Lab, _router: Router, _daemon: Daemon) -> None:
    """It is back already."""


def _kill_all(_lab: Lab, _router: Router, daemon: Daemon) -> None:
    daemon.processes[-1].kill_family()


def _freeze(_lab: Lab, _router: Router, daemon: Daemon) -> None:
    os.kill(_speaker(daemon), signal.SIGSTOP)


def _thaw(lab: Lab, router: Router, daemon: Daemon) -> None:
    if daemon.running:
        os.kill(_speaker(daemon), signal.SIGCONT)
    else:
        _restart(lab, router, daemon)


def _stop(_lab: Lab, _router: Router, daemon: Daemon) -> None:
    daemon.processes[-1].signal(signal.SIGTERM)


def _restart(lab: Lab, _router: Router, daemon: Daemon) -> None:
    """If it has ended: what watches over it may have been quicker."""
    if not daemon.running:
        daemon.start(lab.directory)


FAULTS = (
    Fault("power", "power loss: all links cut", "links are back, the wan's first", _cut_all, _mend_all),
    Fault("link", "loss of the lan link", "link is back", _cut, _mend),
    Fault("silent", "the lan is lost beyond the switch, links stay up", "the lan is back", _silence, _heal),
    Fault("kill", "SIGKILL of the process that speaks VRRP", "started again", _kill_speaker, _restart),
    Fault("kill-all", "SIGKILL of all its processes", "started again", _kill_all, _restart),
    Fault("freeze", "SIGSTOP of the process that speaks VRRP", "SIGCONT", _freeze, _thaw),
    Fault("crash", "SIGSEGV of the process that speaks VRRP", "started again", _crash, _restart),
    Fault("stop", "clean stop", "started again", _stop, _restart),
    Fault("drain", "drained", "undrained", _drain, _undrain, only="vrrp-xdp"),
    Fault("restart", "restart as a service", "-", _restart_service, _nothing, only="vrrp-xdp"),
    Fault("upgrade", "another instance started over it", "-", _upgrade, _nothing, only="vrrp-xdp"),
    Fault("reload", "reload", "-", _reload, _nothing, only="vrrp-xdp"),
)
