// SPDX-License-Identifier: BSD-2-Clause
#include "controller/runtime_directory.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "support/network_namespace.hpp"

namespace vrrp_xdp::controller {
namespace {

namespace fs = std::filesystem;

constexpr const char* kRoot = "/run/vrrp-xdp";

const char* suffix_of(PortLock::Purpose purpose) {
    return purpose == PortLock::Purpose::Serve ? ".lock" : ".attaching";
}

bool is_same_file(const fs::path& path, const UniqueFd& opened) {
    struct stat there {};
    struct stat ours {};
    return stat(path.c_str(), &there) == 0 && fstat(opened.get(), &ours) == 0 &&
           there.st_ino == ours.st_ino && there.st_dev == ours.st_dev;
}

}  // namespace

fs::path runtime_directory() { return fs::path(kRoot) / network_namespace_name(); }

void remove_empty_runtime_directory() {
    std::error_code error;
    fs::remove(runtime_directory(), error);
    fs::remove(kRoot, error);  // stays while other namespaces have theirs
}

Result<std::optional<PortLock>> PortLock::try_to_take(const std::string& port_name, Purpose purpose) {
    std::error_code error;
    const fs::path path = runtime_directory() / (port_name + suffix_of(purpose));
    const std::string hint = "run as root, or as a user that may write there";
    for (;;) {
        fs::create_directories(runtime_directory(), error);
        if (error == std::errc::no_such_file_or_directory)
            continue;  // another removes what is empty above it
        if (error) return failure("making " + runtime_directory().string() + ": " + error.message(), hint);
        UniqueFd file(open(path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600));
        // Nor does the directory stay when whoever was the last in it ends.
        if (!file && errno == ENOENT) continue;
        if (!file) return system_failure("opening " + path.string(), errno, hint);
        if (flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
            if (errno == EWOULDBLOCK) return std::nullopt;
            return system_failure("locking " + path.string());
        }
        // Who held it last may have removed the file since we opened it: that lock would be nobody's.
        if (is_same_file(path, file)) return PortLock(path, std::move(file));
    }
}

Result<PortLock> PortLock::take(const std::string& port_name) {
    auto lock = try_to_take(port_name, Purpose::Serve);
    if (!lock) return tl::unexpected(lock.error());
    if (*lock) return std::move(**lock);
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
