// SPDX-License-Identifier: BSD-2-Clause
#include "config/authentication.hpp"

#include <algorithm>

namespace vrrp_xdp::config {

using protocol::Family;
using protocol::SharedSecret;
using protocol::Version;

std::optional<SharedSecret> secret_of(std::string_view text) {
    SharedSecret secret{};
    const bool is_printable =
        std::all_of(text.begin(), text.end(), [](char each) { return each >= ' ' && each <= '~'; });
    if (text.empty() || text.size() > secret.size() || !is_printable) return std::nullopt;
    std::copy(text.begin(), text.end(), secret.begin());
    return secret;
}

std::optional<SharedSecret> read_authentication(const Mapping& router, std::optional<Family> family,
                                                std::optional<Versions> versions, Mistakes& mistakes) {
    const auto item = router.find("authentication");
    if (!item) return std::nullopt;
    const bool has_none = family == Family::Ipv6 || (versions && versions->version != Version::V2);
    if (has_none && !router.says("authentication")) return std::nullopt;  // defaults are for those that can
    if (family == Family::Ipv6) {
        mistakes.add(item->position,
                     "authentication is for version 2 and therefore for IPv4 only: version 3 has none (RFC "
                     "9568 section 9); remove the key");
        return std::nullopt;
    }
    if (versions && versions->version != Version::V2) {
        mistakes.add(item->position,
                     "authentication is for version 2: version 3 has none (RFC 9568 section 9); remove the "
                     "key, or set version: 2");
        return std::nullopt;
    }
    const auto scalar = scalar_of(item->value);
    const auto secret = scalar ? secret_of(scalar->text) : std::nullopt;
    if (!secret)
        mistakes.add(item->position,
                     "authentication must be 1 to 8 printable ASCII characters, the same on all routers of "
                     "the VRID");
    return secret;
}

}  // namespace vrrp_xdp::config
