// SPDX-License-Identifier: BSD-2-Clause
// What elections are asked for, and what they tell. Messages are copied; what Resume and Reconfigure point to
// is the elections' own from then on, until they say that they have let go of it.
#pragma once

#include <cstdint>
#include <optional>
#include <variant>

#include "elections/virtual_router.hpp"

namespace vrrp_xdp::elections {

struct Interface;
struct Reconfiguration;

/// Which Virtual Router of which interface, by their places in the lists of both.
struct RouterId {
    std::uint32_t interface = 0;
    std::uint32_t router = 0;

    friend bool operator==(const RouterId&, const RouterId&) = default;
};

/// Fill the snapshots of every interface. The ordinary thread reads them after SnapshotTaken, and before it
/// asks for the next ones.
struct TakeSnapshot {};
/// Leave every election of the interface, or of all of them, and answer until each has heard its successor or
/// waited long enough for one. Then never touch the interface again. All that is left leaves together.
struct Leave {
    std::optional<std::uint32_t> interface {};
};
/// The same at once.
struct Release {
    std::uint32_t interface = 0;
};
/// Stop at once and silently at the whole port of this interface, for a successor to go on there; then
/// never touch its interfaces again.
struct HandOver {
    std::uint32_t interface = 0;
};
/// Leave every election of the interface, for it has lost its data plane or is another one now, and do not
/// touch the interface until Resume.
struct Suspend {
    std::uint32_t interface = 0;
};
struct Resume {
    std::uint32_t interface = 0;
    Interface* opened = nullptr;
};
/// What the operator's conditions say of a Virtual Router. Each replaces the one before. Void for an
/// interface that is suspended: say it again after Resume.
struct SetEffect {
    RouterId router;
    protocol::Priority priority = protocol::Priority::lowest();  ///< the effective one; void for the owner
    bool faulted = false;                                        ///< whether it must not take part at all
    bool drained = false;  ///< whether it takes over only where nobody else does
};
/// Go over to another configuration, all of it in one turn.
struct Reconfigure {
    const Reconfiguration* to = nullptr;
};
/// The ordinary thread has gone over to it as well: places of Virtual Routers mean the same to both again.
struct Reconciled {};
/// Ask the kernel for all interfaces and addresses: what elections go by is not what it has.
struct LookAgain {};
/// End the protocol thread: nothing is left to it, and nothing will be given.
struct End {};
using Command = std::variant<TakeSnapshot, Leave, Release, HandOver, Suspend, Resume, SetEffect, Reconfigure,
                             Reconciled, LookAgain, End>;

struct SnapshotTaken {};
struct Released {
    std::uint32_t interface = 0;
};
struct HandedOver {
    std::uint32_t interface = 0;  ///< and all others of its port
};
struct Suspended {
    std::uint32_t interface = 0;
};
/// What was noticed before is of the Virtual Routers that there were, what follows of those that there are.
struct Reconfigured {};
struct SendingFails {
    std::uint32_t interface = 0;
    int error = 0;  ///< errno
};
struct SendingWorks {
    std::uint32_t interface = 0;
};
struct NotRealtime {
    int error = 0;  ///< errno
};
struct Transition {
    RouterId router;
    protocol::State from{};
    protocol::State to{};
    protocol::Cause cause{};
    std::optional<Heard> heard;
    bool preempts = false;                         ///< a worse router, which was heard until now
    std::optional<protocol::Duration> lateness{};  ///< of a takeover, if its advertisement has left
    bool drained = false;                          ///< it takes over only where nobody else does
};
/// An Active Router has sent a farewell.
struct Leaving {
    RouterId router;
    protocol::Duration longest{};  ///< how long it may still answer
    bool drained = false;          ///< it goes on where no other router is heard
};
/// An Active Router was drained, and no other router has taken over from it: it goes on.
struct NobodyTookOver {
    RouterId router;
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
/// A worse router is Active beside this one, which is Active: it does not hear this router, or does not heed
/// it. Told once a minute.
struct RivalActive {
    RouterId router;
    std::optional<Heard> heard;
};
/// Somebody who is none of the unicast peers advertises for the VRID, and is not heard; told once a minute.
struct UnknownPeer {
    RouterId router;
};
using Notice =
    std::variant<SnapshotTaken, Released, HandedOver, Suspended, Reconfigured, Transition, Leaving,
                 NobodyTookOver, AddressClaimed, AddressListDiffers, IntervalDiffers, SecondOwner, VridInUse,
                 PeerSigns, RivalActive, UnknownPeer, SendingFails, SendingWorks, NotRealtime, MacChanged>;

}  // namespace vrrp_xdp::elections
