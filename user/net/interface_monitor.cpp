// SPDX-License-Identifier: BSD-2-Clause
#include "net/interface_monitor.hpp"

#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include "net/netlink.hpp"

namespace vrrp_xdp::net {
namespace {

/// Receives in one update(): others decide how much they change.
constexpr int kMostReceives = 256;

/// Dumps in one go. Where interfaces come and go all the time, the next update() tries again.
constexpr int kMostDumps = 4;

/// A burst of changes is not to overflow it.
constexpr int kReceiveBufferBytes = 1 << 20;

int hand_over(nl_msg* message, void* sink) {
    (*static_cast<const LinkMessages::Sink*>(sink))(*nlmsg_hdr(message));
    return NL_OK;
}

class KernelMessages : public LinkMessages {
  public:
    KernelMessages(Socket changes, Socket questions)
        : changes_(std::move(changes)), questions_(std::move(questions)) {}

    int event_fd() const override { return nl_socket_get_fd(changes_.get()); }

    Received receive(const Sink& sink) override {
        listen_with(changes_, sink);
        const int error = nl_recvmsgs_default(changes_.get());
        if (error == -NLE_AGAIN) return Received::Nothing;
        return error >= 0 || error == -NLE_INTR ? Received::Some : Received::Lost;
    }

    Dumped dump(const Sink& sink) override {
        const ifinfomsg links{};
        const ifaddrmsg addresses{};
        const Dumped first = ask(RTM_GETLINK, &links, sizeof(links), sink);
        return first == Dumped::Whole ? ask(RTM_GETADDR, &addresses, sizeof(addresses), sink) : first;
    }

    Result<void> subscribe() override {
        for (const int group : {RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR})
            if (const int error = nl_socket_add_membership(changes_.get(), group); error < 0)
                return netlink_failure("watching interfaces", error);
        return {};
    }

  private:
    static void listen_with(const Socket& socket, const Sink& sink) {
        nl_socket_modify_cb(socket.get(), NL_CB_VALID, NL_CB_CUSTOM, hand_over, const_cast<Sink*>(&sink));
    }

    Dumped ask(int type, const void* header, std::size_t bytes, const Sink& sink) {
        listen_with(questions_, sink);
        if (nl_send_simple(questions_.get(), type, NLM_F_DUMP, const_cast<void*>(header), bytes) < 0)
            return Dumped::Failed;
        const int error = nl_recvmsgs_default(questions_.get());
        if (error == -NLE_DUMP_INTR) return Dumped::Interrupted;
        return error < 0 ? Dumped::Failed : Dumped::Whole;
    }

    Socket changes_;
    Socket questions_;
};

Result<std::unique_ptr<LinkMessages>> open_kernel() {
    auto changes = open_netlink();
    if (!changes) return tl::unexpected(changes.error());
    auto questions = open_netlink();
    if (!questions) return tl::unexpected(questions.error());
    nl_socket_disable_seq_check(changes->get());
    for (const auto* socket : {&*changes, &*questions}) nl_socket_enable_msg_peek(socket->get());
    if (const int error = nl_socket_set_nonblocking(changes->get()); error < 0)
        return netlink_failure("watching interfaces", error);
    // Without the right to it, what overflows is asked for again.
    setsockopt(nl_socket_get_fd(changes->get()), SOL_SOCKET, SO_RCVBUFFORCE, &kReceiveBufferBytes,
               sizeof(kReceiveBufferBytes));
    return std::make_unique<KernelMessages>(std::move(*changes), std::move(*questions));
}

}  // namespace

Result<InterfaceMonitor> InterfaceMonitor::open() {
    auto kernel = open_kernel();
    if (!kernel) return tl::unexpected(kernel.error());
    return open(std::move(*kernel));
}

Result<InterfaceMonitor> InterfaceMonitor::open(std::unique_ptr<LinkMessages> messages) {
    // First of all: what changes from here on is heard of.
    if (auto subscribed = messages->subscribe(); !subscribed) return tl::unexpected(subscribed.error());
    InterfaceMonitor monitor(std::move(messages));
    monitor.ask_for_everything();
    if (monitor.outdated_)
        return failure("listing interfaces: the kernel gave an incomplete list", "try again");
    static_cast<void>(monitor.table_.take_changes());
    return monitor;
}

std::vector<unsigned> InterfaceMonitor::update() {
    const auto take_in = [this](nlmsghdr& message) { table_.take_in(message); };
    for (int i = 0; i < kMostReceives; ++i) {
        const auto received = messages_->receive(take_in);
        if (received == LinkMessages::Received::Nothing) break;
        outdated_ |= received == LinkMessages::Received::Lost;
    }
    if (outdated_) ask_for_everything();
    return table_.take_changes();
}

std::vector<unsigned> InterfaceMonitor::refresh() {
    outdated_ = true;
    static_cast<void>(messages_->subscribe());
    return update();
}

/// Messages that are older than the dump and wait still are taken in after it; the newer ones behind them put
/// that right.
void InterfaceMonitor::ask_for_everything() {
    outdated_ = true;
    for (int i = 0; outdated_ && i < kMostDumps; ++i) {
        LinkTable whole;
        const auto dumped = messages_->dump([&whole](nlmsghdr& message) { whole.take_in(message); });
        if (dumped != LinkMessages::Dumped::Whole) continue;
        table_.replace_by(std::move(whole));
        outdated_ = false;
    }
}

}  // namespace vrrp_xdp::net
