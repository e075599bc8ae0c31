// SPDX-License-Identifier: BSD-2-Clause
#include "support/state_directory.hpp"

#include <sys/stat.h>

#include <cstdlib>
#include <string>
#include <system_error>

namespace vrrp_xdp {
namespace {

namespace fs = std::filesystem;

constexpr const char* kNamesOfNamespaces = "/run/netns";

/// Returns the name under which `ip netns` knows the network namespace of this process; empty if there is
/// none.
std::string name_of_network_namespace() {
    struct stat own {};
    if (stat("/proc/self/ns/net", &own) != 0) return {};
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(kNamesOfNamespaces, error)) {
        struct stat named {};
        if (stat(entry.path().c_str(), &named) == 0 && named.st_dev == own.st_dev &&
            named.st_ino == own.st_ino)
            return entry.path().filename();
    }
    return {};
}

}  // namespace

fs::path state_directory() {
    const char* const given =
        std::getenv("STATE_DIRECTORY");  // NOLINT(concurrency-mt-unsafe): nobody sets it
    const std::string all = given == nullptr ? kStateRoot : given;
    const fs::path root = all.substr(0, all.find(':'));
    const std::string name = name_of_network_namespace();
    return name.empty() ? root : root / kNamedNamespaces / name;
}

}  // namespace vrrp_xdp
