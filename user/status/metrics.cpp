// SPDX-License-Identifier: BSD-2-Clause
#include "status/metrics.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "protocol/text.hpp"
#include "vrrp_xdp/abi.h"

namespace vrrp_xdp::status {
namespace {

using Labels = std::vector<std::pair<std::string_view, std::string>>;

std::string escaped(const std::string& value) {
    std::string text;
    for (const char c : value) {
        if (c == '\\' || c == '"') text += '\\';
        text += c == '\n' ? std::string("\\n") : std::string(1, c);
    }
    return text;
}

/// Families of samples, in the order of their names; the format wants the samples of one together.
class Exposition {
  public:
    template <typename Value>
    void add(const std::string& name, std::string_view type, std::string_view help, const Labels& labels,
             Value value) {
        Family& family = families_[name];
        if (family.samples.empty())
            family.head = fmt::format("# HELP {0} {2}\n# TYPE {0} {1}\n", name, type, help);
        family.samples += name + "{";
        for (const auto& [label, text] : labels)
            family.samples +=
                fmt::format("{}{}=\"{}\"", label == labels.front().first ? "" : ",", label, escaped(text));
        family.samples += fmt::format("}} {}\n", value);
    }

    /// counts: of each bucket alone, the last one without an end. bounds: the ends of the others.
    template <typename Bounds, typename Counts>
    void add_histogram(const std::string& name, std::string_view help, const Labels& labels,
                       const Bounds& bounds, const Counts& counts) {
        Family& family = families_[name];
        if (family.samples.empty())
            family.head = fmt::format("# HELP {0} {1}\n# TYPE {0} histogram\n", name, help);
        std::string place;
        for (const auto& [label, text] : labels) place += fmt::format("{}=\"{}\",", label, escaped(text));
        std::uint64_t total = 0;
        for (std::size_t i = 0; i < counts.size(); ++i) {
            total += counts[i];
            const std::string end = i < bounds.size() ? fmt::format("{}", bounds[i].part) : "+Inf";
            family.samples += fmt::format("{}_bucket{{{}le=\"{}\"}} {}\n", name, place, end, total);
        }
        place.pop_back();
        family.samples += fmt::format("{}_count{{{}}} {}\n", name, place, total);
    }

    std::string text() const {
        std::string all;
        for (const auto& [name, family] : families_) all += family.head + family.samples;
        return all;
    }

  private:
    struct Family {
        std::string head;
        std::string samples;
    };
    std::map<std::string, Family> families_;
};

/// What a counter becomes in a metric's name, which has no hyphens.
std::string underscored(std::string name) {
    std::replace(name.begin(), name.end(), '-', '_');
    return name;
}

bool is_rejection(const std::string& counter) {
#define VRRP_XDP_NAME(name, help) #name,
    static const std::set<std::string> rejections{VRRP_XDP_REJECTIONS(VRRP_XDP_NAME)};
#undef VRRP_XDP_NAME
    return rejections.contains(counter);
}

/// What was refused is one family with a reason for each; every other counter is a family.
template <typename Counters>
void add_counters(Exposition& metrics, const std::string& prefix, const Labels& labels,
                  const std::vector<Counter<Counters>>& table, const Counters& counters) {
    for (const auto& counter : table) {
        const std::string name = underscored(counter.name);
        const std::uint64_t value = counters.*counter.value;
        if (is_rejection(name)) {
            Labels with_reason = labels;
            with_reason.emplace_back("reason", name);
            metrics.add(prefix + "advertisements_rejected_total", "counter",
                        "advertisements dropped, by the first rule of RFC 9568 section 7.1 that they break",
                        with_reason, value);
        } else {
            metrics.add(prefix + name + "_total", "counter", counter.help, labels, value);
        }
    }
}

std::optional<double> seconds(std::optional<protocol::Duration> duration) {
    if (!duration) return std::nullopt;
    return protocol::milliseconds(*duration) / 1000.0;
}

void add_virtual_router(Exposition& metrics, const std::string& interface, const VirtualRouter& router) {
    const RunningRouter& running = *router.running;
    const Labels labels{{"interface", interface},
                        {"vrid", std::to_string(router.vrid)},
                        {"family", to_string(router.family)}};
    const auto gauge = [&](const char* name, const char* help, std::optional<double> value) {
        if (value) metrics.add(name, "gauge", help, labels, *value);
    };
    for (const auto state : {protocol::State::Initialize, protocol::State::Backup, protocol::State::Active}) {
        Labels with_state = labels;
        with_state.emplace_back("state", to_string(state));
        metrics.add("vrrp_xdp_state", "gauge",
                    "1 for the state that the Virtual Router is in, 0 for the others", with_state,
                    running.state == state ? 1 : 0);
    }
    gauge("vrrp_xdp_priority", "priority of this router", running.priority);
    gauge("vrrp_xdp_drained", "1 while the operator has drained it, else 0", running.drained ? 1 : 0);
    gauge("vrrp_xdp_advertise_interval_seconds", "configured Advertisement_Interval",
          seconds(running.advertise_interval));
    gauge("vrrp_xdp_lease_remaining_seconds",
          "how long this router would still answer if its controller died now",
          seconds(router.lease_remaining));
    gauge("vrrp_xdp_takeover_lateness_seconds",
          "from the deadline of the last takeover until its advertisement had left",
          seconds(running.takeover_lateness));
    gauge("vrrp_xdp_last_advertisement_age_seconds", "time since another router was last heard",
          seconds(router.heard_ago));
    if (running.heard)
        gauge("vrrp_xdp_last_advertisement_priority", "priority of the router that was last heard",
              running.heard->priority);
    gauge("vrrp_xdp_active_down_interval_seconds", "how long a Backup Router waits for the Active one",
          seconds(running.active_down_interval));
    for (const Tracker& tracker : running.trackers.value_or(std::vector<Tracker>{})) {
        Labels with_tracker = labels;
        with_tracker.emplace_back("tracker", tracker.name);
        if (tracker.state != Tracker::State::Unknown)
            metrics.add("vrrp_xdp_tracker_up", "gauge", "1 for a tracker that is up, 0 for one that is down",
                        with_tracker, tracker.state == Tracker::State::Up ? 1 : 0);
    }
    const Gaps gaps = router.gaps.value_or(Gaps{});
    gauge("vrrp_xdp_largest_gap_seconds",
          "largest gap between advertisements of the followed router, of the last hour or so; 0 if there was "
          "none",
          seconds(gaps.largest_lately));
    metrics.add("vrrp_xdp_near_failovers_total", "counter", "gaps above two thirds of Active_Down_Interval",
                labels, gaps.near_failovers);
    metrics.add_histogram("vrrp_xdp_patience_used_ratio",
                          "gaps between advertisements, as parts of Active_Down_Interval", labels, kGapParts,
                          gaps.buckets);
    add_counters(metrics, "vrrp_xdp_", labels, router_counters(), router.counters);
}

}  // namespace

std::string metrics_of(const std::vector<Interface>& interfaces, const std::string& version) {
    Exposition metrics;
    metrics.add("vrrp_xdp_build_info", "gauge", "1; the label is the version", {{"version", version}}, 1);
    std::set<std::string> ports;  // whose counters several interfaces may share
    for (const Interface& interface : interfaces) {
        if (!interface.running) continue;
        metrics.add(
            "vrrp_xdp_interface_info", "gauge", "1; the labels are the port and the attach mode",
            {{"interface", interface.name}, {"port", interface.port}, {"mode", interface.running->mode}}, 1);
        metrics.add("vrrp_xdp_sending_fails", "gauge", "1 while advertisements cannot be sent",
                    {{"interface", interface.name}}, interface.running->sending_fails ? 1 : 0);
        if (interface.counters && ports.insert(interface.port).second)
            add_counters(metrics, "vrrp_xdp_port_", {{"port", interface.port}}, port_counters(),
                         *interface.counters);
        for (const VirtualRouter& router : interface.virtual_routers)
            if (router.running) add_virtual_router(metrics, interface.name, router);
    }
    return metrics.text();
}

}  // namespace vrrp_xdp::status
