// SPDX-License-Identifier: BSD-2-Clause
// libnl's sockets and messages, owned, and its errors in words.
#pragma once

#include <netlink/errno.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>

#include <memory>
#include <string>

#include "support/result.hpp"

namespace vrrp_xdp::net {

struct FreeSocket {
    void operator()(nl_sock* socket) const { nl_socket_free(socket); }
};
using Socket = std::unique_ptr<nl_sock, FreeSocket>;

struct FreeMessage {
    void operator()(nl_msg* message) const { nlmsg_free(message); }
};
using Message = std::unique_ptr<nl_msg, FreeMessage>;

/// Returns a failure. error: libnl's, negative.
inline tl::unexpected<Error> netlink_failure(const std::string& what, int error) {
    return failure(what + ": " + nl_geterror(error));
}

/// Opens a socket to the kernel's routing tables, interfaces and addresses.
inline Result<Socket> open_netlink() {
    Socket socket(nl_socket_alloc());
    if (!socket) return failure("opening netlink: out of memory");
    if (const int error = nl_connect(socket.get(), NETLINK_ROUTE); error < 0)
        return netlink_failure("opening netlink", error);
    return socket;
}

}  // namespace vrrp_xdp::net
