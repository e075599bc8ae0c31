// SPDX-License-Identifier: BSD-2-Clause
#include "probe/prober.hpp"

#include <linux/filter.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <bit>
#include <csignal>
#include <cstring>
#include <ctime>
#include <random>

#include "net/interface_monitor.hpp"

namespace vrrp_xdp::probe {
namespace {

using protocol::Family;
using protocol::IpAddress;
using protocol::MacAddress;

constexpr std::chrono::duration<int, std::milli> kMoment(200);
constexpr std::size_t kSnapshot = 256;  // bytes of a frame that are looked at

/// ARP, ICMP and ICMPv6 without extension headers: nothing else wakes us.
void filter(int socket) {
    std::array<sock_filter, 9> program{{
        {BPF_LD | BPF_H | BPF_ABS, 0, 0, 12},
        {BPF_JMP | BPF_JEQ | BPF_K, 5, 0, ETHERTYPE_ARP},
        {BPF_JMP | BPF_JEQ | BPF_K, 0, 2, ETHERTYPE_IP},
        {BPF_LD | BPF_B | BPF_ABS, 0, 0, 23},
        {BPF_JMP | BPF_JEQ | BPF_K, 2, 3, IPPROTO_ICMP},
        {BPF_LD | BPF_B | BPF_ABS, 0, 0, 20},
        {BPF_JMP | BPF_JEQ | BPF_K, 0, 1, IPPROTO_ICMPV6},
        {BPF_RET | BPF_K, 0, 0, kSnapshot},
        {BPF_RET | BPF_K, 0, 0, 0},
    }};
    const sock_fprog whole{static_cast<unsigned short>(program.size()), program.data()};
    setsockopt(socket, SOL_SOCKET, SO_ATTACH_FILTER, &whole, sizeof(whole));
}

Result<UniqueFd> open_socket(unsigned interface_index) {
    UniqueFd socket(::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0));
    if (!socket) return system_failure("opening a packet socket", errno, "run as root, or with CAP_NET_RAW");
    filter(socket.get());
    const int on = 1;
    setsockopt(socket.get(), SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof(on));
    if (setsockopt(socket.get(), SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof(on)) != 0)
        return system_failure("enabling receive timestamps");
    sockaddr_ll address{};
    address.sll_family = AF_PACKET;
    address.sll_protocol = htons(ETH_P_ALL);
    address.sll_ifindex = static_cast<int>(interface_index);
    if (bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0)
        return system_failure("binding a packet socket");
    return socket;
}

Result<MacAddress> mac_of(int socket, const std::string& interface) {
    ifreq request{};
    interface.copy(request.ifr_name, sizeof(request.ifr_name) - 1);
    if (ioctl(socket, SIOCGIFHWADDR, &request) != 0)
        return system_failure("asking for the MAC of " + interface);
    MacAddress mac;
    std::memcpy(mac.bytes.data(), request.ifr_hwaddr.sa_data, mac.bytes.size());
    return mac;
}

/// Bits from the left in which both agree.
int common_bits(const IpAddress& a, const IpAddress& b) {
    int bits = 0;
    for (std::size_t i = 0; i < a.bytes().size(); ++i) {
        const auto different = static_cast<std::uint8_t>(a.bytes()[i] ^ b.bytes()[i]);
        bits += std::countl_zero(different);
        if (different != 0) break;
    }
    return bits;
}

/// The interface's address nearest to that one: most likely of its subnet, and of its scope.
std::optional<IpAddress> nearest(const std::vector<IpAddress>& addresses, const IpAddress& to) {
    std::optional<IpAddress> best;
    for (const IpAddress& each : addresses)
        if (each.family() == to.family() && (!best || common_bits(each, to) > common_bits(*best, to)))
            best = each;
    return best;
}

UniqueFd ticking(Duration period) {
    UniqueFd timer(timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK));
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(period);
    const timespec apart{seconds.count(), (period - seconds).count()};
    const itimerspec every{apart, apart};
    timerfd_settime(timer.get(), 0, &every, nullptr);
    return timer;
}

UniqueFd end_signals() {
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    sigprocmask(SIG_BLOCK, &ends, nullptr);
    return UniqueFd(signalfd(-1, &ends, SFD_CLOEXEC));
}

}  // namespace

Time now() {
    timespec at{};
    clock_gettime(CLOCK_REALTIME, &at);
    return Time(std::chrono::seconds(at.tv_sec) + std::chrono::nanoseconds(at.tv_nsec));
}

Result<Prober> Prober::open(const Plan& plan) {
    auto monitor = net::InterfaceMonitor::open();
    if (!monitor) return tl::unexpected(monitor.error());
    const auto state = monitor->state_of(plan.interface);
    if (!state) return failure("there is no interface " + plan.interface);
    if (!state->ethernet) return failure(plan.interface + " is not an Ethernet interface");
    const auto own = nearest(state->addresses, plan.gateway);
    const auto beyond = nearest(state->addresses, plan.beyond.value_or(plan.gateway));
    if (!own || !beyond)
        return failure(plan.interface + " has no address of the gateway's family",
                       "add one, or use another interface");
    auto socket = open_socket(state->index);
    if (!socket) return tl::unexpected(socket.error());
    const auto mac = mac_of(socket->get(), plan.interface);
    if (!mac) return tl::unexpected(mac.error());
    return Prober(plan, std::move(*socket), {*mac, *own}, {*mac, *beyond});
}

Prober::Prober(Plan plan, UniqueFd socket, const Asker& neighbour, const Asker& echo)
    : plan_(std::move(plan)),
      socket_(std::move(socket)),
      asker_(neighbour),
      echo_asker_(echo),
      question_(neighbour_question(asker_, plan_.gateway)),
      identifier_(static_cast<std::uint16_t>(std::random_device{}())) {}

Result<Findings> Prober::run(const Audience& audience) {
    const UniqueFd ends = end_signals();
    const UniqueFd timer = ticking(plan_.period);
    if (!ends || !timer) return system_failure("creating a timer");
    std::array<pollfd, 3> sources{
        {{ends.get(), POLLIN, 0}, {timer.get(), POLLIN, 0}, {socket_.get(), POLLIN, 0}}};
    const Time began = now();
    Time moment = began;
    while (sources[0].revents == 0) {
        // Questions may be rarer than moments.
        if (poll(sources.data(), sources.size(), kMoment.count()) < 0 && errno != EINTR)
            return system_failure("waiting");
        if (sources[2].revents != 0) drain(audience);
        const Time at = now();
        if (plan_.duration && at - began >= *plan_.duration) break;
        // What was missed is not made up for.
        if (std::uint64_t ticks = 0; read(timer.get(), &ticks, sizeof(ticks)) > 0) ask();
        if (at - moment >= kMoment) {
            moment = at;
            audience.moment_passed(findings_, at);
        }
    }
    // What is under way has still time to come.
    pollfd last{socket_.get(), POLLIN, 0};
    poll(&last, 1, static_cast<int>(std::chrono::milliseconds(50).count()));
    drain(audience);
    return std::move(findings_);
}

void Prober::ask() {
    // Noted first, so that no answer comes before its question. What cannot be sent is lost.
    findings_.neighbour.asked(now());
    send(socket_.get(), question_.data(), question_.size(), MSG_DONTWAIT);
    if (!plan_.beyond || !gateway_mac_) return;
    const auto number = static_cast<std::uint16_t>(findings_.echo.asked(now()));
    const net::Frame echo = echo_question(echo_asker_, *gateway_mac_, *plan_.beyond, identifier_, number);
    send(socket_.get(), echo.data(), echo.size(), MSG_DONTWAIT);
}

void Prober::drain(const Audience& audience) {
    for (;;) {
        std::array<std::uint8_t, kSnapshot> frame{};
        std::array<char, 64> control{};
        iovec buffer{frame.data(), frame.size()};
        msghdr message{};
        message.msg_iov = &buffer;
        message.msg_iovlen = 1;
        message.msg_control = control.data();
        message.msg_controllen = control.size();
        const ssize_t bytes = recvmsg(socket_.get(), &message, MSG_DONTWAIT);
        if (bytes <= 0) return;
        Time at = now();
        if (const cmsghdr* const stamp = CMSG_FIRSTHDR(&message); stamp != nullptr) {
            timespec received{};
            std::memcpy(&received, CMSG_DATA(stamp), sizeof(received));
            at = Time(std::chrono::seconds(received.tv_sec) + std::chrono::nanoseconds(received.tv_nsec));
        }
        hear(std::span(frame).first(static_cast<std::size_t>(bytes)), at, audience);
    }
}

void Prober::hear(std::span<const std::uint8_t> frame, Time at, const Audience& audience) {
    if (const auto mac = neighbour_answer(frame, plan_.gateway)) {
        gateway_mac_ = mac;
        if (const auto ended = findings_.neighbour.answered(at, *mac))
            audience.outage_ended(plan_.gateway.family() == Family::Ipv4 ? "arp" : "nd", *ended);
    }
    if (!plan_.beyond) return;
    if (const auto echo = echo_answer(frame, *plan_.beyond, identifier_))
        if (const auto ended = findings_.echo.answered(at, echo->from, echo->number))
            audience.outage_ended("echo", *ended);
}

}  // namespace vrrp_xdp::probe
