// SPDX-License-Identifier: BSD-2-Clause
#include "elections/sender.hpp"

#include <algorithm>
#include <functional>
#include <utility>

#include "elections/router_set.hpp"

namespace vrrp_xdp::elections {
namespace {

using protocol::State;
using protocol::TimePoint;

// What a queued packet was: the Virtual Router's place and its kind in one number.
constexpr std::uint32_t kFarewell = 1U << 31;
constexpr std::uint32_t kMoreVersions = 1U << 30;  ///< the same in version 2 is next
constexpr std::uint32_t kKinds = kFarewell | kMoreVersions;
constexpr std::uint32_t kNobody = kKinds;  ///< no Virtual Router's place in the list

void add_advertisements(Host& host, RouterId id, const VirtualRouter& vr) {
    const bool in_both = vr.config.also_version_2;
    for (std::size_t i = 0; i < vr.advertisements.size(); ++i)
        host.add(id, vr.advertisements[i], in_both && i % 2 == 0 ? id.router | kMoreVersions : id.router);
}

}  // namespace

void Sender::send() {
    routers_.for_each_interface([this](std::uint32_t index, const Interface& interface) {
        if (!interface.due.empty()) send_advertisements(index);
    });
    routers_.for_each_interface([this](std::uint32_t index, const Interface& interface) {
        if (!interface.due.empty()) send_announcements(index);
    });
    routers_.note_lateness();
}

void Sender::send_advertisements(std::uint32_t index) {
    Interface& interface = *routers_.interface(index);
    Host& host = routers_.host();
    const TimePoint at = host.now();
    bool any = false;
    for (const std::uint32_t i : interface.due) {
        VirtualRouter& vr = interface.virtual_routers[i];
        if (vr.queued.say_farewell)
            for (const net::Outgoing& farewell : vr.farewells) host.add({index, i}, farewell, i | kFarewell);
        // Whose lease ran out since it was stepped must not speak: another may have taken over.
        const bool has_lease = vr.election.state != State::Active || at < vr.election.lease;
        const bool advertises = vr.queued.advertise && has_lease && may_advertise(vr.election);
        if (advertises) {
            add_advertisements(host, {index, i}, vr);
            vr.unsent = true;
        }
        any |= advertises || vr.queued.say_farewell;
    }
    if (!any) return;
    std::uint32_t left_in_version_3 = kNobody;
    const auto note_left = [&](std::uint32_t tag) {
        const std::uint32_t i = tag & ~kKinds;
        const bool in_both = left_in_version_3 == i;
        left_in_version_3 = kNobody;
        VirtualRouter& vr = interface.virtual_routers[i];
        ++vr.statistics.advertisement_sent;
        if ((tag & kFarewell) != 0) {
            ++vr.statistics.priority_zero_pkts_sent;
            // A second one from the guardian would have the successor wait again.
            if (vr.election.leaving) host.farewell_said({index, i});
        } else if ((tag & kMoreVersions) != 0) {
            left_in_version_3 = i;
        } else if (in_both || !vr.config.also_version_2) {
            // Of two versions both have to leave: there may be routers that hear only one.
            note_sent({index, i}, at);
        }
    };
    // By reference: a copy of so many captures would take memory.
    const int error = host.send(index, std::ref(note_left));
    note_unsent(index);
    note_sending(index, error);
}

/// All of a batch have left by now, the first of them a little earlier. A lease that ran out meanwhile is not
/// extended: another router may have taken over.
void Sender::note_sent(RouterId id, TimePoint at) {
    VirtualRouter& vr = routers_.router(id);
    vr.unsent = false;
    routers_.apply(id, protocol::AdvertisementSent{at}, routers_.now());
    if (!vr.deadline) return;
    vr.lateness = routers_.now() - *vr.deadline;
    vr.deadline.reset();
}

/// Before any announcement: who has just taken over without being heard by others announces nothing.
void Sender::note_unsent(std::uint32_t index) {
    Interface& interface = *routers_.interface(index);
    for (const std::uint32_t i : interface.due)
        if (std::exchange(interface.virtual_routers[i].unsent, false))
            routers_.apply({index, i}, protocol::AdvertisementFailed{}, routers_.now());
}

void Sender::send_announcements(std::uint32_t index) {
    Interface& interface = *routers_.interface(index);
    for (const std::uint32_t i : interface.due) {
        VirtualRouter& vr = interface.virtual_routers[i];
        if (vr.queued.announce_addresses && is_staying_active(vr.election))
            for (unsigned sent = 0; sent < vr.config.announcements.burst; ++sent)
                for (const net::Frame& announcement : vr.announcements)
                    routers_.host().announce({index, i}, announcement);
        vr.queued = {};
    }
    interface.due.clear();
    routers_.host().send_announcements(index);
}

void Sender::note_sending(std::uint32_t index, int error) {
    Interface& interface = *routers_.interface(index);
    if (error == 0 && !interface.sending_fails) return;
    // One Virtual Router's may be too large, or have no way, where those of others leave.
    const auto& all = interface.virtual_routers;
    const bool fails = error != 0 || std::any_of(all.begin(), all.end(), [](const VirtualRouter& vr) {
                           return vr.election.sending == protocol::Sending::Fails;
                       });
    if (fails == interface.sending_fails) return;
    interface.sending_fails = fails;
    if (fails)
        routers_.tell(SendingFails{index, error});
    else
        routers_.tell(SendingWorks{index});
}

}  // namespace vrrp_xdp::elections
