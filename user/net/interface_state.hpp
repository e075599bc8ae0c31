// SPDX-License-Identifier: BSD-2-Clause
// What is known of an interface.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "protocol/types.hpp"

namespace vrrp_xdp::net {

struct InterfaceState {
    unsigned index = 0;
    std::string name{};
    std::string kind{};     ///< the kernel's word for a virtual device, empty for hardware
    bool running = false;   ///< administratively up, with carrier
    bool ethernet = false;  ///< has a six-byte hardware address
    protocol::MacAddress mac{};
    unsigned mtu = 0;
    /// Usable ones: IPv4 with the primary ones first, and IPv6 that passed duplicate address detection. An
    /// address that is there keeps its place, however often the kernel reports it.
    std::vector<protocol::IpAddress> addresses{};

    /// Of IPv6 addresses; IPv4 has but one.
    enum class Scope : std::uint8_t { Link, Beyond };

    /// Returns the source of advertisements of the family: the first IPv4 address, or the first IPv6 address
    /// of the scope, which is the link's unless they go further (RFC 9568 §5.1.1.1, §5.1.2.1). passed_over:
    /// virtual addresses that the host has without owning them.
    std::optional<protocol::IpAddress> primary_address(protocol::Family family,
                                                       std::span<const protocol::IpAddress> passed_over,
                                                       Scope scope = Scope::Link) const;

    bool has(const protocol::IpAddress& address) const;
};

/// Returns a number that is equal for states that elections consider equal, whatever the order of the
/// addresses; 0 for none.
std::uint64_t fingerprint(const std::optional<InterfaceState>& state);

struct VlanTag {
    enum class Protocol : std::uint8_t { Dot1q, Dot1ad };
    Protocol protocol;
    std::uint16_t id;  ///< 1 to 4094

    friend bool operator==(const VlanTag&, const VlanTag&) = default;
};

/// The interface at which an interface's frames come in, and the tags that they have there.
struct Placement {
    std::string port;
    std::vector<VlanTag> tags{};  ///< outermost first

    friend bool operator==(const Placement&, const Placement&) = default;
};

}  // namespace vrrp_xdp::net
