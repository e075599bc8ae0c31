// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <string>

namespace vrrp_xdp::dataplane {

/// Returns the capabilities of this thread: bit CAP_BPF (linux/capability.h) is set if it has that
/// capability.
std::uint64_t effective_capabilities();

/// Returns what to do if programs do not load. error: libbpf's result. said: libbpf's log, which without
/// CAP_PERFMON is a screenful of the verifier's messages about pointers.
std::string hint_on_failed_load(int error, const std::string& said);

}  // namespace vrrp_xdp::dataplane
