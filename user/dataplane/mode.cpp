// SPDX-License-Identifier: BSD-2-Clause
#include "dataplane/mode.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace vrrp_xdp::dataplane {
namespace {

/// Devices that have no driver of their own, and so no native XDP.
constexpr std::array<std::string_view, 9> kStacked{"bridge",  "dummy",   "ipvlan", "ipvtap", "macsec",
                                                   "macvlan", "macvtap", "team",   "vlan"};

/// All others are above a device for which the kernel untags, or which strips by itself.
constexpr std::array<std::string_view, 4> kUntaggedLater{"", "tun", "veth", "vlan"};

template <std::size_t N>
bool is_one_of(const std::array<std::string_view, N>& kinds, const std::string& kind) {
    return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

}  // namespace

std::string to_string(Mode mode) {
    switch (mode) {
        case Mode::Native:
            return "native";
        case Mode::Generic:
            return "generic";
        case Mode::Clsact:
            return "clsact";
        case Mode::Auto:
            break;
    }
    return "auto";
}

Choice choose_mode(Mode asked, const std::string& kind) {
    if (asked != Mode::Auto) return {.first = asked};
    if (kind == "veth")
        // Answers (XDP_TX) of a native veth are lost unless its peer runs an XDP program too, and nothing
        // tells.
        return {
            Mode::Clsact,
            {},
            "a veth answers from native XDP only if its peer runs an XDP program; --mode native forces it"};
    if (kind == "bond")
        // On its slaves, of which an inactive one would answer as well.
        return {Mode::Clsact, {}, "native XDP on a bond runs on all its slaves, including inactive ones"};
    if (is_one_of(kStacked, kind)) return {Mode::Clsact, {}, "a " + kind + " has no native XDP"};
    return {Mode::Native, Mode::Clsact, ""};
}

bool xdp_comes_before_untagging(const std::string& kind) { return is_one_of(kUntaggedLater, kind); }

}  // namespace vrrp_xdp::dataplane
