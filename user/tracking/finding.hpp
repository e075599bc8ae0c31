// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>

namespace vrrp_xdp::tracking {

/// What a tracker has found out.
struct Finding {
    bool up = false;
    std::int64_t value = 0;  ///< a file's number; 0 for all else
    std::string detail{};    ///< why: "eth1 is down, or has no carrier"

    friend bool operator==(const Finding&, const Finding&) = default;
};

/// By the name of the tracker, without those that have found out nothing yet.
using Findings = std::map<std::string, Finding>;

/// Takes what a tracker finds out, in the ordinary thread. The same may come again.
using Report = std::function<void(const Finding&)>;

/// Watches until it is destroyed.
class Tracker {
  public:
    Tracker() = default;
    Tracker(const Tracker&) = delete;
    Tracker& operator=(const Tracker&) = delete;
    virtual ~Tracker() = default;
};

}  // namespace vrrp_xdp::tracking
