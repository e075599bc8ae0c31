// SPDX-License-Identifier: BSD-2-Clause
#include "support/runtime_directory.hpp"

#include <system_error>

#include "support/network_namespace.hpp"

namespace vrrp_xdp {

namespace fs = std::filesystem;

fs::path runtime_directory() { return fs::path(kRuntimeRoot) / network_namespace_name(); }

void remove_empty_runtime_directory() {
    std::error_code error;
    fs::remove(runtime_directory(), error);
    fs::remove(kRuntimeRoot, error);  // stays while other namespaces have theirs
}

}  // namespace vrrp_xdp
