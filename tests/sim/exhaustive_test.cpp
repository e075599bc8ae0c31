// SPDX-License-Identifier: BSD-2-Clause
// Every schedule of a few disturbances, for a few sets of routers. VRRP_XDP_SIM_DEPTH says how many
// disturbances two routers meet, at half intervals as well; three meet one less.
#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <initializer_list>
#include <iostream>
#include <optional>
#include <string>
#include <vector>

#include "environment.hpp"
#include "search.hpp"

namespace vrrp_xdp::sim {
namespace {

using namespace protocol;
using namespace std::chrono_literals;

enum class Preempt { Yes, No };

std::vector<Parameters> routers(std::initializer_list<std::int64_t> priorities,
                                Preempt preempt = Preempt::Yes) {
    std::vector<Parameters> all;
    for (const std::int64_t priority : priorities) {
        const std::array<std::uint8_t, 4> address{198, 51, 100, static_cast<std::uint8_t>(all.size() + 1)};
        all.push_back({.version = Version::V3,
                       .priority = *Priority::from(priority),
                       .advertise_interval = 1s,
                       .preempt = preempt == Preempt::Yes,
                       .primary_address = IpAddress::from_bytes(address)});
    }
    return all;
}

struct Set {
    std::string name;
    std::vector<Parameters> routers;
    unsigned in_ci;  ///< disturbances, without halves
};

void PrintTo(const Set& set, std::ostream* out) { *out << set.name; }

class Exhaustive : public testing::TestWithParam<Set> {
  protected:
    static void run(Disturbances kind) {
        const unsigned fewer = GetParam().routers.size() > 2 ? 1 : 0;
        // Nobody asks for one in CI.
        if (const auto depth = number_from("VRRP_XDP_SIM_DEPTH"))
            return run(kind, Halves::Too, static_cast<unsigned>(*depth) - fewer);
        run(kind, Halves::Too, 1);
        run(kind, Halves::No, GetParam().in_ci);
    }

  private:
    static void run(Disturbances kind, Halves halves, unsigned disturbances) {
        const auto start = std::chrono::steady_clock::now();
        const Found found = search({GetParam().routers, kind, halves, disturbances});
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
        const auto seconds = [](Duration duration) {
            return std::chrono::duration<double>(duration).count();
        };
        std::cout << disturbances << " disturbances, " << (halves == Halves::Too ? "with" : "without")
                  << " halves: " << found.states << " states, " << found.schedules << " schedules of "
                  << found.longest << " instants at most, " << took.count() << " s; two answer for "
                  << seconds(found.together) << " s at most, and exactly one after "
                  << seconds(found.unsettled) << " s\n";
        EXPECT_FALSE(found.violation) << *found.violation;
        const std::string of = halves == Halves::Too ? "_with_halves" : "";
        RecordProperty("states" + of, std::to_string(found.states));
        RecordProperty("schedules" + of, std::to_string(found.schedules));
    }
};

TEST_P(Exhaustive, FaultyRouters_LeaveTwoToAnswer_ForNoLongerThanAFrameIsOnItsWay) {
    run(Disturbances::OfRouters);
}

TEST_P(Exhaustive, FaultyNetwork_LeavesTwoToAnswer_ForTwoIntervalsAtMost_AndThenOne) {
    run(Disturbances::OfRoutersAndTheNetwork);
}

INSTANTIATE_TEST_SUITE_P(Routers, Exhaustive,
                         testing::Values(Set{"Better_and_worse", routers({200, 100}), 2},
                                         Set{"Equal", routers({100, 100}), 1},
                                         Set{"Owner", routers({255, 100}), 1},
                                         Set{"No_preempt", routers({200, 100}, Preempt::No), 1},
                                         Set{"Three", routers({200, 150, 100}), 1}),
                         [](const auto& set) { return set.param.name; });

}  // namespace
}  // namespace vrrp_xdp::sim
