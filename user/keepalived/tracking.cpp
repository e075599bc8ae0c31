// SPDX-License-Identifier: BSD-2-Clause
#include "keepalived/tracking.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <optional>
#include <string_view>

#include "config/text.hpp"
#include "config/values.hpp"
#include "keepalived/commands.hpp"
#include "keepalived/names.hpp"
#include "keepalived/numbers.hpp"

namespace vrrp_xdp::keepalived {
namespace {

using config::quoted;
using std::chrono::seconds;

using Watched = decltype(config::Tracker::watched);

// /proc knows no more of a name.
constexpr std::size_t longest_process_name = 15;

/// The directives of a block, each by its name. The last one counts where one stands twice.
class Block {
  public:
    Block(const Directive& block, Notes& notes) : block_(block), notes_(notes) {}

    const Directive* find(std::string_view name) {
        taken_.emplace_back(name);
        const Directive* found = nullptr;
        for (const Directive& each : block_.children) {
            if (each.name() == name) found = &each;
        }
        return found;
    }

    /// A whole number, within limits; what is beyond is told.
    std::int64_t number(std::string_view name, std::int64_t otherwise, std::int64_t least,
                        std::int64_t most) {
        const Directive* const directive = find(name);
        if (directive == nullptr) return otherwise;
        const auto number = number_in(directive->argument());
        if (number && *number >= least && *number <= most) return *number;
        const std::int64_t taken = number ? std::clamp(*number, least, most) : otherwise;
        notes_.differs(directive->place, quoted(name) + " must be a number from " + std::to_string(least) +
                                             " to " + std::to_string(most) + ": it is " +
                                             std::to_string(taken));
        return taken;
    }

    void tell_the_rest(std::string_view why) {
        for (const Directive& each : block_.children) {
            if (std::find(taken_.begin(), taken_.end(), each.name()) == taken_.end())
                notes_.left_out(each, why);
        }
    }

  private:
    const Directive& block_;
    Notes& notes_;
    std::vector<std::string> taken_;
};

Weight weight_in(Block& block, Weight otherwise, Notes& notes) {
    const Directive* const directive = block.find("weight");
    return directive == nullptr ? otherwise : read_weight(*directive, notes).value_or(otherwise);
}

std::optional<Watched> read_script(const Directive& directive, Block& block, const Globals& globals,
                                   Notes& notes) {
    config::WatchedCommand watched{};
    const Directive* const script = block.find("script");
    if (script == nullptr) {
        notes.left_out(directive, "it has no script");
        return std::nullopt;
    }
    watched.command.arguments = read_command(*script, notes);
    if (watched.command.arguments.empty()) return std::nullopt;
    const Directive* const user = block.find("user");
    watched.command.user = user == nullptr
                               ? read_user(script->place, {}, {}, globals, notes)
                               : read_user(user->place, user->argument(0), user->argument(1), globals, notes);
    const std::int64_t interval = block.number("interval", 1, 1, 3600);
    watched.interval = seconds(interval);
    watched.command.timeout = seconds(block.number("timeout", interval, 1, 3600));
    watched.rise = static_cast<unsigned>(block.number("rise", 1, 1, 255));
    watched.fall = static_cast<unsigned>(block.number("fall", 1, 1, 255));
    // What has not ended yet counts as down here anyway.
    block.find("init_fail");
    return watched;
}

std::optional<Watched> read_process(const Directive& directive, Block& block, Notes& notes) {
    const Directive* const process = block.find("process");
    std::string name(process == nullptr ? std::string_view() : process->argument());
    name = name.substr(name.rfind('/') + 1).substr(0, longest_process_name);
    if (process == nullptr || name.empty()) {
        notes.left_out(directive, "it names no process");
        return std::nullopt;
    }
    if (name != process->argument() || !process->argument(1).empty())
        notes.differs(process->place, "the process is known by its name alone, " + quoted(name));
    return config::WatchedProcess{std::move(name), seconds(1)};
}

std::optional<Watched> read_file(const Directive& directive, Block& block, Notes& notes) {
    const Directive* const file = block.find("file");
    const std::string path(file == nullptr ? std::string_view() : file->argument());
    if (!path.starts_with('/')) {
        notes.left_out(directive, "its file must be an absolute path");
        return std::nullopt;
    }
    return config::WatchedFile{path, seconds(1)};
}

/// Without weight keepalived takes a file for down while its number is not 0.
config::WatchedCommand command_for(const config::WatchedFile& file) {
    config::WatchedCommand watched{};
    watched.command.arguments = {"/bin/sh", "-c", R"sh(test "$(cat "$0")" -eq 0)sh", file.path};
    watched.command.user = "root";
    watched.command.timeout = seconds(1);
    watched.interval = seconds(1);
    watched.rise = 1;
    watched.fall = 1;
    return watched;
}

std::string_view spelt(Tracked tracked) {
    switch (tracked) {
        case Tracked::Interface:
            return "interface";
        case Tracked::Script:
            return "vrrp_script";
        case Tracked::Process:
            return "vrrp_track_process";
        case Tracked::File:
            return "track_file";
    }
    return {};
}

void left_out(const TrackLine& track, std::string_view why, Notes& notes) {
    notes.left_out(track.line.place, "tracking " + quoted(track.line.name()), why);
}

/// Why keepalived itself does not let the weight count, or nothing.
std::string_view objection(const TrackLine& track, const Weight& weight, const TrackContext& context) {
    if (weight.value == 0) return {};
    if (context.is_owner)
        return "keepalived ignores it too, as the priority of the owner is 255 and never another";
    if (context.is_grouped && !track.is_of_group && track.tracked != Tracked::Interface)
        return "keepalived ignores it too, as members of a sync group have no weights of their own";
    return {};
}

}  // namespace

std::optional<Tracked> tracked_by(const Directive& directive) {
    if (directive.name() == "track_interface") return Tracked::Interface;
    if (directive.name() == "track_script") return Tracked::Script;
    if (directive.name() == "track_process") return Tracked::Process;
    if (directive.name() == "track_file") return Tracked::File;
    return std::nullopt;
}

Trackers::Trackers(const std::vector<Directive>& file, const Globals& globals, Notes& notes) {
    for (const Directive& directive : file) {
        Block block(directive, notes);
        if (directive.name() == "vrrp_script") {
            const Weight weight = weight_in(block, {}, notes);
            if (auto watched = read_script(directive, block, globals, notes))
                define(Tracked::Script, directive, {std::move(*watched), weight}, notes);
            block.tell_the_rest("it is not known here");
        } else if (directive.name() == "vrrp_track_process") {
            const Weight weight = weight_in(block, {1, false}, notes);
            if (auto watched = read_process(directive, block, notes))
                define(Tracked::Process, directive, {std::move(*watched), weight}, notes);
            block.tell_the_rest("a process is up while one of its name runs, and nothing else is asked");
        } else if (directive.name() == "track_file" || directive.name() == "vrrp_track_file") {
            const Weight weight = weight_in(block, {1, false}, notes);
            if (auto watched = read_file(directive, block, notes))
                define(Tracked::File, directive, {std::move(*watched), weight}, notes);
            block.tell_the_rest("the file is only read; write it with systemd-tmpfiles or the like");
        }
    }
}

void Trackers::define(Tracked tracked, const Directive& block, Definition definition, Notes& notes) {
    const auto key = std::pair(tracked, std::string(block.argument()));
    if (!definitions_.emplace(key, std::move(definition)).second)
        notes.left_out(block, "there is one of its name before it");
}

Tracks Trackers::tracks_of(const std::vector<TrackLine>& lines, const TrackContext& context, Notes& notes) {
    Tracks tracks;
    for (const TrackLine& line : lines) track(line, context, tracks, notes);
    return tracks;
}

void Trackers::track(const TrackLine& line, const TrackContext& context, Tracks& tracks, Notes& notes) {
    Definition* const definition = find(line, notes);
    if (definition == nullptr) return;
    Weight weight = read_weight(line.line, notes).value_or(definition->weight);
    if (const std::string_view why = objection(line, weight, context); !why.empty())
        return left_out(line, why, notes);
    if (context.is_grouped && !line.is_of_group && line.tracked == Tracked::Interface) weight.value = 0;
    if (weight.reverse)
        return left_out(
            line, "nothing here counts while something is up; track a command with the opposite exit code",
            notes);

    config::Track track{};
    if (line.tracked == Tracked::File && weight.value != 0) {
        if (weight.value != 1)
            return left_out(line, "a file's number is not multiplied; write the product into it", notes);
        track.effect = config::Track::AddValue{};
    } else if (weight.value == 0) {
        track.effect = config::Track::Fault{};
    } else {
        track.effect = config::Track::Lower{std::abs(weight.value)};
        tracks.raise += std::max(weight.value, 0);
    }
    if (line.tracked == Tracked::File && weight.value == 0) {
        // The same file may be tracked for its number elsewhere.
        const auto key = std::pair(Tracked::File, line.line.name() + " is 0");
        const auto* const file = std::get_if<config::WatchedFile>(&definition->watched);
        Definition& command = definitions_.try_emplace(key, Definition{command_for(*file), {}}).first->second;
        track.tracker = use(command, line.line.name() + "-is-0");
    } else {
        track.tracker = use(*definition, line.line.name());
    }
    const auto same = [&](const config::Track& each) { return each.tracker == track.tracker; };
    if (std::any_of(tracks.tracks.begin(), tracks.tracks.end(), same))
        return left_out(line, "it is tracked already, and counts once", notes);
    tracks.tracks.push_back(track);
}

Trackers::Definition* Trackers::find(const TrackLine& line, Notes& notes) {
    const std::string& name = line.line.name();
    const auto key = std::pair(line.tracked, name);
    if (line.tracked == Tracked::Interface && config::interface_name_form.parse({name}))
        definitions_.try_emplace(key, Definition{config::WatchedInterface{name}, {}});
    const auto found = definitions_.find(key);
    if (found != definitions_.end()) return &found->second;
    left_out(line, "there is no " + std::string(spelt(line.tracked)) + " of this name", notes);
    return nullptr;
}

const std::string& Trackers::use(Definition& definition, const std::string& name) {
    if (!definition.name.empty()) return definition.name;
    definition.name = name_from(name, names_);
    used_.push_back({definition.name, definition.watched});
    return definition.name;
}

}  // namespace vrrp_xdp::keepalived
