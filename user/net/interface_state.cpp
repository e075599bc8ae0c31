// SPDX-License-Identifier: BSD-2-Clause
#include "net/interface_state.hpp"

#include <algorithm>
#include <functional>

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

std::uint64_t fingerprint(const std::optional<InterfaceState>& state) {
    if (!state) return 0;
    std::vector<std::string> parts{state->name, std::to_string(state->index), state->mac.to_string(),
                                   state->running ? "running" : "down"};
    for (const IpAddress& address : state->addresses) parts.push_back(address.to_string());
    std::sort(parts.begin() + 4, parts.end());
    std::string whole;
    for (const std::string& part : parts) whole += part + ' ';
    return std::hash<std::string>{}(whole) | 1;
}

}  // namespace vrrp_xdp::net
