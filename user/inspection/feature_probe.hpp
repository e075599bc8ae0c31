// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "support/result.hpp"

namespace vrrp_xdp::inspection {

/// What the running kernel does with what the data plane is made of. Each is tried and nothing is concluded
/// from a version: the real programs are loaded, and attached to the loopback device of a network namespace
/// that is made for it and is gone afterwards. Nothing of the host is touched.
struct FeatureProbe {
    Result<void> shared_array;  ///< leases: an array that is mapped into memory
    Result<void> ring_buffer;   ///< advertisements to the controller
    Result<void> boot_clock;    ///< what leases are compared with
    Result<void> same_clock;    ///< check_boot_clock()
    Result<void> programs;      ///< all of them pass the verifier
    Result<void> xdp_link;      ///< XDP is attached by a BPF link
    Result<void> clsact;        ///< the filter of frames that the kernel is handed

    bool is_complete() const {
        return shared_array && ring_buffer && boot_clock && same_clock && programs && xdp_link && clsact;
    }
};
FeatureProbe probe_features();

}  // namespace vrrp_xdp::inspection
