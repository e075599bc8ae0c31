// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "config/config.hpp"
#include "config/mapping.hpp"

namespace vrrp_xdp::config {

/// What stands under announcements of a Virtual Router; a key that is missing or a mistake has its default.
Announcements read_announcements(const Mapping& router, Mistakes& mistakes);

}  // namespace vrrp_xdp::config
