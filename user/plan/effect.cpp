// SPDX-License-Identifier: BSD-2-Clause
#include "plan/effect.hpp"

#include <string_view>

#include "config/text.hpp"
#include "protocol/timers.hpp"

namespace vrrp_xdp::plan {
namespace {

using config::VirtualRouter;
using protocol::State;
using protocol::Version;

std::string fate_of_new(const VirtualRouter& router) {
    if (router.priority.is_owner()) return "begins, and is Active at once: it owns the addresses";
    const auto patience =
        protocol::active_down_interval(router.version, router.priority, router.advertise_interval);
    return "begins as Backup, and becomes Active after " +
           config::spelt(std::chrono::duration_cast<std::chrono::milliseconds>(patience)) +
           " if no other router is";
}

std::string effect_of_version(bool is_active) {
    return is_active ? "it is the version of the next advertisement; a router that does not speak it hears "
                       "nobody, and becomes Active as well"
                     : "an Active Router that does not speak it is no longer heard, and both would be Active";
}

std::string effect_of_priority(bool is_active) {
    return is_active ? "other routers learn it with the next advertisement; one with a higher priority that "
                       "preempts takes over"
                     : "from an Active Router with a lower one it takes over, unless preempt is false";
}

std::string effect_of_interval(const VirtualRouter& router, bool is_active) {
    // RFC 3768 §7.1
    if (router.version == Version::V2)
        return "routers of version 2 with another interval and this one no longer hear each other: change "
               "all "
               "of them together";
    return is_active ? "Backup Routers learn it with the next advertisement"
                     : "it counts once this router is Active; until then the Active Router's does";
}

std::string effect_of_addresses(const VirtualRouter& router, bool is_active) {
    const std::string now = is_active ? "answered for from now on, and announced to the hosts; " : "";
    return now + (router.version == Version::V2 || router.also_version_2
                      ? "a router of version 2 with other addresses discards the advertisements: change all "
                        "of them together"
                      : "keepalived discards advertisements with other addresses than its own: change all "
                        "routers together");
}

std::string effect_of_peers(const Difference& difference) {
    if (difference.after == "none") return "advertisements go to the multicast group from now on";
    return "advertisements go to these routers from now on, and only they are heard";
}

std::string effect_of_accept_mode(const VirtualRouter& router, bool is_active) {
    if (!is_active) return "it counts once this router is Active";
    return router.accept_mode ? "the host gets the virtual addresses"
                              : "the host loses the virtual addresses";
}

}  // namespace

std::string fate_of(const Change& change, std::optional<State> state) {
    switch (change.fate) {
        case Fate::Begins:
            return fate_of_new(change.router);
        case Fate::Ends:
            if (state == State::Active)
                return "ends: it is Active, sends a farewell, and another router takes over";
            return state ? "ends: it is not Active" : "ends";
        case Fate::GoesOn:
            break;
    }
    if (state == State::Active) return "stays Active";
    if (state == State::Backup) return "stays Backup";
    return state ? "stays in Initialize" : "goes on";
}

std::string effect_of(const Difference& difference, const VirtualRouter& router, std::optional<State> state) {
    const std::string_view key = difference.key;
    const bool is_active = state == State::Active;
    if (key == "version") return effect_of_version(is_active);
    if (key == "priority") return effect_of_priority(is_active);
    if (key == "advertise-interval") return effect_of_interval(router, is_active);
    if (key == "virtual-addresses") return effect_of_addresses(router, is_active);
    if (key == "unicast-peers") return effect_of_peers(difference);
    if (key == "accept-mode") return effect_of_accept_mode(router, is_active);
    if (key == "virtual-mac")
        return is_active ? "hosts are told the new MAC at once" : "it counts once this router is Active";
    if (key == "authentication")
        return "routers with another secret and this one no longer hear each other: change all of them "
               "together";
    if (key == "sync-group") return "it moves with this group from now on";
    if (key == "track") return "the new trackers count as soon as they have said something";
    return {};
}

}  // namespace vrrp_xdp::plan
