// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <utility>

namespace vrrp_xdp::reporting {

/// Reports that a counter of the data plane has risen, at most once a minute.
class RisingCounter {
  public:
    using Clock = std::chrono::steady_clock;

    /// Returns by how much it has risen since the last report, which this call makes; 0 if there is nothing
    /// to report. What was counted before the first call may be of an instance before, and a counter that is
    /// lower than before is another one: a reload may have given its slot to another Virtual Router.
    std::uint64_t report(std::uint64_t value, Clock::time_point now) {
        if (!reported_ || value < *reported_) reported_ = value;
        const bool is_due = !reported_at_ || now - *reported_at_ >= kReminder;
        if (value == *reported_ || !is_due) return 0;
        reported_at_ = now;
        return value - *std::exchange(reported_, value);
    }

  private:
    static constexpr std::chrono::minutes kReminder{1};

    std::optional<std::uint64_t> reported_{};  ///< what the counter was then
    std::optional<Clock::time_point> reported_at_{};
};

}  // namespace vrrp_xdp::reporting
