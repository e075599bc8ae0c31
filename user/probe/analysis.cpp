// SPDX-License-Identifier: BSD-2-Clause
#include "probe/analysis.hpp"

#include <algorithm>

namespace vrrp_xdp::probe {

using protocol::MacAddress;

std::uint64_t Analysis::asked(Time at) {
    forget(at);
    if (!quiet_since_) quiet_since_ = at;
    recent_.push_back({.number = questions_, .at = at});
    return questions_++;
}

std::optional<Outage> Analysis::answered(Time at, const MacAddress& by, std::optional<std::uint16_t> number) {
    forget(at);
    note(by);
    Question* const question = question_of(by, number);
    if (question == nullptr) {
        ++duplicates_;
        return std::nullopt;
    }
    question->answered_by = by;
    // A late one takes back that its question was lost, but does not show anything about the time since.
    if (question->number < next_) return std::nullopt;

    const Duration gap = at - *quiet_since_;
    std::optional<Outage> ended;
    if (const std::uint64_t lost = question->number - next_; lost > 0)
        ended = Outage{.since = *quiet_since_, .length = gap, .lost = lost, .over = true};
    if (next_ > 0 || ended) longest_gap_ = std::max(longest_gap_, gap);
    next_ = question->number + 1;
    quiet_since_ = at;
    if (ended) outages_.push_back(*ended);
    return ended;
}

std::uint64_t Analysis::lost(Time now) const {
    return lost_ + static_cast<std::uint64_t>(std::ranges::count_if(recent_, [&](const Question& each) {
               return !each.answered_by && (each.number < next_ || each.at + patience_ < now);
           }));
}

Duration Analysis::longest_gap(Time now) const {
    const auto lasting = silence(now);
    return lasting ? std::max(longest_gap_, lasting->length) : longest_gap_;
}

std::vector<Outage> Analysis::outages(Time now) const {
    auto all = outages_;
    if (const auto lasting = silence(now)) all.push_back(*lasting);
    return all;
}

std::optional<Outage> Analysis::silence(Time now) const {
    const auto waiting = static_cast<std::uint64_t>(std::ranges::count_if(
        recent_, [&](const Question& each) { return each.number >= next_ && each.at + patience_ >= now; }));
    const std::uint64_t lost = questions_ - next_ - waiting;
    if (lost == 0) return std::nullopt;
    return Outage{.since = *quiet_since_, .length = now - *quiet_since_, .lost = lost, .over = false};
}

void Analysis::forget(Time now) {
    while (!recent_.empty() && recent_.front().at + patience_ < now) {
        if (!recent_.front().answered_by) ++lost_;
        recent_.pop_front();
    }
}

void Analysis::note(const MacAddress& by) {
    const auto known = std::ranges::find(responders_, by, &Responder::mac);
    if (known == responders_.end())
        responders_.push_back({.mac = by, .answers = 1});
    else
        ++known->answers;
}

Analysis::Question* Analysis::question_of(const MacAddress& by, std::optional<std::uint16_t> number) {
    if (!number && !recent_.empty() && recent_.back().answered_by.value_or(by) != by) return nullptr;
    const auto found = std::find_if(recent_.rbegin(), recent_.rend(), [&](const Question& each) {
        return number ? static_cast<std::uint16_t>(each.number) == *number : !each.answered_by;
    });
    return found == recent_.rend() || found->answered_by ? nullptr : &*found;
}

}  // namespace vrrp_xdp::probe
