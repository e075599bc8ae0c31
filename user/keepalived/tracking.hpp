// SPDX-License-Identifier: BSD-2-Clause
// vrrp_script, vrrp_track_process and track_file, and the lists of an instance that name them.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "config/config.hpp"
#include "directives/directive.hpp"
#include "keepalived/globals.hpp"
#include "keepalived/notes.hpp"
#include "keepalived/tracked.hpp"
#include "keepalived/weight.hpp"

namespace vrrp_xdp::keepalived {

/// A line of track_interface, track_script, track_process or track_file.
struct TrackLine {
    Tracked tracked;
    Directive line;
    bool is_of_group = false;  ///< it stands in a vrrp_sync_group, and is for all its members
};

/// Returns what the lines of the directive's block track; nothing if it is not such a list.
std::optional<Tracked> tracked_by(const Directive& directive);

/// What becomes of the lines of one instance.
struct Tracks {
    std::vector<config::Track> tracks;
    int priority = 0;  ///< with all that is added while everything is up, as trackers only lower it
    /// What was named, by an instance itself or, if true, by its group, be it carried over or not.
    std::set<std::tuple<Tracked, std::string, bool>> named{};
};

/// What the lines are held against.
struct TrackContext {
    const Place& place;            ///< of the instance
    const std::string& interface;  ///< its own
    protocol::Priority priority;
    bool is_grouped;       ///< in a sync group that does not have weights of its members
    bool has_group_owner;  ///< somebody in its sync group has priority 255
};

class Trackers {
  public:
    /// Reads the definitions of a file.
    Trackers(const std::vector<Directive>& file, const Globals& globals, Notes& notes);

    /// Returns what the lines mean for one Virtual Router, and marks what they track as used.
    Tracks tracks_of(const std::vector<TrackLine>& lines, const TrackContext& context, Notes& notes);

    /// Returns the trackers that are used.
    std::vector<config::Tracker> used() && { return std::move(used_); }

  private:
    struct Definition {
        decltype(config::Tracker::watched) watched;
        Weight weight{};        ///< where a line says none
        std::size_t order = 0;  ///< of its block in the file
        std::string name{};     ///< as a tracker; empty while nothing tracks it
    };

    void define(Tracked tracked, const Directive& block, Definition definition, Notes& notes);
    Definition* find(const TrackLine& line, Notes& notes);
    /// Returns the definition that is up while this one, a script, is down.
    Definition& reversed(const std::string& name, const Definition& definition);
    const std::string& use(Definition& definition, const std::string& name);
    void track(const TrackLine& line, const TrackContext& context, bool has_twin, Tracks& tracks,
               Notes& notes);

    std::map<std::pair<Tracked, std::string>, Definition> definitions_;
    std::vector<config::Tracker> used_;
    std::set<std::string> names_;  ///< of those
};

}  // namespace vrrp_xdp::keepalived
