// SPDX-License-Identifier: BSD-2-Clause
// What elections tell of themselves. All of it is copied, nothing is shared.
#pragma once

#include <cstdint>
#include <optional>

#include "elections/virtual_router.hpp"

namespace vrrp_xdp::elections {

/// Which Virtual Router of which interface, by their places in the lists of both.
struct RouterId {
    std::uint32_t interface = 0;
    std::uint32_t router = 0;

    friend bool operator==(const RouterId&, const RouterId&) = default;
};

struct Transition {
    RouterId router;
    protocol::State from{};
    protocol::State to{};
    protocol::Cause cause{};
    std::optional<Heard> heard;
    bool preempts = false;                         ///< a worse router, which was heard until now
    std::optional<protocol::Duration> lateness{};  ///< of a takeover, if its advertisement has left
};
/// An Active Router has said farewell.
struct Leaving {
    RouterId router;
    protocol::Duration longest{};  ///< how long it may still answer
};
/// Somebody's ARP or Neighbour Advertisement says that the virtual address is at a MAC of his own.
struct AddressClaimed {
    RouterId router;
    std::optional<protocol::IpAddress> address;
    protocol::MacAddress by;
};
/// An advertisement lists other addresses than ours. Version 2: not followed, unless it is of the owner (RFC
/// 3768 §7.1). Version 3: followed. Told once a minute.
struct AddressListDiffers {
    RouterId router;
    std::optional<Heard> heard;
    protocol::Version version{};
};
/// Somebody else has this VRID for other addresses altogether, from before this router was ever Active.
struct VridInUse {
    RouterId router;
    std::optional<Heard> heard;
};
/// Version 2: not followed (RFC 3768 §7.1). Version 3: followed, and learned. Told once a
/// minute.
struct IntervalDiffers {
    RouterId router;
    std::optional<Heard> heard;
    protocol::Duration theirs{};
};
/// The interface of a Virtual Router has another MAC now, or is another one, which the data plane is to be
/// told.
struct MacChanged {
    RouterId router;
    protocol::MacAddress mac;
};
/// Another router signs its advertisements, which is not verified here; told once for each key of a router.
struct PeerSigns {
    RouterId router;
    std::optional<Heard> heard;
    std::uint8_t key = 0;
};
/// Another router advertises priority 255 as well (RFC 9568 erratum 8298).
struct SecondOwner {
    RouterId router;
    std::optional<Heard> heard;
};
/// Somebody who is none of the unicast peers advertises for the VRID, and is not heard; told once a minute.
struct UnknownPeer {
    RouterId router;
};
}  // namespace vrrp_xdp::elections
