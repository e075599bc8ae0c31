// SPDX-License-Identifier: BSD-2-Clause
// Intervals: "100ms", "1s", "1.5s".
#include <algorithm>
#include <chrono>

#include "config/values.hpp"
#include "protocol/timers.hpp"

namespace vrrp_xdp::config {
namespace {

using protocol::Duration;
using protocol::Version;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::string_view digits = "0123456789";

tl::unexpected<std::string> refused(std::string why = {}) {
    return tl::unexpected<std::string>(std::move(why));
}

bool is_digits(std::string_view text) {
    // Nine digits are more than any interval has, and no sum below can overflow.
    return !text.empty() && text.size() <= 9 && text.find_first_not_of(digits) == std::string_view::npos;
}

/// "1.25" of a unit, exactly; nothing if it is not a decimal number or has digits finer than a nanosecond.
std::optional<Duration> decimal(std::string_view number, Duration unit) {
    const std::size_t point = number.find('.');
    const std::string_view whole = number.substr(0, point);
    const std::string_view fraction = point == std::string_view::npos ? "0" : number.substr(point + 1);
    if (!is_digits(whole) || !is_digits(fraction)) return std::nullopt;

    Duration result{};
    for (const char digit : whole) result = result * 10 + unit * (digit - '0');
    for (const char digit : fraction) {
        if (unit.count() % 10 != 0 && digit != '0') return std::nullopt;
        unit /= 10;
        result += unit * (digit - '0');
    }
    return result;
}

Parsed<Duration> parse_interval(const Scalar& scalar) {
    const std::string_view text = scalar.text;
    const std::size_t unit_at = std::min(text.find_first_not_of("0123456789."), text.size());
    const std::string_view number = text.substr(0, unit_at);
    const std::string_view unit = text.substr(unit_at);
    if (number.empty()) return refused();
    if (unit.empty()) return refused("a unit is missing, write 1s or 100ms");
    if (unit != "s" && unit != "ms") return refused("the units are s and ms, write 1s or 100ms");

    const auto interval = decimal(number, unit == "s" ? Duration(seconds(1)) : Duration(milliseconds(1)));
    if (!interval) return refused();
    return *interval;
}

Parsed<Duration> parse_interval_between(const Scalar& scalar, Duration least, Duration most, Duration step) {
    auto interval = parse_interval(scalar);
    if (!interval) return interval;
    if (*interval < least || *interval > most || *interval % step != Duration::zero()) return refused();
    return interval;
}

/// The 8 bits of RFC 3768 §5.3.7 count seconds.
Parsed<Duration> parse_interval_v2(const Scalar& scalar) {
    return parse_interval_between(scalar, seconds(1), seconds(255), seconds(1));
}

/// What both can say.
Parsed<Duration> parse_interval_v2_and_v3(const Scalar& scalar) {
    return parse_interval_between(scalar, seconds(1), seconds(40), seconds(1));
}

/// The 12 bits of RFC 9568 §5.2.7 count centiseconds.
Parsed<Duration> parse_interval_v3(const Scalar& scalar) {
    const auto interval = parse_interval(scalar);
    if (interval && *interval >= milliseconds(1) && *interval < protocol::kCentisecond)
        return refused(
            "an advertisement cannot encode a shorter interval; between vrrp-xdp routers, 'sub-centisecond: "
            "true' allows it");
    return parse_interval_between(scalar, milliseconds(10), milliseconds(40950), milliseconds(10));
}

/// Shorter ones than the wire can say: both sides go by their configuration.
Parsed<Duration> parse_interval_v3_fast(const Scalar& scalar) {
    auto interval = parse_interval_between(scalar, milliseconds(1), milliseconds(40950), milliseconds(1));
    if (!interval || *interval < protocol::kCentisecond ||
        *interval % protocol::kCentisecond == Duration::zero())
        return interval;
    return refused();
}

Parsed<Duration> parse_period(const Scalar& scalar) {
    return parse_interval_between(scalar, milliseconds(10), seconds(3600), milliseconds(1));
}

Parsed<Duration> parse_delay(const Scalar& scalar) {
    return parse_interval_between(scalar, Duration{}, std::chrono::hours(1), milliseconds(1));
}

Parsed<Duration> parse_pause(const Scalar& scalar) {
    return parse_interval_between(scalar, seconds(1), std::chrono::hours(1), milliseconds(1));
}

const Form<Duration> any_form{"a time such as 1s or 100ms", parse_interval};
const Form<Duration> v2_form{"1s to 255s in whole seconds (version 2)", parse_interval_v2};
const Form<Duration> v2_and_v3_form{"1s to 40s in whole seconds (version 2+3)", parse_interval_v2_and_v3};
const Form<Duration> v3_form{"10ms to 40.95s in steps of 10ms (version 3)", parse_interval_v3};
const Form<Duration> v3_fast_form{"1ms to 10ms in steps of 1ms, or to 40.95s in steps of 10ms",
                                  parse_interval_v3_fast};

}  // namespace

const Form<Duration> period_form{"10ms to 3600s in steps of 1ms", parse_period};
const Form<Duration> delay_form{"0s to 3600s in steps of 1ms", parse_delay};
const Form<Duration> pause_form{"1s to 3600s in steps of 1ms", parse_pause};

const Form<Duration>& interval_form(std::optional<Versions> versions, bool sub_centisecond) {
    if (!versions) return any_form;
    if (versions->also_version_2) return v2_and_v3_form;
    if (versions->version == Version::V2) return v2_form;
    return sub_centisecond ? v3_fast_form : v3_form;
}

}  // namespace vrrp_xdp::config
