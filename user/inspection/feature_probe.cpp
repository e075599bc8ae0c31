// SPDX-License-Identifier: BSD-2-Clause
#include "inspection/feature_probe.hpp"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <sched.h>

#include <memory>
#include <thread>

#include "dataplane/boot_clock.hpp"
#include "dataplane/clsact.hpp"
#include "dataplane/libbpf_log.hpp"
#include "dataplane/privileges.hpp"
#include "dataplane/programs.hpp"
#include "dataplane/shared_array.hpp"
#include "dataplane/xdp_link.hpp"

namespace vrrp_xdp::inspection {
namespace {

using dataplane::LibbpfLog;
using dataplane::Skeleton;

constexpr unsigned kLoopback = 1;  // its index in every new network namespace

/// result: 1 for there, 0 for not there, or a negative errno.
Result<void> as_result(const std::string& what, int result, const std::string& hint) {
    if (result == 1) return {};
    if (result == 0) return failure("the kernel has no " + what, hint);
    return system_failure("testing for " + what, result);
}

Result<void> try_shared_array() {
    bpf_map_create_opts options{};
    options.sz = sizeof(options);
    options.map_flags = BPF_F_MMAPABLE;
    const UniqueFd map(bpf_map_create(BPF_MAP_TYPE_ARRAY, "probe", sizeof(std::uint32_t),
                                      sizeof(vrrp_xdp_lease), 1, &options));
    if (!map) return system_failure("creating a memory-mapped array", errno, "it needs Linux 5.5");
    const auto mapped = dataplane::SharedArray<vrrp_xdp_lease>::map(map.get(), 1);
    if (!mapped) return tl::unexpected(mapped.error());
    return {};
}

Result<Skeleton> load() {
    const LibbpfLog log;
    Skeleton skeleton(vrrp_xdp_bpf__open());
    if (!skeleton) return system_failure("opening the BPF object");
    if (const int error = vrrp_xdp_bpf__load(skeleton.get()); error != 0)
        return system_failure("loading the BPF programs", error,
                              dataplane::hint_on_failed_load(error, log.text()));
    return skeleton;
}

Result<void> try_xdp_link(const vrrp_xdp_bpf& programs) {
    const auto link = dataplane::XdpLink::attach({"lo", kLoopback, ""}, dataplane::Mode::Generic,
                                                 bpf_program__fd(programs.progs.vrrp_xdp));
    if (!link) return tl::unexpected(link.error());
    return {};
}

Result<void> try_clsact(const vrrp_xdp_bpf& programs) {
    const auto qdisc = dataplane::open_clsact(kLoopback);
    if (!qdisc) return tl::unexpected(qdisc.error());
    return dataplane::add_filter(kLoopback, dataplane::Direction::Ingress,
                                 bpf_program__fd(programs.progs.vrrp_clsact));
}

/// On a thread of its own, which alone moves into the new network namespace and takes it along when it ends.
void try_attaching(const vrrp_xdp_bpf& programs, FeatureProbe& probe) {
    std::thread([&] {
        if (unshare(CLONE_NEWNET) != 0) {
            probe.xdp_link =
                system_failure("creating a network namespace to test it in", errno, "it needs CAP_SYS_ADMIN");
            probe.clsact = probe.xdp_link;
            return;
        }
        probe.xdp_link = try_xdp_link(programs);
        probe.clsact = try_clsact(programs);
    }).join();
}

}  // namespace

FeatureProbe probe_features() {
    const LibbpfLog quiet;
    FeatureProbe probe{
        .shared_array = try_shared_array(),
        .ring_buffer = as_result("BPF ring buffer", libbpf_probe_bpf_map_type(BPF_MAP_TYPE_RINGBUF, nullptr),
                                 "it came with Linux 5.8"),
        .boot_clock =
            as_result("bpf_ktime_get_boot_ns() for XDP programs",
                      libbpf_probe_bpf_helper(BPF_PROG_TYPE_XDP, BPF_FUNC_ktime_get_boot_ns, nullptr),
                      "it came with Linux 5.8"),
        .same_clock = dataplane::check_boot_clock(),
        .programs = {},
        .xdp_link = {},
        .clsact = {},
    };
    const auto skeleton = load();
    if (skeleton) {
        try_attaching(**skeleton, probe);
    } else {
        probe.programs = tl::unexpected(skeleton.error());
        probe.xdp_link = failure("not tested without programs");
        probe.clsact = probe.xdp_link;
    }
    return probe;
}

}  // namespace vrrp_xdp::inspection
