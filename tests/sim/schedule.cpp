// SPDX-License-Identifier: BSD-2-Clause
#include "schedule.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <functional>

#include "protocol/timers.hpp"

namespace vrrp_xdp::sim {

using namespace protocol;
using namespace std::chrono_literals;

namespace {

constexpr TimePoint kStart = TimePoint(1h);

bool is_hostile(Kind kind) {
    return kind == Kind::HostileNetwork_AllPreempt || kind == Kind::HostileNetwork_AnyPreempt;
}

/// Above and below 128, and never the same one twice.
IpAddress random_address(Random& random, std::size_t router) {
    const std::array<std::uint8_t, 4> bytes{first_byte(random), static_cast<std::uint8_t>(random.below(256)),
                                            0, static_cast<std::uint8_t>(router + 1)};
    return IpAddress::from_bytes(bytes);
}

std::vector<Parameters> random_parameters(Random& random, Kind kind) {
    const Version version = random.pick({Version::V2, Version::V3});
    const Duration interval = version == Version::V2 ? random.pick<Duration>({1s, 2s, 10s})
                                                     : random.pick<Duration>({10ms, 50ms, 100ms, 1s, 10s});
    // Version 2 makes equal intervals a condition (RFC 3768 §7.1). Version 3 learns the Active Router's, but
    // a newcomer that counts faster may take over before it heard anything (RFC 9568 §5.2.7): such routers
    // promise to settle and no more.
    const bool own_intervals = version == Version::V3 && is_hostile(kind) && random.percent(30);
    const bool few_priorities = random.percent(40);
    const bool has_owner = random.percent(25);
    const bool preempt_varies = kind == Kind::HostileNetwork_AnyPreempt ||
                                (kind != Kind::HostileNetwork_AllPreempt && random.percent(50));
    const bool preempt_somewhere = random.percent(50);

    std::vector<Parameters> parameters;
    const std::size_t routers = 2 + random.below(4);
    for (std::size_t router = 0; router < routers; ++router) {
        std::int64_t value = few_priorities ? random.pick({50, 100, 100, 254})
                                            : 1 + static_cast<std::int64_t>(random.below(254));
        // A second owner is a mistake that must not do harm.
        if (has_owner && (router == 0 || random.percent(5))) value = 255;
        parameters.push_back({
            .version = version,
            .priority = *Priority::from(value),
            .advertise_interval = own_intervals ? random.pick({1, 2, 4}) * interval : interval,
            .preempt = !preempt_varies || (preempt_somewhere && random.percent(50)),
            .primary_address = random_address(random, router),
        });
    }
    return parameters;
}

struct Fault {
    std::function<void()> begin;
    std::function<void()> end;
};

/// One after the other, at random, until the network heals.
void enact_faults(const std::vector<Fault>& faults, const Schedule& schedule, Random& random, World& world) {
    if (faults.empty()) return;
    TimePoint time = kStart;
    while (true) {
        time += random.up_to(12 * schedule.interval);
        if (time >= schedule.healed) return;
        const Fault& fault = faults[random.below(faults.size())];
        world.at(time, fault.begin);
        time += random.up_to(random.pick({1, 4, 8}) * schedule.interval);
        if (time < schedule.healed) world.at(time, fault.end);
    }
}

void enact_router_faults(const Schedule& schedule, Kind kind, Random& random, World& world,
                         std::size_t router) {
    const Fault crash{[=, &world] { world.crash(router); }, [=, &world] { world.start(router); }};
    const Fault stall{[=, &world] { world.stall(router); }, [=, &world] { world.resume(router); }};
    const Fault stop{[=, &world] { world.stop(router); }, [=, &world] { world.start(router); }};
    const Duration interval = schedule.parameters[router].advertise_interval;
    const Fault mute{[=, &world] { world.mute(router); }, [=, &world] { world.unmute(router); }};

    const Fault stop_with_timer{[=, &world] { world.stop_as_its_timer_expires(router); }, stop.end};
    const Fault upgrade{[=, &world] { world.hand_over(router); }, [] {}};
    const Fault drain{[=, &world] { world.drain(router); }, [=, &world] { world.undrain(router); }};
    if (kind == Kind::DrainedRouters && schedule.only_drains)
        return enact_faults({drain, upgrade}, schedule, random, world);
    if (kind == Kind::DrainedRouters) {
        enact_faults({drain}, schedule, random, world);
        return enact_faults({stop, crash, upgrade}, schedule, random, world);
    }
    if (kind == Kind::OrderlyRouters)
        return enact_faults({stop, stop_with_timer, upgrade}, schedule, random, world);
    // The guardian acts at once when the controller dies, and when it does not move for two intervals.
    const Fault fenced_crash{[=, &world] {
                                 world.crash(router);
                                 world.fence(router);
                             },
                             crash.end};
    const Fault fenced_stall{[=, &world] {
                                 world.stall(router);
                                 world.at(world.now() + 2 * interval, [=, &world] {
                                     if (world.routers()[router].stalled) world.fence(router);
                                 });
                             },
                             stall.end};
    const Priority other_priority = *Priority::from(random.pick({1, 50, 100, 200, 254}));
    const Fault reload{[=, &world] { world.reload(router, other_priority); }, [] {}};
    std::vector<Fault> faults;
    if (random.percent(25)) faults.push_back(fenced_crash);
    // The farewell of one that slept while another took over is believed.
    if (is_hostile(kind) && random.percent(25)) faults.push_back(fenced_stall);
    if (random.percent(25)) faults.push_back(upgrade);
    if (is_hostile(kind) && random.percent(25)) faults.push_back(reload);
    if (random.percent(50)) faults.push_back(crash);
    if (random.percent(50)) faults.push_back(stall);
    if (is_hostile(kind) && random.percent(50)) faults.push_back(stop);
    enact_faults(faults, schedule, random, world);
    if (random.percent(50)) enact_faults({mute}, schedule, random, world);
}

/// The network changes its mind every now and then.
void enact_weather(const Schedule& schedule, Random& random, World& world) {
    for (TimePoint time = kStart; time < schedule.healed;
         time += random.between(schedule.interval / 4, 8 * schedule.interval)) {
        Network conditions{
            .max_delay = random.pick({1, 16, 64, 256}) * schedule.interval / 64,
            .loss = random.pick({0U, 0U, 10U, 30U, 60U, 100U}),
            .duplication = random.pick({0U, 20U}),
            .corruption = random.pick({0U, 10U}),
            .latest = schedule.healed + schedule.max_delay,
        };
        if (random.percent(30))
            for (std::size_t i = 0; i < schedule.parameters.size(); ++i)
                conditions.side.push_back(random.below(2));
        world.at(time, [conditions, &world] { world.network = conditions; });
    }
}

/// Conditions come and go that lower a router's priority or raise it.
void enact_priorities(const Schedule& schedule, Random& random, World& world) {
    for (TimePoint time = kStart; time < schedule.healed; time += random.up_to(12 * schedule.interval)) {
        const auto router = static_cast<std::size_t>(random.below(schedule.parameters.size()));
        const Priority priority = *Priority::from(random.pick({1, 50, 100, 100, 200, 254}));
        world.at(time, [=, &world] { world.set_priority(router, priority); });
    }
}

/// Advertisements that must touch nothing, from before the first router starts until the end.
void enact_junk(const Schedule& schedule, Random& random, World& world) {
    for (TimePoint time = kStart; time < schedule.end; time += random.up_to(6 * schedule.interval)) {
        const auto to = static_cast<std::size_t>(random.below(schedule.parameters.size()));
        const std::uint8_t priority = random.pick<std::uint8_t>({0, 1, 255});
        const auto defect = random.below(3);
        world.at(time, [=, &schedule, &world] {
            const Duration interval = schedule.parameters[to].advertise_interval;
            const bool other_interval = defect == 0 && schedule.parameters[to].version == Version::V2;
            Bytes message = world.advertisement(to, priority, other_interval ? interval + 1s : interval);
            Envelope envelope = world.envelope(to);
            if (other_interval)
                envelope.source = IpAddress::from_bytes(std::array<std::uint8_t, 4>{203, 0, 113, 1});
            else if (defect == 1)
                envelope.ttl = 254;
            else
                message[6] ^= 0x5a;
            world.deliver(to, message, envelope);
        });
    }
}

void heal(const Schedule& schedule, World& world, const std::vector<bool>& stays_down) {
    world.network = {.max_delay = schedule.max_delay};
    for (std::size_t router = 0; router < schedule.parameters.size(); ++router) {
        world.unmute(router);
        world.resume(router);
        if (!stays_down[router]) world.start(router);
    }
}

}  // namespace

Schedule draw_schedule(Random& random, Kind kind) {
    Schedule schedule{.parameters = random_parameters(random, kind)};
    const auto& first = schedule.parameters.front();
    const auto by_interval = [](const Parameters& one, const Parameters& other) {
        return one.advertise_interval < other.advertise_interval;
    };
    const auto [shortest, longest] =
        std::minmax_element(schedule.parameters.begin(), schedule.parameters.end(), by_interval);
    schedule.interval = longest->advertise_interval;
    if (kind == Kind::DrainedRouters) schedule.only_drains = random.percent(60);

    // The shortest Skew_Time is the owner's, 1/256 of its unit, and so is the difference of two priorities.
    const Duration unit = first.version == Version::V2 ? Duration(1s) : shortest->advertise_interval;
    schedule.max_delay = unit / 1024;
    if (is_hostile(kind) && random.percent(50)) schedule.max_delay = shortest->advertise_interval / 4;

    Duration patience{};
    for (const Parameters& parameters : schedule.parameters)
        patience = std::max(patience, active_down_interval(parameters.version,
                                                           is_hostile(kind) || kind == Kind::DrainedRouters
                                                               ? Priority::lowest()
                                                               : parameters.priority,
                                                           schedule.interval));
    schedule.healed = kStart + static_cast<int>(8 + random.below(33)) * schedule.interval;
    // An Active Router whose lease has gone sees it by its next Adver_Timer, as a Backup Router it waits for
    // as long as its patience lasts, and when it takes over it says so at once. Two that were apart hear each
    // other by the next Adver_Timer. Each of these may come a delay and a latency late.
    schedule.settled = schedule.healed + schedule.interval + patience + 8 * schedule.max_delay;
    schedule.end = schedule.settled + 10 * schedule.interval;
    return schedule;
}

void enact(const Schedule& schedule, Kind kind, Random& random, World& world) {
    world.network = {.max_delay = schedule.max_delay};
    world.latency = schedule.max_delay;
    if (is_hostile(kind)) enact_weather(schedule, random, world);
    if (is_hostile(kind) && random.percent(50)) enact_priorities(schedule, random, world);
    enact_junk(schedule, random, world);

    const bool together = random.percent(30);
    std::vector<bool> stays_down;
    const auto routers = schedule.parameters.size();
    const auto survivor = random.below(routers);
    for (std::size_t router = 0; router < routers; ++router) {
        if (is_hostile(kind) && random.percent(15))
            world.delay_startup(router, random.up_to(2 * schedule.interval));
        world.at(kStart + (together ? Duration{} : random.up_to(6 * schedule.interval)),
                 [=, &world] { world.start(router); });
        enact_router_faults(schedule, kind, random, world, router);
        stays_down.push_back(router != survivor && random.percent(20) && !schedule.only_drains);
    }
    world.at(schedule.healed, [=, &schedule, &world] { heal(schedule, world, stays_down); });
}

}  // namespace vrrp_xdp::sim
