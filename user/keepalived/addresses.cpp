// SPDX-License-Identifier: BSD-2-Clause
#include "keepalived/addresses.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

#include "config/text.hpp"
#include "config/values.hpp"

namespace vrrp_xdp::keepalived {
namespace {

using config::quoted;
using protocol::IpAddress;

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
    Option{"nodad", false, false},     Option{"-nodad", false, true},
    Option{"mngtmpaddr", false, true}, Option{"noprefixroute", false, false},
    Option{"autojoin", false, true},   Option{"no_track", false, false},
    Option{"track_group", true, true}, Option{"use_vmac", false, true},
};

/// Tells of options that are not carried over. The device that the line names, or nothing.
std::string_view read_options(const Directive& line, Notes& notes) {
    std::string_view device;
    const std::span<const std::string> words = std::span(line.words).subspan(1);
    for (std::size_t at = 0; at < words.size(); ++at) {
        const auto* const option = std::find_if(options.begin(), options.end(),
                                                [&](const Option& each) { return each.name == words[at]; });
        if (option == options.end() || option->is_told)
            notes.left_out(line.place, quoted(words[at]) + " of " + quoted(line.name()),
                           "a virtual address has no options here");
        if (option == options.end() || !option->has_value || at + 1 == words.size()) continue;
        ++at;
        if (option->name == "dev") device = words[at];
    }
    return device;
}

/// The address before its prefix length.
std::optional<IpAddress> read_prefix(const Directive& line, Notes& notes) {
    const std::string& text = line.name();
    const std::size_t slash = std::min(text.find('/'), text.size());
    const auto address = config::address_form.parse({text.substr(0, slash)});
    if (!address) {
        notes.left_out(line, address.error().empty() ? "it is no IP address" : address.error());
        return std::nullopt;
    }
    const std::string_view length = std::string_view(text).substr(slash);
    if (!length.empty() && length != "/32" && length != "/128") {
        notes.differs_once(line.place,
                           "prefix lengths of virtual addresses are left out, here and below: see that the "
                           "interface has an address of its own in that network");
    }
    return *address;
}

}  // namespace

std::optional<IpAddress> read_virtual_address(const Directive& line, const std::string& interface,
                                              Notes& notes) {
    const auto address = read_prefix(line, notes);
    if (!address) return std::nullopt;
    const std::string_view device = read_options(line, notes);
    if (device.empty() || device == interface) return address;
    notes.left_out(line.place, address->to_string() + " on " + quoted(device),
                   "a virtual address is on the interface of its Virtual Router; give " + quoted(device) +
                       " a Virtual Router of its own");
    return std::nullopt;
}

}  // namespace vrrp_xdp::keepalived
