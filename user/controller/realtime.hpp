// SPDX-License-Identifier: BSD-2-Clause
// What keeps the protocol thread on time while the machine is busy. Each is best effort: without it the
// router works, later. An empty result is success; otherwise it says what is missing and what that means.
#pragma once

#include <string>

namespace vrrp_xdp::controller {

/// Keeps all memory of the process, present and future, from being paged out.
std::string lock_memory();

/// Puts the calling thread under SCHED_FIFO, ahead of every ordinary one.
std::string schedule_realtime();

}  // namespace vrrp_xdp::controller
