// SPDX-License-Identifier: BSD-2-Clause
#include "reporting/events.hpp"

#include <spdlog/spdlog.h>
#include <unistd.h>

#include <optional>
#include <utility>
#include <variant>

#include "dataplane/mapped_port.hpp"
#include "history/moment.hpp"
#include "protocol/text.hpp"
#include "status/cause.hpp"

namespace vrrp_xdp::reporting {
namespace {

using nlohmann::json;

/// Now, as the journal's lines begin.
std::string calendar_time() { return history::calendar_time(history::calendar_now()); }

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
        if (transition.heard)
            event["heard"] = {{"address", transition.heard->source.to_string()},
                              {"priority", transition.heard->priority}};
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
    json operator()(const elections::RivalActive& rival) const {
        return {
            {"event", "rival-active"},
            {"heard", {{"address", rival.heard->source.to_string()}, {"priority", rival.heard->priority}}}};
    }
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
    const auto [interface, router] = place_of(notice);
    json event = std::visit(Details(), notice);
    if (router) event.update(about(*router));
    if (const auto* moved = std::get_if<elections::Transition>(&notice)) add_gaps(*moved, event);
    event["message"] = line->text;
    log(*line, event);
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
    json event{{"event", "tracker"},
               {"tracker", change.tracker},
               {"tracker-state", up ? "up" : "down"},
               {"effective-priority", priority.value()},
               {"faulted", faulted},
               {"message", text}};
    event.update(about(id));
    log({up ? spdlog::level::info : spdlog::level::warn, text}, event);
    publish(id.interface, std::move(event));
}

void Events::tell(const InterfaceChange& change) {
    const std::string text = interfaces_[change.interface]->name + ": " + change.what;
    json event = change.details;
    event["message"] = text;
    log({change.is_loss ? spdlog::level::warn : spdlog::level::info, text}, event);
    publish(change.interface, std::move(event));
}

void Events::tell(const Refused& refused) {
    const elections::RouterId id = refused.router;
    const std::string text =
        fmt::format("{}: {} advertisements were not handed over: {}; see 'vrrp-xdp stats'",
                    name_of(interfaces_[id.interface]->name, router(id)), refused.count, refused.help);
    json event{{"event", "advertisements-refused"},
               {"counter", refused.counter},
               {"count", refused.count},
               {"message", text}};
    event.update(about(id));
    log({spdlog::level::warn, text}, event);
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
    json event{{"event", "hook-failed"}, {"message", text}};
    event.update(about_router(router));
    log({spdlog::level::warn, text}, event);
    for (std::uint32_t i = 0; i < interfaces_.size(); ++i)
        if (interfaces_[i] && interfaces_[i]->name == interface) publish(i, event);
}

void Events::end(std::uint32_t interface) {
    std::erase_if(subscribers_, [&](const Subscriber& each) { return each.interface == interface; });
}

void Events::tell(const NearFailover& near) {
    const elections::RouterId id = near.router;
    const std::string text = fmt::format(
        "{}: {} gaps between advertisements were above two thirds of Active_Down_Interval, of the last ones "
        "{} of {}",
        name_of(interfaces_[id.interface]->name, router(id)), near.count, protocol::to_string(near.largest),
        protocol::to_string(near.patience));
    json event{{"event", "near-failover"},
               {"count", near.count},
               {"largest-gap-ms", protocol::milliseconds(near.largest)},
               {"message", text}};
    event.update(about(id));
    log({spdlog::level::warn, text}, event);
    publish(id.interface, std::move(event));
}

/// Of a takeover from a router that was followed.
void Events::add_gaps(const elections::Transition& transition, json& event) const {
    if (transition.cause != protocol::Cause::ActiveDownTimer) return;
    const engine::ManagedInterface& interface = *interfaces_[transition.router.interface];
    const auto recent =
        recent_gaps(interface.port->elections().gaps(interface.slots[transition.router.router]));
    if (recent.empty()) return;
    json list = json::array();
    for (const protocol::Duration gap : recent) list.push_back(protocol::milliseconds(gap));
    event["last-gaps-ms"] = std::move(list);
}

void Events::log(const LogLine& line, const json& event) {
    describe_next_line(event);
    spdlog::log(line.level, "{}", line.text);
}

void Events::publish(std::uint32_t interface, json event) {
    event["time"] = calendar_time();
    event["interface"] = interfaces_[interface]->name;
    std::erase_if(subscribers_,
                  [&](const Subscriber& each) { return each.interface == interface && !each.stream(event); });
}

json Events::about(elections::RouterId id) const { return about_router(router(id)); }

}  // namespace vrrp_xdp::reporting
