// SPDX-License-Identifier: BSD-2-Clause
#include "dataplane/programs.hpp"

#include <bpf/libbpf.h>

#include "dataplane/libbpf_log.hpp"
#include "dataplane/map_sizes.hpp"
#include "dataplane/privileges.hpp"

namespace vrrp_xdp::dataplane {

Result<Skeleton> load_programs(const std::filesystem::path& directory, std::size_t count,
                               const Choice& choice) {
    const LibbpfLog log;
    Skeleton skeleton(vrrp_xdp_bpf__open());
    if (!skeleton) return system_failure("opening the BPF object");
    bpf_map* map = nullptr;
    bpf_object__for_each_map(map, skeleton->obj) {
        if (bpf_map__is_internal(map)) continue;  // the compiler's own, with names that cannot be pinned
        const auto path = directory / bpf_map__name(map);
        if (const int error = bpf_map__set_pin_path(map, path.c_str()); error != 0)
            return system_failure("choosing " + path.string(), error);
    }
    size_maps(*skeleton, directory, count);
    const bool by_xdp = choice.first != Mode::Clsact;
    bpf_program__set_autoload(skeleton->progs.vrrp_xdp, by_xdp);
    bpf_program__set_autoload(skeleton->progs.vrrp_ingress, by_xdp);
    bpf_program__set_autoload(skeleton->progs.vrrp_clsact, !by_xdp || choice.otherwise == Mode::Clsact);
    if (const int error = vrrp_xdp_bpf__load(skeleton.get()); error != 0)
        return system_failure("loading the BPF programs", error, hint_on_failed_load(error, log.text()));
    return skeleton;
}

vrrp_xdp_port read_port(const vrrp_xdp_bpf& skeleton) {
    vrrp_xdp_port port{};
    const std::uint32_t first = 0;
    bpf_map__lookup_elem(skeleton.maps.port, &first, sizeof(first), &port, sizeof(port), 0);
    return port;
}

Result<void> write_port(const vrrp_xdp_bpf& skeleton, const vrrp_xdp_port& port) {
    const std::uint32_t first = 0;
    if (const int error =
            bpf_map__update_elem(skeleton.maps.port, &first, sizeof(first), &port, sizeof(port), BPF_ANY);
        error != 0)
        return system_failure("filling the map port", error);
    return {};
}

Result<void> note(const vrrp_xdp_bpf& skeleton, std::uint32_t flags) {
    vrrp_xdp_port port = read_port(skeleton);
    if ((port.flags & flags) == flags) return {};
    port.flags |= flags;
    return write_port(skeleton, port);
}

}  // namespace vrrp_xdp::dataplane
