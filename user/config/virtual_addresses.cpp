// SPDX-License-Identifier: BSD-2-Clause
#include "config/virtual_addresses.hpp"

#include <string>
#include <string_view>

#include "config/text.hpp"
#include "config/values.hpp"

namespace vrrp_xdp::config {
namespace {

using protocol::Family;
using protocol::IpAddress;

// The count is one byte of an advertisement, RFC 9568 §5.2.5.
constexpr ListForm list_form{.element = "virtual address", .elements = "virtual addresses", .limit = 255};

// What an Ethernet frame holds behind the headers of IPv6 and VRRP.
constexpr std::size_t ipv6_limit = (1500 - 40 - 8) / 16;
constexpr ListForm ipv6_list_form{
    .element = "virtual address",
    .elements = "IPv6 virtual addresses",
    .limit = ipv6_limit,
    .why_no_more = "an advertisement of more addresses does not fit into an MTU of 1500 bytes"};

// What no advertisement has to hold has no such limit; this one keeps the data plane's map small.
constexpr ListForm unadvertised_form{
    .element = "address", .elements = "unadvertised addresses", .limit = 255};

std::optional<Family> family_spelt_in(const YAML::Node& list) {
    if (!list.IsSequence()) return std::nullopt;
    for (const YAML::Node& element : list) {
        const auto scalar = scalar_of(element);
        if (!scalar) continue;
        if (const auto family = family_spelt(scalar->text)) return family;
    }
    return std::nullopt;
}

std::string named(const IpAddress& address) { return "virtual address " + address.to_string(); }

void check_family(const Item& item, const IpAddress& address, Family first, Mistakes& mistakes) {
    if (address.family() == first) return;
    std::string message = named(address) + " is ";
    message += name_of(address.family());
    message += " and the first of the list is ";
    message += name_of(first);
    mistakes.add(item.position, message + ": a Virtual Router has addresses of one family");
}

/// fe80::/10, RFC 4291 §2.4
bool is_link_local(const IpAddress& address) {
    return address.bytes()[0] == 0xfe && (address.bytes()[1] & 0xc0U) == 0x80;
}

/// The first IPv6 address of a list, RFC 9568 §5.2.9 with erratum 8300.
void check_first(const Item& item, const IpAddress& address, Mistakes& mistakes) {
    if (address.family() == Family::Ipv4 || is_link_local(address)) return;
    mistakes.add(item.position, named(address) +
                                    " is not link-local, as the first IPv6 address must be: put a "
                                    "link-local address (fe80::/10) first");
}

void check_is_new(const Item& item, const IpAddress& address, Taken& taken, Mistakes& mistakes) {
    const auto [first, is_new] = taken.addresses.emplace(address, item.position);
    if (is_new) return;
    mistakes.add(item.position, "duplicate " + named(address) + " on this interface; first defined on " +
                                    mistakes.spelt(first->second, item.position));
}

}  // namespace

VirtualAddresses read_virtual_addresses(const Item& item, FirstOfIpv6 first, Taken& taken,
                                        Mistakes& mistakes) {
    VirtualAddresses result{family_spelt_in(item.value), {}};
    const ListForm& form = result.family == Family::Ipv6 ? ipv6_list_form : list_form;
    const std::vector<Item> elements = read_list(item, form, mistakes);
    for (const Item& element : elements) {
        const auto address = read_value(element, address_form, mistakes);
        if (!address) continue;
        check_is_new(element, *address, taken, mistakes);
        check_family(element, *address, *result.family, mistakes);
        if (first == FirstOfIpv6::LinkLocal && &element == &elements.front())
            check_first(element, *address, mistakes);
        result.addresses.push_back(*address);
    }
    return result;
}

std::vector<IpAddress> read_unadvertised_addresses(const Mapping& router, std::optional<Family> family,
                                                   Taken& taken, Mistakes& mistakes) {
    std::vector<IpAddress> addresses;
    const auto list = router.find("unadvertised-addresses");
    if (!list) return addresses;
    for (const Item& element : read_list(*list, unadvertised_form, mistakes)) {
        const auto address = read_value(element, address_form, mistakes);
        if (!address) continue;
        check_is_new(element, *address, taken, mistakes);
        if (family) check_family(element, *address, *family, mistakes);
        addresses.push_back(*address);
    }
    return addresses;
}

}  // namespace vrrp_xdp::config
