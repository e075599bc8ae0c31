// SPDX-License-Identifier: BSD-2-Clause
// Interfaces and their addresses, as the kernel reports them over netlink.
#pragma once

#include <linux/netlink.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "net/interface_state.hpp"
#include "net/link_table.hpp"
#include "support/result.hpp"

namespace vrrp_xdp::net {

/// Where the messages come from: the kernel, or a test.
class LinkMessages {
  public:
    using Sink = std::function<void(nlmsghdr&)>;
    enum class Received : std::uint8_t { Nothing, Some, Lost };
    enum class Dumped : std::uint8_t { Whole, Interrupted, Failed };

    LinkMessages() = default;
    LinkMessages(const LinkMessages&) = delete;
    LinkMessages& operator=(const LinkMessages&) = delete;
    virtual ~LinkMessages() = default;

    /// Returns a descriptor that is readable when messages wait.
    virtual int event_fd() const = 0;
    /// Hands over what one receive gives, without waiting. Lost: there were more than were kept.
    virtual Received receive(const Sink& sink) = 0;
    /// Asks for all interfaces and all addresses, and hands them over. Interrupted: something changed
    /// meanwhile, and what was handed over is of no one time (NLM_F_DUMP_INTR).
    virtual Dumped dump(const Sink& sink) = 0;
    /// Subscribes to changes, once more if that was done before.
    virtual Result<void> subscribe() = 0;
};

/// libnl gives the sockets, the messages and their attributes. Its caches are not used: the one of links
/// subscribes to what IPv6 says of an interface (RTNLGRP_IPV6_IFINFO) and keeps that as a second object of
/// the same index and name, which is the one that is found and the one that nothing updates.
class InterfaceMonitor {
  public:
    static Result<InterfaceMonitor> open();
    static Result<InterfaceMonitor> open(std::unique_ptr<LinkMessages> messages);

    /// Returns a descriptor that is readable when something may have changed.
    int event_fd() const { return messages_->event_fd(); }

    /// Processes pending netlink messages, up to a bound: the rest keeps event_fd() readable. After a loss of
    /// messages, all of it is asked for again. Returns the indexes of the interfaces that have changed,
    /// sorted.
    std::vector<unsigned> update();

    /// Subscribes and asks for all of it again, whatever was heard. Returns as update().
    std::vector<unsigned> refresh();

    /// Returns the interface's last reported state; nothing if no interface has that index or name.
    std::optional<InterfaceState> state_of(unsigned index) const { return table_.state_of(index); }
    std::optional<InterfaceState> state_of(const std::string& interface_name) const {
        return table_.state_of(interface_name);
    }
    std::vector<std::string> interface_names() const { return table_.names(); }

    /// Returns the port and the tags of an interface. The frames of a VLAN device arrive at its parent's
    /// port, with its tag behind the parent's. Any other device, and one whose parent is not in this network
    /// namespace, is a port itself.
    Placement placement_of(const std::string& interface_name) const {
        return table_.placement_of(interface_name);
    }

  private:
    explicit InterfaceMonitor(std::unique_ptr<LinkMessages> messages) : messages_(std::move(messages)) {}
    void ask_for_everything();

    std::unique_ptr<LinkMessages> messages_;
    LinkTable table_;
    bool outdated_ = false;  ///< messages were lost, and no dump since was whole
};

}  // namespace vrrp_xdp::net
