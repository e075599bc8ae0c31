// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "config/config.hpp"
#include "config/origin.hpp"

namespace vrrp_xdp::pair {

/// The configuration of one of two routers.
struct Side {
    std::string name;  ///< the file, as messages call it
    config::Config config;
    config::Origins origins;
    bool is_keepalived = false;  ///< keepalived reads the file, and judges what it hears by its own rules
};

/// A Virtual Router of a side.
struct Router {
    const std::string* interface;
    const config::VirtualRouter* config;
    const config::Origin* origin;
};

/// All of a side, in the order of its file.
std::vector<Router> routers_of(const Side& side);

/// The same Virtual Router on both sides.
using Pair = std::array<Router, 2>;

struct Matches {
    std::vector<Pair> pairs;
    std::vector<Pair> other_vrid;              ///< they share an address, and have not the same VRID
    std::array<std::vector<Router>, 2> alone;  ///< what only one side has
};

/// Which Virtual Router of one side is which of the other: that of the same VRID and family which shares an
/// address or has an interface of the same name, or which is the only one that is left. An interface need not
/// have the same name on both hosts.
Matches match(const std::array<Side, 2>& sides);

}  // namespace vrrp_xdp::pair
