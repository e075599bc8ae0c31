// SPDX-License-Identifier: BSD-2-Clause
// Interfaces and their addresses, as the kernel tells of them over netlink.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "protocol/types.hpp"
#include "support/result.hpp"

namespace vrrp_xdp::net {

struct InterfaceState {
    unsigned index = 0;
    std::string kind{};     ///< the kernel's word for a virtual device, empty for hardware
    bool running = false;   ///< administratively up, with carrier
    bool ethernet = false;  ///< has a six-byte hardware address
    protocol::MacAddress mac{};
    /// Usable ones, in the kernel's order: IPv4 with the primary ones first, and IPv6 that passed duplicate
    /// address detection.
    std::vector<protocol::IpAddress> addresses{};

    /// Of IPv6 addresses; IPv4 has but one.
    enum class Scope : std::uint8_t { Link, Beyond };

    /// What advertisements of the family are sent from: the first IPv4 address, the first IPv6 address of the
    /// scope, which is the link's unless they go further (RFC 9568 §5.1.1.1, §5.1.2.1). passed_over: virtual
    /// addresses that the host holds without owning them.
    std::optional<protocol::IpAddress> primary_address(protocol::Family family,
                                                       std::span<const protocol::IpAddress> passed_over,
                                                       Scope scope = Scope::Link) const;
};

struct VlanTag {
    enum class Protocol : std::uint8_t { Dot1q, Dot1ad };
    Protocol protocol;
    std::uint16_t id;  ///< 1 to 4094
};

/// The interface at which an interface's frames come in, and the tags that they have there.
struct Placement {
    std::string port;
    std::vector<VlanTag> tags{};  ///< outermost first
};

class InterfaceMonitor {
  public:
    static Result<InterfaceMonitor> open();

    InterfaceMonitor(InterfaceMonitor&&) noexcept;
    InterfaceMonitor& operator=(InterfaceMonitor&&) noexcept;
    InterfaceMonitor(const InterfaceMonitor&) = delete;
    InterfaceMonitor& operator=(const InterfaceMonitor&) = delete;
    ~InterfaceMonitor();

    /// Readable when something may have changed.
    int event_fd() const;
    /// Takes in what waits.
    void update();

    /// The interface as last heard of; nothing if there is none of that name.
    std::optional<InterfaceState> state_of(const std::string& interface_name) const;
    std::vector<std::string> interface_names() const;

    /// A VLAN device's frames come in at its parent's port, with its tag behind the parent's. Any other
    /// device, and one whose parent is not in this network namespace, is a port itself.
    Placement placement_of(const std::string& interface_name) const;

  private:
    class Caches;
    explicit InterfaceMonitor(std::unique_ptr<Caches> caches);
    std::unique_ptr<Caches> caches_;
};

}  // namespace vrrp_xdp::net
