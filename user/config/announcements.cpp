// SPDX-License-Identifier: BSD-2-Clause
#include "config/announcements.hpp"

#include <array>
#include <string_view>

#include "config/values.hpp"

namespace vrrp_xdp::config {
namespace {

constexpr std::array<std::string_view, 3> keys = {"repeat", "repeat-after", "refresh"};

}  // namespace

Announcements read_announcements(const Mapping& router, Mistakes& mistakes) {
    Announcements announcements;
    const auto item = router.find("announcements");
    if (!item) return announcements;
    const auto mapping =
        Mapping::read(*item, "a mapping with repeat, repeat-after or refresh", keys, mistakes);
    if (!mapping) return announcements;
    announcements.repeat = mapping->value("repeat", count_form, mistakes).value_or(announcements.repeat);
    announcements.repeat_after =
        mapping->value("repeat-after", pause_form, mistakes).value_or(announcements.repeat_after);
    announcements.refresh = mapping->value("refresh", pause_form, mistakes);
    return announcements;
}

}  // namespace vrrp_xdp::config
