// SPDX-License-Identifier: BSD-2-Clause
#include "reporting/events.hpp"

#include <spdlog/spdlog.h>
#include <unistd.h>

#include <chrono>
#include <ctime>
#include <optional>
#include <utility>
#include <variant>

#include "protocol/text.hpp"
#include "status/cause.hpp"

namespace vrrp_xdp::reporting {
namespace {

using nlohmann::json;

/// Now, in UTC and to the microsecond, as the journal's lines begin.
std::string calendar_time() {
    using std::chrono::system_clock;
    const auto now = system_clock::now();
    const auto microseconds =
        std::chrono::duration_cast<std::chrono::microseconds>(now.time_since_epoch()).count() % 1'000'000;
    const std::time_t seconds = system_clock::to_time_t(now);
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    std::array<char, 32> text{};
    std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &parts);
    return fmt::format("{}.{:06}Z", text.data(), microseconds);
}

std::string name_of(const std::string& interface, const config::VirtualRouter& router) {
    return fmt::format("{} vrid {} {}", interface, router.vrid.value(), to_string(router.family()));
}

json about_router(const config::VirtualRouter& router) {
    return {{"vrid", router.vrid.value()}, {"address-family", to_string(router.family())}};
}

/// The kind of a notice, and what it says beside its words.
struct Details {
    json operator()(const elections::Transition& transition) const {
        json event{{"event", "transition"},
                   {"state", to_string(transition.to)},
                   {"previous-state", to_string(transition.from)},
                   {"cause", status::name_of(transition.cause)}};
        if (transition.lateness) event["takeover-lateness-ms"] = protocol::milliseconds(*transition.lateness);
        return event;
    }
    json operator()(const elections::Leaving&) const { return {{"event", "leaving"}}; }
    json operator()(const elections::NobodyTookOver&) const { return {{"event", "nobody-took-over"}}; }
    json operator()(const elections::AddressClaimed& claim) const {
        return {{"event", "address-claimed"},
                {"address", claim.address->to_string()},
                {"by", claim.by.to_string()}};
    }
    json operator()(const elections::AddressListDiffers&) const {
        return {{"event", "address-list-differs"}};
    }
    json operator()(const elections::IntervalDiffers&) const { return {{"event", "interval-differs"}}; }
    json operator()(const elections::SecondOwner&) const { return {{"event", "second-owner"}}; }
    json operator()(const elections::PeerSigns& signs) const {
        return {{"event", "peer-signs"}, {"key", signs.key}};
    }
    json operator()(const elections::VridInUse&) const { return {{"event", "vrid-in-use"}}; }
    json operator()(const elections::UnknownPeer&) const { return {{"event", "unknown-peer"}}; }
    json operator()(const engine::SendingFails& failing) const {
        return {{"event", "sending-fails"}, {"errno", failing.error}};
    }
    json operator()(const engine::SendingWorks&) const { return {{"event", "sending-works"}}; }
    json operator()(const elections::MacChanged& changed) const {
        return {{"event", "mac-changed"}, {"mac", changed.mac.to_string()}};
    }
    json operator()(const engine::NotRealtime&) const { return {{"event", "not-realtime"}}; }
    template <typename Other>
    json operator()(const Other&) const {
        return {{"event", "other"}};
    }
};

/// Whose notice it is. Nothing for one about the program as a whole.
struct Place {
    std::optional<std::uint32_t> interface {};
    std::optional<elections::RouterId> router{};
};

Place place_of(const engine::Notice& notice) {
    return std::visit(
        [](const auto& each) -> Place {
            if constexpr (requires { each.router; })
                return {each.router.interface, each.router};
            else if constexpr (requires { each.interface; })
                return {each.interface};
            else
                return {};
        },
        notice);
}

}  // namespace

void Events::subscribe(std::uint32_t interface, control::ControlSocket::Stream stream) {
    subscribers_.push_back({interface, std::move(stream)});
    subscribers_.back().stream({{"time", calendar_time()},
                                {"event", "subscribed"},
                                {"interface", interfaces_[interface]->name},
                                {"pid", getpid()}});
}

void Events::tell(const engine::Notice& notice) {
    const auto line = log_line(notice, interfaces_);
    if (!line) return;
    spdlog::log(line->level, "{}", line->text);
    const auto [interface, router] = place_of(notice);
    json event = std::visit(Details(), notice);
    if (router) event.update(about(*router));
    event["message"] = line->text;
    for (std::uint32_t i = 0; i < interfaces_.size(); ++i)
        if (interfaces_[i] && interface.value_or(i) == i) publish(i, event);
}

void Events::tell(const TrackerChange& change) {
    const elections::RouterId id = change.router;
    const auto& [priority, faulted] = change.effect;
    const bool up = change.finding.up;
    const std::string text =
        fmt::format("{}: tracker {} is {}: {}; {}", name_of(interfaces_[id.interface]->name, router(id)),
                    change.tracker, up ? "up" : "down", change.finding.detail,
                    faulted ? "in Initialize" : fmt::format("priority {}", priority.value()));
    spdlog::log(up ? spdlog::level::info : spdlog::level::warn, "{}", text);
    json event{{"event", "tracker"},
               {"tracker", change.tracker},
               {"tracker-state", up ? "up" : "down"},
               {"effective-priority", priority.value()},
               {"faulted", faulted},
               {"message", text}};
    event.update(about(id));
    publish(id.interface, std::move(event));
}

void Events::tell_of(elections::RouterId id, const char* event, const std::string& what) {
    const std::string text = name_of(interfaces_[id.interface]->name, router(id)) + ": " + what;
    spdlog::info("{}", text);
    json told{{"event", event}, {"message", text}};
    told.update(about(id));
    publish(id.interface, std::move(told));
}

void Events::tell_failed_hook(const std::string& interface, const config::VirtualRouter& router,
                              const std::string& what) {
    const std::string text = name_of(interface, router) + ": " + what;
    spdlog::warn("{}", text);
    json event{{"event", "hook-failed"}, {"message", text}};
    event.update(about_router(router));
    for (std::uint32_t i = 0; i < interfaces_.size(); ++i)
        if (interfaces_[i] && interfaces_[i]->name == interface) publish(i, event);
}

void Events::end(std::uint32_t interface) {
    std::erase_if(subscribers_, [&](const Subscriber& each) { return each.interface == interface; });
}

void Events::publish(std::uint32_t interface, json event) {
    event["time"] = calendar_time();
    event["interface"] = interfaces_[interface]->name;
    std::erase_if(subscribers_,
                  [&](const Subscriber& each) { return each.interface == interface && !each.stream(event); });
}

json Events::about(elections::RouterId id) const { return about_router(router(id)); }

}  // namespace vrrp_xdp::reporting
