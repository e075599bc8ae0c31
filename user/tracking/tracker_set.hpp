// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <asio/io_context.hpp>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "config/conditions.hpp"
#include "support/result.hpp"
#include "tracking/finding.hpp"

namespace vrrp_xdp::tracking {

/// All trackers of a configuration, at work until it is destroyed.
class TrackerSet {
  public:
    using Changed = std::function<void(const std::string& tracker)>;

    /// What can be known at once is known when it returns. changed: called from io when a tracker has found
    /// out something for the first time, or something else.
    static Result<std::unique_ptr<TrackerSet>> start(asio::io_context& io,
                                                     const std::vector<config::Tracker>& trackers,
                                                     Changed changed);

    const Findings& findings() const { return findings_; }

  private:
    explicit TrackerSet(Changed changed) : changed_(std::move(changed)) {}
    Result<void> start(asio::io_context& io, const config::Tracker& tracker);
    void note(const std::string& tracker, const Finding& finding);

    Findings findings_;
    std::vector<std::unique_ptr<Tracker>> trackers_;
    Changed changed_;
    bool started_ = false;
};

}  // namespace vrrp_xdp::tracking
