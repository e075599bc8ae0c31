// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/command.hpp"
#include "cli/error_report.hpp"
#include "cli/state_directory.hpp"
#include "history/moment.hpp"
#include "history/query.hpp"

namespace vrrp_xdp::cli {
namespace {

struct Options {
    std::vector<std::string> whom;
    std::string since;
    std::string state_directory;
    bool as_json = false;
};

bool is_number(const std::string& text) {
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// IFACE, VRID, or both in this order.
Result<history::Question> question_of(const Options& options) {
    constexpr int kMostVrid = 255;
    constexpr std::size_t kDigits = 3;
    history::Question question;
    const bool has_vrid = !options.whom.empty() && is_number(options.whom.back());
    if (options.whom.size() > 1 + (has_vrid ? 1U : 0U))
        return failure("'" + options.whom.back() + "' is not a VRID", "write IFACE, VRID, or IFACE VRID");
    if (has_vrid) {
        const std::string& text = options.whom.back();
        question.vrid = text.size() <= kDigits ? std::stoi(text) : 0;
        if (*question.vrid < 1 || *question.vrid > kMostVrid)
            return failure("VRID " + text + " is not between 1 and 255");
    }
    if (options.whom.size() > (has_vrid ? 1U : 0U)) question.interface = options.whom.front();
    if (options.since.empty()) return question;
    const auto since = history::parse_moment(options.since, history::calendar_now());
    if (!since) return tl::unexpected(Error(since.error()).within("--since"));
    question.since_ns = *since;
    return question;
}

ExitCode tell(const Options& options) {
    const auto question = question_of(options);
    if (!question) {
        report(question.error());
        return ExitCode::WrongUsage;
    }
    auto story = history::read_story(options.state_directory);
    if (!story) {
        report(story.error());
        return ExitCode::Failed;
    }
    history::narrow(*story, *question);
    for (const history::Entry& entry : story->entries)
        std::cout << (options.as_json ? entry.event.dump() : history::line_of(entry)) << '\n';
    if (story->damaged > 0)
        std::cerr << "vrrp-xdp: " << story->damaged << (story->damaged == 1 ? " record is" : " records are")
                  << " damaged and left out\n";
    if (story->entries.empty()) std::cerr << "vrrp-xdp: the history has no such record\n";
    return ExitCode::Done;
}

}  // namespace

Command add_history(CLI::App& program) {
    CLI::App* const usage = program.add_subcommand("history",
                                                   "Say what happened, across restarts, crashes and reboots: "
                                                   "transitions with their cause, trackers, reloads, "
                                                   "changes of links and addresses, and all else that attach "
                                                   "reports. It needs no running instance, and reads "
                                                   "what 'attach --state-directory' has written");
    const auto options = std::make_shared<Options>();
    usage->add_option("IFACE VRID", options->whom, "Only this interface, this Virtual Router, or both")
        ->expected(0, 2);
    usage
        ->add_option("--since", options->since,
                     "Only what is not older: 90s, 15m, 3h or 9d, or a time in UTC, such as '2026-11-28 "
                     "19:30' or 19:30")
        ->type_name("TIME");
    add_state_directory(*usage, options->state_directory);
    usage->add_flag("--json", options->as_json, "A JSON object on each line, for a program");
    usage->footer(
        help_footer("  vrrp-xdp history\n"
                    "  vrrp-xdp history eth0 10 --since 3h\n"
                    "  vrrp-xdp history --json | jq -c 'select(.event == \"transition\")'\n"));
    return {usage, [options] { return tell(*options); }};
}

}  // namespace vrrp_xdp::cli
