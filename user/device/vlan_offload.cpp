// SPDX-License-Identifier: BSD-2-Clause
#include "device/vlan_offload.hpp"

#include <string_view>

#include "device/offload.hpp"

namespace vrrp_xdp::device {
namespace {

/// As the kernel calls it; ethtool(8) shows the first as rx-vlan-offload.
std::string_view feature_name(TagType type) {
    return type == TagType::Dot1q ? "rx-vlan-hw-parse" : "rx-vlan-stag-hw-parse";
}

}  // namespace

TagStripping tag_stripping(const std::string& interface_name, TagType type) {
    return Feature(interface_name, feature_name(type)).is_on() ? TagStripping::On : TagStripping::Off;
}

void restore_tag_stripping(const std::string& interface_name, std::uint32_t flags) {
    for (const TagType type : kTagTypes)
        if ((flags & kept_tags_flag(type)) != 0)
            static_cast<void>(set_tag_stripping(interface_name, type, TagStripping::On));
}

Result<void> set_tag_stripping(const std::string& interface_name, TagType type, TagStripping wanted) {
    if (tag_stripping(interface_name, type) == wanted) return {};
    const std::string what(feature_name(type));
    Feature feature(interface_name, what);
    if (const int error = feature.set(wanted == TagStripping::On); error != 0)
        return system_failure("setting " + what + " of " + interface_name, error);
    if (tag_stripping(interface_name, type) != wanted)
        return failure("the driver of " + interface_name + " refuses to change " + what);
    return {};
}

}  // namespace vrrp_xdp::device
