// SPDX-License-Identifier: BSD-2-Clause
#include "keepalived/host.hpp"

#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>
#include <system_error>

namespace vrrp_xdp::keepalived {

bool ThisHost::has_user(const std::string& name) const { return getpwnam(name.c_str()) != nullptr; }

bool ThisHost::has_group(const std::string& name) const { return getgrnam(name.c_str()) != nullptr; }

bool ThisHost::has_program(const std::string& name) const {
    if (name.find('/') != std::string::npos) return access(name.c_str(), X_OK) == 0;
    // Where a service looks for it, and not the PATH of who imports.
    constexpr std::array<std::string_view, 6> directories = {
        "/usr/local/sbin/", "/usr/local/bin/", "/usr/sbin/", "/usr/bin/", "/sbin/", "/bin/"};
    return std::any_of(directories.begin(), directories.end(), [&](std::string_view directory) {
        return access((std::string(directory) + name).c_str(), X_OK) == 0;
    });
}

std::string ThisHost::helper() const {
    constexpr std::string_view name = "keepalived-notify";
    std::error_code error;
    const auto directory = std::filesystem::read_symlink("/proc/self/exe", error).parent_path();
    // Beside this program, as built, or in ../libexec/vrrp-xdp, as installed.
    if (const auto built = directory / name; access(built.c_str(), X_OK) == 0) return built;
    return (directory.empty() ? "/usr" : directory.parent_path()) / "libexec" / "vrrp-xdp" / name;
}

}  // namespace vrrp_xdp::keepalived
