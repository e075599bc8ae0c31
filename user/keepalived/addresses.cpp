// SPDX-License-Identifier: BSD-2-Clause
#include "keepalived/addresses.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>
#include <utility>

#include "config/text.hpp"
#include "config/values.hpp"

namespace vrrp_xdp::keepalived {
namespace {

using config::quoted;
using protocol::IpAddress;

constexpr const char* beside_keepalived =
    "; keepalived drops advertisements with other addresses than its own, so that both would be Active: "
    "remove it on all routers of the VRID first";

struct Option {
    std::string_view name;
    bool has_value;
    bool is_told;  ///< else nobody misses it
};

constexpr std::array options = {
    Option{"dev", true, false},        Option{"label", true, false},
    Option{"scope", true, true},       Option{"brd", true, false},
    Option{"broadcast", true, false},  Option{"peer", true, true},
    Option{"home", false, true},       Option{"preferred_lft", true, false},
    Option{"nodad", false, false},     Option{"-nodad", false, false},
    Option{"mngtmpaddr", false, true}, Option{"noprefixroute", false, false},
    Option{"autojoin", false, true},   Option{"no_track", false, false},
    Option{"track_group", true, true}, Option{"use_vmac", false, true},
};

/// Reports options that are not carried over. The device that the line names, or nothing.
std::string_view read_options(const Directive& line, Notes& notes) {
    std::string_view device;
    const std::span<const std::string> words = std::span(line.words).subspan(1);
    for (std::size_t at = 0; at < words.size(); ++at) {
        const auto* const option = std::find_if(options.begin(), options.end(),
                                                [&](const Option& each) { return each.name == words[at]; });
        if (option == options.end() || option->is_told)
            notes.left_out(line.place, quoted(words[at]) + " of " + quoted(line.name()),
                           "virtual addresses have no options");
        if (option == options.end() || !option->has_value || at + 1 == words.size()) continue;
        ++at;
        if (option->name == "dev") device = words[at];
    }
    return device;
}

/// Notes that the line is not carried over, and what becomes of the pair.
void refuse(const Directive& line, std::string text, IsAdvertised advertised, Notes& notes) {
    if (advertised == IsAdvertised::Yes)
        notes.disagrees(line.place, text + beside_keepalived);
    else
        notes.differs(line.place, std::move(text));
}

/// The address before its prefix length.
std::optional<IpAddress> read_prefix(const Directive& line, IsAdvertised advertised, Notes& notes) {
    const std::string& text = line.name();
    const std::size_t slash = std::min(text.find('/'), text.size());
    const auto address = config::address_form.parse({text.substr(0, slash)});
    if (!address) {
        refuse(line,
               quoted(line.name()) + " is not carried over: " +
                   (address.error().empty() ? "it is not an IP address" : address.error()),
               advertised, notes);
        return std::nullopt;
    }
    const std::string_view length = std::string_view(text).substr(slash);
    if (!length.empty() && length != "/32" && length != "/128") {
        notes.differs_once(line.place,
                           "prefix lengths of virtual addresses are removed, here and below: make sure that "
                           "the interface has its own address in that network");
    }
    return *address;
}

}  // namespace

std::optional<IpAddress> read_virtual_address(const Directive& line, const std::string& interface,
                                              IsAdvertised advertised, Notes& notes) {
    const auto address = read_prefix(line, advertised, notes);
    if (!address) return std::nullopt;
    const std::string_view device = read_options(line, notes);
    if (device.empty() || device == interface) return address;
    refuse(line,
           address->to_string() + " on " + quoted(device) +
               " is not carried over: a virtual address is on the interface of its Virtual Router; define a "
               "Virtual Router on " +
               quoted(device),
           advertised, notes);
    return std::nullopt;
}

std::string_view objection_of_keepalived(const Directive& line) {
    constexpr std::size_t longest_label = 15;
    const bool is_ipv6 = line.name().find(':') != std::string::npos;
    bool has_device = false;
    const std::span<const std::string> words = std::span(line.words).subspan(1);
    for (std::size_t at = 0; at < words.size(); ++at) {
        const auto* const option = std::find_if(options.begin(), options.end(),
                                                [&](const Option& each) { return each.name == words[at]; });
        if (option == options.end() || !option->has_value || option->name == "track_group") continue;
        if (++at == words.size()) return "keepalived also ignores it because its last option has no value";
        if (option->name == "dev" && std::exchange(has_device, true))
            return "keepalived also ignores it because it has two devices";
        if (option->name == "label" && words[at].size() > longest_label)
            return "keepalived also ignores it because its label has more than 15 characters";
        if (option->name == "brd" || option->name == "broadcast") {
            if (is_ipv6) return "keepalived also ignores it because IPv6 has no broadcast address";
            if (words[at] != "-" && words[at] != "+" && !IpAddress::parse(words[at]))
                return "keepalived also ignores it because its broadcast address is invalid";
        }
    }
    return {};
}

}  // namespace vrrp_xdp::keepalived
