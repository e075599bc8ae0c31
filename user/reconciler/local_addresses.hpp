// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>

#include "engine/managed_interface.hpp"

namespace vrrp_xdp::reconciler {

/// The virtual addresses that the host itself has while their Virtual Router, one with Accept_Mode, is
/// Active. For the ordinary thread: the data plane has switched before, and waits for nothing that is done
/// here.
class LocalAddresses {
  public:
    /// Gives the host what it is to have and takes what it is not to have, as the leases are now; so the last
    /// call is right, whatever happened before. What an instance before has left on the interface is ours to
    /// keep or to take.
    void follow(const engine::ManagedInterface& interface);

    /// Compares and repairs, and adds again what another program has removed. state: the kernel's.
    void follow(const engine::ManagedInterface& interface, const net::InterfaceState& state);

    /// Returns which address is missing or superfluous on the host, as part of a sentence.
    std::optional<std::string> difference(const engine::ManagedInterface& interface,
                                          const net::InterfaceState& state);

  private:
    using Addresses = std::set<protocol::IpAddress>;

    /// Returns the addresses that we have added to the interface and must remove again.
    Addresses& held_on(unsigned interface_index);
    void give(const engine::ManagedInterface& interface, const protocol::IpAddress& address);
    void give_back(const engine::ManagedInterface& interface, const protocol::IpAddress& address);
    void report(const engine::ManagedInterface& interface, const Error& error);

    std::map<unsigned, Addresses> held_;        ///< by the interface's index
    std::map<unsigned, Addresses> foreign_;     ///< that the host has of somebody else, while they are wanted
    std::map<unsigned, Addresses> given_back_;  ///< told once, until the Virtual Router is Active no longer
    std::map<std::string, std::string> told_;   ///< the last error of each interface: it is told once
};

}  // namespace vrrp_xdp::reconciler
