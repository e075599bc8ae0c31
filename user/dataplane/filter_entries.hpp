// SPDX-License-Identifier: BSD-2-Clause
// The entries of a port's filter that are ours: each is noted in the pinned map filter_entries before it is
// made, so that whoever comes later takes away what we made and nothing else.
#pragma once

#include <compare>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "dataplane/attached_port.hpp"
#include "support/result.hpp"

namespace vrrp_xdp::dataplane {

/// An entry that is noted.
struct NotedEntry {
    protocol::MacAddress address;
    unsigned interface_index;
    std::uint16_t vlan_id = 0;

    friend auto operator<=>(const NotedEntry&, const NotedEntry&) = default;
};

/// Returns the entries of the map. map_fd: filter_entries.
std::vector<NotedEntry> read_entries(int map_fd);

/// Records the entry, and returns whether it was not recorded before.
bool note_entry(int map_fd, const NotedEntry& entry);
void forget_entry(int map_fd, const NotedEntry& entry);

/// Takes these away from their devices; the notes stay.
void remove_entries(std::span<const NotedEntry> entries);

/// What lets frames in at a port: the virtual MACs, and the groups that its Virtual Routers listen to.
class FilterEntries {
  public:
    /// Opens the filter of an interface. map_fd: the map filter_entries, which stays open meanwhile.
    FilterEntries(const Interface& interface, int map_fd);

    /// Makes what these need and the device has not. What cannot be made is told by refusal().
    void let_in(std::span<const VirtualRouter> virtual_routers);

    /// Takes away what none of these needs.
    void let_in_no_others(std::span<const VirtualRouter> virtual_routers);

    /// Makes what somebody has removed. Looks at a few of them each time, in turn. Returns what was missing.
    std::vector<protocol::MacAddress> restore();

    /// Returns whether the address has an entry of ours, so that frames to it arrive even without a process.
    /// An entry of another program may disappear with it.
    bool lets_in(const protocol::MacAddress& address) const;

    /// Returns why the filter could not be opened permanently for a virtual MAC; empty if it was for all.
    const std::string& refusal() const { return refusal_; }

  private:
    unsigned interface_index_;
    bool is_bridge_;
    int map_fd_;
    std::vector<protocol::MacAddress> needed_;
    std::size_t next_ = 0;  ///< of the needed that restore() looks at
    std::string refusal_;
};

}  // namespace vrrp_xdp::dataplane
