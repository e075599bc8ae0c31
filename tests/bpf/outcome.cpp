// SPDX-License-Identifier: BSD-2-Clause
#include "outcome.hpp"

#include <array>
#include <iomanip>

namespace vrrp_xdp::test {

#define VRRP_XDP_NAME(name, help) #name,
static constexpr std::array kVrCounters{VRRP_XDP_VR_COUNTERS(VRRP_XDP_NAME)};
static constexpr std::array kPortCounters{VRRP_XDP_PORT_COUNTERS(VRRP_XDP_NAME)};
#undef VRRP_XDP_NAME

std::string trace_name(vrrp_xdp_vr_counter counter, std::uint32_t slot) {
    return kVrCounters.at(counter) + (" of " + std::to_string(slot));
}

std::string trace_name(vrrp_xdp_port_counter counter) {
    return kPortCounters.at(counter) + std::string(" of the port");
}

std::ostream& operator<<(std::ostream& out, const Outcome& outcome) {
    out << outcome.verdict << ", " << outcome.frame.size() << " bytes:" << std::hex << std::setfill('0');
    for (const unsigned byte : outcome.frame) out << ' ' << std::setw(2) << byte;
    out << std::dec;
    for (const auto& [name, times] : outcome.traces) out << "\n    " << name << ": " << times;
    return out;
}

}  // namespace vrrp_xdp::test
