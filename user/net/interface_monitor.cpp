// SPDX-License-Identifier: BSD-2-Clause
#include "net/interface_monitor.hpp"

#include <arpa/inet.h>
#include <linux/if_addr.h>
#include <linux/if_ether.h>
#include <net/if.h>
#include <netlink/cache.h>
#include <netlink/netlink.h>
#include <netlink/route/addr.h>
#include <netlink/route/link.h>
#include <netlink/route/link/vlan.h>

#include <algorithm>
#include <cstring>

namespace vrrp_xdp::net {
namespace {

using protocol::IpAddress;

tl::unexpected<Error> netlink_failure(const std::string& what, int error) {
    return failure(what + ": " + nl_geterror(error));
}

struct PutLink {
    void operator()(rtnl_link* link) const { rtnl_link_put(link); }
};
using Link = std::unique_ptr<rtnl_link, PutLink>;

std::optional<IpAddress> address_of(rtnl_addr* entry) {
    const nl_addr* local = rtnl_addr_get_local(entry);
    const unsigned length = local != nullptr ? nl_addr_get_len(local) : 0;
    if (length != 4 && length != 16) return std::nullopt;
    const auto* bytes = static_cast<const std::uint8_t*>(nl_addr_get_binary_addr(local));
    return IpAddress::from_bytes({bytes, length});
}

protocol::MacAddress mac_of(const nl_addr* hardware) {
    protocol::MacAddress mac;
    if (hardware != nullptr && nl_addr_get_len(hardware) == mac.bytes.size())
        std::memcpy(mac.bytes.data(), nl_addr_get_binary_addr(hardware), mac.bytes.size());
    return mac;
}

bool is_usable(rtnl_addr* entry) {
    return (rtnl_addr_get_flags(entry) & (IFA_F_TENTATIVE | IFA_F_DADFAILED)) == 0;
}

VlanTag tag_of(rtnl_link* vlan) {
    const auto protocol = ntohs(static_cast<std::uint16_t>(rtnl_link_vlan_get_protocol(vlan)));
    return {protocol == ETH_P_8021AD ? VlanTag::Protocol::Dot1ad : VlanTag::Protocol::Dot1q,
            static_cast<std::uint16_t>(rtnl_link_vlan_get_id(vlan))};
}

}  // namespace

class InterfaceMonitor::Caches {
  public:
    Caches() = default;
    Caches(const Caches&) = delete;
    Caches& operator=(const Caches&) = delete;
    ~Caches() {
        if (manager_ != nullptr) nl_cache_mngr_free(manager_);
    }

    Result<void> open() {
        if (const int error = nl_cache_mngr_alloc(nullptr, NETLINK_ROUTE, NL_AUTO_PROVIDE, &manager_);
            error < 0)
            return netlink_failure("opening netlink", error);
        if (const int error = nl_cache_mngr_add(manager_, "route/link", nullptr, nullptr, &links_); error < 0)
            return netlink_failure("listing interfaces", error);
        if (const int error = nl_cache_mngr_add(manager_, "route/addr", nullptr, nullptr, &addresses_);
            error < 0)
            return netlink_failure("listing addresses", error);
        return {};
    }

    int event_fd() const { return nl_cache_mngr_get_fd(manager_); }

    void update() {
        if (nl_cache_mngr_data_ready(manager_) >= 0) return;
        // Messages were lost: the kernel's queue overflowed. Ask for everything anew.
        nl_sock* socket = nl_socket_alloc();
        if (socket != nullptr && nl_connect(socket, NETLINK_ROUTE) == 0) {
            nl_cache_refill(socket, links_);
            nl_cache_refill(socket, addresses_);
        }
        nl_socket_free(socket);
    }

    std::optional<InterfaceState> state_of(const std::string& name) const {
        const Link link(rtnl_link_get_by_name(links_, name.c_str()));
        if (!link) return std::nullopt;
        const char* kind = rtnl_link_get_type(link.get());
        const nl_addr* hardware = rtnl_link_get_addr(link.get());
        const unsigned flags = rtnl_link_get_flags(link.get());
        return InterfaceState{
            .index = static_cast<unsigned>(rtnl_link_get_ifindex(link.get())),
            .kind = kind != nullptr ? kind : "",
            .running = (flags & IFF_UP) != 0 && (flags & IFF_RUNNING) != 0,
            .ethernet = hardware != nullptr && nl_addr_get_len(hardware) == 6 && (flags & IFF_LOOPBACK) == 0,
            .mac = mac_of(hardware),
            .addresses = addresses_of(rtnl_link_get_ifindex(link.get())),
        };
    }

    Placement placement_of(const std::string& name) const {
        Placement placement{.port = name};
        Link link(rtnl_link_get_by_name(links_, name.c_str()));
        while (link && rtnl_link_is_vlan(link.get()) != 0) {
            Link parent(rtnl_link_get(links_, rtnl_link_get_link(link.get())));
            // A device of the same index in this namespace is not the parent that is in another one.
            std::int32_t elsewhere = 0;
            if (!parent || rtnl_link_get_link_netnsid(link.get(), &elsewhere) == 0) break;
            placement.tags.insert(placement.tags.begin(), tag_of(link.get()));
            placement.port = rtnl_link_get_name(parent.get());
            link = std::move(parent);
        }
        return placement;
    }

    std::vector<std::string> interface_names() const {
        std::vector<std::string> names;
        for (nl_object* entry = nl_cache_get_first(links_); entry != nullptr;
             entry = nl_cache_get_next(entry))
            names.emplace_back(rtnl_link_get_name(reinterpret_cast<rtnl_link*>(entry)));
        return names;
    }

  private:
    std::vector<IpAddress> addresses_of(int interface_index) const {
        std::vector<IpAddress> primary;
        std::vector<IpAddress> secondary;
        for (nl_object* object = nl_cache_get_first(addresses_); object != nullptr;
             object = nl_cache_get_next(object)) {
            auto* entry = reinterpret_cast<rtnl_addr*>(object);
            if (rtnl_addr_get_ifindex(entry) != interface_index || !is_usable(entry)) continue;
            const auto address = address_of(entry);
            if (!address) continue;
            const bool is_secondary = (rtnl_addr_get_flags(entry) & IFA_F_SECONDARY) != 0;
            (is_secondary ? secondary : primary).push_back(*address);
        }
        primary.insert(primary.end(), secondary.begin(), secondary.end());
        return primary;
    }

    nl_cache_mngr* manager_ = nullptr;
    nl_cache* links_ = nullptr;
    nl_cache* addresses_ = nullptr;
};

std::optional<IpAddress> InterfaceState::primary_address(protocol::Family family,
                                                         std::span<const IpAddress> passed_over,
                                                         Scope scope) const {
    const auto fits = [&](const IpAddress& address) {
        const bool in_scope = address.is_link_local() == (scope == Scope::Link);
        return address.family() == family && (family == protocol::Family::Ipv4 || in_scope) &&
               std::find(passed_over.begin(), passed_over.end(), address) == passed_over.end();
    };
    const auto found = std::find_if(addresses.begin(), addresses.end(), fits);
    return found == addresses.end() ? std::nullopt : std::optional(*found);
}

Result<InterfaceMonitor> InterfaceMonitor::open() {
    auto caches = std::make_unique<Caches>();
    if (auto opened = caches->open(); !opened) return tl::unexpected(opened.error());
    return InterfaceMonitor(std::move(caches));
}

InterfaceMonitor::InterfaceMonitor(std::unique_ptr<Caches> caches) : caches_(std::move(caches)) {}
InterfaceMonitor::InterfaceMonitor(InterfaceMonitor&&) noexcept = default;
InterfaceMonitor& InterfaceMonitor::operator=(InterfaceMonitor&&) noexcept = default;
InterfaceMonitor::~InterfaceMonitor() = default;

int InterfaceMonitor::event_fd() const { return caches_->event_fd(); }
void InterfaceMonitor::update() { caches_->update(); }

std::optional<InterfaceState> InterfaceMonitor::state_of(const std::string& interface_name) const {
    return caches_->state_of(interface_name);
}

Placement InterfaceMonitor::placement_of(const std::string& interface_name) const {
    return caches_->placement_of(interface_name);
}

std::vector<std::string> InterfaceMonitor::interface_names() const { return caches_->interface_names(); }

}  // namespace vrrp_xdp::net
