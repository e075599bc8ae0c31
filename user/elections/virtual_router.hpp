// SPDX-License-Identifier: BSD-2-Clause
// One Virtual Router at work: its configuration, its election and the frames that it may have to send.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "config/config.hpp"
#include "net/frames.hpp"
#include "net/interface_monitor.hpp"
#include "net/peer_socket.hpp"
#include "protocol/address_set.hpp"
#include "protocol/advertisement.hpp"
#include "protocol/state_machine.hpp"
#include "protocol/statistics.hpp"

namespace vrrp_xdp::elections {

/// The last advertisement that was heard.
struct Heard {
    protocol::IpAddress source;
    std::uint8_t priority;
    protocol::TimePoint at;
};

/// A router that signs its advertisements.
struct Signer {
    protocol::IpAddress source;
    std::uint8_t key;

    friend bool operator==(const Signer&, const Signer&) = default;
};

/// A copy of all that may change, small enough to be taken between two advertisements.
struct VirtualRouterSnapshot {
    protocol::Election election;
    protocol::TimePoint since;  ///< of the last transition
    std::optional<Heard> heard;
    std::optional<protocol::IpAddress> primary_address;
    protocol::Priority priority;  ///< the effective one
    protocol::MacAddress mac;
    protocol::Statistics statistics;
    std::optional<protocol::Duration> lateness;
    std::optional<Signer> signer;
    bool drained = false;
};

/// Returns the scope of the address that its advertisements are sent from.
inline net::InterfaceState::Scope scope_of(const config::VirtualRouter& router) {
    using Scope = net::InterfaceState::Scope;
    return router.sends_beyond_link() ? Scope::Beyond : Scope::Link;
}

struct VirtualRouter {
    explicit VirtualRouter(config::VirtualRouter configuration)
        : config(std::move(configuration)),
          addresses(config.advertised_addresses()),
          wanted_priority(config.priority),
          priority(config.priority) {}

    /// Returns the MAC that it sends from and answers with. own: that of the interface.
    protocol::MacAddress mac_on(const protocol::MacAddress& own) const {
        return config.virtual_mac ? protocol::MacAddress::of_virtual_router(config.vrid, config.family())
                                  : own;
    }

    /// Returns the source address of its advertisements on such an interface: the configured one, and no
    /// other; or the current one, while the interface has it; or the first suitable one.
    std::optional<protocol::IpAddress> source_on(const net::InterfaceState& state,
                                                 std::span<const protocol::IpAddress> passed_over) const;

    /// Makes the frames again; without an address the Virtual Router cannot run.
    void set_source(const protocol::IpAddress& address, const protocol::MacAddress& mac_address);
    /// The same.
    void set_priority(protocol::Priority effective);
    /// What it would advertise by itself.
    protocol::Priority own_priority() const {
        return drained ? protocol::Priority::lowest() : wanted_priority;
    }

    /// Goes on where that one is: the same Virtual Router, in another configuration.
    void continue_from(const VirtualRouter& before);

    /// Returns the parameters. Requires a primary address.
    protocol::Parameters parameters() const {
        return {config.version,
                priority,
                config.advertise_interval,
                config.preempt && !drained,
                *primary_address,
                config.preempt_delay,
                config.also_version_2};
    }
    VirtualRouterSnapshot snapshot() const {
        return {election, since,      heard,    primary_address, priority,
                mac,      statistics, lateness, signer,          drained};
    }

    /// Returns the packets, to the group or to each peer; in each of its versions, side by side.
    std::vector<net::Outgoing> packets_of(protocol::OutgoingAdvertisement announcement) const;
    net::Outgoing to_group(const protocol::OutgoingAdvertisement& announcement) const;
    net::Outgoing to_peer(std::size_t index, protocol::OutgoingAdvertisement announcement) const;

    config::VirtualRouter config;
    protocol::AddressSet addresses;      ///< those that it advertises
    protocol::Priority wanted_priority;  ///< what conditions have made of the configured one
    protocol::Priority priority;         ///< the effective one: of a sync group the least that is wanted
    std::optional<protocol::IpAddress> primary_address;
    protocol::MacAddress mac;                       ///< as mac_on() said last
    protocol::MacAddress interface_mac;             ///< as the data plane was told last
    bool interface_works = false;                   ///< it is running, and has an address to send from
    bool faulted = false;                           ///< by a condition of the operator's
    bool drained = false;                           ///< it takes over only where nobody else does
    bool able = false;                              ///< the interface works, and nothing is faulted
    protocol::Cause up = protocol::Cause::Startup;  ///< what to call it when it starts
    std::optional<std::uint32_t> sync_group;        ///< its place in the list of them
    protocol::Election election;
    protocol::TimePoint since;
    std::optional<Heard> heard;
    std::optional<Heard>
        followed;  ///< while the election is following: whose advertisement, heard when first
    protocol::Statistics statistics;
    /// When Active_Down_Timer ended, of a takeover whose advertisement has not left yet.
    std::optional<protocol::TimePoint> deadline;
    /// From there until it had left, of the last takeover. Nothing of one that no timer called for.
    std::optional<protocol::Duration> lateness;

    std::vector<net::Destination> peers;        ///< by place in the list of the configuration
    std::vector<net::Outgoing> advertisements;  ///< as packets_of() makes them
    std::vector<net::Outgoing> farewells;
    std::vector<net::Frame> announcements;  ///< one for each virtual address
    protocol::Actions queued;               ///< to be done at the end of this turn
    bool unsent = false;                    ///< an advertisement is handed over, and has not left yet
    protocol::TimePoint announced;          ///< when hosts were last told where the addresses are
    protocol::TimePoint announces_at = protocol::kNever;  ///< when they are told again
    unsigned repetitions = 0;                             ///< how many of these are due to the last takeover
    bool vrid_in_use_told = false;
    protocol::TimePoint interval_told;  ///< when it was last reported that another router's differs
    protocol::TimePoint address_list_told;
    std::optional<Signer> signer;  ///< the last that was heard
    protocol::TimePoint signer_told;
    protocol::TimePoint second_owner_told;
    protocol::TimePoint rival_told;
};

}  // namespace vrrp_xdp::elections
