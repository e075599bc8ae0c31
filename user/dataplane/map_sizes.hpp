// SPDX-License-Identifier: BSD-2-Clause
// How large maps are. The counters of an election take memory on every CPU that the machine could have, which
// may be hundreds: they are made for what is configured and some more, and not for all that a port could
// hold.
#pragma once

#include <cstddef>
#include <filesystem>

struct vrrp_xdp_bpf;

namespace vrrp_xdp::dataplane {

/// Returns the capacity of the pinned maps of a port, in elections; 0 if there are none.
std::size_t pinned_room(const std::filesystem::path& directory);

/// Sets the sizes of the maps before they are created: those of the pinned maps, which are then shared, or
/// room for twice as many Virtual Routers as these, and for at least 64.
void size_maps(const vrrp_xdp_bpf& skeleton, const std::filesystem::path& directory,
               std::size_t virtual_routers);

}  // namespace vrrp_xdp::dataplane
