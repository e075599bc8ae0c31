// SPDX-License-Identifier: BSD-2-Clause
// Asks for a gateway at a steady rate, and notes the kernel's times of the answers. Needs CAP_NET_RAW alone.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "probe/analysis.hpp"
#include "probe/packets.hpp"
#include "protocol/types.hpp"
#include "support/result.hpp"
#include "support/unique_fd.hpp"

namespace vrrp_xdp::probe {

struct Plan {
    std::string interface;
    protocol::IpAddress gateway;
    Duration period;
    /// Echo requests are sent to it by way of the gateway; of the gateway's family.
    std::optional<protocol::IpAddress> beyond{};
    std::optional<Duration> duration{};  ///< else until SIGINT or SIGTERM
};

/// What became of it so far.
struct Findings {
    Analysis neighbour{std::chrono::milliseconds(50)};  ///< ARP or Neighbour Discovery
    Analysis echo{std::chrono::seconds(1)};
};

/// What happens meanwhile, for who looks on.
struct Audience {
    std::function<void(const char* what, const Outage&)> outage_ended;
    std::function<void(const Findings&, Time now)> moment_passed;  ///< some times a second
};

class Prober {
  public:
    static Result<Prober> open(const Plan& plan);

    /// Returns at the end. Signals are blocked from then on.
    Result<Findings> run(const Audience& audience);

  private:
    Prober(Plan plan, UniqueFd socket, const Asker& neighbour, const Asker& echo);

    void ask();
    void drain(const Audience& audience);
    void hear(std::span<const std::uint8_t> frame, Time at, const Audience& audience);

    Plan plan_;
    UniqueFd socket_;
    Asker asker_;
    Asker echo_asker_;
    net::Frame question_;
    std::uint16_t identifier_;
    std::optional<protocol::MacAddress> gateway_mac_;  ///< that answered last
    Findings findings_;
};

/// Returns CLOCK_REALTIME.
Time now();

}  // namespace vrrp_xdp::probe
