# SPDX-License-Identifier: BSD-2-Clause
"""What vagrant/bench makes of what the probe said; the machines themselves are not started here."""

from typing import Any

from vrrp_bench.vagrant import FAULTS, Window, outage_ms, spread, summary


def _outage(since_ns: int, ms: float, *, over: bool = True) -> dict[str, Any]:
    return {"since-ns": since_ns, "ms": ms, "lost": 1, "over": over}


def test_Outage_IsTheLongestThatBeganInTheWindow() -> None:
    probed = {"outages": [_outage(50, 900.0), _outage(100, 30.0), _outage(150, 70.0), _outage(200, 800.0)]}
    assert outage_ms(probed, Window("stop", "fault", 100, 200)) == 70.0


def test_Outage_IsZero_WhereNoneBegan() -> None:
    assert outage_ms({"outages": [_outage(50, 900.0)]}, Window("stop", "fault", 100, 200)) == 0.0


def test_Outage_IsNone_WhereItNeverEnded() -> None:
    probed = {"outages": [_outage(100, 30.0), _outage(150, 70.0, over=False)]}
    assert outage_ms(probed, Window("stop", "fault", 100, 200)) is None


def test_Spread_CountsWhatNeverEndedApart() -> None:
    assert spread([10.0, None, 30.0]) == {"median": 20.0, "max": 30.0, "never": 1, "values": [10.0, None, 30.0]}
    assert spread([None]) == {"median": None, "max": None, "never": 1, "values": [None]}


def test_Summary_KeepsFaultAndReturnApart() -> None:
    windows = [Window("stop", "fault", 0, 100), Window("stop", "return", 100, 200)]
    probed = {"arp": {"outages": [_outage(10, 80.0)]}, "echo": {"outages": [_outage(110, 5.0)]}}
    stop = summary(windows, probed)[0]
    assert (stop["fault"], len(summary(windows, probed))) == ("stop", len(FAULTS))
    assert stop["on_fault"]["arp_outage_ms"]["values"] == [80.0]
    assert stop["on_fault"]["echo_outage_ms"]["values"] == [0.0]
    assert stop["on_return"]["echo_outage_ms"]["values"] == [5.0]
