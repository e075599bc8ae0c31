// SPDX-License-Identifier: BSD-2-Clause
#include "inspection/pinned_state.hpp"

#include <bpf/bpf.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "dataplane/filter_entries.hpp"
#include "dataplane/per_cpu.hpp"
#include "dataplane/pins.hpp"
#include "support/unique_fd.hpp"
#include "vrrp_xdp/filter_entries.h"

namespace vrrp_xdp::inspection {
namespace {

using protocol::IpAddress;

/// A map that is pinned under a port's name, of which every element is as large as T.
class PinnedMap {
  public:
    static Result<PinnedMap> open(const std::string& port_name, const char* name, std::size_t value_size) {
        const auto path = dataplane::pin_directory(port_name) / name;
        UniqueFd fd(bpf_obj_get(path.c_str()));
        if (!fd)
            return system_failure("opening " + path.string(), errno,
                                  errno == EACCES || errno == EPERM ? "run as root" : "");
        bpf_map_info info{};
        std::uint32_t size = sizeof(info);
        if (bpf_obj_get_info_by_fd(fd.get(), &info, &size) != 0)
            return system_failure("reading " + path.string());
        if (info.value_size != value_size)
            return failure(path.string() + " was created by another version of vrrp-xdp",
                           "read it with 'bpftool map dump pinned " + path.string() + "'");
        return PinnedMap(std::move(fd));
    }

    template <typename Value, typename Key>
    Value at(const Key& key) const {
        Value value{};
        bpf_map_lookup_elem(fd_.get(), &key, &value);
        return value;
    }

    /// Calls visit(key, value) for each element of a hash.
    template <typename Key, typename Value, typename Visit>
    void for_each(Visit&& visit) const {
        Key key{};
        for (int more = bpf_map_get_next_key(fd_.get(), nullptr, &key); more == 0;
             more = bpf_map_get_next_key(fd_.get(), &key, &key))
            visit(key, at<Value>(key));
    }

    int fd() const { return fd_.get(); }

  private:
    explicit PinnedMap(UniqueFd fd) : fd_(std::move(fd)) {}
    UniqueFd fd_;
};

/// Those that say what there is, by name.
class PinnedMaps {
  public:
    static Result<PinnedMaps> open(const std::string& port_name) {
        static constexpr std::pair<const char*, std::size_t> all[] = {
            {"virtual_routers", sizeof(vrrp_xdp_vr)},
            {"ipv4_addresses", sizeof(vrrp_xdp_vr)},
            {"ipv6_addresses", sizeof(vrrp_xdp_vr)},
            {"leases", sizeof(vrrp_xdp_lease)},
            {"stamps", sizeof(vrrp_xdp_stamp)},
            {"gaps", sizeof(vrrp_xdp_gaps)},
            {"vr_counters", sizeof(vrrp_xdp_vr_counters)},
            {"port_counters", sizeof(vrrp_xdp_port_counters)},
            {VRRP_XDP_PIN_FILTER_ENTRIES, sizeof(vrrp_xdp_filter_entry)}};
        PinnedMaps maps;
        for (const auto& [name, value_size] : all) {
            auto map = PinnedMap::open(port_name, name, value_size);
            if (!map) return tl::unexpected(map.error());
            maps.by_name_.emplace(name, std::move(*map));
        }
        return maps;
    }
    const PinnedMap& operator[](const char* name) const { return by_name_.at(name); }

  private:
    std::map<std::string, PinnedMap> by_name_;
};

protocol::TimePoint time_point(std::uint64_t nanoseconds) {
    return protocol::TimePoint(protocol::Duration(nanoseconds));
}

/// Returns until when the data plane answers, or answered: its deadline, or another router's word before it.
protocol::TimePoint end_of(const vrrp_xdp_lease& lease, const vrrp_xdp_stamp& stamp) {
    const bool is_succeeded = stamp.rival_ns > lease.firm_ns;
    return time_point(is_succeeded ? std::min(lease.deadline_ns, stamp.rival_ns) : lease.deadline_ns);
}

/// By slot.
std::map<std::uint32_t, std::vector<IpAddress>> read_addresses(const PinnedMaps& maps) {
    std::map<std::uint32_t, std::vector<IpAddress>> addresses;
    const auto add = [&](const auto& key, const vrrp_xdp_vr& router) {
        addresses[router.slot].push_back(IpAddress::from_bytes(key.address));
    };
    maps["ipv4_addresses"].for_each<vrrp_xdp_ipv4_key, vrrp_xdp_vr>(add);
    maps["ipv6_addresses"].for_each<vrrp_xdp_ipv6_key, vrrp_xdp_vr>(add);
    for (auto& [slot, all] : addresses) std::sort(all.begin(), all.end());
    return addresses;
}

PinnedRouter read_router(const PinnedMaps& maps, const vrrp_xdp_vr_key& key, const vrrp_xdp_vr& value) {
    PinnedRouter router;
    router.vlan = key.vlan;
    router.vrid = key.vrid;
    router.family = key.family == VRRP_XDP_IPV4 ? protocol::Family::Ipv4 : protocol::Family::Ipv6;
    std::copy(std::begin(value.mac), std::end(value.mac), router.mac.bytes.begin());
    const auto stamp = maps["stamps"].at<vrrp_xdp_stamp>(value.slot);
    router.lease = end_of(maps["leases"].at<vrrp_xdp_lease>(value.slot), stamp);
    router.last_heard = time_point(stamp.advertisement_ns);
    router.gaps = maps["gaps"].at<vrrp_xdp_gaps>(value.slot);
    router.counters = dataplane::sum_over_cpus<vrrp_xdp_vr_counters>(maps["vr_counters"].fd(), value.slot);
    return router;
}

auto order_of(const PinnedRouter& router) {
    return std::tuple(router.vlan.tag[0], router.vlan.tag[1], router.vrid, router.family);
}

}  // namespace

Result<PinnedPort> read_pins(const std::string& port_name) {
    const auto port = PinnedMap::open(port_name, VRRP_XDP_PIN_PORT, sizeof(vrrp_xdp_port));
    if (!port) return tl::unexpected(port.error());
    const auto noted = port->at<vrrp_xdp_port>(std::uint32_t{0});
    if (noted.abi_version != VRRP_XDP_ABI_VERSION)
        return failure("the pins of " + port_name + " were created by another version of vrrp-xdp",
                       "read it with 'bpftool map dump pinned " +
                           dataplane::pin_directory(port_name).string() +
                           "/virtual_routers', or remove it with 'vrrp-xdp detach " + port_name + "'");
    const auto maps = PinnedMaps::open(port_name);
    if (!maps) return tl::unexpected(maps.error());

    PinnedPort found{noted.controller_pid, {}, {}, {}};
    for (const dataplane::NotedEntry& entry :
         dataplane::read_entries((*maps)[VRRP_XDP_PIN_FILTER_ENTRIES].fd()))
        found.filter_entries.push_back(entry.address);
    std::sort(found.filter_entries.begin(), found.filter_entries.end());
    found.counters = dataplane::sum_over_cpus<vrrp_xdp_port_counters>((*maps)["port_counters"].fd(), 0);
    auto addresses = read_addresses(*maps);
    (*maps)["virtual_routers"].for_each<vrrp_xdp_vr_key, vrrp_xdp_vr>(
        [&](const vrrp_xdp_vr_key& key, const vrrp_xdp_vr& value) {
            found.routers.push_back(read_router(*maps, key, value));
            found.routers.back().addresses = std::move(addresses[value.slot]);
        });
    std::sort(found.routers.begin(), found.routers.end(),
              [](const PinnedRouter& a, const PinnedRouter& b) { return order_of(a) < order_of(b); });
    return found;
}

}  // namespace vrrp_xdp::inspection
