// SPDX-License-Identifier: BSD-2-Clause
#include <string>
#include <string_view>

#include "config/values.hpp"
#include "config/virtual_router.hpp"

namespace vrrp_xdp::config {
namespace {

using protocol::Family;
using protocol::IpAddress;

// The count is one byte of an advertisement, RFC 9568 §5.2.5.
constexpr ListForm list_form{.element = "virtual address", .elements = "virtual addresses", .limit = 255};

std::string_view name_of(Family family) { return family == Family::Ipv4 ? "IPv4" : "IPv6"; }

void check_family(const Item& item, const IpAddress& address, const IpAddress& first, Mistakes& mistakes) {
    const std::string text = address.to_string();
    if (address.family() != first.family()) {
        std::string message = "virtual address " + text + " is ";
        message += name_of(address.family());
        message += " and the first of the list is ";
        message += name_of(first.family());
        mistakes.add(item.position, message + ": a Virtual Router has addresses of one family");
    }
    if (address.family() == Family::Ipv6) {
        mistakes.add(item.position,
                     "virtual address " + text + " is IPv6, which this version does not support");
    }
}

void check_is_new(const Item& item, const IpAddress& address, Taken& taken, Mistakes& mistakes) {
    const auto [first, is_new] = taken.addresses.emplace(address, item.position);
    if (is_new) return;
    mistakes.add(item.position, "virtual address " + address.to_string() +
                                    " stands twice on this interface; the first is on line " +
                                    std::to_string(first->second.line));
}

}  // namespace

std::vector<IpAddress> read_virtual_addresses(const Item& item, Taken& taken, Mistakes& mistakes) {
    std::vector<IpAddress> addresses;
    for (const Item& element : read_list(item, list_form, mistakes)) {
        const auto address = read_value(element, address_form, mistakes);
        if (!address) continue;
        check_is_new(element, *address, taken, mistakes);
        addresses.push_back(*address);
        check_family(element, *address, addresses.front(), mistakes);
    }
    return addresses;
}

}  // namespace vrrp_xdp::config
