// SPDX-License-Identifier: BSD-2-Clause
// To other routers by unicast. The kernel finds the way and the MAC address of who is next on it, which a
// packet socket could not.
#pragma once

#include <netinet/in.h>

#include <string>

#include "net/frames.hpp"
#include "protocol/types.hpp"
#include "support/result.hpp"
#include "support/unique_fd.hpp"

namespace vrrp_xdp::net {

/// Where the kernel is to send a packet, in its own words: a sockaddr_in or a sockaddr_in6. Without length:
/// where the frame itself says.
struct Destination {
    sockaddr_in6 address{};
    socklen_t length = 0;
};
Destination destination_of(const protocol::IpAddress& address, unsigned interface_index);

/// Ready to be sent.
struct Outgoing {
    Frame bytes;
    Destination to{};

    friend bool operator==(const Outgoing& a, const Outgoing& b) { return a.bytes == b.bytes; }
};

/// Opens a raw socket that sends IP packets through one interface, and receives nothing. Firewalls see its
/// packets.
Result<UniqueFd> open_peer_socket(protocol::Family family, const std::string& interface_name);

/// Returns whether such a socket sends out of the interface of this index.
bool sends_by(int peer_socket, unsigned interface_index);

}  // namespace vrrp_xdp::net
