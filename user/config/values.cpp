// SPDX-License-Identifier: BSD-2-Clause
#include "config/values.hpp"

#include <charconv>
#include <cstdint>
#include <string>
#include <utility>

namespace vrrp_xdp::config {
namespace {

using protocol::Priority;
using protocol::Version;
using protocol::Vrid;

tl::unexpected<std::string> refused(std::string why = {}) {
    return tl::unexpected<std::string>(std::move(why));
}

Parsed<std::int64_t> parse_number(const Scalar& scalar) {
    const char* const end = scalar.text.data() + scalar.text.size();
    std::int64_t number = 0;
    const auto [stop, error] = std::from_chars(scalar.text.data(), end, number);
    if (error != std::errc() || stop != end) return refused();
    if (scalar.in_quotes) return refused("remove the quotes");
    // YAML 1.1 reads 010 as 8, YAML 1.2 as 10.
    if (scalar.text.size() > 1 && scalar.text.front() == '0') return refused("remove the leading zeros");
    return number;
}

/// For a value type that knows its own range, as Vrid and Priority do.
template <typename T>
Parsed<T> parse_ranged(const Scalar& scalar) {
    const auto number = parse_number(scalar);
    if (!number) return refused(number.error());
    if (const auto value = T::from(*number)) return *value;
    return refused();
}

Parsed<Versions> parse_version(const Scalar& scalar) {
    if (scalar.text == "2+3") return Versions{.version = Version::V3, .also_version_2 = true};
    const auto number = parse_number(scalar);
    if (!number) return refused(number.error());
    if (*number == 2) return Versions{.version = Version::V2};
    if (*number == 3) return Versions{.version = Version::V3};
    return refused();
}

Parsed<std::uint8_t> parse_ttl(const Scalar& scalar) {
    const auto number = parse_number(scalar);
    if (!number) return refused(number.error());
    if (*number < 1 || *number > 255) return refused();
    return static_cast<std::uint8_t>(*number);
}

Parsed<unsigned> parse_count(const Scalar& scalar) {
    const auto number = parse_number(scalar);
    if (!number) return refused(number.error());
    if (*number < 0 || *number > 100) return refused();
    return static_cast<unsigned>(*number);
}

/// More frames at once, and hosts and switches begin to drop them.
Parsed<unsigned> parse_burst(const Scalar& scalar) {
    const auto number = parse_number(scalar);
    if (!number) return refused(number.error());
    if (*number < 1 || *number > 10) return refused();
    return static_cast<unsigned>(*number);
}

Parsed<bool> parse_flag(const Scalar& scalar) {
    if (scalar.text != "true" && scalar.text != "false") return refused();
    if (scalar.in_quotes) return refused("remove the quotes");
    return scalar.text == "true";
}

Parsed<Checksum> parse_checksum(const Scalar& scalar) {
    if (scalar.text == "pseudo-header") return Checksum::PseudoHeader;
    if (scalar.text == "message-only") return Checksum::MessageOnly;
    return refused();
}

Parsed<bool> parse_signed(const Scalar& scalar) {
    if (scalar.text == "follow") return false;
    if (scalar.text == "refuse") return true;
    return refused();
}

/// The kernel's dev_valid_name(), whose white space includes the no-break space of Latin-1.
Parsed<std::string> parse_interface_name(const Scalar& scalar) {
    const std::string& name = scalar.text;
    constexpr std::string_view forbidden("/: \t\n\v\f\r\xa0\0", 10);
    const bool valid = !name.empty() && name.size() <= 15 && name != "." && name != ".." &&
                       name.find_first_of(forbidden) == std::string::npos;
    if (!valid) return refused();
    return name;
}

Parsed<std::string> parse_name(const Scalar& scalar) {
    constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
    const std::string& name = scalar.text;
    const bool valid =
        !name.empty() && name.size() <= 32 && name.find_first_not_of(allowed) == std::string::npos;
    if (!valid) return refused();
    return name;
}

Parsed<std::string> parse_absolute_path(const Scalar& scalar) {
    if (scalar.text.empty() || scalar.text.front() != '/') return refused();
    return scalar.text;
}

Parsed<std::string> parse_user(const Scalar& scalar) {
    if (scalar.text.empty()) return refused();
    return scalar.text;
}

Parsed<unsigned> parse_times(const Scalar& scalar) {
    return parse_number_between(scalar, 1, 255).map([](std::int64_t number) {
        return static_cast<unsigned>(number);
    });
}

}  // namespace

Parsed<std::int64_t> parse_number_between(const Scalar& scalar, std::int64_t least, std::int64_t most) {
    auto number = parse_number(scalar);
    if (number && (*number < least || *number > most)) return refused();
    return number;
}

const Form<Vrid> vrid_form{"a number from 1 to 255", parse_ranged<Vrid>};
const Form<Priority> priority_form{"a number from 1 to 255", parse_ranged<Priority>};
const Form<Versions> version_form{"2, 3 or 2+3", parse_version};
const Form<std::uint8_t> ttl_form{"a number from 1 to 255", parse_ttl};
const Form<unsigned> count_form{"a number from 0 to 100", parse_count};
const Form<unsigned> burst_form{"a number from 1 to 10", parse_burst};
const Form<bool> flag_form{"true or false", parse_flag};
const Form<Checksum> checksum_form{"pseudo-header or message-only", parse_checksum};
const Form<bool> signed_form{"follow or refuse", parse_signed};
const Form<std::string> interface_name_form{
    R"(1 to 15 characters without white space, "/" or ":", and neither "." nor "..")", parse_interface_name};

const Form<std::string> name_form{R"(1 to 32 letters, digits, "-", "_" or ".")", parse_name};
const Form<std::string> absolute_path_form{R"(an absolute path, which begins with "/")", parse_absolute_path};
const Form<std::string> user_form{"the name of a user", parse_user};
const Form<unsigned> times_form{"a number from 1 to 255", parse_times};

}  // namespace vrrp_xdp::config
