// SPDX-License-Identifier: BSD-2-Clause
#include "protocol/timers.hpp"

#include <gmock/gmock.h>

#include "builders.hpp"

namespace vrrp_xdp::protocol {
namespace {

using namespace std::chrono_literals;

struct Row {
    Version version;
    int priority;
    Duration interval;
    Duration skew;  ///< rounded down to the nanosecond
    Duration down;
};

class Timers : public testing::TestWithParam<Row> {};

TEST_P(Timers, AreExactToTheNanosecond_rfc9568_6_1) {
    const auto& [version, value, interval, skew, down] = GetParam();
    EXPECT_EQ(skew_time(version, priority(value), interval), skew);
    EXPECT_EQ(active_down_interval(version, priority(value), interval), down);
}

constexpr auto V2 = Version::V2;
constexpr auto V3 = Version::V3;

INSTANTIATE_TEST_SUITE_P(Version3, Timers,
                         testing::Values(Row{V3, 1, 10ms, 9'960'937ns, 39'960'937ns},
                                         Row{V3, 100, 10ms, 6'093'750ns, 36'093'750ns},
                                         Row{V3, 254, 10ms, 78'125ns, 30'078'125ns},
                                         Row{V3, 255, 10ms, 39'062ns, 30'039'062ns},
                                         Row{V3, 1, 1s, 996'093'750ns, 3'996'093'750ns},
                                         Row{V3, 100, 1s, 609'375'000ns, 3'609'375'000ns},
                                         Row{V3, 254, 1s, 7'812'500ns, 3'007'812'500ns},
                                         Row{V3, 255, 1s, 3'906'250ns, 3'003'906'250ns},
                                         Row{V3, 1, 40'950ms, 40'790'039'062ns, 163'640'039'062ns},
                                         Row{V3, 100, 40'950ms, 24'953'906'250ns, 147'803'906'250ns},
                                         Row{V3, 254, 40'950ms, 319'921'875ns, 123'169'921'875ns},
                                         Row{V3, 255, 40'950ms, 159'960'937ns, 123'009'960'937ns}));

// RFC 3768 §6.1: (256 - Priority) / 256 seconds, whatever the interval is.
INSTANTIATE_TEST_SUITE_P(Version2, Timers,
                         testing::Values(Row{V2, 1, 1s, 996'093'750ns, 3'996'093'750ns},
                                         Row{V2, 100, 1s, 609'375'000ns, 3'609'375'000ns},
                                         Row{V2, 254, 1s, 7'812'500ns, 3'007'812'500ns},
                                         Row{V2, 255, 1s, 3'906'250ns, 3'003'906'250ns},
                                         Row{V2, 100, 10s, 609'375'000ns, 30'609'375'000ns},
                                         Row{V2, 1, 255s, 996'093'750ns, 765'996'093'750ns}));

TEST(SkewTime, ShrinksWithEveryStepOfPriority_rfc9568_6_1) {
    for (const auto version : {V2, V3}) {
        for (int value = 1; value < 255; ++value)
            EXPECT_GT(skew_time(version, priority(value), 1s), skew_time(version, priority(value + 1), 1s));
    }
}

TEST(SkewTime, IsAlwaysPositive_SoThatALeaseEndsBeforeAnyTakeover) {
    for (int value = 1; value <= 255; ++value) EXPECT_GT(skew_time(V3, priority(value), 10ms), 0ns);
}

TEST(NextAdvertisement, IsTheNextMultipleOfTheInterval) {
    const TimePoint noon = TimePoint(12h);
    EXPECT_EQ(next_advertisement(noon, 1s), noon + 1s);
    EXPECT_EQ(next_advertisement(noon + 1ns, 1s), noon + 1s);
    EXPECT_EQ(next_advertisement(noon + 999ms, 1s), noon + 1s);
    EXPECT_EQ(next_advertisement(noon + 5ms, 2ms), noon + 6ms);
}

TEST(IntervalOnTheWire, IsAtLeastACentisecond_rfc9568_5_2_7) {
    EXPECT_EQ(interval_on_the_wire(1ms), 10ms);
    EXPECT_EQ(interval_on_the_wire(10ms), 10ms);
    EXPECT_EQ(interval_on_the_wire(1s), 1s);
}

}  // namespace
}  // namespace vrrp_xdp::protocol
