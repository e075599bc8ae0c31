// SPDX-License-Identifier: BSD-2-Clause
// Thousands of schedules, each from a seed. VRRP_XDP_SIM_SEED replays one, VRRP_XDP_SIM_RUNS says how many.
#include <gmock/gmock.h>

#include <optional>
#include <random>
#include <string>
#include <vector>

#include "environment.hpp"
#include "properties.hpp"
#include "schedule.hpp"

namespace vrrp_xdp::sim {
namespace {

using protocol::Cause;
using protocol::Discard;

constexpr std::uint64_t kFixedSeeds = 1500;
constexpr std::uint64_t kFreshSeeds = 20;

/// The same ones in every run, so that what passed once passes again, and some that nobody has seen.
std::vector<std::uint64_t> seeds() {
    if (const auto seed = number_from("VRRP_XDP_SIM_SEED")) return {*seed};
    std::vector<std::uint64_t> chosen;
    for (std::uint64_t seed = 1; seed <= number_from("VRRP_XDP_SIM_RUNS").value_or(kFixedSeeds); ++seed)
        chosen.push_back(seed);
    std::random_device fresh;
    for (std::uint64_t i = 0; i < kFreshSeeds; ++i) chosen.push_back(std::uint64_t{fresh()} << 32 | fresh());
    return chosen;
}

/// A replay of one seed need not see everything; all of them together must. It prints each step.
bool is_replay() { return number_from("VRRP_XDP_SIM_SEED").has_value(); }

std::string replay_command(std::uint64_t seed) {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    return "replay: VRRP_XDP_SIM_SEED=" + std::to_string(seed) +
           " sim_tests --gtest_filter=" + test->test_suite_name() + '.' + test->name();
}

/// Everybody preempts: the priority of the one that remains is the highest of those that run. Of equal ones
/// it need not be the greatest address: a Backup Router follows its equals (RFC 9568 §6.4.2), and addresses
/// decide only between Active Routers (§6.4.3).
void expect_highest_priority(const World& world, const std::optional<std::size_t>& active) {
    if (!active) return;
    const auto remaining = world.routers()[*active].parameters.priority;
    for (const Router& router : world.routers()) {
        const bool better = router.running && router.parameters.priority > remaining;
        EXPECT_FALSE(better) << "router " << *active << " remains, which is not the best";
    }
}

bool all_preempt(const Schedule& schedule) {
    for (const auto& parameters : schedule.parameters)
        if (!parameters.preempt && !parameters.priority.is_owner()) return false;
    return true;
}

/// How often something happened, where it is watched at all.
struct Counts {
    std::size_t overlaps = 0;  ///< leases that were shared
    std::size_t successors = 0;
    std::size_t lonely = 0;
    std::size_t unknown = 0;
    std::size_t drained = 0;
    std::size_t went_on = 0;
};

/// counts: if given, Exclusion is watched too.
void run(std::uint64_t seed, Kind kind, Tally& tally, Counts* counts = nullptr) {
    Random random(seed);
    const Schedule schedule = draw_schedule(random, kind);
    World world(seed + 1, schedule.parameters);
    Conduct conduct;
    Departure departure;
    Answering answering;
    Audible audible;
    Settled settled(schedule.settled);
    Exclusion exclusion(schedule.parameters.size(), schedule.max_delay, schedule.interval);
    for (Observer* observer : {static_cast<Observer*>(&conduct), static_cast<Observer*>(&departure),
                               static_cast<Observer*>(&answering), static_cast<Observer*>(&audible),
                               static_cast<Observer*>(&settled), static_cast<Observer*>(&tally)})
        world.watch(*observer);
    if (counts) world.watch(exclusion);
    Served served;
    if (schedule.only_drains) world.watch(served);
    Trace trace;
    if (is_replay()) world.watch(trace);

    enact(schedule, kind, random, world);
    world.run_until(schedule.end);

    for (const Property* property : {static_cast<Property*>(&conduct), static_cast<Property*>(&departure),
                                     static_cast<Property*>(&answering), static_cast<Property*>(&audible),
                                     static_cast<Property*>(&settled), static_cast<Property*>(&exclusion),
                                     static_cast<Property*>(&served)})
        EXPECT_EQ(property->violation().value_or(""), "");
    if (all_preempt(schedule)) expect_highest_priority(world, settled.active());
    if (!counts) return;
    counts->overlaps += exclusion.overlaps();
    counts->successors += departure.successors();
    counts->lonely += departure.lonely();
    counts->unknown += departure.unknown();
    counts->drained += departure.drained();
    counts->went_on += departure.went_on();
}

/// Every seed until one fails: what it prints is enough to start from.
void run_all(Kind kind, Tally& tally, Counts* counts = nullptr) {
    for (const std::uint64_t seed : seeds()) {
        run(seed, kind, tally, counts);
        if (testing::Test::HasFailure()) {
            ADD_FAILURE() << replay_command(seed);
            return;
        }
    }
}

void expect_seen(const Tally& tally, const std::vector<Cause>& causes) {
    if (is_replay()) return;
    for (const Cause cause : causes)
        EXPECT_GT(tally.causes.count(cause), 0U) << "cause " << static_cast<int>(cause);
    EXPECT_GT(tally.rejected_count(), 0U);
    EXPECT_GT(tally.own, 0U);
    EXPECT_GT(tally.discards.count(Discard::IntervalMismatch), 0U);
}

TEST(Simulation, HostileNetwork_LeavesTheHighestPriorityActive_WhenAllPreempt_rfc9568_6_4) {
    Tally tally;
    run_all(Kind::HostileNetwork_AllPreempt, tally);
    expect_seen(tally, {Cause::Startup, Cause::Shutdown, Cause::ActiveDownTimer, Cause::HigherPriority,
                        Cause::LeaseExpired, Cause::Fenced});
}

TEST(Simulation, HostileNetwork_LeavesOneActive_WhereNotAllPreempt_rfc9568_6_4) {
    Tally tally;
    run_all(Kind::HostileNetwork_AnyPreempt, tally);
    expect_seen(tally, {Cause::Startup, Cause::Shutdown, Cause::ActiveDownTimer, Cause::HigherPriority,
                        Cause::LeaseExpired});
}

TEST(Simulation, FaultyRouters_NeverShareTheLease_ButAsVrrpAllows) {
    Tally tally;
    Counts counts;
    run_all(Kind::FaultyRouters, tally, &counts);
    expect_seen(tally, {Cause::ActiveDownTimer, Cause::HigherPriority, Cause::LeaseExpired, Cause::Adopted});
    EXPECT_TRUE(counts.overlaps > 0 || is_replay()) << "the exceptions are never met";
}

TEST(Simulation, OrderlyRouters_NeverShareTheLease_ButAsVrrpAllows) {
    Tally tally;
    Counts counts;
    run_all(Kind::OrderlyRouters, tally, &counts);
    expect_seen(tally, {Cause::Shutdown, Cause::ActiveDownTimer, Cause::HigherPriority});
    EXPECT_EQ(tally.causes.count(Cause::LeaseExpired), 0U);
    EXPECT_TRUE((counts.successors > 0 && counts.lonely > 0 && counts.unknown > 0) || is_replay())
        << "nobody leaves in each of the ways";
}

TEST(Simulation, DrainedRouters_HandOverWithoutAMomentInWhichNobodyAnswers) {
    Tally tally;
    Counts counts;
    run_all(Kind::DrainedRouters, tally, &counts);
    expect_seen(tally, {Cause::Drained, Cause::ActiveDownTimer, Cause::HigherPriority, Cause::Adopted});
    EXPECT_TRUE((counts.drained > 0 && counts.went_on > 0) || is_replay())
        << "nobody is drained in each of the ways";
}

TEST(Simulation, SameSeed_SameRun) {
    const auto fingerprint = [] {
        Tally tally;
        run(7, Kind::HostileNetwork_AnyPreempt, tally);
        return tally.fingerprint();
    };
    EXPECT_EQ(fingerprint(), fingerprint());
}

}  // namespace
}  // namespace vrrp_xdp::sim
