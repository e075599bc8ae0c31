// SPDX-License-Identifier: BSD-2-Clause
#include "daemon/reload_report.hpp"

#include <spdlog/spdlog.h>

namespace vrrp_xdp::daemon {
namespace {

using nlohmann::json;

std::string listed(const std::set<std::string>& names) {
    std::string text;
    for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
    return text;
}

}  // namespace

json tell_mistakes(reporting::Events& events, const std::string& file,
                   const std::vector<config::Mistake>& mistakes) {
    json lines = json::array();
    for (const config::Mistake& mistake : mistakes) {
        lines.push_back(mistake.to_string(file));
        spdlog::error("{}", mistake.to_string(file));
    }
    events.describe_next_line({{"event", "reload"}, {"outcome", "mistakes"}});
    spdlog::error("{} is not valid; nothing was changed", file);
    return {{"file", file}, {"mistakes", lines}};
}

json tell_refusal(reporting::Events& events, const Error& error) {
    events.describe_next_line({{"event", "reload"}, {"outcome", "refused"}});
    spdlog::error("not reloaded: {}{}{}; nothing was changed", error.what, error.hint.empty() ? "" : "; ",
                  error.hint);
    return {{"error", error.what}, {"hint", error.hint}};
}

json tell_reload(reporting::Events& events, const std::string& file, const Differences& differences,
                 const std::vector<std::string>& warnings) {
    const auto& [added, changed, all_removed, missing] = differences;
    auto removed = all_removed;
    for (const std::string& name : missing) removed.erase(name);
    std::string text;
    for (const auto& [what, names] :
         {std::pair{"added", &added}, {"changed", &changed}, {"removed", &removed}, {"missing", &missing}})
        if (!names->empty()) text += std::string("; ") + what + ": " + listed(*names);
    events.describe_next_line({{"event", "reload"}, {"outcome", "done"}});
    spdlog::info("{} reloaded{}", file, text.empty() ? "; no interface changed" : text);
    for (const std::string& warning : warnings) spdlog::warn("{}", warning);
    return {{"file", file},       {"added", added},     {"changed", changed},
            {"removed", removed}, {"missing", missing}, {"warnings", warnings}};
}

}  // namespace vrrp_xdp::daemon
