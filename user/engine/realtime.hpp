// SPDX-License-Identifier: BSD-2-Clause
// What keeps the protocol thread on time while the machine is busy. Each is best effort: without it the
// router works, later.
#pragma once

namespace vrrp_xdp::engine {

/// Keeps all memory of the process, present and future, from being paged out. 0, or an errno.
int lock_memory();

/// Puts the calling thread under SCHED_FIFO, ahead of every ordinary one. 0, or an errno.
int schedule_realtime();

}  // namespace vrrp_xdp::engine
