// SPDX-License-Identifier: BSD-2-Clause
#include "net/nic_features.hpp"

#include <linux/ethtool.h>
#include <linux/if_link.h>
#include <linux/if_packet.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>
#include <netlink/netlink.h>
#include <netlink/route/link.h>
#include <netlink/route/link/macvlan.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <array>
#include <cstring>
#include <memory>

#include "protocol/types.hpp"
#include "support/unique_fd.hpp"

namespace vrrp_xdp::net {
namespace {

// From <linux/netdev.h>, which Debian 12 does not have yet.
constexpr const char* kNetdevFamily = "netdev";
constexpr std::uint8_t kNetdevGet = 1;
constexpr int kNetdevIndex = 1;
constexpr int kNetdevXdpFeatures = 3;
constexpr std::uint64_t kXdpBasic = 1;

using Socket = std::unique_ptr<nl_sock, decltype(&nl_socket_free)>;

Socket connect(int protocol) {
    Socket socket(nl_socket_alloc(), nl_socket_free);
    if (socket && nl_connect(socket.get(), protocol) < 0) socket.reset();
    return socket;
}

int read_features(nl_msg* message, void* into) {
    const nlattr* found = nlmsg_find_attr(nlmsg_hdr(message), GENL_HDRLEN, kNetdevXdpFeatures);
    if (found != nullptr) *static_cast<std::optional<std::uint64_t>*>(into) = nla_get_u64(found);
    return NL_OK;
}

/// How many ask for all frames of it.
Result<std::uint32_t> promiscuity_of(nl_sock* socket, const std::string& interface_name) {
    rtnl_link* link = nullptr;
    if (const int error = rtnl_link_get_kernel(socket, 0, interface_name.c_str(), &link); error < 0)
        return failure("asking for " + interface_name + ": " + nl_geterror(error));
    const std::uint32_t promiscuity = rtnl_link_get_promiscuity(link);
    rtnl_link_put(link);
    return promiscuity;
}

}  // namespace

std::string driver_of(const std::string& interface_name) {
    ethtool_drvinfo info{};
    info.cmd = ETHTOOL_GDRVINFO;
    ifreq request{};
    interface_name.copy(static_cast<char*>(request.ifr_name), IFNAMSIZ - 1);
    request.ifr_data = reinterpret_cast<char*>(&info);
    const UniqueFd socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    if (ioctl(socket.get(), SIOCETHTOOL, &request) < 0) return "unknown";
    return {static_cast<const char*>(info.driver),
            strnlen(static_cast<const char*>(info.driver), sizeof(info.driver))};
}

std::optional<bool> supports_native_xdp(unsigned interface_index) {
    const Socket socket = connect(NETLINK_GENERIC);
    if (!socket) return std::nullopt;
    const int family = genl_ctrl_resolve(socket.get(), kNetdevFamily);
    if (family < 0) return std::nullopt;
    std::optional<std::uint64_t> features;
    nl_socket_modify_cb(socket.get(), NL_CB_VALID, NL_CB_CUSTOM, read_features, &features);
    const std::unique_ptr<nl_msg, decltype(&nlmsg_free)> message(nlmsg_alloc(), nlmsg_free);
    genlmsg_put(message.get(), NL_AUTO_PORT, NL_AUTO_SEQ, family, 0, 0, kNetdevGet, 1);
    nla_put_u32(message.get(), kNetdevIndex, interface_index);
    if (nl_send_auto(socket.get(), message.get()) < 0 || nl_recvmsgs_default(socket.get()) < 0 || !features)
        return std::nullopt;
    return (*features & kXdpBasic) != 0;
}

// The device below hands a macvlan and an ipvlan what is for their own address, and the rest to its host.
// Only in passthru mode a macvlan gets all.
std::optional<std::string> limited_to_own_mac(const std::string& interface_name) {
    const Socket socket = connect(NETLINK_ROUTE);
    rtnl_link* found = nullptr;
    if (!socket || rtnl_link_get_kernel(socket.get(), 0, interface_name.c_str(), &found) < 0)
        return std::nullopt;
    const std::unique_ptr<rtnl_link, decltype(&rtnl_link_put)> link(found, rtnl_link_put);
    const char* const type = rtnl_link_get_type(link.get());
    const std::string kind = type != nullptr ? type : "";
    if (kind == "ipvlan" || kind == "ipvtap" || kind == "macvtap") return "is an interface of kind " + kind;
    if (kind != "macvlan") return std::nullopt;
    const std::uint32_t mode = rtnl_link_macvlan_get_mode(link.get());
    if (mode == MACVLAN_MODE_PASSTHRU) return std::nullopt;
    std::array<char, 16> name{};
    return std::string("is a macvlan in ") +
           rtnl_link_macvlan_mode2str(static_cast<int>(mode), name.data(), name.size()) + " mode";
}

Result<UnicastFilter> try_unicast_filter(const std::string& interface_name) {
    const Socket netlink = connect(NETLINK_ROUTE);
    if (!netlink) return failure("opening a netlink socket");
    const UniqueFd packet(::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0));
    if (!packet) return system_failure("opening a packet socket", errno, "run as root, or with CAP_NET_RAW");
    const auto before = promiscuity_of(netlink.get(), interface_name);
    if (!before) return tl::unexpected(before.error());

    packet_mreq wanted{};
    wanted.mr_ifindex = static_cast<int>(if_nametoindex(interface_name.c_str()));
    wanted.mr_type = PACKET_MR_UNICAST;
    wanted.mr_alen = 6;
    const auto mac =
        protocol::MacAddress::of_virtual_router(*protocol::Vrid::from(255), protocol::Family::Ipv4);
    std::memcpy(static_cast<unsigned char*>(wanted.mr_address), mac.bytes.data(), mac.bytes.size());
    if (setsockopt(packet.get(), SOL_PACKET, PACKET_ADD_MEMBERSHIP, &wanted, sizeof(wanted)) != 0)
        return UnicastFilter::Absent;  // the card is full, or has no filter: attach turns to promiscuous mode
    const auto with = promiscuity_of(netlink.get(), interface_name);
    if (!with) return tl::unexpected(with.error());
    return *with > *before ? UnicastFilter::Absent : UnicastFilter::Present;
}

}  // namespace vrrp_xdp::net
