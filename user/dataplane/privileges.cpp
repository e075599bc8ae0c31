// SPDX-License-Identifier: BSD-2-Clause
#include "dataplane/privileges.hpp"

#include <linux/capability.h>

#include <array>
#include <cerrno>
#include <fstream>
#include <utility>

namespace vrrp_xdp::dataplane {

std::uint64_t effective_capabilities() {
    std::ifstream status("/proc/thread-self/status");
    for (std::string key; status >> key;)
        if (key == "CapEff:") {
            std::uint64_t set = 0;
            status >> std::hex >> set;
            return set;
        }
    return 0;
}

namespace {

/// Those that loading the programs needs and this thread lacks: "CAP_BPF and CAP_PERFMON", or "".
std::string missing_capabilities() {
    static constexpr std::array needed{std::pair{CAP_NET_ADMIN, "CAP_NET_ADMIN"},
                                       std::pair{CAP_BPF, "CAP_BPF"}, std::pair{CAP_PERFMON, "CAP_PERFMON"}};
    const std::uint64_t held = effective_capabilities();
    std::string missing;
    for (const auto& [number, name] : needed)
        if ((held >> number & 1U) == 0) missing += (missing.empty() ? "" : " and ") + std::string(name);
    return missing;
}

}  // namespace

std::string hint_on_failed_load(int error, const std::string& said) {
    const std::string missing = missing_capabilities();
    if (!missing.empty())
        return "this process lacks " + missing +
               ": run as root, or with the capabilities of vrrp-xdp.service";
    // As root of a user namespace, which has all capabilities, and none that count.
    if (error == -EPERM) return "run as root on the host";
    return "Linux 6.1 or later is needed; libbpf says:\n" + said;
}

}  // namespace vrrp_xdp::dataplane
