// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <asio/io_context.hpp>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "config/trackers.hpp"
#include "support/result.hpp"
#include "tracking/finding.hpp"

namespace vrrp_xdp::tracking {

/// All trackers of a configuration, at work until it is destroyed.
class TrackerSet {
  public:
    using Changed = std::function<void(const std::string& tracker)>;

    /// Starts the trackers. What can be known immediately is known when it returns. changed: called from io
    /// when a tracker has its first finding, or another one.
    static Result<std::unique_ptr<TrackerSet>> start(asio::io_context& io,
                                                     const std::vector<config::Tracker>& trackers,
                                                     Changed changed);

    /// Goes over to another configuration. A tracker that is the same goes on, with what it has found out.
    /// One that is different keeps that until it has found out something itself; what is found before this
    /// returns is not reported. Fails, and then has changed nothing, if one cannot be started.
    Result<void> follow(asio::io_context& io, const std::vector<config::Tracker>& trackers);

    const Findings& findings() const { return findings_; }

  private:
    struct Started {
        config::Tracker configuration;
        std::unique_ptr<Tracker> tracker;
    };
    using ByName = std::map<std::string, Started>;

    explicit TrackerSet(Changed changed) : changed_(std::move(changed)) {}
    Result<Started> start(asio::io_context& io, const config::Tracker& tracker);
    bool is_at_work(const config::Tracker& tracker) const;
    void note(const std::string& tracker, const Finding& finding);

    Findings findings_;
    ByName started_;
    Changed changed_;
    std::optional<Findings> first_;  ///< while trackers are started: what those have found out at once
};

}  // namespace vrrp_xdp::tracking
