// SPDX-License-Identifier: BSD-2-Clause
// One interface with our programs on it, as the ordinary thread has it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "dataplane/interface.hpp"
#include "dataplane/mapped_port.hpp"
#include "dataplane/mode.hpp"
#include "protocol/advertisement.hpp"
#include "protocol/types.hpp"
#include "support/result.hpp"
#include "vrrp_xdp/abi.h"

struct vrrp_xdp_bpf;

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
class AttachedPort {
  public:
    AttachedPort() = default;
    AttachedPort(const AttachedPort&) = delete;
    AttachedPort& operator=(const AttachedPort&) = delete;
    virtual ~AttachedPort() = default;

    /// Loads and attaches the programs. What a predecessor of the same ABI version has pinned is shared: its
    /// maps with all that they hold, its mode and its hooks, in which our programs take the place of its own
    /// in claim(), from one frame to the next. Else maps are made and pinned, and what is in the way is
    /// removed.
    ///
    /// While the predecessor lives it goes on as if nothing had happened, until claim(); if that is never
    /// called, this port leaves everything to it.
    ///
    /// Fails in a time namespace whose boot clock is not the data plane's, if another XDP program is there,
    /// if there are more Virtual Routers or addresses than the maps hold, if the mode cannot be or cannot see
    /// VLAN tags, and if what a living predecessor has cannot be shared.
    static Result<std::shared_ptr<AttachedPort>> attach(const Interface& interface, Mode mode,
                                                        std::span<const VirtualRouter> virtual_routers,
                                                        Predecessor predecessor);

    /// Makes the port ours, once there is nobody else whose it is: the maps hold the Virtual Routers of this
    /// one and no others. The leases of those that were there already stay as they are.
    virtual Result<void> claim() = 0;

    /// Lets these in beside those that are there, for a configuration that is to take the place of the
    /// present one. Who is there already keeps its slot and all that the maps hold of it; an address stays
    /// with the one that has it. Returns their slots, as slots() would. Then settle() or abandon(). Fails as
    /// attach() does, and has then abandoned it.
    virtual Result<std::vector<std::uint32_t>> admit(std::span<const VirtualRouter> virtual_routers) = 0;

    /// Keeps only the Virtual Routers that were admitted last.
    virtual Result<void> settle() = 0;

    /// Restores the state before admit().
    virtual void abandon() = 0;

    /// Returns whether the program is still attached to the interface and pinned. Makes a system call for
    /// each.
    virtual bool is_attached() const = 0;

    /// Returns the names of NIC features that strip VLAN tags and hide them from the program; none in clsact
    /// mode.
    virtual std::vector<std::string> hides_tags() const = 0;
    /// Turns off what strips VLAN tags on the NIC, where that would hide them from the program: ethtool or a
    /// reset may have turned it on. Returns the names of what was on. For ordinary threads.
    virtual Result<std::vector<std::string>> keep_tags() = 0;

    /// Returns whether the XDP program has seen a frame since the last call. Makes no system call.
    virtual bool has_run() noexcept = 0;

    /// Leaves everything to a successor: the destructor removes nothing.
    virtual void leave_in_place() noexcept = 0;

    /// Removes everything now, as the destructor would, so that it can be attached again.
    virtual void take_away() = 0;

    /// Returns the part of it that elections work with. It lives as long as this.
    virtual MappedPort& elections() = 0;

    /// Returns the index of each Virtual Router in the arrays, in the order of the list given to attach().
    virtual const std::vector<std::uint32_t>& slots() const = 0;

    /// Returns the mode, which is not Auto.
    virtual Mode mode() const = 0;
    /// Returns why Auto did not select native mode, as one sentence; empty if it did or was not requested.
    virtual const std::string& mode_reason() const = 0;
    /// Sets the reason of the mode.
    virtual void explain_mode(std::string reason) = 0;
    /// Returns what may be hidden from the program in this mode, and what to do; empty if nothing is.
    virtual const std::string& mode_warning() const = 0;

    /// Has an interface that is a bridge keep what is sent to the virtual MACs of those whose leases run,
    /// where it would flood it to all its ports, and leave to its ports what is sent to any other's. Nothing
    /// on other interfaces. Waits for the kernel, and so is not for the protocol thread.
    virtual void follow_leases(protocol::TimePoint now) = 0;

    /// A message to the kernel by which anybody ends what follow_leases() began for a slot, and the socket
    /// that takes it.
    struct Order {
        int socket;
        std::vector<std::uint8_t> message;
    };
    /// Returns the order, or nothing if the interface is not a bridge.
    virtual std::optional<Order> order_to_leave(std::uint32_t slot) const = 0;

    /// Returns whether the device accepts frames to this address even without this process;
    /// refusal_to_let_in() tells why not. Otherwise, a socket must request it.
    virtual bool lets_in(const protocol::MacAddress& address) const = 0;
    /// Makes entries that somebody has removed from the device, a few each time. Returns whose they are.
    virtual std::vector<protocol::MacAddress> let_in_again() = 0;
    /// Returns why the device refuses an entry for a virtual MAC; empty if it accepts them all.
    virtual const std::string& refusal_to_let_in() const = 0;

    /// Sets the MAC and the index of the Virtual Router's interface after a change. Makes a system call for
    /// each address.
    virtual void set_interface(std::uint32_t slot, unsigned index, const protocol::MacAddress& mac) = 0;

    /// Takes the Virtual Router out of the maps: its frames are untouched from here on. Its slot stays empty.
    virtual void withdraw(std::uint32_t slot) noexcept = 0;

    /// Sums over all CPUs. For ordinary threads: a system call each.
    virtual vrrp_xdp_vr_counters counters(std::uint32_t slot) const = 0;
    virtual vrrp_xdp_port_counters port_counters() const = 0;

    /// The programs with their maps: for others that work on the same maps.
    virtual const vrrp_xdp_bpf& programs() const = 0;

    /// Descriptors of programs that do what the port's own do, and more.
    struct StandIns {
        int received;               ///< for the hook of the mode
        int sent_from_virtual_mac;  ///< for egress, where the port needs a program there
        int sent;                   ///< for egress, where it does not
    };
    /// Puts these in the places of the port's own programs, or those back where there are none, from one
    /// frame to the next. They are not held by the port. Fails where the port is a successor's by now.
    virtual Result<void> stand_in(const std::optional<StandIns>& programs) = 0;
};

}  // namespace vrrp_xdp::dataplane
