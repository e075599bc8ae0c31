// SPDX-License-Identifier: BSD-2-Clause
#include "keepalived/tracking.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>

#include "config/text.hpp"
#include "config/values.hpp"
#include "directives/numbers.hpp"
#include "keepalived/commands.hpp"
#include "keepalived/names.hpp"

namespace vrrp_xdp::keepalived {
namespace {

using config::quoted;
using std::chrono::seconds;

using Watched = decltype(config::Tracker::watched);

// More than any lower priority makes a difference of.
constexpr int most_lowered = 253;
// /proc knows no more of a name.
constexpr std::size_t longest_process_name = 15;

/// The directives of a block, each by its name. The last one counts if there are two.
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

    /// A whole number, as keepalived reads it from least_read on, where what is below least is least. What
    /// it does not read leaves the default; what is above most is told, and is most.
    std::int64_t number(std::string_view name, std::int64_t otherwise, std::int64_t least_read,
                        std::int64_t most) {
        constexpr std::int64_t least = 1;
        std::int64_t taken = otherwise;
        for (const Directive& directive : block_.children) {
            if (directive.name() != name) continue;
            const auto number =
                leading_number(directive.argument(), least_read, std::numeric_limits<int>::max());
            if (number) taken = std::clamp(*number, least, most);
            if (!number || taken != *number)
                notes_.differs(directive.place, quoted(name) + " must be a number from 1 to " +
                                                    std::to_string(most) + ": it is " +
                                                    std::to_string(taken));
        }
        taken_.emplace_back(name);
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

/// As whom the script runs: the last user of the block, if it has one.
std::optional<std::string> user_of(const Directive& script, const Directive* user, const Globals& globals,
                                   Notes& notes) {
    if (user == nullptr) return read_user(script.place, {}, {}, globals, notes);
    return read_user(user->place, std::string(user->argument(0)), std::string(user->argument(1)), globals,
                     notes);
}

std::optional<Watched> read_script(const Directive& directive, Block& block, const Globals& globals,
                                   Notes& notes) {
    config::WatchedCommand watched{};
    const Directive* const script = block.find("script");
    const Directive* const user = block.find("user");
    const std::int64_t interval = block.number("interval", 1, 0, 3600);
    watched.interval = seconds(interval);
    watched.command.timeout = seconds(block.number("timeout", interval, 0, 3600));
    watched.rise = static_cast<unsigned>(block.number("rise", 1, 1, 255));
    watched.fall = static_cast<unsigned>(block.number("fall", 1, 1, 255));
    // What has not ended yet counts as down here anyway.
    block.find("init_fail");
    if (script == nullptr) {
        notes.left_out(directive, "keepalived also ignores it because it has no script");
        return std::nullopt;
    }
    auto line = read_script_line(*script, globals, notes);
    if (!line) return std::nullopt;
    if (!line->user.empty())
        notes.left_out(script->place, "everything after the first word of the script",
                       "keepalived also ignores it: put the command with its arguments into quotes");
    auto runs_as = user_of(*script, user, globals, notes);
    if (!runs_as || !is_found(*line, *runs_as, script->place, notes)) return std::nullopt;
    watched.command.arguments = std::move(line->command);
    watched.command.user = std::move(*runs_as);
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
        notes.differs(process->place, "the process is found only by its name, " + quoted(name));
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

/// What keepalived makes of the weight of an instance's own line. Nothing, after telling, where it ignores
/// the line. It says of interfaces of members of a sync group that it ignores their weights, and does not.
std::optional<Weight> in_context(const TrackLine& track, Weight weight, const TrackContext& context,
                                 Notes& notes) {
    const bool is_ignored =
        context.is_grouped && (track.tracked == Tracked::Script || track.tracked == Tracked::File);
    if (weight.value == 0 || (!context.priority.is_owner() && !is_ignored)) return weight;
    if (track.tracked != Tracked::File || weight.value != 1) {
        left_out(track,
                 context.priority.is_owner()
                     ? "keepalived also ignores it because the priority of the owner is always 255"
                     : "keepalived also ignores it because members of a sync group have no weights",
                 notes);
        return std::nullopt;
    }
    notes.differs(track.line.place,
                  "tracking " + quoted(track.line.name()) +
                      " has no weight and is a fault, as in keepalived: the priority of the owner never "
                      "changes, and members of a sync group have no weights");
    return Weight{0, weight.reverse};
}

/// What the weight of a line comes to. Nothing, after telling, where keepalived ignores the line.
std::optional<Weight> effective(const TrackLine& line, Weight weight, const TrackContext& context,
                                Notes& notes) {
    if (line.tracked == Tracked::Interface && line.line.name() == context.interface) {
        left_out(line, "nothing is lost: it is the interface of the instance", notes);
        return std::nullopt;
    }
    if (!line.is_of_group) return in_context(line, weight, context, notes);
    return context.has_group_owner ? Weight{0, weight.reverse} : weight;
}

/// Lower the priority by no more than takes it back to what it was: where the sum is above the highest, one
/// tracker alone can still be exact.
void fit(Tracks& tracks, int priority, const TrackContext& context, Notes& notes) {
    constexpr int highest = 254;  // but for the owner's
    const int sum = tracks.priority;
    if (sum <= highest) return;
    tracks.priority = highest;
    const auto lowers = [](const config::Track& track) {
        return std::holds_alternative<config::Track::Lower>(track.effect);
    };
    if (std::count_if(tracks.tracks.begin(), tracks.tracks.end(), lowers) == 1 && priority < highest) {
        const auto found = std::find_if(tracks.tracks.begin(), tracks.tracks.end(), lowers);
        found->effect = config::Track::Lower{highest - priority};
        return;
    }
    notes.differs(context.place, "the priority is " + std::to_string(sum) +
                                     " while everything that is tracked is up, and cannot exceed 254: what "
                                     "is down lowers it from there");
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
            const Weight weight = weight_of(Tracked::Script, directive, notes);
            block.find("weight");
            if (auto watched = read_script(directive, block, globals, notes))
                define(Tracked::Script, directive, {std::move(*watched), weight}, notes);
            block.tell_the_rest("it is unknown");
        } else if (directive.name() == "vrrp_track_process") {
            const Weight weight = weight_of(Tracked::Process, directive, notes);
            block.find("weight");
            if (auto watched = read_process(directive, block, notes))
                define(Tracked::Process, directive, {std::move(*watched), weight}, notes);
            block.tell_the_rest(
                "a process is up while a process with its name runs; nothing else is checked");
        } else if (directive.name() == "track_file" || directive.name() == "vrrp_track_file") {
            const Weight weight = weight_of(Tracked::File, directive, notes);
            block.find("weight");
            if (auto watched = read_file(directive, block, notes))
                define(Tracked::File, directive, {std::move(*watched), weight}, notes);
            block.tell_the_rest("the file is only read; create it with systemd-tmpfiles, for example");
        }
    }
}

void Trackers::define(Tracked tracked, const Directive& block, Definition definition, Notes& notes) {
    const auto key = std::pair(tracked, std::string(block.argument()));
    definition.order = block.order;
    if (!definitions_.emplace(key, std::move(definition)).second)
        notes.left_out(block,
                       "keepalived also ignores it because another one with its name is defined before it");
}

Tracks Trackers::tracks_of(const std::vector<TrackLine>& lines, const TrackContext& context, Notes& notes) {
    Tracks tracks;
    tracks.priority = context.priority.value();
    for (const TrackLine& line : lines) {
        const auto is_twin = [&](const TrackLine& each) {
            return each.is_of_group && !line.is_of_group && each.tracked == line.tracked &&
                   each.line.name() == line.line.name();
        };
        track(line, context, std::any_of(lines.begin(), lines.end(), is_twin), tracks, notes);
    }
    if (!context.priority.is_owner()) fit(tracks, context.priority.value(), context, notes);
    return tracks;
}

void Trackers::track(const TrackLine& line, const TrackContext& context, bool has_twin, Tracks& tracks,
                     Notes& notes) {
    Definition* const definition = find(line, notes);
    if (definition == nullptr) return;
    const auto written = weight_on(line.tracked, line.line, definition->weight, notes);
    if (!written) return;
    const bool is_new = tracks.named.emplace(line.tracked, line.line.name(), line.is_of_group).second;
    if (!is_new) return left_out(line, "keepalived also ignores it because it is already tracked", notes);
    const auto weight = effective(line, *written, context, notes);
    if (!weight) return;
    if (has_twin && weight->value != 0)
        return left_out(line, "keepalived also ignores it because the sync group tracks it", notes);
    if (weight->reverse && line.tracked != Tracked::Script)
        return left_out(line,
                        "a tracker cannot lower the priority while something is up; track a command with the "
                        "opposite exit code",
                        notes);

    config::Track track{};
    if (line.tracked == Tracked::File && weight->value != 0) {
        if (weight->value != 1)
            return left_out(line, "the number in a file is not multiplied; write the product into the file",
                            notes);
        track.effect = config::Track::AddValue{};
    } else if (weight->value == 0) {
        track.effect = config::Track::Fault{};
    } else {
        track.effect = config::Track::Lower{std::min(std::abs(weight->value), most_lowered)};
    }
    if (line.tracked == Tracked::File && weight->value == 0) {
        // The same file may be tracked for its number elsewhere.
        const auto key = std::pair(Tracked::File, line.line.name() + " is 0");
        const auto* const file = std::get_if<config::WatchedFile>(&definition->watched);
        Definition& command = definitions_.try_emplace(key, Definition{command_for(*file)}).first->second;
        track.tracker = use(command, line.line.name() + "-is-0");
    } else if (weight->reverse) {
        track.tracker = use(reversed(line.line.name(), *definition), line.line.name() + "-reversed");
    } else {
        track.tracker = use(*definition, line.line.name());
    }
    const auto same = [&](const config::Track& each) { return each.tracker == track.tracker; };
    const auto found = std::find_if(tracks.tracks.begin(), tracks.tracks.end(), same);
    if (found != tracks.tracks.end())
        return left_out(line, "keepalived also ignores it because it is already tracked", notes);
    const int value = weight->reverse ? -weight->value : weight->value;
    if (line.tracked != Tracked::File) tracks.priority += std::max(value, 0);
    tracks.tracks.push_back(track);
}

Trackers::Definition* Trackers::find(const TrackLine& line, Notes& notes) {
    const std::string& name = line.line.name();
    const auto key = std::pair(line.tracked, name);
    if (line.tracked == Tracked::Interface && config::interface_name_form.parse({name}))
        definitions_.try_emplace(key, Definition{config::WatchedInterface{name}});
    const auto found = definitions_.find(key);
    if (found != definitions_.end() && found->second.order <= line.line.order) return &found->second;
    left_out(line,
             "keepalived also ignores it because there is no " + std::string(spelt(line.tracked)) +
                 " of this name" + (found == definitions_.end() ? "" : " before it"),
             notes);
    return nullptr;
}

Trackers::Definition& Trackers::reversed(const std::string& name, const Definition& definition) {
    auto watched = std::get<config::WatchedCommand>(definition.watched);
    std::vector<std::string>& arguments = watched.command.arguments;
    arguments.insert(arguments.begin(), {"/bin/sh", "-c", R"(! "$0" "$@")"});
    std::swap(watched.rise, watched.fall);
    const auto key = std::pair(Tracked::Script, name + " reversed");
    return definitions_.try_emplace(key, Definition{std::move(watched)}).first->second;
}

const std::string& Trackers::use(Definition& definition, const std::string& name) {
    if (!definition.name.empty()) return definition.name;
    definition.name = name_from(name, names_);
    used_.push_back({definition.name, definition.watched});
    return definition.name;
}

}  // namespace vrrp_xdp::keepalived
