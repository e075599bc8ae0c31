// SPDX-License-Identifier: BSD-2-Clause
// What the protocol thread and the ordinary thread say to each other: what elections are asked for and tell.
// Each message is copied. Two hand over what they point to: Resume an interface, and Reconfigure those of
// another configuration with the plan that goes with them. The ordinary thread keeps it in place, and leaves
// alone what belongs to the protocol thread then: see managed_interface.hpp.
#pragma once

#include "elections/messages.hpp"
#include "engine/mailbox.hpp"

namespace vrrp_xdp::engine {

using elections::Command;
using elections::End;
using elections::HandedOver;
using elections::HandOver;
using elections::Leave;
using elections::LookAgain;
using elections::Notice;
using elections::NotRealtime;
using elections::Reconciled;
using elections::Reconfigure;
using elections::Reconfigured;
using elections::Release;
using elections::Released;
using elections::Resume;
using elections::SendingFails;
using elections::SendingWorks;
using elections::SetEffect;
using elections::SnapshotTaken;
using elections::Suspend;
using elections::Suspended;
using elections::TakeSnapshot;

using Commands = Mailbox<Command>;
using Notices = Mailbox<Notice>;

}  // namespace vrrp_xdp::engine
