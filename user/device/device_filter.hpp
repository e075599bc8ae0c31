// SPDX-License-Identifier: BSD-2-Clause
// The addresses that a device lets in besides its own, as entries of the device itself: unlike what a socket
// asks for, they outlast the process that made them. `bridge fdb show dev eth0` lists them.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "protocol/types.hpp"
#include "support/result.hpp"

struct nl_sock;

namespace vrrp_xdp::device {

/// Whether an entry was made, or was there before, of whomever.
enum class Entry { Made, Found };

class DeviceFilter {
  public:
    static Result<DeviceFilter> open();

    /// Lets frames to this address in. A device without a filter for it becomes promiscuous by the kernel's
    /// own hand, and is not any more once the last entry is gone. Fails where the driver manages such entries
    /// itself and refuses, or has no room.
    Result<Entry> add(unsigned interface_index, const protocol::MacAddress& address) const;

    /// Has a bridge keep what is sent to this address, in place of what it has learned. vlan_id: 0 for all.
    Result<void> keep(unsigned bridge_index, const protocol::MacAddress& address,
                      std::uint16_t vlan_id) const;

    /// Takes an entry of either kind away again. Nothing there is not an error, and neither is a device that
    /// is gone.
    void remove(unsigned interface_index, const protocol::MacAddress& address, std::uint16_t vlan_id) const;

    /// Returns the message of remove(), for a process that has this socket.
    static std::vector<std::uint8_t> removal(unsigned interface_index, const protocol::MacAddress& address,
                                             std::uint16_t vlan_id);
    int fd() const;

  private:
    struct FreeSocket {
        void operator()(nl_sock* socket) const;
    };
    explicit DeviceFilter(nl_sock* socket) : socket_(socket) {}
    std::unique_ptr<nl_sock, FreeSocket> socket_;
};

}  // namespace vrrp_xdp::device
