# SPDX-License-Identifier: BSD-2-Clause
"""attach --metrics as Prometheus meets it, read by Prometheus' own parser."""

import json
import re
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml  # type: ignore[import]
from observations import wait_for_state
from prometheus_client.parser import text_string_to_metric_families
from vrrp_lab import IPV4, IPV6, Lab, VirtualRouter, VrrpXdp
from vrrp_lab.peers.vrrp_xdp import invoke

FAILED, WRONG_USAGE = 1, 2
PORT = 9112
REJECTIONS = "vrrp_xdp_advertisements_rejected_total"

Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


def ask(lab: Lab, request: str, address: str = "127.0.0.1") -> tuple[str, str]:
    """Head and body of the answer to an HTTP request."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with lab.router("r1").namespace.socket(family, socket.SOCK_STREAM) as client:
        client.settimeout(10)
        client.connect((address, PORT))
        client.sendall(f"{request} HTTP/1.1\r\nHost: r1\r\n\r\n".encode())
        received = b"".join(iter(lambda: client.recv(65536), b""))
    head, _, body = received.decode().partition("\r\n\r\n")
    return head, body


def scrape(lab: Lab, address: str = "127.0.0.1") -> Samples:
    head, body = ask(lab, "GET /metrics", address)
    assert head.startswith("HTTP/1.1 200 OK\r\n") and f"Content-Length: {len(body.encode())}" in head
    families = list(text_string_to_metric_families(body))  # type: ignore[no-untyped-call]
    assert len({each.name for each in families}) == len(families)  # the samples of each stand together
    assert all(each.documentation and each.type in ("gauge", "counter", "histogram") for each in families)
    return {(each.name, frozenset(each.labels.items())): each.value for family in families for each in family.samples}


def start(make_lab: Callable[..., Lab], address: str = f"127.0.0.1:{PORT}") -> tuple[Lab, VrrpXdp]:
    lab = make_lab(routers=1, ipv6=True)
    routers = VirtualRouter(priority=200), VirtualRouter(addresses=IPV6.virtual)
    router = lab.start(VrrpXdp(lab.router("r1"), *routers, options=["--metrics", address]))
    wait_for_state(lab, router, "active")
    return lab, router


def test_AScrape_HasWhatTheStatusSays(make_lab: Callable[..., Lab]) -> None:
    lab, router = start(make_lab)
    with lab.prober() as prober:
        prober.wait_for_answer()
    status = router.interface_status()
    samples = scrape(lab)
    for each in status["virtual-routers"]:
        labels = {("interface", "eth0"), ("vrid", "10"), ("family", each["address-family"])}

        def value(name: str, *more: tuple[str, str], of: frozenset[tuple[str, str]] = frozenset(labels)) -> float:
            return samples[(name, of | set(more))]

        assert value("vrrp_xdp_priority") == each["priority"]
        assert value("vrrp_xdp_state", ("state", "active")) == (each["state"] == "active")
        assert sum(value("vrrp_xdp_state", ("state", state)) for state in ("initialize", "backup", "active")) == 1
        for name, count in each["statistics"].items():
            counter = name.replace("-", "_")
            rejected = (REJECTIONS, frozenset(labels | {("reason", counter)}))
            assert samples.get(rejected, samples.get((f"vrrp_xdp_{counter}_total", frozenset(labels)), -1)) >= count, name
    ipv4 = frozenset({("interface", "eth0"), ("vrid", "10"), ("family", "ipv4")})
    assert samples[("vrrp_xdp_arp_answered_total", ipv4)] > 0
    assert 0 < samples[("vrrp_xdp_lease_remaining_seconds", ipv4)] <= 0.4
    late = router.virtual_router(family=IPV4)["takeover-lateness-ms"]
    assert samples[("vrrp_xdp_takeover_lateness_seconds", ipv4)] == pytest.approx(late / 1000)
    assert samples[("vrrp_xdp_port_fragments_total", frozenset({("port", "eth0")}))] == 0
    assert any(name == "vrrp_xdp_build_info" and dict(labels)["version"] for name, labels in samples)


def test_DashboardAndAlerts_AskForWhatIsThere(make_lab: Callable[..., Lab]) -> None:
    lab, _ = start(make_lab)
    packaging = Path(__file__).resolve().parents[2] / "packaging"
    dashboard = packaging / "grafana.json"
    asked = {
        metric
        for panel in json.loads(dashboard.read_text())["panels"]
        for target in panel["targets"]
        for metric in re.findall(r"vrrp_xdp_\w+", target["expr"])
    }
    alerts = yaml.safe_load((packaging / "alerts.yaml").read_text())
    asked |= {
        metric
        for group in alerts["groups"]
        for rule in group["rules"]
        for metric in re.findall(r"vrrp_xdp_\w+", rule["expr"])
    }
    served = {name for name, _ in scrape(lab)}
    # Of a router that hears another, and of one that has trackers; r1 is alone.
    assert asked - served == {"vrrp_xdp_last_advertisement_age_seconds", "vrrp_xdp_tracker_up"}


def test_OverIpv6_ASlowClientHoldsUpNobody_AndOnlyMetricsAreServed(make_lab: Callable[..., Lab]) -> None:
    lab, router = start(make_lab, f"[::1]:{PORT}")
    with lab.router("r1").namespace.socket(socket.AF_INET6, socket.SOCK_STREAM) as idle:
        idle.connect(("::1", PORT))
        idle.sendall(b"GET /met")
        assert scrape(lab, "::1") and router.state() == "active"
    for request, status in (("GET /", "404"), ("POST /metrics", "405"), ("nonsense", "400")):
        assert ask(lab, request, "::1")[0].startswith(f"HTTP/1.1 {status} "), request


def test_ASuccessor_ServesMetricsOnceItsPredecessorIsGone(make_lab: Callable[..., Lab]) -> None:
    lab, router = start(make_lab)
    before = router.process
    router.start(lab.directory)
    assert before.wait() == 0
    lab.eventually(lambda: _serves(lab), "the successor serves metrics")
    assert json.dumps(router.interface_status()["pid"]) == str(router.process.pid)


def _serves(lab: Lab) -> bool:
    try:
        return bool(scrape(lab))
    except ConnectionRefusedError:
        return False


def test_AnAddressThatCannotBe_IsSaid(make_lab: Callable[..., Lab]) -> None:
    lab = make_lab(routers=1)
    inside = lab.router("r1").namespace
    config = lab.directory / "lab.yaml"
    config.write_text(VrrpXdp(lab.router("r1"), VirtualRouter()).config)
    for address in ("9112", "localhost:9112", "::1:9112", "127.0.0.1:0", "127.0.0.1:http"):
        done = invoke(inside, "attach", "--config", str(config), "--metrics", address)
        assert done.returncode == WRONG_USAGE and "write 127.0.0.1:9112" in done.stderr, address
    done = invoke(inside, "attach", "--config", str(config), "--metrics", "203.0.113.77:9112")
    assert done.returncode == FAILED and "Cannot assign requested address" in done.stderr
