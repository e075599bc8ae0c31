// SPDX-License-Identifier: BSD-2-Clause
// A driver's features, as `ethtool -k` lists them.
#pragma once

#include <net/if.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "support/unique_fd.hpp"

namespace vrrp_xdp::device {

/// One feature of an interface, by the kernel's name for it. An interface that does not know it has it off.
class Feature {
  public:
    Feature(const std::string& interface_name, std::string_view name);

    bool is_on();

    /// Turns it on or off. Returns an errno, or 0; even then, a driver may not have obeyed.
    int set(bool on);

  private:
    // The structures of <linux/ethtool.h> end in arrays of no fixed length, so that orders are written as the
    // words that they consist of.
    using Order = std::vector<std::uint32_t>;

    /// Sends the order, which the answer overwrites. Returns an errno, or 0.
    int give(Order& order);
    void find(std::string_view name);

    std::uint32_t blocks() const { return (count_ + 31) / 32; }
    std::uint32_t block() const { return *number_ / 32; }
    std::uint32_t bit() const { return 1U << *number_ % 32; }

    UniqueFd socket_;
    ifreq request_{};
    std::uint32_t count_ = 0;
    std::optional<std::uint32_t> number_;
};

/// What the kernel turns off of itself when generic XDP comes to an interface, and never turns on again. The
/// map port notes it by a flag of enum vrrp_xdp_port_flags.
struct TurnedOffByGeneric {
    std::string_view feature;
    std::uint32_t flag;
};
extern const TurnedOffByGeneric kTurnedOffByGeneric[2];

/// Returns the flags of the features that are on.
std::uint32_t aggregation_flags(const std::string& interface_name);

/// Turns on again what the flags note; others are ignored.
void restore_aggregation(const std::string& interface_name, std::uint32_t flags);

}  // namespace vrrp_xdp::device
