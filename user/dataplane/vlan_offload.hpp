// SPDX-License-Identifier: BSD-2-Clause
// A NIC that strips VLAN tags hides them from XDP.
#pragma once

#include <string>

#include "support/result.hpp"

namespace vrrp_xdp::dataplane {

enum class TagStripping { On, Off };

/// What the interface does now. An interface that knows nothing of it does not strip.
TagStripping tag_stripping(const std::string& interface_name);

/// Whether XDP on the interface sees tags, or would with stripping turned off.
bool can_show_tags(const std::string& interface_name);

/// Fails if the driver will not.
Result<void> set_tag_stripping(const std::string& interface_name, TagStripping wanted);

}  // namespace vrrp_xdp::dataplane
