// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <optional>

namespace vrrp_xdp::tracking {

/// Turns single successes and failures into up and down. The first one decides at once; after that it takes
/// rise successes in a row, or fall failures.
class Streak {
  public:
    Streak(unsigned rise, unsigned fall) : rise_(rise), fall_(fall) {}

    /// Adds a result, and returns whether it is up now.
    bool add(bool success) {
        const bool decides = !up_ || success == *up_ || ++against_ >= (success ? rise_ : fall_);
        if (decides) {
            up_ = success;
            against_ = 0;
        }
        return *up_;
    }

  private:
    unsigned rise_;
    unsigned fall_;
    unsigned against_ = 0;  ///< so many in a row say otherwise
    std::optional<bool> up_;
};

}  // namespace vrrp_xdp::tracking
