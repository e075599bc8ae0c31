// SPDX-License-Identifier: BSD-2-Clause
#include "net/route_monitor.hpp"

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "net/netlink.hpp"

namespace vrrp_xdp::net {
namespace {

using protocol::Family;
using protocol::IpAddress;

unsigned char number_of(Family family) {
    return static_cast<unsigned char>(family == Family::Ipv4 ? AF_INET : AF_INET6);
}

/// What a message says of a route.
struct Route {
    RoutePlace place;
    bool leads_somewhere;
};

/// Nothing for what is not a route of a table: other messages, and what was learned along the way.
std::optional<Route> route_in(nl_msg* message) {
    nlmsghdr* header = nlmsg_hdr(message);
    if (header->nlmsg_type != RTM_NEWROUTE && header->nlmsg_type != RTM_DELROUTE) return std::nullopt;
    std::array<nlattr*, RTA_MAX + 1> attributes{};
    if (nlmsg_parse(header, sizeof(rtmsg), attributes.data(), RTA_MAX, nullptr) < 0) return std::nullopt;
    const auto* route = static_cast<const rtmsg*>(nlmsg_data(header));
    if (route->rtm_family != AF_INET && route->rtm_family != AF_INET6) return std::nullopt;
    if ((route->rtm_flags & RTM_F_CLONED) != 0) return std::nullopt;

    std::array<std::uint8_t, 16> destination{};
    const std::size_t length = route->rtm_family == AF_INET ? 4 : 16;
    if (const nlattr* prefix = attributes[RTA_DST]; prefix != nullptr) {
        if (std::cmp_not_equal(nla_len(prefix), length)) return std::nullopt;
        std::copy_n(static_cast<const std::uint8_t*>(nla_data(prefix)), length, destination.begin());
    }
    const nlattr* table = attributes[RTA_TABLE];
    return Route{{IpAddress::from_bytes(std::span(destination).first(length)), route->rtm_dst_len,
                  table != nullptr ? nla_get_u32(table) : route->rtm_table},
                 route->rtm_type == RTN_UNICAST};
}

bool is_same(const RoutePlace& one, const RoutePlace& other) {
    return one.destination == other.destination && one.prefix_length == other.prefix_length &&
           one.table == other.table;
}

/// What is looked for in a series of messages.
struct Search {
    const RoutePlace& place;
    bool found = false;
};

int note_route(nl_msg* message, void* argument) {
    auto& search = *static_cast<Search*>(argument);
    const auto route = route_in(message);
    if (route && route->leads_somewhere && is_same(search.place, route->place)) search.found = true;
    return NL_OK;
}

int note_change(nl_msg* message, void* argument) {
    auto& search = *static_cast<Search*>(argument);
    const auto route = route_in(message);
    if (route && is_same(search.place, route->place)) search.found = true;
    return NL_OK;
}

}  // namespace

/// The socket at which the kernel reports changes.
class RouteMonitor::Subscription {
  public:
    explicit Subscription(Socket socket) : socket_(std::move(socket)) {}

    Result<void> open(Family family) {
        nl_socket_disable_seq_check(socket_.get());
        const int group = family == Family::Ipv4 ? RTNLGRP_IPV4_ROUTE : RTNLGRP_IPV6_ROUTE;
        if (const int error = nl_socket_add_membership(socket_.get(), group); error < 0)
            return netlink_failure("watching routes", error);
        if (const int error = nl_socket_set_nonblocking(socket_.get()); error < 0)
            return netlink_failure("watching routes", error);
        return {};
    }

    int fd() const { return nl_socket_get_fd(socket_.get()); }

    bool update(const RoutePlace& place) {
        Search change{place};
        nl_socket_modify_cb(socket_.get(), NL_CB_VALID, NL_CB_CUSTOM, note_change, &change);
        for (;;) {
            const int error = nl_recvmsgs_default(socket_.get());
            if (error == -NLE_AGAIN) return change.found;
            if (error < 0) change.found = true;  // messages were lost
        }
    }

  private:
    Socket socket_;
};

Result<RouteMonitor> RouteMonitor::open(const RoutePlace& place) {
    auto socket = open_netlink();
    if (!socket) return tl::unexpected(socket.error());
    auto subscription = std::make_unique<Subscription>(std::move(*socket));
    if (auto opened = subscription->open(place.destination.family()); !opened)
        return tl::unexpected(opened.error());
    return RouteMonitor(place, std::move(subscription));
}

RouteMonitor::RouteMonitor(const RoutePlace& place, std::unique_ptr<Subscription> subscription)
    : place_(place), subscription_(std::move(subscription)) {}
RouteMonitor::RouteMonitor(RouteMonitor&&) noexcept = default;
RouteMonitor& RouteMonitor::operator=(RouteMonitor&&) noexcept = default;
RouteMonitor::~RouteMonitor() = default;

int RouteMonitor::event_fd() const { return subscription_->fd(); }
bool RouteMonitor::update() { return subscription_->update(place_); }

Result<bool> RouteMonitor::look() const {
    const auto socket = open_netlink();
    if (!socket) return tl::unexpected(socket.error());
    // Otherwise the kernel passes over the table that is asked for, and gives all of them.
    const int on = 1;
    if (setsockopt(nl_socket_get_fd(socket->get()), SOL_NETLINK, NETLINK_GET_STRICT_CHK, &on, sizeof(on)) !=
        0)
        return system_failure("asking netlink for one routing table");
    Search search{place_};
    nl_socket_modify_cb(socket->get(), NL_CB_VALID, NL_CB_CUSTOM, note_route, &search);

    const Message message(nlmsg_alloc_simple(RTM_GETROUTE, NLM_F_DUMP));
    rtmsg request{};
    request.rtm_family = number_of(place_.destination.family());
    if (!message || nlmsg_append(message.get(), &request, sizeof(request), NLMSG_ALIGNTO) < 0 ||
        nla_put_u32(message.get(), RTA_TABLE, place_.table) < 0)
        return failure("reading routes: no memory");
    if (const int error = nl_send_auto(socket->get(), message.get()); error < 0)
        return netlink_failure("reading routes", error);
    // A table that does not exist has no routes.
    if (const int error = nl_recvmsgs_default(socket->get()); error < 0 && error != -NLE_OBJ_NOTFOUND)
        return netlink_failure("reading routes", error);
    return search.found;
}

}  // namespace vrrp_xdp::net
