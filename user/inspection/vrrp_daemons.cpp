// SPDX-License-Identifier: BSD-2-Clause
#include "inspection/vrrp_daemons.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>

namespace vrrp_xdp::inspection {
namespace {

namespace fs = std::filesystem;

/// A raw socket's protocol stands where others have their port: "0.0.0.0:0070" in hexadecimal.
constexpr std::string_view kProtocol112 = ":0070";
constexpr std::size_t kLocalAddress = 1;
constexpr std::size_t kInode = 9;

/// As links in /proc/PID/fd name them.
std::set<std::string> vrrp_sockets() {
    std::set<std::string> found;
    for (const char* table : {"/proc/self/net/raw", "/proc/self/net/raw6"}) {
        std::ifstream file(table);
        std::string line;
        std::getline(file, line);  // the titles
        while (std::getline(file, line)) {
            std::istringstream words(line);
            const std::vector<std::string> columns{std::istream_iterator<std::string>(words),
                                                   std::istream_iterator<std::string>()};
            if (columns.size() > kInode && columns[kLocalAddress].ends_with(kProtocol112))
                found.insert("socket:[" + columns[kInode] + "]");
        }
    }
    return found;
}

std::string name_of(const fs::path& process) {
    std::string name;
    std::getline(std::ifstream(process / "comm"), name);
    return name;
}

bool has_any(const fs::path& process, std::set<std::string>& sockets) {
    bool any = false;
    std::error_code error;
    for (fs::directory_iterator each(process / "fd", error), end; !error && each != end;
         each.increment(error)) {
        std::error_code unreadable;
        any |= sockets.erase(fs::read_symlink(each->path(), unreadable)) > 0;
    }
    return any;
}

}  // namespace

std::vector<VrrpDaemon> find_vrrp_daemons() {
    std::vector<VrrpDaemon> rivals;
    auto sockets = vrrp_sockets();
    std::error_code error;
    for (fs::directory_iterator each("/proc", error), end; !error && each != end && !sockets.empty();
         each.increment(error)) {
        const std::string name = each->path().filename();
        pid_t pid = 0;
        if (std::from_chars(name.data(), name.data() + name.size(), pid).ec != std::errc{}) continue;
        if (has_any(each->path(), sockets)) rivals.push_back({name_of(each->path()), pid});
    }
    if (!sockets.empty()) rivals.push_back({"an unknown process"});
    return rivals;
}

}  // namespace vrrp_xdp::inspection
