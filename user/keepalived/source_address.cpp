// SPDX-License-Identifier: BSD-2-Clause
#include "keepalived/source_address.hpp"

#include <string>

#include "config/source_address.hpp"
#include "config/values.hpp"

namespace vrrp_xdp::keepalived {

using protocol::IpAddress;

std::optional<IpAddress> source_of(const Instance& instance, std::span<const IpAddress> virtual_addresses,
                                   std::span<const IpAddress> peers, Notes& notes) {
    if (!instance.source) return std::nullopt;
    const Directive& line = *instance.source;
    const auto source = config::address_form.parse({std::string(line.argument())});
    if (!source) {
        notes.left_out(line, source.error().empty() ? "it is not an IP address" : source.error());
        return std::nullopt;
    }
    const bool is_owner = instance.priority && instance.priority->value.is_owner();
    const std::string objection = config::objection_to_source(*source, virtual_addresses.front().family(),
                                                              virtual_addresses, is_owner, peers);
    if (objection.empty()) return *source;
    notes.left_out(line, "it " + objection);
    return std::nullopt;
}

}  // namespace vrrp_xdp::keepalived
