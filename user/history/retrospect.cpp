// SPDX-License-Identifier: BSD-2-Clause
#include "history/retrospect.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include "history/moment.hpp"

namespace vrrp_xdp::history {
namespace {

using nlohmann::json;

constexpr std::int64_t kSecond = 1'000'000'000;
// What may have led to a transition, and what a reload or the data plane's counters tell a moment later.
constexpr std::int64_t kBeforeTransition = 15 * kSecond;
constexpr std::int64_t kAfterTransition = 5 * kSecond;
constexpr std::int64_t kBeforeMoment = 60 * kSecond;
constexpr std::int64_t kAfterMoment = 5 * kSecond;
constexpr std::size_t kMostAround = 20;

using Key = std::tuple<std::string, std::string>;  // interface and family

struct Election {
    std::string interface;
    int vrid;
    std::string family;

    bool owns(const Entry& entry) const {
        return entry.text("interface") == interface && entry.event.value("vrid", 0) == vrid &&
               entry.text("address-family") == family;
    }
    /// Whether it may matter to it.
    bool concerns(const Entry& entry) const {
        if (entry.text("interface").empty()) return true;
        return entry.text("interface") == interface && (!entry.event.contains("vrid") || owns(entry));
    }
};

std::set<Key> elections_of(const Story& story, int vrid, const std::string& interface) {
    std::set<Key> all;
    for (const Entry& entry : story.entries)
        if (entry.event.value("vrid", 0) == vrid &&
            (interface.empty() || entry.text("interface") == interface))
            all.emplace(entry.text("interface"), entry.text("address-family"));
    return all;
}

/// What is said of an instance that may not have been there any more; empty if it was.
std::string end_of(const Story& story, std::uint32_t pid, std::int64_t from_ns, std::int64_t at_ns) {
    for (const Entry& entry : story.entries) {
        if (entry.time_ns < from_ns) continue;
        const bool is_own = entry.event.value("pid", 0U) == pid;
        if (is_own && entry.kind() == "instance-ended" && entry.time_ns <= at_ns)
            return fmt::format("nobody served it: the instance with pid {} had ended at {}", pid,
                               entry.text("time"));
        if (entry.kind() != "instance-lost" || entry.event.value("lost-pid", 0U) != pid) continue;
        const auto last = parse_moment(entry.text("last-record"), entry.time_ns);
        if (last && *last < at_ns && entry.time_ns > at_ns)
            return fmt::format(
                "it may have been served by nobody: the instance with pid {} ended unexpectedly after "
                "{}, and was replaced at {}",
                pid, entry.text("last-record"), entry.text("time"));
        if (entry.time_ns <= at_ns)
            return fmt::format("nobody served it: the instance with pid {} had ended unexpectedly after {}",
                               pid, entry.text("last-record"));
    }
    return {};
}

/// "eth0 vrid 10 ipv4: backup -> active: 192.0.2.1 is no longer heard" without its subject.
std::string reason_of(const Entry& transition) {
    const std::string message = transition.text("message");
    const std::size_t subject = message.find(": ");
    return subject == std::string::npos ? message : message.substr(subject + 2);
}

Retrospect look_back(const Story& story, const Election& election, std::int64_t at_ns) {
    Retrospect retrospect{.interface = election.interface,
                          .vrid = election.vrid,
                          .family = election.family,
                          .state = {},
                          .why = {},
                          .transition = nullptr,
                          .around = {}};
    const Entry* last = nullptr;
    const Entry* next = nullptr;
    for (const Entry& entry : story.entries) {
        if (!election.owns(entry) || entry.kind() != "transition") continue;
        if (entry.time_ns <= at_ns)
            last = &entry;
        else if (next == nullptr)
            next = &entry;
    }
    if (last != nullptr) {
        retrospect.state = last->text("state");
        retrospect.transition = last->event;
        const std::string end = end_of(story, last->event.value("pid", 0U), last->time_ns, at_ns);
        retrospect.why = fmt::format("since {}: {}", last->text("time"), reason_of(*last));
        if (!end.empty()) retrospect.why += "; " + end;
    } else if (next != nullptr) {
        retrospect.state = next->text("previous-state");
        retrospect.why = "the history does not go back to why";
    } else {
        retrospect.why = "the history contains no transition";
    }
    for (const Entry& entry : story.entries) {
        if (&entry == last || !election.concerns(entry)) continue;
        const bool at_moment =
            entry.time_ns >= at_ns - kBeforeMoment && entry.time_ns <= at_ns + kAfterMoment;
        const bool at_transition = last != nullptr && entry.time_ns >= last->time_ns - kBeforeTransition &&
                                   entry.time_ns <= last->time_ns + kAfterTransition;
        if (at_moment || at_transition) retrospect.around.push_back(entry);
    }
    if (retrospect.around.size() > kMostAround)
        retrospect.around.erase(retrospect.around.begin(), retrospect.around.end() - kMostAround);
    return retrospect;
}

}  // namespace

std::vector<Retrospect> look_back(const Story& story, int vrid, const std::string& interface,
                                  std::int64_t at_ns) {
    std::vector<Retrospect> all;
    for (const auto& [name, family] : elections_of(story, vrid, interface))
        all.push_back(look_back(story, Election{name, vrid, family}, at_ns));
    return all;
}

std::string retrospect_text(const Retrospect& retrospect) {
    const auto& [interface, vrid, family, state, why, transition, around] = retrospect;
    std::string text = fmt::format("{} vrid {} {} was {}, {}.\n", interface, vrid, family,
                                   state.empty() ? "in a state that is not known" : state, why);
    if (around.empty()) return text + "  Nothing else was written down around that time.\n";
    text += "  What else was written down around that time:\n";
    for (const Entry& entry : around) text += "    " + line_of(entry) + "\n";
    return text;
}

json to_json(const Retrospect& retrospect) {
    json around = json::array();
    for (const Entry& entry : retrospect.around) around.push_back(entry.event);
    return {{"interface", retrospect.interface},
            {"vrid", retrospect.vrid},
            {"address-family", retrospect.family},
            {"state", retrospect.state.empty() ? json(nullptr) : json(retrospect.state)},
            {"why", retrospect.why},
            {"transition", retrospect.transition},
            {"around", std::move(around)}};
}

}  // namespace vrrp_xdp::history
