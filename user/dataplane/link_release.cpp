// SPDX-License-Identifier: BSD-2-Clause
#include "dataplane/link_release.hpp"

#include <bpf/bpf.h>
#include <linux/ethtool.h>
#include <linux/if_link.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <cstring>

#include "dataplane/xdp_link.hpp"
#include "support/unique_fd.hpp"

namespace vrrp_xdp::dataplane {
namespace {

constexpr int kUsualMtu = 1500;

/// Of an interface whose driver may refuse, its MTU if it is that large; otherwise 0.
int hindering_mtu(int socket, ifreq& request) noexcept {
    ethtool_drvinfo driver{};
    driver.cmd = ETHTOOL_GDRVINFO;
    request.ifr_data = reinterpret_cast<char*>(&driver);
    if (ioctl(socket, SIOCETHTOOL, &request) != 0 || std::strcmp(driver.driver, "virtio_net") != 0) return 0;
    if (ioctl(socket, SIOCGIFMTU, &request) != 0) return 0;
    return request.ifr_mtu > kUsualMtu ? request.ifr_mtu : 0;
}

void set_mtu(int socket, ifreq& request, int mtu) noexcept {
    request.ifr_mtu = mtu;
    ioctl(socket, SIOCSIFMTU, &request);
}

}  // namespace

void release_link(int link_fd) noexcept {
    const unsigned index = linked_interface(link_fd);
    const UniqueFd socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    ifreq request{};
    int mtu = 0;
    if (index != 0 && if_indextoname(index, request.ifr_name) != nullptr)
        mtu = hindering_mtu(socket.get(), request);
    if (mtu != 0) set_mtu(socket.get(), request, kUsualMtu);
    bpf_link_detach(link_fd);
    if (mtu != 0) set_mtu(socket.get(), request, mtu);
}

}  // namespace vrrp_xdp::dataplane
