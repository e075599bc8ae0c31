// SPDX-License-Identifier: BSD-2-Clause
#include "device/offload.hpp"

#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <cstring>

#include "vrrp_xdp/abi.h"

namespace vrrp_xdp::device {

const TurnedOffByGeneric kTurnedOffByGeneric[2] = {{"rx-lro", VRRP_XDP_KEPT_LRO},
                                                   {"rx-gro-hw", VRRP_XDP_KEPT_HARDWARE_GRO}};

Feature::Feature(const std::string& interface_name, std::string_view name)
    : socket_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    interface_name.copy(static_cast<char*>(request_.ifr_name), IFNAMSIZ - 1);
    find(name);
}

bool Feature::is_on() {
    if (!number_) return false;
    constexpr std::size_t words = sizeof(ethtool_get_features_block) / sizeof(std::uint32_t);
    constexpr std::size_t active = offsetof(ethtool_get_features_block, active) / sizeof(std::uint32_t);
    Order order{ETHTOOL_GFEATURES, blocks()};
    order.resize(order.size() + blocks() * words);
    if (give(order) != 0) return false;
    return (order[2 + block() * words + active] & bit()) != 0;
}

int Feature::set(bool on) {
    if (!number_) return EOPNOTSUPP;
    constexpr std::size_t words = sizeof(ethtool_set_features_block) / sizeof(std::uint32_t);
    Order order{ETHTOOL_SFEATURES, blocks()};
    order.resize(order.size() + blocks() * words);
    order[2 + block() * words] = bit();  // valid
    if (on) order[2 + block() * words + 1] = bit();
    return give(order);
}

int Feature::give(Order& order) {
    request_.ifr_data = reinterpret_cast<char*>(order.data());
    return ioctl(socket_.get(), SIOCETHTOOL, &request_) < 0 ? errno : 0;
}

void Feature::find(std::string_view name) {
    ethtool_sset_info wanted{.cmd = ETHTOOL_GSSET_INFO, .reserved = 0, .sset_mask = 1U << ETH_SS_FEATURES};
    Order info(sizeof(wanted) / sizeof(std::uint32_t) + 1);
    std::memcpy(info.data(), &wanted, sizeof(wanted));
    if (give(info) != 0) return;
    count_ = info.back();

    Order order{ETHTOOL_GSTRINGS, ETH_SS_FEATURES, count_};
    constexpr std::size_t head = 3;
    order.resize(head + count_ * (ETH_GSTRING_LEN / sizeof(std::uint32_t)));
    if (give(order) != 0) return;
    const char* names = reinterpret_cast<const char*>(&order[head]);
    for (std::uint32_t i = 0; i < count_; ++i, names += ETH_GSTRING_LEN)
        if (name == std::string_view(names, strnlen(names, ETH_GSTRING_LEN))) number_ = i;
}

std::uint32_t aggregation_flags(const std::string& interface_name) {
    std::uint32_t flags = 0;
    for (const auto& [feature, flag] : kTurnedOffByGeneric)
        if (Feature(interface_name, feature).is_on()) flags |= flag;
    return flags;
}

void restore_aggregation(const std::string& interface_name, std::uint32_t flags) {
    for (const auto& [feature, flag] : kTurnedOffByGeneric)
        if ((flags & flag) != 0) Feature(interface_name, feature).set(true);
}

}  // namespace vrrp_xdp::device
