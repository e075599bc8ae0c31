// SPDX-License-Identifier: BSD-2-Clause
#include "controller/names.hpp"

#include <spdlog/fmt/fmt.h>

#include <chrono>

namespace vrrp_xdp::controller {

std::string to_string(protocol::State state) {
    switch (state) {
        case protocol::State::Initialize:
            return "initialize";
        case protocol::State::Backup:
            return "backup";
        case protocol::State::Active:
            return "active";
    }
    return "unknown";
}

std::string to_string(protocol::Family family) { return family == protocol::Family::Ipv4 ? "ipv4" : "ipv6"; }

std::string to_string(protocol::Cause cause) {
    switch (cause) {
        case protocol::Cause::None:
            return "none";
        case protocol::Cause::Startup:
            return "startup";
        case protocol::Cause::Adopted:
            return "adopted";
        case protocol::Cause::Shutdown:
            return "shutdown";
        case protocol::Cause::InterfaceUp:
            return "interface-up";
        case protocol::Cause::InterfaceDown:
            return "interface-down";
        case protocol::Cause::PrimaryAddressGone:
            return "no-primary-ip-address";
        case protocol::Cause::DataPlaneGone:
            return "data-plane-gone";
        case protocol::Cause::Faulted:
            return "faulted";
        case protocol::Cause::Recovered:
            return "recovered";
        case protocol::Cause::GroupFaulted:
            return "group-faulted";
        case protocol::Cause::GroupRecovered:
            return "group-recovered";
        case protocol::Cause::GroupActive:
            return "group-active";
        case protocol::Cause::GroupBackup:
            return "group-backup";
        case protocol::Cause::ActiveDownTimer:
            return "master-timeout";
        case protocol::Cause::HigherPriority:
            return "higher-priority-master";
        case protocol::Cause::LeaseExpired:
            return "lease-expired";
        case protocol::Cause::Fenced:
            return "fenced";
        case protocol::Cause::SendingFailed:
            return "sending-failed";
    }
    return "unknown";
}

std::string to_string(protocol::Duration duration) {
    const auto nanoseconds = duration.count();
    if (nanoseconds % 1'000'000'000 == 0) return fmt::format("{}s", nanoseconds / 1'000'000'000);
    return fmt::format("{:g}ms", static_cast<double>(nanoseconds) / 1e6);
}

double milliseconds(protocol::Duration duration) {
    return std::chrono::duration<double, std::milli>(duration).count();
}

}  // namespace vrrp_xdp::controller
