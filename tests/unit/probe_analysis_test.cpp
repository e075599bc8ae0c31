// SPDX-License-Identifier: BSD-2-Clause
#include <gmock/gmock.h>

#include "probe/analysis.hpp"

namespace vrrp_xdp::probe {
namespace {

using namespace std::chrono_literals;
using protocol::MacAddress;
using ::testing::ElementsAre;

const MacAddress kFirst{{2, 0, 0, 0, 0, 1}};
const MacAddress kSecond{{2, 0, 0, 0, 0, 2}};

Time at(std::chrono::milliseconds since) { return Time(since); }

/// A question every 10 ms, each answered half a millisecond later.
class ProbeAnalysis : public ::testing::Test {
  protected:
    void ask_and_answer(std::chrono::milliseconds when, const MacAddress& by = kFirst) {
        analysis_.asked(at(when));
        analysis_.answered(at(when) + 500us, by);
    }
    Analysis analysis_{50ms};
};

TEST_F(ProbeAnalysis, HasNothingToSay_BeforeItAsks) {
    EXPECT_EQ(analysis_.questions(), 0U);
    EXPECT_EQ(analysis_.lost(at(1s)), 0U);
    EXPECT_EQ(analysis_.longest_gap(at(1s)), 0ns);
    EXPECT_THAT(analysis_.outages(at(1s)), ElementsAre());
}

TEST_F(ProbeAnalysis, AnsweredQuestionsAreNoOutage_AndTheGapIsThatOfAnswers) {
    for (const auto when : {0ms, 10ms, 25ms}) ask_and_answer(when);
    EXPECT_EQ(analysis_.lost(at(30ms)), 0U);
    EXPECT_EQ(analysis_.longest_gap(at(30ms)), 15ms);
    EXPECT_THAT(analysis_.outages(at(30ms)), ElementsAre());
}

TEST_F(ProbeAnalysis, AnOutageIsFromAnswerToAnswer_WithWhatWasLostInIt) {
    ask_and_answer(0ms);
    for (int i = 1; i < 10; ++i) analysis_.asked(at(i * 10ms));
    analysis_.asked(at(100ms));
    const auto ended = analysis_.answered(at(100ms) + 500us, kFirst);
    const Outage expected{.since = at(0ms) + 500us, .length = 100ms, .lost = 9, .over = true};
    EXPECT_EQ(ended, expected);
    EXPECT_THAT(analysis_.outages(at(101ms)), ElementsAre(expected));
    EXPECT_EQ(analysis_.lost(at(101ms)), 9U);
    EXPECT_EQ(analysis_.lost(at(1s)), 9U);
    EXPECT_EQ(analysis_.longest_gap(at(1s)), 100ms);
    EXPECT_EQ(analysis_.duplicates(), 0U);
}

TEST_F(ProbeAnalysis, AnOutageThatGoesOnCounts_OnceAQuestionHasWaitedTooLong) {
    ask_and_answer(0ms);
    analysis_.asked(at(10ms));
    EXPECT_THAT(analysis_.outages(at(40ms)), ElementsAre());
    const Outage expected{.since = at(0ms) + 500us, .length = 99ms + 500us, .lost = 1, .over = false};
    EXPECT_THAT(analysis_.outages(at(100ms)), ElementsAre(expected));
    EXPECT_EQ(analysis_.longest_gap(at(100ms)), 99ms + 500us);
    EXPECT_EQ(analysis_.lost(at(100ms)), 1U);
}

TEST_F(ProbeAnalysis, AGatewayThatWasSilentFromTheStart_IsAnOutageToo) {
    for (int i = 0; i < 5; ++i) analysis_.asked(at(i * 100ms));
    EXPECT_EQ(analysis_.outages(at(450ms)).front().since, at(0ms));
    analysis_.answered(at(401ms), kFirst);
    EXPECT_THAT(analysis_.outages(at(450ms)),
                ElementsAre(Outage{.since = at(0ms), .length = 401ms, .lost = 4, .over = true}));
}

TEST_F(ProbeAnalysis, SecondAnswersAreDuplicates_WhoeverGivesThem) {
    ask_and_answer(0ms);
    analysis_.answered(at(1ms), kFirst);
    ask_and_answer(10ms);
    analysis_.answered(at(11ms), kSecond);
    EXPECT_EQ(analysis_.duplicates(), 2U);
    EXPECT_EQ(analysis_.lost(at(1s)), 0U);
}

TEST_F(ProbeAnalysis, AnotherMacsSecondAnswer_IsNoLateAnswerToALostQuestion) {
    analysis_.asked(at(0ms));
    ask_and_answer(10ms);
    analysis_.answered(at(11ms), kSecond);
    EXPECT_EQ(analysis_.duplicates(), 1U);
    EXPECT_EQ(analysis_.lost(at(1s)), 1U);
}

TEST_F(ProbeAnalysis, ALateAnswerTakesBackThatItsQuestionWasLost) {
    ask_and_answer(0ms);
    analysis_.asked(at(10ms));
    analysis_.asked(at(20ms));
    analysis_.answered(at(21ms), kFirst);
    EXPECT_EQ(analysis_.lost(at(21ms)), 1U);
    analysis_.answered(at(22ms), kFirst);
    EXPECT_EQ(analysis_.lost(at(1s)), 0U);
    EXPECT_EQ(analysis_.duplicates(), 0U);
}

TEST_F(ProbeAnalysis, NumberedAnswersCountForTheirQuestion_ThoughItIsNotTheNewest) {
    for (int i = 0; i < 3; ++i) analysis_.asked(at(i * 10ms));
    EXPECT_FALSE(analysis_.answered(at(21ms), kFirst, 0));
    EXPECT_FALSE(analysis_.answered(at(31ms), kFirst, 1));
    EXPECT_FALSE(analysis_.answered(at(41ms), kFirst, 2));
    EXPECT_EQ(analysis_.lost(at(1s)), 0U);
    analysis_.answered(at(42ms), kFirst, 2);
    EXPECT_EQ(analysis_.duplicates(), 1U);
}

TEST_F(ProbeAnalysis, NumbersWrapAround) {
    Analysis many{1s};
    for (int i = 0; i < 65'537; ++i) {
        const Time when = at(std::chrono::milliseconds(i * 10));
        many.asked(when);
        many.answered(when + 1ms, kFirst, static_cast<std::uint16_t>(i));
    }
    EXPECT_EQ(many.lost(at(std::chrono::hours(1))), 0U);
    EXPECT_EQ(many.duplicates(), 0U);
}

TEST_F(ProbeAnalysis, RespondersStandInTheOrderOfTheirFirstAnswer) {
    ask_and_answer(0ms, kSecond);
    ask_and_answer(10ms, kFirst);
    ask_and_answer(20ms, kSecond);
    ASSERT_EQ(analysis_.responders().size(), 2U);
    EXPECT_EQ(analysis_.responders()[0].mac, kSecond);
    EXPECT_EQ(analysis_.responders()[0].answers, 2U);
    EXPECT_EQ(analysis_.responders()[1].answers, 1U);
}

}  // namespace
}  // namespace vrrp_xdp::probe
