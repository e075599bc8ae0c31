// SPDX-License-Identifier: BSD-2-Clause
// One interface with our programs on it: what the controller can tell the data plane and learn from it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "dataplane/interface.hpp"
#include "dataplane/mode.hpp"
#include "protocol/advertisement.hpp"
#include "protocol/types.hpp"
#include "support/result.hpp"
#include "vrrp_xdp/abi.h"

namespace vrrp_xdp::dataplane {

/// What the addresses are to this router. Packets to a virtual address itself are taken in by their owner and
/// with Accept_Mode (RFC 9568 §6.4.3); only the owner speaks from it while it is not Active.
enum class LocalDelivery : std::uint8_t { Drop, AcceptMode, Owner };

/// Whether the host itself has one of the addresses, or is given them while Active, and so may send from it.
enum class HeldByHost : std::uint8_t { No, Yes };

/// A Virtual Router as the data plane knows it.
struct VirtualRouter {
    vrrp_xdp_vlan vlan;        ///< as frames come in at the port
    unsigned interface_index;  ///< of its interface, which in a VLAN is not the port
    protocol::MacAddress interface_mac;
    protocol::Vrid vrid;
    protocol::Version version;
    bool also_version_2;  ///< beside it
    LocalDelivery local_delivery;
    HeldByHost held_by_host;
    bool virtual_mac;                                ///< else the interface's stands in for it
    std::vector<protocol::IpAddress> unicast_peers;  ///< the only ones to be heard, if there are any
    std::uint8_t minimum_ttl = 255;
    std::optional<protocol::SharedSecret> secret;  ///< of version 2
    bool refuses_signed;                           ///< signed advertisements, which nobody verifies
    std::vector<protocol::IpAddress> addresses;    ///< one or more, of one family
    std::vector<protocol::MacAddress> groups{};    ///< multicast MACs that the device is to let in for it

    protocol::Family family() const { return addresses.front().family(); }
    protocol::MacAddress mac() const {
        return virtual_mac ? protocol::MacAddress::of_virtual_router(vrid, family()) : interface_mac;
    }
};

/// What is known of the instance that attached to the interface before, if there was one.
enum class Predecessor : std::uint8_t { Gone, Alive };

/// An attached port. Its end takes the programs and pins away; the leases are 0 before that.
class Port {
  public:
    /// Loads and attaches the programs. What a predecessor of the same ABI version has pinned is shared: its
    /// maps with all that they hold, its mode and its hooks, in which our programs take the place of its own
    /// in take_over(), from one frame to the next. Else maps are made and pinned, and what is in the way is
    /// removed.
    ///
    /// While the predecessor lives it goes on as if nothing had happened, until take_over(); if that is never
    /// called, this port leaves everything to it.
    ///
    /// Fails in a time namespace whose boot clock is not the data plane's, if another XDP program is there,
    /// if there are more Virtual Routers or addresses than the maps hold, if the mode cannot be or cannot see
    /// VLAN tags, and if what a living predecessor has cannot be shared.
    static Result<Port> attach(const Interface& interface, Mode mode,
                               std::span<const VirtualRouter> virtual_routers, Predecessor predecessor);

    /// Makes the port ours, once there is nobody else whose it is: the maps hold the Virtual Routers of this
    /// one and no others. The leases of those that were there already stay as they are.
    Result<void> claim();

    /// Lets these in beside those that are there, for a configuration that is to take the place of the
    /// present one. Who is there already keeps its slot and all that the maps hold of it; an address stays
    /// with the one that has it. Returns their slots, as slots() would. Then settle() or abandon(). Fails as
    /// attach() does, and has then abandoned it.
    Result<std::vector<std::uint32_t>> admit(std::span<const VirtualRouter> virtual_routers);

    /// Those that were admitted last are all that there are from now on.
    Result<void> settle();

    /// As it was before admit().
    void abandon();

    /// Whether the program is on the interface still, and pinned. A system call each.
    bool is_attached() const;

    /// The names of what strips VLAN tags on the NIC and hides them from the program; none in clsact mode.
    std::vector<std::string> hides_tags() const;
    /// Turns off what strips VLAN tags on the NIC, where that would hide them from the program: ethtool or a
    /// reset may have turned it on. Returns the names of what was on. For ordinary threads.
    Result<std::vector<std::string>> keep_tags();

    /// Whether the XDP program has seen a frame since the last call. No system call.
    bool has_run() noexcept;

    /// From now on it belongs to a successor: our end takes nothing away.
    void leave_in_place() noexcept;

    /// What its end does, now: for who attaches anew.
    void take_away();

    /// Where each Virtual Router is in the arrays, by its place in the list given to attach().
    const std::vector<std::uint32_t>& slots() const;

    Port(Port&&) noexcept;
    Port& operator=(Port&&) noexcept;
    Port(const Port&) = delete;
    Port& operator=(const Port&) = delete;
    ~Port();

    /// Not Auto.
    Mode mode() const;
    /// Why Auto did not end in native mode, as one sentence; empty if it did or was not asked.
    const std::string& mode_reason() const;
    /// For who asked for the mode and knows why.
    void explain_mode(std::string reason);
    /// What may be hidden from the program in this mode, and what to do; empty if nothing is.
    const std::string& mode_warning() const;

    /// Has an interface that is a bridge keep what is sent to the virtual MACs of those whose leases run,
    /// where it would flood it to all its ports, and leave to its ports what is sent to any other's. Nothing
    /// on other interfaces. Waits for the kernel, and so is not for the protocol thread.
    void follow_leases(protocol::TimePoint now);

    /// A message to the kernel by which anybody ends what follow_leases() began for a slot, and the socket
    /// that takes it.
    struct Order {
        int socket;
        std::vector<std::uint8_t> message;
    };
    /// Nothing where the interface is not a bridge.
    std::optional<Order> order_to_leave(std::uint32_t slot) const;

    /// Whether the device lets this address in whatever becomes of this process; see refusal_to_let_in() for
    /// why not. Else a socket has to ask for it.
    bool lets_in(const protocol::MacAddress& address) const;
    /// Makes entries that somebody has removed from the device, a few each time. Returns whose they are.
    std::vector<protocol::MacAddress> let_in_again();
    /// Why the device does not take an entry for a virtual MAC; empty if it takes them all.
    const std::string& refusal_to_let_in() const;

    /// One store, seen by the next frame: the data plane is Active for the slot before this time. noexcept,
    /// no system call.
    void store_lease(std::uint32_t slot, protocol::TimePoint deadline) noexcept;

    /// The same, if the lease still is what it was: nobody else has ended it. Whether it was.
    bool extend_lease(std::uint32_t slot, protocol::TimePoint from, protocol::TimePoint to) noexcept;

    /// Until then nothing that another router says ends the slot's lease. Stored before a lease that grows.
    void store_firm(std::uint32_t slot, protocol::TimePoint until) noexcept;

    /// Whether another router has said since then that it is Active: the data plane is silent, whatever is
    /// left of the lease.
    bool is_succeeded(std::uint32_t slot) const noexcept;

    /// What the slot's lease is now.
    protocol::TimePoint lease(std::uint32_t slot) const noexcept;

    /// The map of leases, for who shares them.
    int leases_fd() const;

    /// What the data plane is to take for the Active Router's heartbeat from the next frame on: stamped, and
    /// told to nobody. digest: protocol::digest(), 0 for none. differences: enum vrrp_xdp_difference.
    /// noexcept, no system call.
    void expect(std::uint32_t slot, std::uint64_t digest, std::uint64_t differences) noexcept;

    /// Of which priority on another router's advertisements can move the election, so that they are told of
    /// at a rate of their own: enum vrrp_xdp_urgency. noexcept, no system call.
    void tell_better_from(std::uint32_t slot, protocol::Priority priority) noexcept;

    /// When that last came in; the beginning of time if never.
    protocol::TimePoint last_heard(std::uint32_t slot) const noexcept;

    /// For when the Virtual Router's interface has another MAC, or is another one. A system call for each
    /// address.
    void set_interface(std::uint32_t slot, unsigned index, const protocol::MacAddress& mac);

    /// Takes the Virtual Router out of the maps: its frames are untouched from here on. Its slot stays empty.
    void withdraw(std::uint32_t slot) noexcept;

    /// Readable when events wait.
    int event_fd() const;
    using EventHandler = std::function<void(const vrrp_xdp_event&)>;
    /// What is left in the ring after at most so many events of it.
    enum class Remainder : std::uint8_t { None, Some };
    /// Hands waiting events to the handler, at most so many, in the order of their arrival.
    Remainder consume_events(const EventHandler& handler, std::size_t at_most);

    /// Sums over all CPUs. For ordinary threads: a system call each.
    vrrp_xdp_vr_counters counters(std::uint32_t slot) const;
    vrrp_xdp_port_counters port_counters() const;

  private:
    class Attachment;
    explicit Port(std::unique_ptr<Attachment> attachment);
    std::unique_ptr<Attachment> attachment_;
};

}  // namespace vrrp_xdp::dataplane
