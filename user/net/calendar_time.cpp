// SPDX-License-Identifier: BSD-2-Clause
#include "net/calendar_time.hpp"

#include <array>
#include <chrono>
#include <ctime>

#include "net/boot_clock.hpp"

namespace vrrp_xdp::net {

std::string calendar_time(protocol::TimePoint when) {
    using std::chrono::system_clock;
    return calendar_time(system_clock::now() -
                         std::chrono::duration_cast<system_clock::duration>(boot_now() - when));
}

std::string calendar_time(std::chrono::system_clock::time_point when) {
    const std::time_t seconds = std::chrono::system_clock::to_time_t(when);
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    std::array<char, 32> text{};
    std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
    return text.data();
}

}  // namespace vrrp_xdp::net
