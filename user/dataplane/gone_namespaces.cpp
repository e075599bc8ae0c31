// SPDX-License-Identifier: BSD-2-Clause
#include "dataplane/gone_namespaces.hpp"

#include <bpf/bpf.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "dataplane/xdp_link.hpp"
#include "support/network_namespace.hpp"
#include "support/unique_fd.hpp"
#include "vrrp_xdp/abi.h"

namespace vrrp_xdp::dataplane {
namespace {

namespace fs = std::filesystem;

/// The inode of the first PID namespace (PROC_PID_INIT_INO in the kernel's proc_ns.h), whose /proc shows all
/// processes.
constexpr ino_t kFirstPidNamespace = 0xEFFFFFFC;

bool sees_all_processes() {
    struct stat own {};
    return stat("/proc/self/ns/pid", &own) == 0 && own.st_ino == kFirstPidNamespace;
}

/// Namespaces that processes are in, as our directories are called.
void add_inhabited(std::set<std::string>& names) {
    std::error_code error;
    for (fs::directory_iterator each("/proc", error), end; !error && each != end; each.increment(error)) {
        struct stat there {};
        if (stat((each->path() / "ns/net").c_str(), &there) == 0)
            names.insert("net-" + std::to_string(there.st_ino));
    }
}

/// Namespaces that a mount keeps, as `ip netns add` does: the root of such a mount is "net:[INODE]".
void add_mounted(std::set<std::string>& names) {
    static const std::string prefix = " net:[";
    for (const char* table : {"/proc/self/mountinfo", "/proc/1/mountinfo"}) {
        std::ifstream file(table);
        for (std::string line; std::getline(file, line);) {
            const std::size_t at = line.find(prefix);
            if (at == std::string::npos) continue;
            const std::size_t number = at + prefix.size();
            names.insert("net-" + line.substr(number, line.find(']', number) - number));
        }
    }
}

bool is_on_an_interface(const fs::path& pins) {
    const UniqueFd link(bpf_obj_get((pins / VRRP_XDP_PIN_LINK).c_str()));
    return link && linked_interface(link.get()) != 0;
}

/// The directories of other namespaces whose programs are on no interface.
std::vector<fs::path> idle_directories() {
    std::vector<fs::path> found;
    const std::string own = network_namespace_name();
    std::error_code error;
    for (const auto& each : fs::directory_iterator(VRRP_XDP_PIN_ROOT, error)) {
        const std::string name = each.path().filename();
        if (name == own || !name.starts_with("net-")) continue;
        bool is_idle = true;
        std::error_code unreadable;
        for (const auto& pins : fs::directory_iterator(each.path(), unreadable))
            is_idle = is_idle && !is_on_an_interface(pins.path());
        if (is_idle && !unreadable) found.push_back(each.path());
    }
    return found;
}

}  // namespace

void remove_pins_of_gone_namespaces() {
    const auto idle = idle_directories();
    if (idle.empty() || !sees_all_processes()) return;
    std::set<std::string> living;
    add_inhabited(living);
    add_mounted(living);
    std::error_code error;
    for (const fs::path& directory : idle)
        if (!living.contains(directory.filename())) fs::remove_all(directory, error);
}

}  // namespace vrrp_xdp::dataplane
