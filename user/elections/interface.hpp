// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "dataplane/port.hpp"
#include "elections/virtual_router.hpp"
#include "net/interface_monitor.hpp"

namespace vrrp_xdp::elections {

/// An interface and its Virtual Routers, as elections have them.
struct Interface {
    Interface(std::string interface_name, unsigned interface_index, std::vector<VirtualRouter> routers);
    Interface(const Interface&) = delete;
    Interface& operator=(const Interface&) = delete;
    virtual ~Interface() = default;

    /// Copies what all of it is now.
    void take_snapshots();

    /// Notes what a Virtual Router has to send at the end of this turn.
    void queue(std::uint32_t router, const protocol::Actions& actions);

    /// Stores a lease: one store into the data plane.
    void store_lease(std::uint32_t router, protocol::TimePoint deadline) noexcept {
        data_plane->store_lease(slots[router], deadline);
    }

    /// Does the same unless the guardian has ended it; then returns false.
    bool extend_lease(std::uint32_t router, protocol::TimePoint from, protocol::TimePoint to) noexcept {
        return data_plane->extend_lease(slots[router], from, to);
    }

    /// Stores the end of the firm part: see Port::store_firm().
    void store_firm(std::uint32_t router, protocol::TimePoint until) noexcept {
        data_plane->store_firm(slots[router], until);
    }

    /// Returns what the data plane has: at the start that of the instance before.
    protocol::TimePoint lease(std::uint32_t router) const noexcept {
        return data_plane->lease(slots[router]);
    }

    /// Returns whether the data plane is silent all the same, as another router was heard.
    bool is_succeeded(std::uint32_t router) const noexcept { return data_plane->is_succeeded(slots[router]); }

    void expect(std::uint32_t router, std::uint64_t digest, std::uint64_t differences,
                protocol::TimePoint followed_since) noexcept {
        data_plane->expect(slots[router], digest, differences, followed_since);
    }
    void expect_nothing(std::uint32_t router) noexcept { expect(router, 0, 0, {}); }
    void tell_patience(std::uint32_t router, protocol::Duration active_down_interval) noexcept {
        data_plane->tell_patience(slots[router], active_down_interval);
    }
    void tell_better_from(std::uint32_t router, protocol::Priority priority) noexcept {
        data_plane->tell_better_from(slots[router], priority);
    }

    /// Returns when the advertisement that is expected last came in.
    protocol::TimePoint last_heard(std::uint32_t router) const noexcept {
        return data_plane->last_heard(slots[router]);
    }

    /// Returns the name that the data plane has for the Virtual Router's election.
    vrrp_xdp_vr_key election(std::uint32_t router) const;

    std::string name;
    unsigned index;
    /// net::fingerprint() of what elections go by, told to the ordinary thread.
    std::atomic<std::uint64_t> followed{0};
    dataplane::Port* data_plane = nullptr;  ///< shared by all interfaces that come in there
    vrrp_xdp_vlan vlan{};                   ///< that its frames come in with there
    std::vector<std::uint32_t> slots;       ///< by router: where it is in the port's arrays
    std::vector<VirtualRouter> virtual_routers;
    std::vector<VirtualRouterSnapshot> snapshots;  ///< by router: what the ordinary thread may read of them
    std::vector<protocol::IpAddress> passed_over;  ///< addresses that advertisements do not come from
    bool sending_failed = false;                   ///< when the snapshots were taken
    std::vector<protocol::TimePoint> timers;  ///< by router; side by side, for they are looked through often
    protocol::TimePoint starts_at{};          ///< no election begins before; zero once none has to wait
    bool sending_fails = false;
    bool leaving = false;            ///< no election begins here any more
    std::vector<std::uint32_t> due;  ///< routers with something queued; its memory is kept
};

}  // namespace vrrp_xdp::elections
