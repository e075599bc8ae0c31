// SPDX-License-Identifier: BSD-2-Clause
#include "dataplane/vlan_offload.hpp"

#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <string_view>
#include <vector>

#include "support/unique_fd.hpp"

namespace vrrp_xdp::dataplane {
namespace {

/// As the kernel calls it; ethtool(8) shows the first as rx-vlan-offload.
std::string_view feature_name(TagType type) {
    return type == TagType::Dot1q ? "rx-vlan-hw-parse" : "rx-vlan-stag-hw-parse";
}

/// One of a driver's features. The structures of <linux/ethtool.h> end in arrays of no fixed length, so that
/// orders are written as the words that they consist of.
class Feature {
  public:
    Feature(const std::string& interface_name, std::string_view name)
        : socket_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
        interface_name.copy(static_cast<char*>(request_.ifr_name), IFNAMSIZ - 1);
        find(name);
    }

    bool is_on() {
        if (!number_) return false;
        constexpr std::size_t words = sizeof(ethtool_get_features_block) / sizeof(std::uint32_t);
        constexpr std::size_t active = offsetof(ethtool_get_features_block, active) / sizeof(std::uint32_t);
        Order order{ETHTOOL_GFEATURES, blocks()};
        order.resize(order.size() + blocks() * words);
        if (give(order) != 0) return false;
        return (order[2 + block() * words + active] & bit()) != 0;
    }

    /// An errno, or 0; then a driver may have taken the order and still keep its way.
    int set(bool on) {
        if (!number_) return EOPNOTSUPP;
        constexpr std::size_t words = sizeof(ethtool_set_features_block) / sizeof(std::uint32_t);
        Order order{ETHTOOL_SFEATURES, blocks()};
        order.resize(order.size() + blocks() * words);
        order[2 + block() * words] = bit();  // valid
        if (on) order[2 + block() * words + 1] = bit();
        return give(order);
    }

  private:
    using Order = std::vector<std::uint32_t>;

    /// The answer overwrites the order. An errno, or 0.
    int give(Order& order) {
        request_.ifr_data = reinterpret_cast<char*>(order.data());
        return ioctl(socket_.get(), SIOCETHTOOL, &request_) < 0 ? errno : 0;
    }

    void find(std::string_view name) {
        ethtool_sset_info wanted{
            .cmd = ETHTOOL_GSSET_INFO, .reserved = 0, .sset_mask = 1U << ETH_SS_FEATURES};
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

    std::uint32_t blocks() const { return (count_ + 31) / 32; }
    std::uint32_t block() const { return *number_ / 32; }
    std::uint32_t bit() const { return 1U << *number_ % 32; }

    UniqueFd socket_;
    ifreq request_{};
    std::uint32_t count_ = 0;
    std::optional<std::uint32_t> number_;
};

/// A bridge, a bond or a team is handed frames whose tags the kernel has taken out already, and what they
/// leave on says nothing of the NICs below them.
bool gets_frames_first(const std::string& kind) { return kind.empty() || kind == "veth" || kind == "tun"; }

bool can_stop_stripping(const std::string& interface_name, TagType type) {
    if (tag_stripping(interface_name, type) == TagStripping::Off) return true;
    const bool can = set_tag_stripping(interface_name, type, TagStripping::Off).has_value();
    static_cast<void>(set_tag_stripping(interface_name, type, TagStripping::On));
    return can;
}

}  // namespace

TagStripping tag_stripping(const std::string& interface_name, TagType type) {
    return Feature(interface_name, feature_name(type)).is_on() ? TagStripping::On : TagStripping::Off;
}

bool can_show_tags(const std::string& interface_name, const std::string& kind) {
    return gets_frames_first(kind) && std::all_of(kTagTypes.begin(), kTagTypes.end(), [&](TagType type) {
               return can_stop_stripping(interface_name, type);
           });
}

Result<void> set_tag_stripping(const std::string& interface_name, TagType type, TagStripping wanted) {
    if (tag_stripping(interface_name, type) == wanted) return {};
    const std::string what(feature_name(type));
    Feature feature(interface_name, what);
    if (const int error = feature.set(wanted == TagStripping::On); error != 0)
        return system_failure("setting " + what + " of " + interface_name, error);
    if (tag_stripping(interface_name, type) != wanted)
        return failure("the driver of " + interface_name + " will not change " + what);
    return {};
}

}  // namespace vrrp_xdp::dataplane
