// SPDX-License-Identifier: BSD-2-Clause
#include "fate.hpp"

namespace vrrp_xdp::sim {

using protocol::ChecksumForm;

ChecksumForm Chance::checksum_form() {
    return random_.pick({ChecksumForm::PseudoHeader, ChecksumForm::MessageOnly});
}

bool Chance::comes_back(std::size_t) { return random_.percent(10); }

bool Chance::is_doubled(const Network& network) { return random_.percent(network.duplication); }

std::optional<Duration> Chance::delay(std::size_t, std::size_t, const Bytes&, const Network& network) {
    if (random_.percent(network.loss)) return std::nullopt;
    return random_.up_to(network.max_delay);
}

std::optional<Bytes> Chance::damaged(const Bytes& message, const Network& network) {
    if (!random_.percent(network.corruption)) return std::nullopt;
    Bytes damaged = message;
    damaged[random_.below(damaged.size())] ^= static_cast<std::uint8_t>(1 + random_.below(255));
    return damaged;
}

Duration Chance::latency(Duration most) { return random_.up_to(most); }

}  // namespace vrrp_xdp::sim
