// SPDX-License-Identifier: BSD-2-Clause
// How messages spell things.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "protocol/types.hpp"

namespace vrrp_xdp::config {

struct Track;
struct VirtualRouter;

/// Returns the text in double quotes, safe to print on a terminal: what is not printable ASCII is escaped,
/// and a long text is cut.
std::string quoted(std::string_view text);

/// Returns the names as "a, b, c".
std::string listed(std::span<const std::string_view> names);

/// Returns "IPv4" or "IPv6".
std::string_view name_of(protocol::Family family);

/// These return a value as a file has it: "1s" or "100ms", "true" or "false", "[192.0.2.1, 192.0.2.2]",
/// "web: -50", and of the versions "2", "3" or "2+3".
std::string spelt(protocol::Duration time);
std::string spelt(bool flag);
std::string spelt(std::span<const protocol::IpAddress> addresses);
std::string spelt(const Track& track);
std::string spelt_versions(const VirtualRouter& router);

/// The known name that was probably meant, or nothing if none is near. Letter case does not count.
std::optional<std::string_view> nearest(std::string_view name, std::span<const std::string_view> known);

}  // namespace vrrp_xdp::config
