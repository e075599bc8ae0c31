// SPDX-License-Identifier: BSD-2-Clause
// The BPF programs, loaded with the maps of a port.
#pragma once

#include <vrrp_xdp.skel.h>

#include <cstdint>
#include <filesystem>
#include <memory>

#include "dataplane/mode.hpp"
#include "support/result.hpp"
#include "vrrp_xdp/abi.h"

namespace vrrp_xdp::dataplane {

struct DestroySkeleton {
    void operator()(vrrp_xdp_bpf* skeleton) const { vrrp_xdp_bpf__destroy(skeleton); }
};
using Skeleton = std::unique_ptr<vrrp_xdp_bpf, DestroySkeleton>;

/// Maps that are pinned in the directory are used as they are, the others are made and pinned there.
/// count: of Virtual Routers, by which those are sized. Programs of modes that are not chosen are not loaded,
/// since the verifier's work on one is a third of an attachment.
Result<Skeleton> load_programs(const std::filesystem::path& directory, std::size_t count,
                               const Choice& choice);

/// Returns what we or a predecessor recorded for the port; zeros if nothing is.
vrrp_xdp_port read_port(const vrrp_xdp_bpf& skeleton);

Result<void> write_port(const vrrp_xdp_bpf& skeleton, const vrrp_xdp_port& port);

/// Notes more of enum vrrp_xdp_port_flags, before what they stand for is done.
Result<void> note(const vrrp_xdp_bpf& skeleton, std::uint32_t flags);

}  // namespace vrrp_xdp::dataplane
