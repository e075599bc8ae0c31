// SPDX-License-Identifier: BSD-2-Clause
#include "status/text.hpp"

#include <spdlog/fmt/fmt.h>

#include <set>

#include "protocol/text.hpp"

namespace vrrp_xdp::status {
namespace {

using protocol::Duration;
using protocol::milliseconds;

constexpr double kMillisecondsPerSecond = 1000;

double minutes(Duration duration) { return milliseconds(duration) / kMillisecondsPerSecond / 60; }

std::string time_ago(Duration ago) {
    const double ms = milliseconds(ago);
    return ms < kMillisecondsPerSecond ? fmt::format("{:.0f} ms ago", ms)
                                       : fmt::format("{:.1f} s ago", ms / kMillisecondsPerSecond);
}

std::string heard_text(const VirtualRouter& router) {
    const auto& heard = router.running->heard;
    if (!heard) return "nobody yet";
    return fmt::format("{} priority {}, {}", heard->source.to_string(), heard->priority,
                       time_ago(router.heard_ago.value_or(Duration{})));
}

template <typename Addresses>
std::string joined(const Addresses& addresses) {
    std::string text;
    for (const auto& address : addresses) text += (text.empty() ? "" : " ") + address.to_string();
    return text;
}

std::string or_dash(const std::string& text) { return text.empty() ? "-" : text; }

/// Of the data plane alone: "for 132 ms more", "ended 2026-11-23T17:13:20Z".
std::string lease_text(const VirtualRouter& router) {
    if (router.lease_remaining && *router.lease_remaining > Duration{})
        return fmt::format("for {:.0f} ms more", milliseconds(*router.lease_remaining));
    return router.lease_end.empty() ? "none" : "ended " + router.lease_end;
}

std::string dead_text(const Interface& interface) {
    std::string text = fmt::format(
        "{0}: no instance is running, but one left its pins in {1}\n"
        "  remove them with 'vrrp-xdp detach {0}', or attach again\n",
        interface.name, interface.pins);
    if (!interface.error.empty()) text += fmt::format("  {}\n", interface.error);
    if (interface.filter_entries && !interface.filter_entries->empty())
        text += fmt::format("  filter entries of the device: {}\n", joined(*interface.filter_entries));
    if (interface.virtual_routers.empty()) return text;
    static constexpr auto row = "  {:>4}  {:<6}  {:<9}  {:<26}  {:<17}  {:<14}  {}\n";
    text += fmt::format(row, "VRID", "FAMILY", "VLAN", "LEASE", "VIRTUAL MAC", "LAST HEARD", "ADDRESSES");
    for (const VirtualRouter& router : interface.virtual_routers)
        text +=
            fmt::format(row, router.vrid, to_string(router.family), or_dash(router.vlan), lease_text(router),
                        router.virtual_mac.to_string(), router.heard_ago ? time_ago(*router.heard_ago) : "-",
                        joined(router.virtual_addresses));
    return text;
}

/// "150", or "100 (150)" while trackers have it lower or higher than it is configured.
std::string priority_text(const RunningRouter& router) {
    if (router.effective_priority == router.priority) return fmt::format("{}", router.priority);
    return fmt::format("{} ({})", router.effective_priority, router.priority);
}

std::string headline(const Interface& interface) {
    const std::int64_t pid = interface.pid.value_or(0);
    if (!interface.running->waiting.empty())
        return fmt::format("{}: waiting, pid {}: {}\n", interface.name, pid, interface.running->waiting);
    return fmt::format("{}: {} mode, pid {}, pins in {}\n", interface.name, interface.running->mode, pid,
                       interface.pins);
}

std::string running_text(const Interface& interface) {
    std::string text = headline(interface);
    if (interface.running->reconciler)
        for (const ReconcilerItem& item : *interface.running->reconciler)
            if (!item.differs.empty()) text += fmt::format("  {} {}\n", interface.name, item.differs);
    static constexpr auto row = "  {:>4}  {:<10}  {:>8}  {:<20}  {:<17}  {:<33}  {}\n";
    text += fmt::format(row, "VRID", "STATE", "PRIORITY", "SINCE", "VIRTUAL MAC", "LAST HEARD", "ADDRESSES");
    for (const VirtualRouter& router : interface.virtual_routers)
        if (router.running)
            text +=
                fmt::format(row, router.vrid, shown_state(*router.running), priority_text(*router.running),
                            or_dash(router.running->up_datetime), router.virtual_mac.to_string(),
                            heard_text(router), joined(router.virtual_addresses));
    for (const VirtualRouter& router : interface.virtual_routers)
        if (router.running && router.running->drained)
            text += fmt::format("  vrid {} {} is drained{}\n", router.vrid, to_string(router.family),
                                drain_text(*router.running));
    return text;
}

/// The lines below a title.
class CounterTable {
  public:
    explicit CounterTable(Zeros zeros) : zeros_(zeros) {}

    void add(const std::string& name, std::string_view help, std::uint64_t value) {
        if (value != 0 || zeros_ == Zeros::Show)
            lines_ += fmt::format("  {:>12}  {:<24}  {}\n", value, name, help);
    }
    std::string text() const { return lines_.empty() ? "             -  nothing counted\n" : lines_; }

  private:
    Zeros zeros_;
    std::string lines_;
};

std::string port_table(const PortCounters& counters, Zeros zeros) {
    CounterTable table(zeros);
    for (const auto& counter : port_counters())
        table.add(counter.name, counter.help, counters.*counter.value);
    return table.text();
}

/// Nobody counts what a dead controller alone knew.
std::string router_table(const VirtualRouter& router, Zeros zeros) {
    CounterTable table(zeros);
    for (const auto& counter : router_counters())
        if (router.running || counter.by == Counts::DataPlane)
            table.add(counter.name, counter.help, router.counters.*counter.value);
    return table.text();
}

/// The rows below the counters, and one line of what was the worst.
std::string gaps_table(const Gaps& gaps, Zeros zeros) {
    CounterTable table(zeros);
    table.add("near-failovers", "gaps above two thirds of Active_Down_Interval", gaps.near_failovers);
    for (std::size_t i = 0; i < gaps.buckets.size(); ++i) {
        const bool is_last = i == kGapParts.size();
        const std::string name =
            is_last ? "gaps-above-1" : fmt::format("gaps-up-to-{}", kGapParts.at(i).text);
        table.add(name, "gaps between advertisements that were such a part of Active_Down_Interval",
                  gaps.buckets.at(i));
    }
    return table.text() + fmt::format("  largest gap: {} of {}; of the last {:.0f} min: {}\n",
                                      protocol::to_string(gaps.largest), protocol::to_string(gaps.largest_of),
                                      minutes(gaps.lately), protocol::to_string(gaps.largest_lately));
}

std::string title_of(const Interface& interface, const VirtualRouter& router) {
    return fmt::format("{}{} vrid {} {}", interface.name, router.vlan.empty() ? "" : " vlan " + router.vlan,
                       router.vrid, to_string(router.family));
}

}  // namespace

std::string shown_state(const RunningRouter& router) {
    return router.leaving ? "leaving" : to_string(router.state);
}

std::string status_text(const Interface& interface) {
    return interface.running ? running_text(interface) : dead_text(interface);
}

std::string counters_text(const std::vector<Interface>& interfaces, Zeros zeros) {
    std::string text;
    std::set<std::string> ports;  // VLANs share theirs
    for (const Interface& interface : interfaces) {
        const std::string remark = interface.running ? "" : ", left by a dead instance";
        if (!interface.error.empty()) text += fmt::format("{}: {}\n", interface.name, interface.error);
        if (interface.counters && ports.insert(interface.port).second)
            text += fmt::format("port {}, frames of no Virtual Router{}\n{}", interface.port, remark,
                                port_table(*interface.counters, zeros));
        for (const VirtualRouter& router : interface.virtual_routers)
            text += title_of(interface, router) + remark + "\n" + router_table(router, zeros) +
                    (router.gaps ? gaps_table(*router.gaps, zeros) : "");
    }
    return text;
}

std::string drain_text(const RunningRouter& router) {
    return (router.drained_until.empty() ? "" : " until " + router.drained_until) +
           (router.drain_reason.empty() ? "" : ": " + router.drain_reason);
}

std::string explanation_text(const Explanation& explanation) {
    std::string text = explanation.state + ".\n";
    for (const auto* sentences : {&explanation.facts, &explanation.next})
        for (const std::string& sentence : *sentences) text += "  " + sentence + "\n";
    for (const std::string& warning : explanation.warnings) text += "  WARNING: " + warning + "\n";
    return text;
}

constexpr auto kWatchRow = "{:<15}  {:>4}  {:<6}  {:<10}  {:>8}  {:<20}  {:>10}  {}";

std::string watch_heads() {
    return fmt::format(kWatchRow, "INTERFACE", "VRID", "FAMILY", "STATE", "PRIORITY", "SINCE", "LATE",
                       "LAST HEARD");
}

std::string watch_line(const std::string& interface, const VirtualRouter& router) {
    const RunningRouter& running = *router.running;
    const std::string late =
        running.takeover_lateness ? fmt::format("{:.3f} ms", milliseconds(*running.takeover_lateness)) : "-";
    const std::string heard =
        running.heard
            ? fmt::format("{} priority {}, {:.1f} s ago", running.heard->source.to_string(),
                          running.heard->priority,
                          milliseconds(router.heard_ago.value_or(Duration{})) / kMillisecondsPerSecond)
            : "nobody yet";
    return fmt::format(kWatchRow, interface, router.vrid, to_string(router.family), shown_state(running),
                       running.effective_priority, or_dash(running.up_datetime), late,
                       heard + (running.drained ? "; drained" + drain_text(running) : ""));
}

}  // namespace vrrp_xdp::status
