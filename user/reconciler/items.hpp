// SPDX-License-Identifier: BSD-2-Clause
// What must be true of an interface in the kernel, an item each: how it is looked at and how it is mended.
// docs/design/reconciler.md is the same list for people.
//
// To add one: a function that inspects, one that mends where that can be done in place, and a line in
// items(). Whoever owns the knowledge puts it here: what must be attached and which offloads must be off is
// asked of dataplane/, which frames a NIC must let in of net/link_socket.hpp.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "engine/managed_interface.hpp"
#include "net/interface_monitor.hpp"
#include "net/multicast_groups.hpp"
#include "reconciler/local_addresses.hpp"
#include "reconciler/program_watch.hpp"

namespace vrrp_xdp::reconciler {

/// What an item is looked at with. For the ordinary thread.
struct ItemContext {
    engine::ManagedInterface& interface;
    const net::InterfaceMonitor& kernel;
    const net::JoinedGroups& groups;
    LocalAddresses& addresses;
    const ProgramWatch& programs;
    /// Of the interface that all of it stands on, by its index and whatever it is called.
    std::optional<net::InterfaceState> state;
};

enum class Remedy : std::uint8_t {
    AttachAgain,  ///< leave every election there, and attach to what has the name
    InPlace,      ///< by mend(), while elections go on
    AskAgain,     ///< the protocol thread asks the kernel for everything
    Nobody,       ///< somebody has to do something
};

struct Item {
    const char* name;
    const char* must;  ///< what must be true, as a sentence
    Remedy remedy;
    /// Returns what differs, as a text after the interface's name; nothing if nothing does.
    std::optional<std::string> (*inspect)(const ItemContext&);
    void (*mend)(const ItemContext&) = nullptr;  ///< of Remedy::InPlace, unless inspect() mends as well
};

/// Returns the items in the order of their checks: the first difference is the reason to attach again.
std::span<const Item> items();

}  // namespace vrrp_xdp::reconciler
