// SPDX-License-Identifier: BSD-2-Clause
#pragma once

namespace vrrp_xdp::dataplane {

/// Takes the program that a BPF link holds off its interface, whoever else holds the link.
///
/// virtio_net up to Linux 6.2 lets no program go while the MTU is larger than a native program may have: the
/// link would be gone, and the program would be left on the interface for good and lose every large frame. So
/// there the MTU is 1500 for that moment.
void release_link(int link_fd) noexcept;

}  // namespace vrrp_xdp::dataplane
