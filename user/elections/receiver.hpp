// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "elections/messages.hpp"
#include "protocol/advertisement.hpp"
#include "vrrp_xdp/abi.h"

namespace vrrp_xdp::dataplane {
class Port;
}

namespace vrrp_xdp::elections {

class RouterSet;

/// What the data plane hands over, and what follows from it.
class Receiver {
  public:
    explicit Receiver(RouterSet& routers) : routers_(routers) {}

    /// Has the events of the interface's slots belong to it.
    void take_in(std::uint32_t index);
    /// Returns whether the interface's port is one that is taken in already.
    bool knows_port_of(std::uint32_t index) const;
    /// Ignores what is received for the interface from now on.
    void forget(std::uint32_t index);
    /// Forgets the port, which is no longer used.
    void drop_port(const dataplane::Port* port);

    /// Processes the events that wait, of each port at most so many that timers need not wait for them.
    void receive();
    /// Returns whether some are left for the next turn.
    bool has_backlog() const { return has_backlog_; }
    /// Returns until when nothing that came in for the interface still waits to be received.
    protocol::TimePoint heard_until(const Interface& interface) const;

  private:
    /// Whose a slot is. election: as events of it name it.
    struct SlotOwner {
        RouterId router;
        vrrp_xdp_vr_key election;
    };
    /// A MAC address that somebody claims virtual addresses for.
    struct Claimant {
        protocol::MacAddress mac;
        protocol::TimePoint told{};
    };
    /// A port that interfaces share, and whose its slots are.
    struct SharedPort {
        dataplane::Port* data_plane;
        std::vector<std::optional<SlotOwner>> owners;  ///< by slot
        /// All that came in before has been received; kNever if nothing waits in the ring.
        protocol::TimePoint heard_until = protocol::kNever;
        protocol::TimePoint last_event{};
        std::array<Claimant, 8> claimants{};  ///< told last
    };
    struct IsAt {
        const dataplane::Port* data_plane;
        bool operator()(const SharedPort& port) const { return port.data_plane == data_plane; }
    };

    void receive(SharedPort& port, const vrrp_xdp_event& event);
    void receive_advertisement(RouterId id, const vrrp_xdp_event& event);
    /// Has the data plane answer again after an advertisement that this router does not yield to.
    void confirm_lease(RouterId id);
    /// Returns what differs, enum vrrp_xdp_difference.
    std::uint64_t note_differences(RouterId id, const protocol::Advertisement& advertisement);
    void note_signer(RouterId id, const Signer& signer);
    void receive_claim(SharedPort& port, RouterId id, const vrrp_xdp_event& event);

    RouterSet& routers_;
    std::vector<SharedPort> ports_;
    bool has_backlog_ = false;  ///< events wait that this turn left for the next one
};

}  // namespace vrrp_xdp::elections
