// SPDX-License-Identifier: BSD-2-Clause
// The protocol's vocabulary: values that are valid by construction, and units that the compiler checks.
#pragma once

#include <array>
#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace vrrp_xdp::protocol {

using Duration = std::chrono::nanoseconds;

/// Nanoseconds of CLOCK_BOOTTIME, which goes on while the machine sleeps. The protocol itself never reads it.
struct BootClock {
    using duration = Duration;
    using rep = duration::rep;
    using period = duration::period;
    using time_point = std::chrono::time_point<BootClock>;
    static constexpr bool is_steady = true;
};
using TimePoint = BootClock::time_point;

/// Virtual Router Identifier, 1 to 255 (RFC 9568 §5.2.3).
class Vrid {
  public:
    static constexpr std::optional<Vrid> from(std::int64_t value) {
        if (value < 1 || value > 255) return std::nullopt;
        return Vrid(static_cast<std::uint8_t>(value));
    }
    constexpr std::uint8_t value() const { return value_; }
    friend constexpr auto operator<=>(Vrid, Vrid) = default;

  private:
    constexpr explicit Vrid(std::uint8_t value) : value_(value) {}
    std::uint8_t value_;
};

/// Configured priority, 1 to 255; 255 is the address owner's (RFC 9568 §5.2.4). An advertisement may also
/// carry 0, the Active Router's farewell, which is not a priority that a router can have.
class Priority {
  public:
    static constexpr std::optional<Priority> from(std::int64_t value) {
        if (value < 1 || value > 255) return std::nullopt;
        return Priority(static_cast<std::uint8_t>(value));
    }
    static constexpr Priority owner() { return Priority(255); }
    static constexpr Priority lowest() { return Priority(1); }
    constexpr std::uint8_t value() const { return value_; }
    constexpr bool is_owner() const { return value_ == 255; }
    friend constexpr auto operator<=>(Priority, Priority) = default;

  private:
    constexpr explicit Priority(std::uint8_t value) : value_(value) {}
    std::uint8_t value_;
};

enum class Version : std::uint8_t { V2 = 2, V3 = 3 };

enum class Family : std::uint8_t { Ipv4 = 4, Ipv6 = 6 };

/// An IPv4 or IPv6 address in wire order. Addresses of one family compare as unsigned numbers, which is how
/// equal priorities are decided (RFC 9568 §6.4.3).
class IpAddress {
  public:
    /// bytes: 4 or 16 of them.
    static IpAddress from_bytes(std::span<const std::uint8_t> bytes);
    /// Parses a dotted quad or RFC 4291 text; returns nothing if it is neither.
    static std::optional<IpAddress> parse(std::string_view text);

    Family family() const { return family_; }
    /// Returns whether it is in fe80::/10; never for IPv4.
    bool is_link_local() const {
        return family_ == Family::Ipv6 && bytes_[0] == 0xfe && (bytes_[1] & 0xc0) == 0x80;
    }
    std::span<const std::uint8_t> bytes() const {
        return {bytes_.data(), family_ == Family::Ipv4 ? 4U : 16U};
    }
    std::string to_string() const;

    friend constexpr auto operator<=>(const IpAddress&, const IpAddress&) = default;

  private:
    IpAddress(Family family, const std::array<std::uint8_t, 16>& bytes) : family_(family), bytes_(bytes) {}
    Family family_;
    std::array<std::uint8_t, 16> bytes_;
};

struct MacAddress {
    std::array<std::uint8_t, 6> bytes{};

    /// Returns 00-00-5E-00-01-VRID for IPv4, 00-00-5E-00-02-VRID for IPv6 (RFC 9568 §7.3).
    static MacAddress of_virtual_router(Vrid vrid, Family family);
    std::string to_string() const;
    friend constexpr auto operator<=>(const MacAddress&, const MacAddress&) = default;
};

}  // namespace vrrp_xdp::protocol
