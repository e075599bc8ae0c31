# SPDX-License-Identifier: BSD-2-Clause
"""vrrp-xdp capture: what it shows against what the switch saw, and what is left of it when it has ended in whatever way."""

import fcntl
import itertools
import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import pytest
from observations import advertisement_of, answer_of, each_family, wait_for_state
from pair import Pair, cable_to
from vrrp_lab import Advertisement, Injector, Lab, VirtualRouter, VrrpXdp
from vrrp_lab.frames import Direction
from vrrp_lab.neighbours import question
from vrrp_lab.netns import Namespace
from vrrp_lab.pcapng import Packet, read
from vrrp_lab.peers.vrrp_xdp import binary
from vrrp_lab.process import Process

DONE, FAILED, NOT_RUNNING = 0, 1, 4
# Beyond the patience with a reader, and the time until its end is noticed.
GONE_WITHIN_S = 30.0

_serial = itertools.count(1)


def programs(namespace: Namespace) -> str:
    """What hangs on eth0, with the numbers that the kernel gives to programs."""
    link = namespace.run("ip", "-d", "link", "show", "dev", "eth0")
    filters = (namespace.run("tc", "filter", "show", "dev", "eth0", way) for way in ("ingress", "egress"))
    return "\n".join([*re.findall(r"prog/xdp.*", link), *filters])


def is_captured(namespace: Namespace) -> bool:
    return "capture_" in programs(namespace)


def wait_for(lab: Lab, look: Callable[[], bool], what: str) -> None:
    """Wait for what takes a look at programs, which is several processes: not many times in a second."""

    def look_now_and_then() -> bool:
        time.sleep(0.3)
        return look()

    lab.eventually(look_now_and_then, what, timeout_s=GONE_WITHIN_S)


class Tool:
    """`vrrp-xdp capture -w FILE` in the namespace of a router."""

    def __init__(self, lab: Lab, router: VrrpXdp, *arguments: str) -> None:
        self.node = router.router.name
        name = f"{self.node}-{next(_serial)}"
        self.path = lab.directory / f"{name}.pcapng"
        log = lab.directory / f"{name}.capture.log"
        argv = [str(binary()), "capture", *arguments, "-w", str(self.path)]
        self.process = Process(router.router.namespace, "capture", argv, log)
        lab.eventually(lambda: "capturing on" in self.process.log() or not self.process.running, "it captures")
        assert self.process.running, self.process.log()

    def packets(self) -> list[Packet]:
        return read(self.path, self.node)[0]

    def has(self, fits: Callable[[Packet], object], count: int = 1) -> bool:
        return sum(bool(fits(each)) for each in self.packets()) >= count


@contextmanager
def capturing(lab: Lab, router: VrrpXdp, *arguments: str) -> Iterator[Tool]:
    tool = Tool(lab, router, *arguments)
    try:
        yield tool
    finally:
        assert tool.process.stop() == DONE, tool.process.log()


def is_inside(part: Sequence[bytes], whole: Sequence[bytes]) -> bool:
    """Whether one sequence stands in the other, without a gap."""
    last = len(whole) - len(part) + 1
    return bool(part) and any(list(whole[at : at + len(part)]) == list(part) for at in range(last))


@pytest.mark.each_setting
@each_family
def test_Capture_HasWhatTheSwitchSaw_InBothDirections_WithItsVerdict(pair: Pair) -> None:
    lab, host = pair.lab, pair.lab.host()
    with capturing(lab, pair.active) as active, capturing(lab, pair.backup) as backup:
        with Injector(host.namespace) as injector:
            injector.send(question(host, lab.family.gateway))
        lab.eventually(lambda: active.has(lambda each: each.verdict == "answered"), "the question")
        lab.eventually(lambda: active.has(lambda each: answer_of("r1")(each.frame)), "its answer")
        lab.eventually(lambda: active.has(lambda each: each.frame.vrrp, 3), "advertisements that are sent")
        lab.eventually(lambda: backup.has(lambda each: each.verdict == "consumed", 3), "those that are consumed")
        time_ns = time.time_ns()
    pair.capture.wait_for(advertisement_of("r1"), "all that is in the files", since_ns=time_ns)

    answered = next(each for each in active.packets() if each.verdict == "answered")
    assert answered.frame.asks_for == lab.family.gateway and answered.frame.direction is Direction.TO_NODE
    assert answered.reasons in (["arp-answered"], ["nd-answered"]) and answered.comment.startswith("vrid 10 ip")
    assert all(each.interface == "eth0" for each in active.packets() + backup.packets())
    consumed = [each for each in backup.packets() if each.frame.vrrp]
    assert all("advertisement-rcvd" in each.reasons and each.verdict == "consumed" for each in consumed)

    sent = [each for each in active.packets() if each.verdict == "sent"]
    assert all(each.frame.sent_by == "r1" for each in sent)
    for each in sent + consumed:
        direction = each.frame.direction
        seen = pair.capture.frames(lambda f: f.node == each.frame.node and f.direction is direction)  # noqa: B023
        same = [f for f in seen if f.data == each.frame.data]
        assert same, f"the switch never saw {each.frame.describe()}"
        assert min(abs(f.time_ns - each.frame.time_ns) for f in same) < 1_000_000_000
    switch = pair.capture.frames(lambda f: f.sent_by == "r1" and f.vrrp)
    assert is_inside([each.frame.data for each in sent if each.frame.vrrp], [f.data for f in switch])


@pytest.mark.each_setting
def test_TheVeryProgramsOfBefore_StandThereAgain_AfterTheTool(pair: Pair) -> None:
    namespace = pair.active.router.namespace
    before = programs(namespace)
    assert "capture_" not in before
    with capturing(pair.lab, pair.active):
        assert is_captured(namespace)
        assert "capture_sent" in programs(namespace) or "capture_egress" in programs(namespace)
    wait_for(pair.lab, lambda: programs(namespace) == before, "the programs of before")
    tool = Tool(pair.lab, pair.active)
    assert is_captured(namespace)
    tool.process.kill()
    wait_for(pair.lab, lambda: programs(namespace) == before, "the programs of before, although it was killed")
    assert pair.active.state() == "active"


def test_ReaderThatHangs_IsGivenUp_AndHasACaptureAgainWhenItGoesOn(pair: Pair) -> None:
    host, namespace = pair.lab.host(), pair.active.router.namespace
    before = programs(namespace)
    argv = namespace.command([str(binary()), "capture"])
    with subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as piped:
        try:
            assert piped.stdout is not None
            fcntl.fcntl(piped.stdout, fcntl.F_SETPIPE_SZ, 4096)
            wait_for(pair.lab, lambda: is_captured(namespace), "it captures")
            with Injector(host.namespace) as injector:
                for _ in range(100):
                    injector.send(question(host, pair.lab.family.gateway))
            wait_for(pair.lab, lambda: programs(namespace) == before, "nobody reads the pipe")
        finally:
            piped.terminate()  # it does not wait for its reader then
    with capturing(pair.lab, pair.active) as tool:
        tool.process.signal(signal.SIGSTOP)
        wait_for(pair.lab, lambda: programs(namespace) == before, "the tool is stopped")
        tool.process.signal(signal.SIGCONT)
        wait_for(pair.lab, lambda: is_captured(namespace), "it captures again")
        since_ns = time.time_ns()
        pair.lab.eventually(lambda: tool.has(lambda each: each.frame.time_ns > since_ns), "new frames")
    assert "waiting for another" in tool.process.log()


def test_ManyAdvertisementsAtOnce_AreAllThere_InTheirOrder(pair: Pair) -> None:
    source = pair.lab.host().address
    frames = [
        Advertisement(source=source, vrid=10 + n % 2, priority=1 + n % 99, interval_ms=10 * (1 + n // 99)).to_bytes()
        for n in range(3000)
    ]

    def is_injected(each: Packet) -> bool:
        return each.frame.vrrp is not None and each.frame.vrrp.source == source

    with capturing(pair.lab, pair.backup, "--rate", "0") as tool, cable_to(pair.backup.router) as injector:
        for frame in frames:
            injector.send(frame)
        pair.lab.eventually(lambda: tool.has(is_injected, len(frames)), "all of them")
    packets, statistics = read(tool.path)
    injected = [each for each in packets if is_injected(each)]
    assert [each.frame.data for each in injected] == frames
    assert {each.verdict for each in injected if each.frame.vrrp and each.frame.vrrp.vrid == 10} == {"consumed"}
    assert {tuple(each.reasons) for each in injected if each.frame.vrrp and each.frame.vrrp.vrid == 11} == {("vrid-errors",)}
    times = [each.frame.time_ns for each in injected]
    assert times == sorted(times)
    assert statistics[0].dropped == 0 and statistics[0].received == len(packets)
    assert pair.backup.state() == "backup" and pair.active.state() == "active"


def test_Filters_LeaveOutAllElse_AndTheRateIsTold(pair: Pair) -> None:
    host = pair.lab.host()
    with capturing(pair.lab, pair.active, "eth0", "--kind", "arp", "--verdict", "answered", "--rate", "1") as tool:
        with Injector(host.namespace) as injector:
            for _ in range(20):
                injector.send(question(host, pair.lab.family.gateway))
        pair.lab.eventually(lambda: tool.has(lambda each: True), "a question")
        pair.wait_for_counter(pair.active, "arp-answered", 20)
    packets, statistics = read(tool.path)
    assert {each.verdict for each in packets} == {"answered"} and len(packets) < 20
    left_out = 20 - len(packets)
    assert statistics[0].comment == f"{left_out} frames left out by --rate"
    assert f"{len(packets)} frames captured, {left_out} left out by --rate, 0 lost" in tool.process.log()
    with capturing(pair.lab, pair.active, "--vrid", "77", "--snaplen", "64") as other:
        pass
    assert not other.packets()


def test_Restart_IsInTheFile_AndACaptureOfAKilledControllerEndsByItself(lab: Lab) -> None:
    router = lab.start(VrrpXdp(lab.router("r1"), VirtualRouter(interval_ms=200)))
    namespace = router.router.namespace
    wait_for_state(lab, router, "active")
    with capturing(lab, router) as tool:
        lab.eventually(lambda: tool.has(lambda each: each.frame.vrrp), "advertisements")
        router.start(lab.directory)  # over the running one, which hands over
        lab.eventually(lambda: len(router.processes) == 2 and not router.processes[0].running, "it has handed over")
        lab.eventually(lambda: tool.process.log().count("capturing on") == 2, "it captures again")
        since_ns = time.time_ns()
        lab.eventually(lambda: tool.has(lambda each: each.frame.vrrp and each.frame.time_ns > since_ns), "new frames")
        assert router.state() == "active"
        router.kill_family()
        lab.eventually(lambda: tool.process.log().count("waiting for another") == 2, "the tool has noticed")
    assert is_captured(namespace)  # nobody is there who could put the other programs back
    router.start(lab.directory)
    wait_for(lab, lambda: not is_captured(namespace), "the next instance puts its own in their place")
    lab.eventually(lambda: router.state() == "active", "it is Active")


def test_Reload_WhileItIsCaptured_KeepsWhatIsCaptured(lab: Lab) -> None:
    one = VirtualRouter(interval_ms=200)
    router = lab.start(VrrpXdp(lab.router("r1"), one))
    namespace = router.router.namespace
    wait_for_state(lab, router, "active")
    before = programs(namespace)
    with capturing(lab, router) as tool:
        assert "capture_sent" in programs(namespace)
        accepting = VirtualRouter(vrid=20, addresses=["192.0.2.20"], interval_ms=200, options={"accept-mode": True})
        router.write({"interfaces": {"eth0": {"virtual-routers": [_listed(one), _listed(accepting)]}}})
        router.run("reload")
        assert "capture_egress" in programs(namespace)
        wait_for_state(lab, router, "active", vrid=20)
        lab.eventually(lambda: tool.has(lambda each: each.frame.vrrp and each.frame.vrrp.vrid == 20), "the new one")
        router.write({"interfaces": {"eth0": {"virtual-routers": [_listed(one)]}}})
        router.run("reload")
        assert "capture_sent" in programs(namespace) and "capture_egress" not in programs(namespace)
    wait_for(lab, lambda: programs(namespace) == before, "the programs of before")


def _listed(router: VirtualRouter) -> dict[str, object]:
    return {
        "vrid": router.vrid,
        "advertise-interval": f"{router.interval_ms}ms",
        "virtual-addresses": list(router.addresses),
        **router.options,
    }


def test_Tcpdump_ReadsItAsItComes_OneCaptureAtATime_AndOnlyWhereSomethingRuns(pair: Pair) -> None:
    namespace = pair.backup.router.namespace
    argv = namespace.command(["sh", "-c", f"'{binary()}' capture | tcpdump -nr - -c 3 proto 112"])
    done = subprocess.run(argv, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert len(lines) == 3 and all("VRRPv3, Advertisement, vrid 10, prio 200" in line for line in lines)

    with capturing(pair.lab, pair.backup):
        argv = namespace.command([str(binary()), "capture"])
        second = subprocess.run(argv, capture_output=True, text=True, timeout=30, check=False)
        assert second.returncode == FAILED
        assert "eth0 is captured already" in second.stderr and "HINT: end the other" in second.stderr
    for arguments in ((), ("eth0",)):
        argv = pair.lab.host().namespace.command([str(binary()), "capture", *arguments])
        nothing = subprocess.run(argv, capture_output=True, text=True, timeout=30, check=False)
        assert (nothing.returncode, nothing.stdout) == (NOT_RUNNING, "")
        assert "no instance is running" in nothing.stderr
