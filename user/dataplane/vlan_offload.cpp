// SPDX-License-Identifier: BSD-2-Clause
#include "dataplane/vlan_offload.hpp"

#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "support/unique_fd.hpp"

namespace vrrp_xdp::dataplane {
namespace {

/// The value that the command gave or took; an errno if it failed.
tl::expected<std::uint32_t, int> ethtool(const std::string& interface_name, std::uint32_t command,
                                         std::uint32_t data) {
    const UniqueFd socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    ethtool_value value{.cmd = command, .data = data};
    ifreq request{};
    interface_name.copy(static_cast<char*>(request.ifr_name), IFNAMSIZ - 1);
    request.ifr_data = reinterpret_cast<char*>(&value);
    if (ioctl(socket.get(), SIOCETHTOOL, &request) != 0) return tl::unexpected(errno);
    return value.data;
}

}  // namespace

TagStripping tag_stripping(const std::string& interface_name) {
    const auto flags = ethtool(interface_name, ETHTOOL_GFLAGS, 0);
    return flags && (*flags & ETH_FLAG_RXVLAN) != 0 ? TagStripping::On : TagStripping::Off;
}

bool can_show_tags(const std::string& interface_name) {
    if (tag_stripping(interface_name) == TagStripping::Off) return true;
    const bool can = set_tag_stripping(interface_name, TagStripping::Off).has_value();
    static_cast<void>(set_tag_stripping(interface_name, TagStripping::On));
    return can;
}

Result<void> set_tag_stripping(const std::string& interface_name, TagStripping wanted) {
    if (tag_stripping(interface_name) == wanted) return {};
    const auto flags = ethtool(interface_name, ETHTOOL_GFLAGS, 0);
    const std::uint32_t changed =
        wanted == TagStripping::On ? *flags | ETH_FLAG_RXVLAN : *flags & ~std::uint32_t{ETH_FLAG_RXVLAN};
    const auto set = ethtool(interface_name, ETHTOOL_SFLAGS, changed);
    if (!set) return system_failure("setting rx-vlan-offload of " + interface_name, set.error());
    // A driver may take the order and keep its way.
    if (tag_stripping(interface_name) != wanted)
        return failure("the driver of " + interface_name + " will not change rx-vlan-offload");
    return {};
}

}  // namespace vrrp_xdp::dataplane
