// SPDX-License-Identifier: BSD-2-Clause
// The forms of single values: what each allows, and how its text becomes a value.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "config/config.hpp"

namespace vrrp_xdp::config {

/// A YAML scalar. In quotes it is text, and neither a number nor true or false.
struct Scalar {
    std::string text;
    bool in_quotes = false;
};

/// A value, or why the scalar is refused: a remark on this very text, empty where Form::allowed says it all.
template <typename T>
using Parsed = tl::expected<T, std::string>;

template <typename T>
struct Form {
    std::string_view allowed;  ///< goes on from "must be"
    Parsed<T> (*parse)(const Scalar& scalar);
};

extern const Form<protocol::Vrid> vrid_form;
/// What the key version says.
struct Versions {
    protocol::Version version = protocol::Version::V3;
    bool also_version_2 = false;

    bool includes_version_2() const { return also_version_2 || version == protocol::Version::V2; }
};
extern const Form<Versions> version_form;
extern const Form<protocol::Priority> priority_form;
extern const Form<bool> flag_form;
extern const Form<std::uint8_t> ttl_form;
extern const Form<Checksum> checksum_form;
/// Whether signed advertisements are refused.
extern const Form<bool> signed_form;
/// An address that a router can have.
extern const Form<protocol::IpAddress> address_form;
/// Returns the family of the address in a text, even if address_form refuses it; nothing if there is none.
std::optional<protocol::Family> family_spelt(std::string_view text);
/// A name that the kernel takes for an interface.
extern const Form<std::string> interface_name_form;

/// A name that a user gives.
extern const Form<std::string> name_form;
/// A path from the root directory on.
extern const Form<std::string> absolute_path_form;
extern const Form<std::string> user_form;
/// How many times in a row.
extern const Form<unsigned> times_form;
/// How often something is looked at, or how long it may take.
extern const Form<protocol::Duration> period_form;

/// Returns a plain decimal number within limits.
Parsed<std::int64_t> parse_number_between(const Scalar& scalar, std::int64_t least, std::int64_t most);

/// A time to wait; none is 0s.
extern const Form<protocol::Duration> delay_form;
/// A time after which something is said again.
extern const Form<protocol::Duration> pause_form;
extern const Form<unsigned> count_form;
extern const Form<unsigned> burst_form;

/// versions: nothing if the file's version is itself a mistake; then only the spelling is checked.
/// sub_centisecond: version 3 may be told less than it can say on the wire.
const Form<protocol::Duration>& interval_form(std::optional<Versions> versions, bool sub_centisecond);

}  // namespace vrrp_xdp::config
