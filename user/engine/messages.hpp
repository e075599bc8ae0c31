// SPDX-License-Identifier: BSD-2-Clause
// What the protocol thread and the ordinary thread say to each other. Each message is copied. Two hand over
// what they point to: Resume an interface, and Reconfigure those of another configuration with the plan that
// goes with them. The ordinary thread keeps it in place, and leaves alone what belongs to the protocol thread
// then: see managed_interface.hpp.
#pragma once

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "elections/notices.hpp"
#include "engine/mailbox.hpp"

namespace vrrp_xdp::engine {

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
/// Stop at once and without a word at the whole port of this interface, for a successor to go on there; then
/// never touch its interfaces again.
struct HandOver {
    std::uint32_t interface = 0;
};
/// Leave every election of the interface, for it has lost its data plane or is another one now, and do not
/// touch the interface until Resume.
struct Suspend {
    std::uint32_t interface = 0;
};
struct ManagedInterface;
struct Resume {
    std::uint32_t interface = 0;
    ManagedInterface* opened = nullptr;
};
/// What the operator's conditions say of a Virtual Router. Each replaces the one before. Void for an
/// interface that is suspended: say it again after Resume.
struct SetEffect {
    elections::RouterId router;
    protocol::Priority priority = protocol::Priority::lowest();  ///< the effective one; void for the owner
    bool faulted = false;                                        ///< whether it must not take part at all
};
struct Reconfiguration;
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
using Notice = std::variant<SnapshotTaken, Released, HandedOver, Suspended, Reconfigured,
                            elections::Transition, elections::Leaving, elections::AddressClaimed,
                            elections::AddressListDiffers, elections::IntervalDiffers, elections::SecondOwner,
                            elections::VridInUse, elections::PeerSigns, elections::UnknownPeer, SendingFails,
                            SendingWorks, NotRealtime, elections::MacChanged>;

using Commands = Mailbox<Command>;
using Notices = Mailbox<Notice>;

}  // namespace vrrp_xdp::engine
