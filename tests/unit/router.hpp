// SPDX-License-Identifier: BSD-2-Clause
// One election in the hands of a test: it steps the state machine and keeps what came of it.
#pragma once

#include <optional>
#include <ostream>

#include "builders.hpp"
#include "protocol/state_machine.hpp"
#include "protocol/timers.hpp"

namespace vrrp_xdp::protocol {

inline std::ostream& operator<<(std::ostream& out, const Actions& actions) {
    return out << "{advertise " << actions.advertise << ", farewell " << actions.say_farewell << ", announce "
               << actions.announce_addresses << '}';
}

inline constexpr Actions kNothing{};
inline constexpr Actions kAdvertise{.advertise = true};
inline constexpr Actions kFarewellOnly{.say_farewell = true};
inline constexpr Actions kTakeOver{.advertise = true, .announce_addresses = true};

inline constexpr TimePoint kStart = TimePoint(std::chrono::hours(1));
inline constexpr Duration kInterval = std::chrono::seconds(1);

inline Parameters configured(int priority_value = 100, bool preempt = true, Version version = Version::V3) {
    return {version, priority(priority_value), kInterval, preempt, ip("192.0.2.10")};
}

class Router {
  public:
    explicit Router(const Parameters& configuration = configured()) : parameters(configuration) {}

    /// A Backup Router since kStart.
    static Router backup(Parameters configuration = configured()) {
        Router router(configuration);
        const bool owner = configuration.priority.is_owner();
        router.on(Startup{});
        // An owner is only a Backup Router after it heard a better one.
        if (owner) router.hear(255, "255.255.255.255");
        return router;
    }

    /// An Active Router since now, kStart at the earliest, whose first advertisement has left.
    static Router active(const Parameters& configuration = configured()) {
        Router router(configuration);
        router.on(Startup{});
        if (router.election.state == State::Backup) {
            router.now = router.election.timer;
            router.on(TimerExpired{});
        }
        router.on(AdvertisementSent{router.now});
        return router;
    }

    Router& after(Duration duration) {
        now += duration;
        return *this;
    }
    Router& at(TimePoint time) {
        now = time;
        return *this;
    }

    Router& on(const Event& event) {
        const Step result = step(parameters, election, event, now);
        election = result.election;
        actions = result.actions;
        discard = result.discard;
        followed = result.followed;
        return *this;
    }
    Router& hear(std::uint8_t heard_priority, const char* source = "192.0.2.20",
                 Duration interval = kInterval) {
        return on(AdvertisementReceived{heard_priority, ip(source), interval});
    }
    Router& expire() { return at(election.timer).on(TimerExpired{}); }
    Router& sent() { return on(AdvertisementSent{now}); }

    TimePoint next_advertisement() const {
        return protocol::next_advertisement(now, parameters.advertise_interval);
    }
    Duration skew(Duration interval = kInterval) const {
        return skew_time(parameters.version, parameters.priority, interval);
    }
    Duration patience(Duration interval = kInterval) const {
        return active_down_interval(parameters.version, parameters.priority, interval);
    }

    Parameters parameters;
    Election election{};
    TimePoint now = kStart;
    Actions actions{};
    bool followed = false;
    std::optional<Discard> discard{};
};

}  // namespace vrrp_xdp::protocol
