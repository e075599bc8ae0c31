// SPDX-License-Identifier: BSD-2-Clause
#include "protocol/text.hpp"

#include <array>
#include <chrono>
#include <cstdio>

namespace vrrp_xdp::protocol {

std::string to_string(State state) {
    switch (state) {
        case State::Initialize:
            return "initialize";
        case State::Backup:
            return "backup";
        case State::Active:
            return "active";
    }
    return "unknown";
}

std::string to_string(Family family) { return family == Family::Ipv4 ? "ipv4" : "ipv6"; }

std::string to_string(Cause cause) {
    switch (cause) {
        case Cause::None:
            return "none";
        case Cause::Startup:
            return "startup";
        case Cause::Adopted:
            return "adopted";
        case Cause::Shutdown:
            return "shutdown";
        case Cause::InterfaceUp:
            return "interface-up";
        case Cause::InterfaceDown:
            return "interface-down";
        case Cause::PrimaryAddressGone:
            return "no-primary-ip-address";
        case Cause::DataPlaneGone:
            return "data-plane-gone";
        case Cause::Faulted:
            return "faulted";
        case Cause::Recovered:
            return "recovered";
        case Cause::GroupFaulted:
            return "group-faulted";
        case Cause::GroupRecovered:
            return "group-recovered";
        case Cause::GroupActive:
            return "group-active";
        case Cause::GroupBackup:
            return "group-backup";
        case Cause::ActiveDownTimer:
            return "master-timeout";
        case Cause::HigherPriority:
            return "higher-priority-master";
        case Cause::LeaseExpired:
            return "lease-expired";
        case Cause::Fenced:
            return "fenced";
        case Cause::SendingFailed:
            return "sending-failed";
    }
    return "unknown";
}

std::string to_string(Duration duration) {
    const auto nanoseconds = duration.count();
    if (nanoseconds % 1'000'000'000 == 0) return std::to_string(nanoseconds / 1'000'000'000) + "s";
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%gms", milliseconds(duration));
    return text.data();
}

double milliseconds(Duration duration) { return std::chrono::duration<double, std::milli>(duration).count(); }

}  // namespace vrrp_xdp::protocol
