// SPDX-License-Identifier: BSD-2-Clause
// What the data plane notes of the gaps between advertisements, and what is said of it.
#include <gmock/gmock.h>

#include "reporting/near_failovers.hpp"
#include "status/explanation.hpp"
#include "status/gaps.hpp"
#include "status/json.hpp"
#include "status/metrics.hpp"
#include "status/text.hpp"
#include "status_examples.hpp"

namespace vrrp_xdp::status {
namespace {

using namespace std::chrono_literals;
using protocol::TimePoint;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

constexpr std::uint64_t kWindow = 1ULL << VRRP_XDP_GAP_WINDOW_SHIFT;

/// After 100 windows; a minute into that one.
constexpr std::uint64_t kNow = 100 * kWindow + 60'000'000'000;

std::optional<Gaps> gaps_at_now(const vrrp_xdp_gaps& noted) {
    return gaps_of(noted, TimePoint(protocol::Duration(kNow)));
}

vrrp_xdp_gaps noted() {
    return {.since_ns = kNow - 10 * kWindow,
            .count = 10,
            .largest_ns = 251'000'000,
            .largest_of_ns = 361'000'000,
            .window = 100,
            .window_largest_ns = 110'000'000,
            .previous_window_largest_ns = 214'000'000,
            .near_failovers = 2,
            .buckets = {0, 0, 0, 0, 7, 3, 0},
            .recent_ns = {8, 9, 2, 3, 4, 5, 6, 7}};
}

TEST(Gaps, AreNothing_BeforeTheFirst) { EXPECT_EQ(gaps_at_now({}), std::nullopt); }

TEST(Gaps, OfLate_AreThoseOfThisWindowAndTheOneBefore) {
    vrrp_xdp_gaps gaps = noted();
    EXPECT_EQ(gaps_at_now(gaps)->largest_lately, 214ms);
    EXPECT_EQ(gaps_at_now(gaps)->lately, protocol::Duration(kWindow) + 1min);
    gaps.window = 99;
    EXPECT_EQ(gaps_at_now(gaps)->largest_lately, 110ms);
    gaps.window = 98;
    EXPECT_EQ(gaps_at_now(gaps)->largest_lately, 0ms);
}

TEST(Gaps, OfLate_GoNoFurtherBackThanTheFirst) {
    vrrp_xdp_gaps gaps = noted();
    gaps.since_ns = kNow - 5'000'000'000;
    EXPECT_EQ(gaps_at_now(gaps)->lately, 5s);
}

TEST(Gaps, Recent_AreInOrder) {
    using reporting::recent_gaps;
    EXPECT_EQ(recent_gaps(noted()),
              (std::vector<protocol::Duration>{2ns, 3ns, 4ns, 5ns, 6ns, 7ns, 8ns, 9ns}));
    vrrp_xdp_gaps gaps = noted();
    gaps.count = 2;
    EXPECT_EQ(recent_gaps(gaps), (std::vector<protocol::Duration>{8ns, 9ns}));
    EXPECT_TRUE(recent_gaps({}).empty());
}

VirtualRouter router() {
    VirtualRouter router = backup_router();
    router.gaps = gaps_at_now(noted());
    return router;
}

TEST(Gaps, AreTheSame_AfterJson) {
    const Interface interface = running_interface({router()});
    EXPECT_EQ(from_json(to_json(interface))->virtual_routers.front().gaps, router().gaps);
}

TEST(Gaps, AreExplained) {
    const auto facts = [](const VirtualRouter& router) {
        return explain(running_interface({router}), router).facts;
    };
    EXPECT_THAT(
        facts(router()),
        Contains("The largest gap between advertisements in the last 38 min was 214 ms of 360.9 ms; 2 of 10 "
                 "were above two thirds of it, the largest one 251 ms."));
    VirtualRouter calm = router();
    calm.gaps->near_failovers = 0;
    calm.gaps->lately = 5s;
    EXPECT_THAT(facts(calm), Contains("The largest gap between advertisements was 251 ms of 361 ms."));
    VirtualRouter active = active_router();
    active.gaps = router().gaps;
    EXPECT_THAT(facts(active), Not(Contains(HasSubstr("gap"))));
}

TEST(Gaps, AreAHistogramOfPrometheus) {
    const std::string text = metrics_of({running_interface({router()})}, "1.2.3");
    const std::string labels = R"(interface="eth0",vrid="10",family="ipv4")";
    for (const std::string& sample : {
             "vrrp_xdp_near_failovers_total{" + labels + "} 2\n",
             "vrrp_xdp_largest_gap_seconds{" + labels + "} 0.214\n",
             std::string("# TYPE vrrp_xdp_patience_used_ratio histogram\n"),
             "vrrp_xdp_patience_used_ratio_bucket{" + labels + ",le=\"0.03125\"} 0\n",
             "vrrp_xdp_patience_used_ratio_bucket{" + labels + ",le=\"0.5\"} 7\n",
             "vrrp_xdp_patience_used_ratio_bucket{" + labels + ",le=\"1\"} 10\n",
             "vrrp_xdp_patience_used_ratio_bucket{" + labels + ",le=\"+Inf\"} 10\n",
             "vrrp_xdp_patience_used_ratio_count{" + labels + "} 10\n",
         })
        EXPECT_THAT(text, HasSubstr(sample));
}

TEST(Gaps, AreBelowTheCounters) {
    const std::string text = counters_text({running_interface({router()})}, Zeros::LeaveOut);
    for (const char* line :
         {"             2  near-failovers            gaps above two thirds of Active_Down_Interval\n",
          "             7  gaps-up-to-1/2            gaps between advertisements",
          "largest gap: 251ms of 361ms; of the last 38 min: 214ms\n"})
        EXPECT_THAT(text, HasSubstr(line));
}

}  // namespace
}  // namespace vrrp_xdp::status
