// SPDX-License-Identifier: BSD-2-Clause
// A NIC that strips VLAN tags hides them from XDP.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "support/result.hpp"
#include "vrrp_xdp/abi.h"

namespace vrrp_xdp::device {

/// By the tag's protocol: a NIC may strip one and leave the other.
enum class TagType : std::uint8_t { Dot1q, Dot1ad };
inline constexpr std::array kTagTypes{TagType::Dot1q, TagType::Dot1ad};

/// Returns the flag in the map port by which stripping is turned on again, of enum vrrp_xdp_port_flags.
constexpr std::uint32_t kept_tags_flag(TagType type) {
    return type == TagType::Dot1q ? VRRP_XDP_KEPT_VLAN_TAGS : VRRP_XDP_KEPT_SERVICE_TAGS;
}

/// Returns the name in ethtool(8).
constexpr const char* ethtool_name(TagType type) {
    return type == TagType::Dot1q ? "rx-vlan-offload" : "rx-vlan-stag-hw-parse";
}

enum class TagStripping : std::uint8_t { On, Off };

/// Returns what the interface currently does. An interface that does not know the feature does not strip.
TagStripping tag_stripping(const std::string& interface_name, TagType type);

/// Turns stripping on again where the flags of the map port say that it was.
void restore_tag_stripping(const std::string& interface_name, std::uint32_t flags);

/// Fails if the driver will not.
Result<void> set_tag_stripping(const std::string& interface_name, TagType type, TagStripping wanted);

}  // namespace vrrp_xdp::device
