// SPDX-License-Identifier: BSD-2-Clause
// Interfaces and their addresses, as the kernel tells of them over netlink.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "protocol/types.hpp"
#include "support/result.hpp"

namespace vrrp_xdp::net {

struct InterfaceState {
    unsigned index = 0;
    std::string kind;       ///< the kernel's word for a virtual device, empty for hardware
    bool running = false;   ///< administratively up, with carrier
    bool ethernet = false;  ///< has a six-byte hardware address
    std::vector<protocol::IpAddress> addresses{};  ///< IPv4, the primary ones first, in the kernel's order

    /// The address that advertisements are sent from (RFC 9568 §5.1.1.1): the kernel's first.
    std::optional<protocol::IpAddress> primary_address() const {
        return addresses.empty() ? std::nullopt : std::optional(addresses.front());
    }
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

  private:
    class Caches;
    explicit InterfaceMonitor(std::unique_ptr<Caches> caches);
    std::unique_ptr<Caches> caches_;
};

}  // namespace vrrp_xdp::net
