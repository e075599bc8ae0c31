// SPDX-License-Identifier: BSD-2-Clause
// A network namespace of a test's own, and a cable in it whose far end is the test.
#pragma once

#include <string>

#include "support/packet.hpp"
#include "support/unique_fd.hpp"

namespace vrrp_xdp::test {

/// While it lives, this thread is in a new network namespace; with its end go all interfaces in there.
class NetworkSandbox {
  public:
    NetworkSandbox();
    ~NetworkSandbox();
    NetworkSandbox(const NetworkSandbox&) = delete;
    NetworkSandbox& operator=(const NetworkSandbox&) = delete;

  private:
    UniqueFd home_;
};

/// An Ethernet interface that is up. What the kernel sends on it, the test reads, and the other way round.
class Tap {
  public:
    explicit Tap(const std::string& name);

    unsigned index() const { return index_; }
    /// The kernel has processed the frame when this returns.
    void receive(const Bytes& frame) const;
    /// Sends as a packet socket does: the frame as it is, by way of the egress hook.
    void send(const Bytes& frame) const;
    /// The next frame that left the interface from or to such an address; the kernel sends some of its own
    /// accord. Fails after a time in which any frame would have come.
    Bytes next_sent_to(const MacAddress& destination) const;

  private:
    UniqueFd wire_;
    unsigned index_ = 0;
};

}  // namespace vrrp_xdp::test
