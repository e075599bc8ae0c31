// SPDX-License-Identifier: BSD-2-Clause
#include "history/query.hpp"

#include <spdlog/fmt/fmt.h>

#include <set>
#include <system_error>
#include <utility>

#include "history/moment.hpp"
#include "history/recorder.hpp"
#include "history/ring.hpp"

namespace vrrp_xdp::history {
namespace {

using nlohmann::json;

/// On which interfaces there is, or was, such a Virtual Router.
std::set<std::string> interfaces_of(const Story& story, int vrid) {
    std::set<std::string> names;
    for (const Entry& entry : story.entries)
        if (entry.event.value("vrid", 0) == vrid) names.insert(entry.text("interface"));
    return names;
}

}  // namespace

std::string Entry::text(const char* key) const {
    const auto found = event.find(key);
    return found != event.end() && found->is_string() ? found->get<std::string>() : "";
}

Result<Story> read_story(const std::filesystem::path& state_directory) {
    const auto file = history_file(state_directory);
    std::error_code error;
    if (!std::filesystem::exists(file, error) && !error)
        return failure(
            "there is no history in " + state_directory.string(),
            "'vrrp-xdp attach --state-directory DIR' keeps one, and so does the systemd unit; name that "
            "directory with --state-directory");
    auto contents = read_ring(file);
    if (!contents) return tl::unexpected(contents.error());
    Story story{.entries = {}, .damaged = contents->damaged};
    for (const Record& record : contents->records) {
        json event = json::parse(record.text, nullptr, false);
        if (!event.is_object()) {
            ++story.damaged;
            continue;
        }
        event["time"] = calendar_time(record.time_ns);
        event["pid"] = record.pid;
        story.entries.push_back({record.time_ns, std::move(event)});
    }
    return story;
}

void narrow(Story& story, const Question& question) {
    const auto concerned = question.vrid ? interfaces_of(story, *question.vrid) : std::set<std::string>{};
    std::erase_if(story.entries, [&](const Entry& entry) {
        if (question.since_ns && entry.time_ns < *question.since_ns) return true;
        const std::string interface = entry.text("interface");
        if (interface.empty()) return false;
        if (!question.interface.empty() && interface != question.interface) return true;
        if (!question.vrid) return false;
        if (entry.event.contains("vrid")) return entry.event.value("vrid", 0) != *question.vrid;
        return !concerned.contains(interface);
    });
}

std::string line_of(const Entry& entry) {
    std::string line = entry.text("time") + " " + entry.text("message");
    const auto gaps = entry.event.find("last-gaps-ms");
    if (gaps == entry.event.end() || !gaps->is_array()) return line;
    std::string list;
    for (const json& gap : *gaps)
        if (gap.is_number()) list += fmt::format("{}{:.4g}", list.empty() ? "" : " ", gap.get<double>());
    return line + "; the last gaps before it, in ms: " + list;
}

}  // namespace vrrp_xdp::history
