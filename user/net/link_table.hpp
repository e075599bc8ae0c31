// SPDX-License-Identifier: BSD-2-Clause
// A copy of the kernel's interfaces and addresses, made of its netlink messages and of nothing else.
#pragma once

#include <linux/netlink.h>

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "net/interface_state.hpp"

namespace vrrp_xdp::net {

/// Keyed by the interface's index alone, for a name may pass from one interface to another. What concerns one
/// address family or a bridge's ports (AF_INET6, AF_BRIDGE) does not describe the interface itself, and is
/// passed over: one interface is one object.
class LinkTable {
  public:
    /// Takes in one message: RTM_NEWLINK, RTM_DELLINK, RTM_NEWADDR or RTM_DELADDR. Others are passed over.
    void take_in(nlmsghdr& message);

    /// Goes over to what a dump said, which was all there is: what it did not name is gone.
    void replace_by(LinkTable whole);

    /// Returns the indexes of all interfaces that differ from the last call, sorted.
    std::vector<unsigned> take_changes();

    std::optional<InterfaceState> state_of(unsigned index) const;
    std::optional<InterfaceState> state_of(const std::string& name) const;
    std::vector<std::string> names() const;
    Placement placement_of(const std::string& name) const;

  private:
    struct Link {
        std::string name;
        std::string kind;
        bool running = false;
        bool ethernet = false;
        protocol::MacAddress mac;
        unsigned mtu = 0;
        unsigned parent = 0;            ///< index of the interface below; 0 for none
        bool parent_elsewhere = false;  ///< in another network namespace
        std::optional<VlanTag> tag;     ///< of a VLAN device

        friend bool operator==(const Link&, const Link&) = default;
    };
    struct Address {
        protocol::IpAddress address;
        unsigned prefix_length;
        bool secondary;
        bool usable;

        bool is_same_entry(const Address& other) const {
            return address == other.address && prefix_length == other.prefix_length;
        }
        friend bool operator==(const Address&, const Address&) = default;
    };
    using Links = std::map<unsigned, Link>;
    using Addresses = std::map<unsigned, std::vector<Address>>;

    static Link read_link(nlmsghdr& message, nlattr** attributes);
    void take_in_link(nlmsghdr& message);
    void take_in_address(nlmsghdr& message);
    void drop_link(unsigned index);
    Links::const_iterator find(const std::string& name) const;
    std::vector<protocol::IpAddress> addresses_of(unsigned index) const;
    bool is_same(const LinkTable& other, unsigned index) const;

    Links links_;
    Addresses addresses_;  ///< by the index of the interface, which may not be known yet
    std::set<unsigned> changed_;
};

}  // namespace vrrp_xdp::net
