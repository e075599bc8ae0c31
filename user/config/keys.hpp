// SPDX-License-Identifier: BSD-2-Clause
// The keys of a configuration, in the order in which messages and the manual list them. The readers take no
// other, and the JSON Schema is made from these tables.
#pragma once

#include <array>
#include <span>
#include <string_view>

namespace vrrp_xdp::config {

inline constexpr std::array<std::string_view, 6> document_keys = {"include", "defaults",   "trackers",
                                                                  "hooks",   "interfaces", "startup-delay"};

inline constexpr std::array<std::string_view, 2> interface_keys = {"defaults", "virtual-routers"};

inline constexpr std::array<std::string_view, 21> router_keys = {"vrid",
                                                                 "version",
                                                                 "priority",
                                                                 "advertise-interval",
                                                                 "sub-centisecond",
                                                                 "preempt",
                                                                 "preempt-delay",
                                                                 "sync-group",
                                                                 "announcements",
                                                                 "accept-mode",
                                                                 "virtual-mac",
                                                                 "unicast-peers",
                                                                 "minimum-ttl",
                                                                 "source-address",
                                                                 "checksum",
                                                                 "authentication",
                                                                 "signed-advertisements",
                                                                 "track",
                                                                 "hooks",
                                                                 "virtual-addresses",
                                                                 "unadvertised-addresses"};

/// Those that Virtual Routers can share: all but the first and the last two, which make one of them.
inline constexpr std::span<const std::string_view> shared_keys =
    std::span(router_keys).subspan(1, router_keys.size() - 3);

inline constexpr std::array<std::string_view, 4> announcement_keys = {"burst", "repeat", "repeat-after",
                                                                      "refresh"};

inline constexpr std::array<std::string_view, 4> hook_keys = {"command", "on", "timeout", "user"};

inline constexpr std::array<std::string_view, 11> tracker_keys = {"interface", "route",   "table", "command",
                                                                  "interval",  "timeout", "rise",  "fall",
                                                                  "user",      "process", "file"};

}  // namespace vrrp_xdp::config
