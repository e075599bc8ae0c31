// SPDX-License-Identifier: BSD-2-Clause
// What the world leaves open: a seed decides it, or a search that tries each of its alternatives.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "protocol/advertisement.hpp"
#include "protocol/state_machine.hpp"
#include "random.hpp"

namespace vrrp_xdp::sim {

using protocol::Duration;
using protocol::TimePoint;
using Bytes = std::vector<std::uint8_t>;

/// What the network does to a frame.
struct Network {
    Duration max_delay{};  ///< each frame's own, so that frames overtake one another
    unsigned loss = 0;     ///< these in percent
    unsigned duplication = 0;
    unsigned corruption = 0;
    std::vector<std::uint64_t> side{};    ///< of a partition, by router; none: all hear each other
    TimePoint latest = protocol::kNever;  ///< whatever is under way arrives by then
};

class Fate {
  public:
    Fate() = default;
    Fate(const Fate&) = delete;
    Fate& operator=(const Fate&) = delete;
    virtual ~Fate() = default;

    /// Returns the form of version 3, in which both are in use.
    virtual protocol::ChecksumForm checksum_form() = 0;
    /// Returns whether a router hears its own advertisement.
    virtual bool comes_back(std::size_t router) = 0;
    virtual bool is_doubled(const Network& network) = 0;
    /// Returns how long a frame is on its way; nothing if it is lost.
    virtual std::optional<Duration> delay(std::size_t from, std::size_t to, const Bytes& message,
                                          const Network& network) = 0;
    /// Returns what arrives of a message that is damaged; nothing if it is not.
    virtual std::optional<Bytes> damaged(const Bytes& message, const Network& network) = 0;
    /// Returns how late a timer is, at most so much.
    virtual Duration latency(Duration most) = 0;
};

/// A seed's.
class Chance final : public Fate {
  public:
    explicit Chance(std::uint64_t seed) : random_(seed) {}
    protocol::ChecksumForm checksum_form() override;
    bool comes_back(std::size_t router) override;
    bool is_doubled(const Network& network) override;
    std::optional<Duration> delay(std::size_t from, std::size_t to, const Bytes& message,
                                  const Network& network) override;
    std::optional<Bytes> damaged(const Bytes& message, const Network& network) override;
    Duration latency(Duration most) override;

  private:
    Random random_;
};

}  // namespace vrrp_xdp::sim
