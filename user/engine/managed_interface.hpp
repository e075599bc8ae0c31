// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "dataplane/port.hpp"
#include "dataplane/port_lock.hpp"
#include "elections/virtual_router.hpp"
#include "guardian/fencing_plan.hpp"
#include "net/interface_monitor.hpp"
#include "net/link_socket.hpp"

namespace vrrp_xdp::engine {

/// An interface with everything that its Virtual Routers need. The ordinary thread makes it, and has it
/// whenever the protocol thread has let go of it: Suspended, Released or HandedOver. In between the protocol
/// thread alone changes it. The ordinary thread may then read what does not change meanwhile (names, indexes,
/// placement, port, slots, configurations), `followed`, which is atomic, and the snapshots, from
/// SnapshotTaken until it asks for the next ones. It may join the socket's groups again, and use the port, in
/// which leases and what is expected are the protocol thread's to write.
struct ManagedInterface {
    ManagedInterface(std::string interface_name, const net::InterfaceState& state, net::LinkSocket opened,
                     std::vector<elections::VirtualRouter> routers);

    /// On an interface that was made anew, or has a new port: as it was at the beginning, but for statistics.
    Result<void> open_again(unsigned interface_index);

    /// A copy of what all of it is now.
    void take_snapshots();

    /// Notes what a Virtual Router has to send at the end of this turn.
    void queue(std::uint32_t router, const protocol::Actions& actions);

    /// Opens what advertisements to unicast peers leave by.
    Result<void> open_peer_sockets();

    /// Whether all of what advertisements leave by still is bound to the interface. A system call each.
    bool has_bound_sockets() const;

    /// What the Virtual Router's advertisements leave by, and among what else.
    int socket_of(std::uint32_t router) const;
    net::FrameBatch& batch_of(std::uint32_t router);

    /// Hands over all advertisements that were added; see FrameBatch::flush().
    template <typename Sent>
    int flush_advertisements(Sent&& sent) {
        int error = 0;
        for (auto [batch, fd] :
             {std::pair(&advertisements, socket.fd()), std::pair(&to_ipv4_peers, ipv4_peers.get()),
              std::pair(&to_ipv6_peers, ipv6_peers.get())})
            if (!batch->empty())
                if (const int failed = batch->flush(fd, sent); failed != 0) error = failed;
        return error;
    }

    /// One store into the data plane.
    void store_lease(std::uint32_t router, protocol::TimePoint deadline) noexcept {
        port->store_lease(slots[router], deadline);
    }

    /// The same, unless the guardian has ended it: then false.
    bool extend_lease(std::uint32_t router, protocol::TimePoint from, protocol::TimePoint to) noexcept {
        return port->extend_lease(slots[router], from, to);
    }

    /// See Port::store_firm().
    void store_firm(std::uint32_t router, protocol::TimePoint until) noexcept {
        port->store_firm(slots[router], until);
    }

    /// What the data plane has: at the start that of the instance before.
    protocol::TimePoint lease(std::uint32_t router) const noexcept { return port->lease(slots[router]); }

    /// Whether it is silent all the same, as another router was heard.
    bool is_succeeded(std::uint32_t router) const noexcept { return port->is_succeeded(slots[router]); }

    void expect(std::uint32_t router, std::uint64_t digest, std::uint64_t differences) noexcept {
        port->expect(slots[router], digest, differences);
    }
    void expect_nothing(std::uint32_t router) noexcept { expect(router, 0, 0); }
    void tell_better_from(std::uint32_t router, protocol::Priority priority) noexcept {
        port->tell_better_from(slots[router], priority);
    }

    /// When the advertisement that is expected last came in.
    protocol::TimePoint last_heard(std::uint32_t router) const noexcept {
        return port->last_heard(slots[router]);
    }

    /// As the data plane names the Virtual Router's election.
    vrrp_xdp_vr_key election(std::uint32_t router) const;

    std::string name;
    unsigned index;
    std::string port_name;     ///< its own, or that of the port which its VLAN is on
    unsigned port_index = 0;   ///< that the programs were attached to
    net::Placement placement;  ///< as it was when its Virtual Routers were put into the maps
    /// net::fingerprint() of what the protocol thread goes by, told to the ordinary one.
    std::atomic<std::uint64_t> followed{0};
    std::shared_ptr<dataplane::PortLock> port_lock;  ///< held as long as any of them is
    std::shared_ptr<dataplane::Port> port;           ///< shared by all interfaces that come in there
    vrrp_xdp_vlan vlan{};                            ///< that its frames come in with there
    std::vector<std::uint32_t> slots;                ///< by router: where it is in the port's arrays
    net::LinkSocket socket;
    std::vector<elections::VirtualRouter> virtual_routers;
    std::vector<elections::VirtualRouterSnapshot>
        snapshots;                                 ///< by router: what the ordinary thread may read of them
    std::vector<protocol::IpAddress> passed_over;  ///< addresses_not_owned()
    bool sending_failed = false;                   ///< at that time
    std::span<guardian::FencingEntry> fencing_entries;  ///< by router
    std::vector<protocol::TimePoint> timers;  ///< by router; side by side, for they are looked through often
    protocol::TimePoint starts_at{};          ///< no election begins before; zero once none has to wait
    bool sending_fails = false;
    bool leaving = false;            ///< no election begins here any more
    std::vector<std::uint32_t> due;  ///< routers with something queued; its memory is kept

    net::FrameBatch advertisements;
    net::FrameBatch to_ipv4_peers;
    net::FrameBatch to_ipv6_peers;
    UniqueFd ipv4_peers;  ///< raw sockets, where a Virtual Router has unicast peers of the family
    UniqueFd ipv6_peers;
    net::FrameBatch announcements;
};

/// The virtual addresses of the interface that are the Active Router's, whoever that is: the host may have
/// them, but advertisements do not come from there.
std::vector<protocol::IpAddress> addresses_not_owned(const config::Interface& interface);

/// An interface of the configuration, and what the kernel says of it.
struct PlacedInterface {
    config::Interface config;
    net::InterfaceState state;
    net::Placement placement;
};

/// Where the Virtual Routers of each interface are in the arrays of a port, by name of the interface.
using SlotsByInterface = std::map<std::string, std::vector<std::uint32_t>>;

struct AttachedPort {
    std::shared_ptr<dataplane::Port> port;
    SlotsByInterface slots;
};
Result<AttachedPort> attach_port(const dataplane::Interface& port,
                                 const std::vector<PlacedInterface>& interfaces, dataplane::Mode mode,
                                 dataplane::Predecessor predecessor);

/// dataplane::Port::admit() for all Virtual Routers of these interfaces.
Result<SlotsByInterface> admit(dataplane::Port& port, const std::vector<PlacedInterface>& interfaces);

/// Its socket, tuned in to what its Virtual Routers want to hear and the port does not let in already.
Result<std::unique_ptr<ManagedInterface>> open_interface(const PlacedInterface& placed,
                                                         const dataplane::Port& port);

using ManagedInterfaces = std::vector<std::unique_ptr<ManagedInterface>>;

/// Attaches the data plane to the port that all of these share, and opens their sockets. Nothing is answered
/// or sent yet, and nothing taken from a living predecessor. port: what the kernel says of it.
Result<ManagedInterfaces> open_port(const net::InterfaceState& port,
                                    const std::vector<PlacedInterface>& interfaces, dataplane::Mode mode,
                                    dataplane::Predecessor predecessor);

}  // namespace vrrp_xdp::engine
