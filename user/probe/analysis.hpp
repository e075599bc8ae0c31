// SPDX-License-Identifier: BSD-2-Clause
// What questions and answers say of a gateway: how long it was silent, who answered, and whether two did.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "protocol/types.hpp"

namespace vrrp_xdp::probe {

/// Of CLOCK_REALTIME: the kernel's receive timestamps have no other clock.
using Time = std::chrono::sys_time<std::chrono::nanoseconds>;
using Duration = std::chrono::nanoseconds;

/// From one answer to the next, with questions in between that got none.
struct Outage {
    Time since;          ///< the last answer before it, or the first question of all
    Duration length;     ///< to the next answer, or to now
    std::uint64_t lost;  ///< questions without an answer
    bool over;           ///< an answer came
    friend bool operator==(const Outage&, const Outage&) = default;
};

/// Who answered.
struct Responder {
    protocol::MacAddress mac;
    std::uint64_t answers;
};

class Analysis {
  public:
    /// Constructs an empty analysis. patience: how long after its question an answer still counts.
    explicit Analysis(Duration patience) : patience_(patience) {}

    /// Returns the question's number, which counts from 0.
    std::uint64_t asked(Time at);

    /// Notes an answer. number: the lower 16 bits of the question's number, if the answer contains it;
    /// otherwise, the answer counts for the newest question without one. An answer without a question is a
    /// duplicate, and so is an answer of another MAC to an answered question. Returns the outage that this
    /// ends, if any.
    std::optional<Outage> answered(Time at, const protocol::MacAddress& by,
                                   std::optional<std::uint16_t> number = std::nullopt);

    std::uint64_t questions() const { return questions_; }
    /// Returns how many questions have no answer now, even if a later one has one or the time is over.
    std::uint64_t lost(Time now) const;
    std::uint64_t duplicates() const { return duplicates_; }
    /// Returns the longest time from one answer to the next, or to now if a question is lost meanwhile.
    Duration longest_gap(Time now) const;
    /// Returns all outages, including one that continues.
    std::vector<Outage> outages(Time now) const;
    /// Returns the responders in the order of their first answers.
    const std::vector<Responder>& responders() const { return responders_; }

  private:
    struct Question {
        std::uint64_t number;
        Time at;
        std::optional<protocol::MacAddress> answered_by{};
    };

    void forget(Time now);
    void note(const protocol::MacAddress& by);
    Question* question_of(const protocol::MacAddress& by, std::optional<std::uint16_t> number);
    /// Returns the silence since the last answer, if a question was lost in it.
    std::optional<Outage> silence(Time now) const;

    Duration patience_;
    std::uint64_t questions_ = 0;
    std::uint64_t duplicates_ = 0;
    std::uint64_t lost_ = 0;  ///< of the questions that are forgotten
    std::uint64_t next_ = 0;  ///< the question after the newest that was answered
    std::deque<Question> recent_;
    std::optional<Time> quiet_since_;
    Duration longest_gap_{0};
    std::vector<Outage> outages_;
    std::vector<Responder> responders_;
};

}  // namespace vrrp_xdp::probe
