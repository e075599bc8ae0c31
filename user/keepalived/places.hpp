// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "config/config.hpp"
#include "config/origin.hpp"
#include "keepalived/instance.hpp"

namespace vrrp_xdp::keepalived {

/// Returns where the values of a Virtual Router stand in the file of the instance that it was, by the names
/// of our keys. group: where the sync group stands that it is in, or nothing.
config::Origin places_of(const Instance& instance, const config::VirtualRouter& router,
                         const std::optional<Place>& group);

}  // namespace vrrp_xdp::keepalived
