// SPDX-License-Identifier: BSD-2-Clause
#include "controller/runtime_directory.hpp"

#include <fcntl.h>
#include <sys/file.h>

#include "support/network_namespace.hpp"

namespace vrrp_xdp::controller {
namespace {

namespace fs = std::filesystem;

constexpr const char* kRoot = "/run/vrrp-xdp";

}  // namespace

fs::path runtime_directory() { return fs::path(kRoot) / network_namespace_name(); }

void remove_empty_runtime_directory() {
    std::error_code error;
    fs::remove(runtime_directory(), error);
    fs::remove(kRoot, error);  // stays while other namespaces have theirs
}

Result<PortLock> PortLock::take(const std::string& port_name) {
    std::error_code error;
    fs::create_directories(runtime_directory(), error);
    const fs::path path = runtime_directory() / (port_name + ".lock");
    UniqueFd file(open(path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600));
    if (!file)
        return system_failure("opening " + path.string(), errno,
                              "run as root, or as a user that may write there");
    if (flock(file.get(), LOCK_EX | LOCK_NB) == 0) return PortLock(path, std::move(file));
    if (errno != EWOULDBLOCK) return system_failure("locking " + path.string());
    return failure(
        "another instance serves the port " + port_name,
        "one instance serves a port with all its VLANs: name them in one configuration, or detach the other");
}

PortLock::~PortLock() {
    if (!file_) return;
    std::error_code error;
    fs::remove(path_, error);
    remove_empty_runtime_directory();
}

}  // namespace vrrp_xdp::controller
