// SPDX-License-Identifier: BSD-2-Clause
#include "support/network_sandbox.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstdio>
#include <stdexcept>
#include <system_error>

namespace vrrp_xdp::test {
namespace {

void require(bool done, const std::string& what) {
    if (!done) throw std::system_error(errno, std::generic_category(), what);
}

ifreq request_for(const std::string& interface_name) {
    ifreq request{};
    interface_name.copy(request.ifr_name, IFNAMSIZ - 1);
    return request;
}

}  // namespace

NetworkSandbox::NetworkSandbox() : home_(open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC)) {
    require(static_cast<bool>(home_), "opening the network namespace");
    require(unshare(CLONE_NEWNET) == 0, "making a network namespace");
}

NetworkSandbox::~NetworkSandbox() {
    if (setns(home_.get(), CLONE_NEWNET) != 0) std::perror("going back to the first network namespace");
}

Tap::Tap(const std::string& name) : wire_(open("/dev/net/tun", O_RDWR | O_CLOEXEC)) {
    require(static_cast<bool>(wire_), "opening /dev/net/tun");
    ifreq request = request_for(name);
    request.ifr_flags = IFF_TAP | IFF_NO_PI;
    require(ioctl(wire_.get(), TUNSETIFF, &request) == 0, "making a tap interface");

    const UniqueFd socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    request = request_for(name);
    request.ifr_flags = IFF_UP;
    require(ioctl(socket.get(), SIOCSIFFLAGS, &request) == 0, "setting the tap interface up");
    index_ = if_nametoindex(name.c_str());
}

void Tap::receive(const Bytes& frame) const {
    require(write(wire_.get(), frame.data(), frame.size()) == static_cast<ssize_t>(frame.size()),
            "writing to the tap interface");
}

void Tap::send(const Bytes& frame) const {
    const UniqueFd socket(::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0));
    require(static_cast<bool>(socket), "opening a packet socket");
    sockaddr_ll to{};
    to.sll_family = AF_PACKET;
    to.sll_ifindex = static_cast<int>(index_);
    to.sll_protocol = htons(static_cast<std::uint16_t>(frame[12] << 8 | frame[13]));
    require(sendto(socket.get(), frame.data(), frame.size(), 0, reinterpret_cast<const sockaddr*>(&to),
                   sizeof(to)) == static_cast<ssize_t>(frame.size()),
            "sending on the tap interface");
}

Bytes Tap::next_sent_to(const MacAddress& destination) const {
    constexpr int patience_ms = 10'000;
    for (pollfd readable{.fd = wire_.get(), .events = POLLIN, .revents = 0};
         poll(&readable, 1, patience_ms) == 1;) {
        Bytes frame(2048);
        const ssize_t bytes = read(wire_.get(), frame.data(), frame.size());
        require(bytes >= ETH_HLEN, "reading from the tap interface");
        frame.resize(static_cast<std::size_t>(bytes));
        if (std::equal(destination.bytes.begin(), destination.bytes.end(), frame.begin())) return frame;
    }
    throw std::runtime_error("no frame to " + destination.to_string() + " left the tap interface");
}

}  // namespace vrrp_xdp::test
