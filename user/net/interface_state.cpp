// SPDX-License-Identifier: BSD-2-Clause
#include "net/interface_state.hpp"

#include <algorithm>

namespace vrrp_xdp::net {

using protocol::IpAddress;

std::optional<IpAddress> InterfaceState::primary_address(protocol::Family family,
                                                         std::span<const IpAddress> passed_over,
                                                         Scope scope) const {
    const auto fits = [&](const IpAddress& address) {
        const bool in_scope = address.is_link_local() == (scope == Scope::Link);
        return address.family() == family && (family == protocol::Family::Ipv4 || in_scope) &&
               std::find(passed_over.begin(), passed_over.end(), address) == passed_over.end();
    };
    const auto found = std::find_if(addresses.begin(), addresses.end(), fits);
    return found == addresses.end() ? std::nullopt : std::optional(*found);
}

bool InterfaceState::has(const IpAddress& address) const {
    return std::find(addresses.begin(), addresses.end(), address) != addresses.end();
}

}  // namespace vrrp_xdp::net
