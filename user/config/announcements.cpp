// SPDX-License-Identifier: BSD-2-Clause
#include "config/announcements.hpp"

#include "config/keys.hpp"
#include "config/values.hpp"

namespace vrrp_xdp::config {
namespace {

/// Switches forget a MAC that they have not seen for 300 s (IEEE 802.1Q section 8.8.3), and then flood what
/// is sent to it: twice within that time.
constexpr std::chrono::seconds well_within_ageing_time(120);

}  // namespace

Announcements default_announcements(SeenBySwitches mac) {
    Announcements announcements;
    if (mac == SeenBySwitches::InAnnouncementsAlone) announcements.refresh = well_within_ageing_time;
    return announcements;
}

Announcements read_announcements(const Mapping& router, SeenBySwitches mac, Mistakes& mistakes) {
    Announcements announcements = default_announcements(mac);
    const auto item = router.find("announcements");
    if (!item) return announcements;
    const auto mapping = Mapping::read(*item, "a mapping with burst, repeat, repeat-after or refresh",
                                       announcement_keys, mistakes);
    if (!mapping) return announcements;
    announcements.burst = mapping->value("burst", burst_form, mistakes).value_or(announcements.burst);
    announcements.repeat = mapping->value("repeat", count_form, mistakes).value_or(announcements.repeat);
    announcements.repeat_after =
        mapping->value("repeat-after", pause_form, mistakes).value_or(announcements.repeat_after);
    if (const auto refresh = mapping->value("refresh", pause_form, mistakes)) announcements.refresh = refresh;
    return announcements;
}

}  // namespace vrrp_xdp::config
