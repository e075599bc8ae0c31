// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "elections/messages.hpp"

namespace vrrp_xdp::elections {

class RouterSet;

/// Sends at the end of a turn what was queued in it, and tells elections what has left.
class Sender {
  public:
    explicit Sender(RouterSet& routers) : routers_(routers) {}

    /// Sends all advertisements before any announcement: other routers must know first.
    void send();

  private:
    void send_advertisements(std::uint32_t index);
    /// Notes that an advertisement of the Virtual Router was sent. at: the time before it was passed to the
    /// kernel.
    void note_sent(RouterId id, protocol::TimePoint at);
    /// Notes that messages of the interface were passed to the kernel and not sent.
    void note_unsent(std::uint32_t index);
    void send_announcements(std::uint32_t index);
    void note_sending(std::uint32_t index, int error);

    RouterSet& routers_;
};

}  // namespace vrrp_xdp::elections
