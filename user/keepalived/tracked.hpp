// SPDX-License-Identifier: BSD-2-Clause
#pragma once

namespace vrrp_xdp::keepalived {

/// What keepalived tracks.
enum class Tracked { Interface, Script, Process, File };

}  // namespace vrrp_xdp::keepalived
