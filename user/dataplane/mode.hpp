// SPDX-License-Identifier: BSD-2-Clause
// By which hook of the kernel frames come in to the data plane.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace vrrp_xdp::dataplane {

/// Native is XDP in the driver, before the kernel makes a packet of the frame. Clsact is a program on the
/// packet, which sees VLAN tags whoever took them out of the frame, and works on every interface. Generic is
/// XDP on the packet. Auto is native where that is known to work, else clsact.
enum class Mode : std::uint8_t { Auto, Native, Generic, Clsact };

std::string to_string(Mode mode);

/// What a mode that was asked for comes to on an interface.
struct Choice {
    Mode first;                       ///< not Auto
    std::optional<Mode> otherwise{};  ///< if the first cannot be
    std::string reason{};             ///< why Auto is not Native, as one sentence; empty if Native is tried
};

/// Returns the mode and the reason. kind: the kernel's name of a virtual device ("veth", "bridge" …), empty
/// for hardware.
Choice choose_mode(Mode asked, const std::string& kind);

/// Returns whether an XDP program on such an interface gets the frame before the kernel removes its outer
/// VLAN tag. If not, no setting changes it.
bool xdp_comes_before_untagging(const std::string& kind);

}  // namespace vrrp_xdp::dataplane
