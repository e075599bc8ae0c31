// SPDX-License-Identifier: BSD-2-Clause
#include "capture/twin.hpp"

#include <bpf/libbpf.h>
#include <vrrp_xdp.skel.h>

#include <atomic>
#include <string>

#include "capture/patience.hpp"
#include "dataplane/libbpf_log.hpp"
#include "dataplane/privileges.hpp"

namespace vrrp_xdp::capture {
namespace {

using dataplane::AttachedPort;

/// Has each map that the port has be the port's.
Result<void> share_maps(const vrrp_xdp_capture_bpf& twin, const vrrp_xdp_bpf& own) {
    bpf_map* map = nullptr;
    bpf_object__for_each_map(map, twin.obj) {
        if (bpf_map__is_internal(map)) continue;
        const bpf_map* shared = bpf_object__find_map_by_name(own.obj, bpf_map__name(map));
        if (shared == nullptr) continue;  // a capture's own
        if (const int error = bpf_map__reuse_fd(map, bpf_map__fd(shared)); error != 0)
            return system_failure(std::string("sharing the map ") + bpf_map__name(map), error);
    }
    // By which the driver is seen to run the program.
    if (const int error = bpf_map__reuse_fd(twin.maps.bss, bpf_map__fd(own.maps.bss)); error != 0)
        return system_failure("sharing the variables of the programs", error);
    return {};
}

}  // namespace

Result<Twin::Skeleton> Twin::load(const AttachedPort& port) {
    const dataplane::LibbpfLog log;
    Skeleton skeleton(vrrp_xdp_capture_bpf__open());
    if (!skeleton) return system_failure("opening the capturing programs");
    if (auto shared = share_maps(*skeleton, port.programs()); !shared) return tl::unexpected(shared.error());
    const bool by_clsact = port.mode() == dataplane::Mode::Clsact;
    bpf_program__set_autoload(skeleton->progs.capture_xdp, !by_clsact);
    bpf_program__set_autoload(skeleton->progs.capture_clsact, by_clsact);
    bpf_program__set_autoload(skeleton->progs.vrrp_ingress, false);  // the port's own stays
    if (const int error = vrrp_xdp_capture_bpf__load(skeleton.get()); error != 0)
        return system_failure("loading the capturing programs", error,
                              dataplane::hint_on_failed_load(error, log.text()));
    return skeleton;
}

Result<std::unique_ptr<Twin>> Twin::put_in_place(const std::shared_ptr<AttachedPort>& port,
                                                 const vrrp_xdp_capture& asked) {
    auto skeleton = load(*port);
    if (!skeleton) return tl::unexpected(skeleton.error());
    auto shared = Asked::map(bpf_map__fd((*skeleton)->maps.capture), 1);
    if (!shared) return tl::unexpected(shared.error());
    (*shared)[0] = asked;
    (*shared)[0].until_ns = boot_ns_in(kReaderPatience);
    const auto& programs = (*skeleton)->progs;
    const bool by_clsact = port->mode() == dataplane::Mode::Clsact;
    const AttachedPort::StandIns stand_ins{
        .received = bpf_program__fd(by_clsact ? programs.capture_clsact : programs.capture_xdp),
        .sent_from_virtual_mac = bpf_program__fd(programs.capture_egress),
        .sent = bpf_program__fd(programs.capture_sent)};
    std::unique_ptr<Twin> twin(new Twin(port, std::move(*skeleton), std::move(*shared)));
    // Should only one of them be put in place, the twin's end undoes that.
    if (auto placed = port->stand_in(stand_ins); !placed) return tl::unexpected(placed.error());
    return twin;
}

Twin::~Twin() {
    if (const auto port = port_.lock()) static_cast<void>(port->stand_in(std::nullopt));
}

int Twin::ring_fd() const { return bpf_map__fd(skeleton_->maps.captured); }
int Twin::asked_fd() const { return bpf_map__fd(skeleton_->maps.capture); }

bool Twin::is_read() const {
    return boot_ns_in({}) < std::atomic_ref(asked_[0].until_ns).load(std::memory_order_relaxed);
}

}  // namespace vrrp_xdp::capture
