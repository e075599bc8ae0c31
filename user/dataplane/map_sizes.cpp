// SPDX-License-Identifier: BSD-2-Clause
#include "dataplane/map_sizes.hpp"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <vrrp_xdp.skel.h>

#include <algorithm>
#include <bit>

#include "support/unique_fd.hpp"
#include "vrrp_xdp/abi.h"

namespace vrrp_xdp::dataplane {
namespace {

constexpr std::size_t kLeastRoom = 64;

std::size_t room_for(std::size_t virtual_routers) {
    return std::clamp<std::size_t>(std::bit_ceil(2 * virtual_routers), kLeastRoom, VRRP_XDP_MAX_ELECTIONS);
}

}  // namespace

std::size_t pinned_room(const std::filesystem::path& directory) {
    const UniqueFd map(bpf_obj_get((directory / "vr_counters").c_str()));
    bpf_map_info info{};
    std::uint32_t size = sizeof(info);
    return map && bpf_obj_get_info_by_fd(map.get(), &info, &size) == 0 ? info.max_entries : 0;
}

void size_maps(const vrrp_xdp_bpf& skeleton, const std::filesystem::path& directory,
               std::size_t virtual_routers) {
    const std::size_t pinned = pinned_room(directory);
    bpf_map__set_max_entries(skeleton.maps.vr_counters,
                             static_cast<std::uint32_t>(pinned != 0 ? pinned : room_for(virtual_routers)));
}

}  // namespace vrrp_xdp::dataplane
