// SPDX-License-Identifier: BSD-2-Clause
// Every schedule of a few disturbances, for a few sets of routers. VRRP_XDP_SIM_DEPTH says how many
// disturbances two routers meet; three meet one less.
#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <initializer_list>
#include <iostream>
#include <string>

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

unsigned depth() {
    const char* text = std::getenv("VRRP_XDP_SIM_DEPTH");
    return text ? static_cast<unsigned>(std::strtoul(text, nullptr, 0)) : 2;
}

void run_all(Disturbances kind) {
    struct Set {
        const char* name;
        std::vector<Parameters> routers;
    };
    const std::array sets{
        Set{"a better and a worse router", routers({200, 100})},
        Set{"two equal routers", routers({100, 100})},
        Set{"the owner and another router", routers({255, 100})},
        Set{"two routers without Preempt_Mode", routers({200, 100}, Preempt::No)},
        Set{"three routers", routers({200, 150, 100})},
    };
    Found all;
    for (const Set& set : sets) {
        const auto start = std::chrono::steady_clock::now();
        const unsigned disturbances = set.routers.size() > 2 ? depth() - 1 : depth();
        const Found found = search({set.routers, kind, disturbances});
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
        std::cout << set.name << ", " << disturbances << " disturbances: " << found.states << " states, "
                  << found.schedules << " schedules of " << found.longest << " instants at most, "
                  << took.count() << " s; afterwards two answer for "
                  << std::chrono::duration<double>(found.together).count()
                  << " s at most, and one alone within "
                  << std::chrono::duration<double>(found.unsettled).count() << " s\n";
        EXPECT_FALSE(found.violation) << set.name << ": " << *found.violation;
        all.states += found.states;
        all.schedules += found.schedules;
    }
    testing::Test::RecordProperty("states", std::to_string(all.states));
    testing::Test::RecordProperty("schedules", std::to_string(all.schedules));
}

TEST(Exhaustive, FaultyRouters_NeverShareTheLease_ButAsVrrpAllows) { run_all(Disturbances::OfRouters); }

TEST(Exhaustive, FaultyNetwork_LeavesOneToAnswer_AndTwoOnlyForAWhile) {
    run_all(Disturbances::OfRoutersAndTheNetwork);
}

}  // namespace
}  // namespace vrrp_xdp::sim
