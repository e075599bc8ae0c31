// SPDX-License-Identifier: BSD-2-Clause
#include "tracking/tracker_set.hpp"

#include <set>
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
    if (auto started = set->follow(io, trackers); !started) return tl::unexpected(started.error());
    return set;
}

Result<void> TrackerSet::follow(asio::io_context& io, const std::vector<config::Tracker>& trackers) {
    first_.emplace();
    ByName fresh;
    std::set<std::string> names;
    for (const config::Tracker& tracker : trackers) {
        names.insert(tracker.name);
        if (is_at_work(tracker)) continue;
        auto started = start(io, tracker);
        if (!started) {
            first_.reset();
            return tl::unexpected(std::move(started.error()).within("tracker " + tracker.name));
        }
        fresh.insert_or_assign(tracker.name, std::move(*started));
    }
    const auto is_gone = [&](const auto& each) { return !names.contains(each.first); };
    std::erase_if(started_, is_gone);
    std::erase_if(findings_, is_gone);
    for (auto& [name, started] : fresh) started_.insert_or_assign(name, std::move(started));
    const Findings first = *std::exchange(first_, std::nullopt);
    for (const auto& [name, finding] : first) findings_.insert_or_assign(name, finding);
    return {};
}

bool TrackerSet::is_at_work(const config::Tracker& tracker) const {
    const auto found = started_.find(tracker.name);
    return found != started_.end() && found->second.configuration == tracker;
}

Result<TrackerSet::Started> TrackerSet::start(asio::io_context& io, const config::Tracker& tracker) {
    auto started =
        std::visit(Start{io, [this, name = tracker.name](const Finding& finding) { note(name, finding); }},
                   tracker.watched);
    if (!started) return tl::unexpected(started.error());
    return Started{tracker, std::move(*started)};
}

void TrackerSet::note(const std::string& tracker, const Finding& finding) {
    if (first_) {
        first_->insert_or_assign(tracker, finding);
        return;
    }
    const auto [before, is_first] = findings_.try_emplace(tracker, finding);
    // Not every run of a command that ends as the one before is worth telling.
    const bool is_news = is_first || before->second.up != finding.up || before->second.value != finding.value;
    before->second = finding;
    if (is_news) changed_(tracker);
}

}  // namespace vrrp_xdp::tracking
