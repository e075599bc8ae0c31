// SPDX-License-Identifier: BSD-2-Clause
// What a configuration file says, valid by construction: nothing that reads it checks it again. Everything
// compares, so that a reload finds what is different: a new member takes part by itself.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "config/trackers.hpp"
#include "protocol/advertisement.hpp"
#include "protocol/types.hpp"

namespace vrrp_xdp::config {

/// What the checksum of a sent advertisement covers. VRRPv3 over IPv4 has the choice: the default is what
/// keepalived, FRR and VPP send and expect, and both forms are always accepted.
using Checksum = protocol::ChecksumForm;

/// How often it is told where a virtual address is, beyond once at a takeover.
struct Announcements {
    unsigned burst = 1;                                         ///< so many of the same, each time
    unsigned repeat = 1;                                        ///< so many times more
    protocol::Duration repeat_after = std::chrono::seconds(5);  ///< from one to the next
    std::optional<protocol::Duration>
        refresh{};  ///< and then, while this router is Active, once in this time

    friend bool operator==(const Announcements&, const Announcements&) = default;
};

struct VirtualRouter {
    protocol::Vrid vrid;
    protocol::Version version = protocol::Version::V3;  ///< V3 where the addresses are IPv6
    bool also_version_2 = false;  ///< beside version 3, where the addresses are IPv4 (RFC 9568 §8.4)
    protocol::Priority priority;
    protocol::Duration advertise_interval = std::chrono::seconds(1);
    bool preempt = true;
    /// Accept_Mode: the virtual addresses are the host's own while Active. The owner's always are.
    bool accept_mode = false;
    protocol::Duration preempt_delay{};  ///< none where preempt is false
    std::string sync_group{};            ///< all with the same name move together; empty: moves alone
    bool virtual_mac = true;             ///< else the interface's own MAC stands in for it
    /// The only ones that are advertised to, and heard: of one family and, of IPv6, all link-local or none.
    /// Empty: multicast.
    std::vector<protocol::IpAddress> unicast_peers{};
    std::uint8_t minimum_ttl = 255;  ///< less only with unicast_peers
    /// What advertisements are sent from, and nothing else; of the family, and of IPv6 of the scope that goes
    /// with where they are sent to. None: one that the interface has, for as long as it has it.
    std::optional<protocol::IpAddress> source_address{};
    Announcements announcements{};
    /// Of version 2 alone: neither shown nor told to anybody, whatever is said of the rest.
    std::optional<protocol::SharedSecret> authentication{};
    bool refuses_signed = false;                 ///< advertisements with a signature, which nobody verifies
    Checksum checksum = Checksum::PseudoHeader;  ///< the one form that there is for version 2 and for IPv6
    /// All that it answers for, of one family: at least one that it advertises, of which the first of IPv6 is
    /// link-local, unless there are unicast peers; then those that it does not advertise.
    std::vector<protocol::IpAddress> virtual_addresses;
    std::size_t unadvertised = 0;  ///< how many of these, at the end
    std::vector<Track> tracks{};   ///< each of another tracker
    std::vector<Hook> hooks{};     ///< run after those of all Virtual Routers

    protocol::Family family() const { return virtual_addresses.front().family(); }
    std::span<const protocol::IpAddress> advertised_addresses() const {
        return std::span(virtual_addresses).first(virtual_addresses.size() - unadvertised);
    }
    std::span<const protocol::IpAddress> unadvertised_addresses() const {
        return std::span(virtual_addresses).last(unadvertised);
    }
    /// Returns the versions that it advertises in, the one that it prefers to hear first.
    std::span<const protocol::Version> versions() const {
        static constexpr std::array both{protocol::Version::V3, protocol::Version::V2};
        return also_version_2 ? std::span<const protocol::Version>(both) : std::span(&version, 1);
    }
    /// Returns whether the source of IPv6 advertisements may be other than link-local (RFC 9568 §5.1.2.1).
    bool sends_beyond_link() const {
        return !unicast_peers.empty() && !unicast_peers.front().is_link_local();
    }
    friend bool operator==(const VirtualRouter&, const VirtualRouter&) = default;
};

struct Interface {
    std::string name;
    std::vector<VirtualRouter> virtual_routers;  ///< at least one; a VRID stands once for each family
    friend bool operator==(const Interface&, const Interface&) = default;
};

struct Config {
    std::vector<Tracker> trackers{};    ///< each of another name
    std::vector<Hook> hooks{};          ///< of every Virtual Router
    std::vector<Interface> interfaces;  ///< at least one
    protocol::Duration startup_delay{};

    friend bool operator==(const Config&, const Config&) = default;
};

}  // namespace vrrp_xdp::config
