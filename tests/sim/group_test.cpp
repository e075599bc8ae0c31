// SPDX-License-Identifier: BSD-2-Clause
// Nodes with a sync group each: a router of theirs on every link.
#include <gmock/gmock.h>

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "environment.hpp"
#include "properties.hpp"
#include "protocol/timers.hpp"

namespace vrrp_xdp::sim {
namespace {

using namespace protocol;
using namespace std::chrono_literals;

constexpr TimePoint kStart = TimePoint(1h);
constexpr std::uint64_t kSeeds = 400;

enum class Links {
    CutAtRandom,  ///< every link partitions, loses and delays as it likes
    AreWell,      ///< interfaces fail and nodes stop, and say so
};

struct Plan {
    std::size_t nodes;
    std::size_t links;
    std::vector<Parameters> parameters{};  ///< by node * links + link
    Duration interval{};                   ///< the longest
    Duration max_delay{};
    TimePoint healed{};
    TimePoint settled{};

    std::vector<std::size_t> members(std::size_t node) const {
        std::vector<std::size_t> routers;
        for (std::size_t link = 0; link < links; ++link) routers.push_back(node * links + link);
        return routers;
    }
};

/// Where all have the same priority, addresses decide between two that are Active, and must say the same on
/// every link: else each of the two yields to the other, and both begin again.
Plan draw_plan(Random& random, Links kind) {
    Plan plan{.nodes = 2 + random.below(2), .links = 2 + random.below(2)};
    const Duration interval = random.pick<Duration>({100ms, 1s});
    const bool equals = random.percent(25);
    const bool preempt = random.percent(70);
    std::vector<Duration> intervals;
    for (std::size_t link = 0; link < plan.links; ++link)
        intervals.push_back(kind == Links::CutAtRandom && random.percent(30) ? 4 * interval : interval);
    for (std::size_t node = 0; node < plan.nodes; ++node) {
        const auto value =
            equals ? 100
                   : 50 + static_cast<std::int64_t>(random.below(40)) * 5 + static_cast<std::int64_t>(node);
        for (std::size_t link = 0; link < plan.links; ++link) {
            const auto first = equals ? 1 + node : std::size_t{first_byte(random)};
            const std::array<std::uint8_t, 4> address{static_cast<std::uint8_t>(first), 0,
                                                      static_cast<std::uint8_t>(link),
                                                      static_cast<std::uint8_t>(node + 1)};
            plan.parameters.push_back({.version = Version::V3,
                                       .priority = *Priority::from(value),
                                       .advertise_interval = intervals[link],
                                       .preempt = preempt,
                                       .primary_address = IpAddress::from_bytes(address)});
        }
    }
    plan.interval = *std::max_element(intervals.begin(), intervals.end());
    plan.max_delay = interval / 1024;
    plan.healed = kStart + static_cast<int>(8 + random.below(33)) * plan.interval;
    // Each member in turn may have to lose its patience, or to be told by a better router that it is one.
    plan.settled = plan.healed + 12 * plan.interval;
    return plan;
}

void enact(const Plan& plan, Links kind, Random& random, World& world) {
    world.network = {.max_delay = plan.max_delay};
    world.latency = plan.max_delay;
    const auto each = [](const std::vector<std::size_t>& routers,
                         const std::function<void(std::size_t)>& what) {
        return [=] { std::for_each(routers.begin(), routers.end(), what); };
    };
    for (std::size_t node = 0; node < plan.nodes; ++node) {
        const auto members = plan.members(node);
        world.group(members);
        const auto start = each(members, [&world](std::size_t router) { world.start(router); });
        world.at(kStart + random.up_to(6 * plan.interval), start);
        for (TimePoint time = kStart + random.up_to(12 * plan.interval); time < plan.healed;
             time += random.up_to(10 * plan.interval)) {
            const TimePoint over = time + random.up_to(6 * plan.interval);
            const std::size_t one = members[random.below(members.size())];
            // A farewell that meets a router which slept, or the lease of one which crashed, is believed.
            switch (random.below(kind == Links::CutAtRandom ? 4 : 2)) {
                case 0:
                    world.at(time, [=, &world] { world.fail(one); });
                    world.at(over, [=, &world] { world.mend(one); });
                    break;
                case 2:
                    world.at(time, each(members, [&world](std::size_t router) { world.crash(router); }));
                    world.at(over, start);
                    break;
                case 1:
                    world.at(time, each(members, [&world](std::size_t router) { world.stop(router); }));
                    world.at(over, start);
                    break;
                case 3:
                    world.at(time, each(members, [&world](std::size_t router) { world.stall(router); }));
                    world.at(over, [=, &world] { world.resume(members); });
                    break;
            }
            time = over;
        }
        world.at(plan.healed, [=, &world] {
            world.resume(members);
            for (const std::size_t router : members) {
                world.mend(router);
                world.start(router);
            }
        });
    }
    if (kind == Links::CutAtRandom)
        for (TimePoint time = kStart; time < plan.healed; time += random.up_to(8 * plan.interval)) {
            Network conditions{.max_delay = plan.max_delay,
                               .loss = random.pick({0U, 0U, 30U, 100U}),
                               .latest = plan.healed + plan.max_delay};
            for (std::size_t i = 0; i < plan.parameters.size(); ++i)
                conditions.side.push_back(random.below(2));
            world.at(time, [conditions, &world] { world.network = conditions; });
        }
    world.at(plan.healed, [&plan, &world] { world.network = {.max_delay = plan.max_delay}; });
}

/// From a time on one node is Active on every link, always the same, and nobody else is anywhere.
class SettledAsOne : public Property {
  public:
    explicit SettledAsOne(const Plan& plan) : plan_(plan) {}
    void advanced(const World& world) override {
        if (world.now() < plan_.settled) return;
        for (std::size_t node = 0; node < plan_.nodes; ++node)
            for (const std::size_t router : plan_.members(node)) {
                if (!active_ && world.is_active(router)) active_ = node;
                if (world.is_active(router) != (active_ == node) ||
                    world.holds_lease(router) != (active_ == node))
                    return violated(world, "router " + std::to_string(router) + " of node " +
                                               std::to_string(node) + " is not as node " +
                                               (active_ ? std::to_string(*active_) : "none") +
                                               " leads, though all is well");
            }
        if (!active_) violated(world, "nobody is Active though all is well");
    }
    std::optional<std::size_t> active() const { return active_; }

  private:
    const Plan& plan_;
    std::optional<std::size_t> active_;
};

void run(std::uint64_t seed, Links kind, Tally& tally) {
    Random random(seed);
    const Plan plan = draw_plan(random, kind);
    World world(seed + 1, plan.parameters);
    Conduct conduct;
    Departure departure;
    Answering answering;
    SettledAsOne settled(plan);
    Exclusion exclusion(plan.parameters.size(), plan.max_delay, plan.interval);
    world.watch(conduct);
    world.watch(departure);
    world.watch(answering);
    world.watch(settled);
    world.watch(tally);
    if (kind == Links::AreWell) world.watch(exclusion);
    enact(plan, kind, random, world);
    world.run_until(plan.settled + 10 * plan.interval);

    for (const Property* property : {static_cast<Property*>(&conduct), static_cast<Property*>(&departure),
                                     static_cast<Property*>(&answering), static_cast<Property*>(&settled),
                                     static_cast<Property*>(&exclusion)})
        EXPECT_EQ(property->violation().value_or(""), "") << "seed " << seed;
    if (!settled.active() || !plan.parameters.front().preempt) return;
    const auto leads = plan.parameters[plan.members(*settled.active()).front()].priority;
    for (const Parameters& parameters : plan.parameters)
        EXPECT_LE(parameters.priority, leads) << "seed " << seed;
}

void run_all(Links kind) {
    Tally tally;
    const auto chosen = number_from("VRRP_XDP_SIM_SEED");
    const std::uint64_t first = chosen.value_or(1);
    const std::uint64_t last = chosen.value_or(number_from("VRRP_XDP_SIM_RUNS").value_or(kSeeds));
    for (std::uint64_t seed = first; seed <= last && !testing::Test::HasFailure(); ++seed)
        run(seed, kind, tally);
    if (chosen) return;
    for (const Cause cause : {Cause::GroupActive, Cause::GroupBackup, Cause::GroupFaulted})
        EXPECT_GT(tally.causes.count(cause), 0U) << "cause " << static_cast<int>(cause);
}

/// Two nodes whose first link is cut: each hears the other on the second one alone.
TEST(SyncGroups, DoNotMoveToAndFro_WhereOnlyOneLinkIsCut) {
    Plan plan{.nodes = 2, .links = 2, .interval = 1s, .max_delay = 1ms};
    for (std::size_t router = 0; router < 4; ++router)
        plan.parameters.push_back({.version = Version::V3,
                                   .priority = *Priority::from(router < 2 ? 200 : 100),
                                   .advertise_interval = 1s,
                                   .preempt = true,
                                   .primary_address = IpAddress::from_bytes(std::array<std::uint8_t, 4>{
                                       192, 0, 2, static_cast<std::uint8_t>(router + 1)})});
    World world(1, plan.parameters);
    world.network = {.max_delay = plan.max_delay};
    world.latency = plan.max_delay;
    Tally tally;
    for (std::size_t node = 0; node < plan.nodes; ++node) {
        world.group(plan.members(node));
        world.at(kStart, [&world, members = plan.members(node)] {
            for (const std::size_t router : members) world.start(router);
        });
    }
    world.at(kStart + 30s, [&] {
        world.network.side = {0, 0, 1, 0};
        world.watch(tally);
    });
    world.run_until(kStart + 300s);
    EXPECT_THAT(tally.causes, testing::IsEmpty());
    EXPECT_TRUE(world.is_active(0) && world.is_active(1));
}

TEST(SyncGroups, AreNotSplit_OnceTheNetworkHasHealed) { run_all(Links::CutAtRandom); }

TEST(SyncGroups, NeverShareALease_ButAsVrrpAllows_WhereOnlyRoutersFail) { run_all(Links::AreWell); }

}  // namespace
}  // namespace vrrp_xdp::sim
