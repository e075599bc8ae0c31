// SPDX-License-Identifier: BSD-2-Clause
#include "pair/side.hpp"

#include <algorithm>
#include <functional>

namespace vrrp_xdp::pair {
namespace {

using config::VirtualRouter;

bool share_address(const VirtualRouter& a, const VirtualRouter& b) {
    const auto& others = b.virtual_addresses;
    return std::any_of(a.virtual_addresses.begin(), a.virtual_addresses.end(), [&](const auto& address) {
        return std::find(others.begin(), others.end(), address) != others.end();
    });
}

bool is_same(const Router& a, const Router& b) {
    return a.config->vrid == b.config->vrid && a.config->family() == b.config->family();
}

bool is_same_with_address(const Router& a, const Router& b) {
    return is_same(a, b) && share_address(*a.config, *b.config);
}

/// Takes pairs out of what is left of both sides, the first that fits for each.
void take(std::array<std::vector<Router>, 2>& left, std::vector<Pair>& pairs,
          const std::function<bool(const Router&, const Router&)>& fits) {
    std::erase_if(left[0], [&](const Router& a) {
        const auto found =
            std::find_if(left[1].begin(), left[1].end(), [&](const Router& b) { return fits(a, b); });
        if (found == left[1].end()) return false;
        pairs.push_back({a, *found});
        left[1].erase(found);
        return true;
    });
}

}  // namespace

std::vector<Router> routers_of(const Side& side) {
    std::vector<Router> routers;
    for (std::size_t i = 0; i < side.config.interfaces.size(); ++i) {
        const config::Interface& interface = side.config.interfaces[i];
        for (std::size_t j = 0; j < interface.virtual_routers.size(); ++j)
            routers.push_back({&interface.name, &interface.virtual_routers[j], &side.origins[i][j]});
    }
    return routers;
}

Matches match(const std::array<Side, 2>& sides) {
    Matches matches;
    auto& left = matches.alone;
    const std::vector<Router> order = routers_of(sides[0]);
    left = {order, routers_of(sides[1])};
    const auto has_same_name = [](const Router& a, const Router& b) { return *a.interface == *b.interface; };
    take(left, matches.pairs,
         [&](const Router& a, const Router& b) { return is_same_with_address(a, b) && has_same_name(a, b); });
    take(left, matches.pairs, is_same_with_address);
    take(left, matches.other_vrid,
         [](const Router& a, const Router& b) { return share_address(*a.config, *b.config); });
    take(left, matches.pairs,
         [&](const Router& a, const Router& b) { return is_same(a, b) && has_same_name(a, b); });
    const auto rest = left;
    take(left, matches.pairs, [&](const Router& a, const Router& b) {
        const auto count = [&](const std::vector<Router>& all) {
            return std::count_if(all.begin(), all.end(),
                                 [&](const Router& each) { return is_same(a, each); });
        };
        return is_same(a, b) && count(rest[0]) == 1 && count(rest[1]) == 1;
    });
    const auto place = [&](const Router& router) {
        return std::find_if(order.begin(), order.end(),
                            [&](const Router& each) { return each.config == router.config; });
    };
    std::sort(matches.pairs.begin(), matches.pairs.end(),
              [&](const Pair& a, const Pair& b) { return place(a[0]) < place(b[0]); });
    return matches;
}

}  // namespace vrrp_xdp::pair
