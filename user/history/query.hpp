// SPDX-License-Identifier: BSD-2-Clause
// What a history says, for who asks.
#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "support/result.hpp"

namespace vrrp_xdp::history {

struct Entry {
    std::int64_t time_ns = 0;
    /// As `vrrp-xdp events --json` has it, with "time" and "pid".
    nlohmann::json event{};

    /// One of its texts; empty if it has none of that name.
    std::string text(const char* key) const;
    std::string kind() const { return text("event"); }
};

struct Story {
    std::vector<Entry> entries;  ///< in the order in which they were written
    std::uint64_t damaged = 0;   ///< records that were lost
};

/// Fails if there is no history below the directory, or if it is not one of ours.
Result<Story> read_story(const std::filesystem::path& state_directory);

struct Question {
    std::string interface {};                ///< empty: any
    std::optional<int> vrid{};               ///< any, unless it is set
    std::optional<std::int64_t> since_ns{};  ///< from the beginning, unless it is set
};

/// Leaves what answers the question. What concerns an interface as a whole concerns its Virtual Routers, and
/// what concerns an instance as a whole concerns everything.
void narrow(Story& story, const Question& question);

/// A line for people.
std::string line_of(const Entry& entry);

}  // namespace vrrp_xdp::history
