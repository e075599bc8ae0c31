// SPDX-License-Identifier: BSD-2-Clause
#include "tracking/tracker_set.hpp"

#include <utility>
#include <variant>

#include "tracking/command_tracker.hpp"
#include "tracking/file_tracker.hpp"
#include "tracking/interface_tracker.hpp"
#include "tracking/process_tracker.hpp"
#include "tracking/route_tracker.hpp"

namespace vrrp_xdp::tracking {
namespace {

/// Starts each kind of tracker.
struct Start {
    asio::io_context& io;
    Report report;

    Result<std::unique_ptr<Tracker>> operator()(const config::WatchedInterface& watched) const {
        return watch_interface(io, watched, report);
    }
    Result<std::unique_ptr<Tracker>> operator()(const config::WatchedRoute& watched) const {
        return watch_route(io, watched, report);
    }
    Result<std::unique_ptr<Tracker>> operator()(const config::WatchedCommand& watched) const {
        return watch_command(io, watched, report);
    }
    Result<std::unique_ptr<Tracker>> operator()(const config::WatchedProcess& watched) const {
        return watch_process(io, watched, report);
    }
    Result<std::unique_ptr<Tracker>> operator()(const config::WatchedFile& watched) const {
        return watch_file(io, watched, report);
    }
};

}  // namespace

Result<std::unique_ptr<TrackerSet>> TrackerSet::start(asio::io_context& io,
                                                      const std::vector<config::Tracker>& trackers,
                                                      Changed changed) {
    std::unique_ptr<TrackerSet> set(new TrackerSet(std::move(changed)));
    for (const config::Tracker& tracker : trackers)
        if (auto started = set->start(io, tracker); !started)
            return tl::unexpected(std::move(started.error()).within("tracker " + tracker.name));
    set->started_ = true;
    return set;
}

Result<void> TrackerSet::start(asio::io_context& io, const config::Tracker& tracker) {
    auto started =
        std::visit(Start{io, [this, name = tracker.name](const Finding& finding) { note(name, finding); }},
                   tracker.watched);
    if (!started) return tl::unexpected(started.error());
    trackers_.push_back(std::move(*started));
    return {};
}

void TrackerSet::note(const std::string& tracker, const Finding& finding) {
    const auto [before, is_first] = findings_.try_emplace(tracker, finding);
    // Not every run of a command that ends as the one before is worth telling.
    const bool is_news = is_first || before->second.up != finding.up || before->second.value != finding.value;
    before->second = finding;
    if (is_news && started_) changed_(tracker);
}

}  // namespace vrrp_xdp::tracking
