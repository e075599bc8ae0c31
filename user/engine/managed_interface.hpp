// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "dataplane/attached_port.hpp"
#include "dataplane/port_lock.hpp"
#include "elections/interface.hpp"
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
struct ManagedInterface : elections::Interface {
    ManagedInterface(std::string interface_name, const net::InterfaceState& state, net::LinkSocket opened,
                     std::vector<elections::VirtualRouter> routers);

    /// Opens it again on an interface that was created again, or has a new port: everything is as at the
    /// beginning, except statistics.
    Result<void> open_again(unsigned interface_index);

    /// Opens what advertisements to unicast peers leave by.
    Result<void> open_peer_sockets();

    /// Returns whether all sending sockets are still bound to the interface. Makes a system call for each.
    bool has_bound_sockets() const;

    /// Returns the socket that sends the Virtual Router's advertisements.
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

    /// Replaces the data plane.
    void use_port(std::shared_ptr<dataplane::AttachedPort> attached);

    std::string port_name;     ///< its own, or that of the port which its VLAN is on
    unsigned port_index = 0;   ///< that the programs were attached to
    net::Placement placement;  ///< as it was when its Virtual Routers were put into the maps
    std::shared_ptr<dataplane::PortLock> port_lock;  ///< held as long as any of them is
    std::shared_ptr<dataplane::AttachedPort> port;   ///< data_plane, for the ordinary thread
    net::LinkSocket socket;
    std::span<guardian::FencingEntry> fencing_entries;  ///< by router

    net::FrameBatch advertisements;
    net::FrameBatch to_ipv4_peers;
    net::FrameBatch to_ipv6_peers;
    UniqueFd ipv4_peers;  ///< raw sockets, where a Virtual Router has unicast peers of the family
    UniqueFd ipv6_peers;
    net::FrameBatch announcements;
};

/// Returns the virtual addresses of the interface that belong to the Active Router, whichever it is: the host
/// may have them, but they are not a source of advertisements.
std::vector<protocol::IpAddress> addresses_not_owned(const config::Interface& interface);

/// An interface of the configuration, and what the kernel says of it.
struct PlacedInterface {
    config::Interface config;
    net::InterfaceState state;
    net::Placement placement;
};

/// Where the Virtual Routers of each interface are in the arrays of a port, by name of the interface.
using SlotsByInterface = std::map<std::string, std::vector<std::uint32_t>>;

struct PortAndSlots {
    std::shared_ptr<dataplane::AttachedPort> port;
    SlotsByInterface slots;
};
Result<PortAndSlots> attach_port(const dataplane::Interface& port,
                                 const std::vector<PlacedInterface>& interfaces, dataplane::Mode mode,
                                 dataplane::Predecessor predecessor);

/// Calls dataplane::AttachedPort::admit() for all Virtual Routers of these interfaces.
Result<SlotsByInterface> admit(dataplane::AttachedPort& port, const std::vector<PlacedInterface>& interfaces);

/// Opens its socket, and accepts what its Virtual Routers need and the port does not already accept.
Result<std::unique_ptr<ManagedInterface>> open_interface(const PlacedInterface& placed,
                                                         const dataplane::AttachedPort& port);

using ManagedInterfaces = std::vector<std::unique_ptr<ManagedInterface>>;

/// Attaches the data plane to the port that all of these share, and opens their sockets. Nothing is answered
/// or sent yet, and nothing taken from a living predecessor. port: what the kernel says of it.
Result<ManagedInterfaces> open_port(const net::InterfaceState& port,
                                    const std::vector<PlacedInterface>& interfaces, dataplane::Mode mode,
                                    dataplane::Predecessor predecessor);

}  // namespace vrrp_xdp::engine
