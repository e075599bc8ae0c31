// SPDX-License-Identifier: BSD-2-Clause
#include "dataplane/port_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "dataplane/pins.hpp"
#include "support/runtime_directory.hpp"

namespace vrrp_xdp::dataplane {
namespace {

namespace fs = std::filesystem;

const char* suffix_of(PortLock::Purpose purpose) {
    return purpose == PortLock::Purpose::Serve ? ".lock" : ".attaching";
}

/// Nobody who is refused for want of permission has to be told more.
constexpr const char* kHint = "run as root, or as a user with write permission there";

bool is_same_file(const fs::path& path, const UniqueFd& opened) {
    struct stat there {};
    struct stat ours {};
    return stat(path.c_str(), &there) == 0 && fstat(opened.get(), &ours) == 0 &&
           there.st_ino == ours.st_ino && there.st_dev == ours.st_dev;
}

}  // namespace

Result<std::optional<PortLock>> PortLock::try_to_take(const std::string& port_name, Purpose purpose) {
    auto beside_sockets = hold_beside_sockets(port_name, purpose);
    if (!beside_sockets) return tl::unexpected(beside_sockets.error());
    if (!*beside_sockets) return std::nullopt;
    auto beside_pins = hold_beside_pins(port_name, purpose);
    if (!beside_pins) return tl::unexpected(beside_pins.error());
    if (!*beside_pins) return std::nullopt;
    return PortLock(std::move(**beside_sockets), std::move(**beside_pins));
}

Result<std::optional<PortLock::Held>> PortLock::hold_beside_sockets(const std::string& port_name,
                                                                    Purpose purpose) {
    const fs::path path = runtime_directory() / (port_name + suffix_of(purpose));
    for (;;) {
        std::error_code error;
        fs::create_directories(runtime_directory(), error);
        if (error == std::errc::no_such_file_or_directory)
            continue;  // another removes what is empty above it
        if (error) return failure("creating " + runtime_directory().string() + ": " + error.message(), kHint);
        UniqueFd file(open(path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600));
        // Nor does the directory stay when whoever was the last in it ends.
        if (!file && errno == ENOENT) continue;
        if (!file) return system_failure("opening " + path.string(), errno, kHint);
        if (flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
            if (errno == EWOULDBLOCK) return std::nullopt;
            return system_failure("locking " + path.string());
        }
        // Who held it last may have removed the file since we opened it: that lock would be nobody's.
        if (is_same_file(path, file)) return Held(path, std::move(file));
    }
}

/// A directory, for the BPF file system has no files that are not BPF objects.
Result<std::optional<PortLock::Held>> PortLock::hold_beside_pins(const std::string& port_name,
                                                                 Purpose purpose) {
    const auto use = purpose == Purpose::Serve ? PortUse::Serve : PortUse::Attach;
    for (;;) {
        const auto path = make_lock_directory(port_name, use);
        if (!path) return tl::unexpected(path.error());
        UniqueFd directory(open(path->c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        if (!directory && errno == ENOENT) continue;
        if (!directory) return system_failure("opening " + path->string(), errno, kHint);
        if (flock(directory.get(), LOCK_EX | LOCK_NB) != 0) {
            if (errno == EWOULDBLOCK) return std::nullopt;
            return system_failure("locking " + path->string());
        }
        if (is_same_file(*path, directory)) return Held(*path, std::move(directory));
    }
}

PortLock::Held::~Held() {
    if (!fd_) return;
    std::error_code error;
    fs::remove(path_, error);
    remove_empty_runtime_directory();
    remove_empty_pin_directories();
}

Result<PortLock> PortLock::take(const std::string& port_name) {
    auto beside_sockets = hold_beside_sockets(port_name, Purpose::Serve);
    if (!beside_sockets) return tl::unexpected(beside_sockets.error());
    if (!*beside_sockets)
        return failure("another instance serves the port " + port_name,
                       "one instance must serve a port with all its VLANs: put them into one configuration, "
                       "or detach the other instance");
    auto beside_pins = hold_beside_pins(port_name, Purpose::Serve);
    if (!beside_pins) return tl::unexpected(beside_pins.error());
    if (*beside_pins) return PortLock(std::move(**beside_sockets), std::move(**beside_pins));
    return failure("another instance serves the port " + port_name + ", and its control socket is not in " +
                       runtime_directory().string() +
                       ": it has another /run, as in a container, or this one was cleared",
                   "stop that one first with SIGTERM where it runs; a hand-over needs the same " +
                       std::string(kRuntimeRoot));
}

}  // namespace vrrp_xdp::dataplane
