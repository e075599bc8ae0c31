// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <string>

namespace vrrp_xdp::dataplane {

/// Of this thread: bit CAP_BPF (linux/capability.h) is set if it may do what that is for.
std::uint64_t effective_capabilities();

/// What to do about programs that do not load. error: what libbpf returned. said: what it logged, which
/// without CAP_PERFMON is a screenful of the verifier's on pointers.
std::string hint_on_failed_load(int error, const std::string& said);

}  // namespace vrrp_xdp::dataplane
