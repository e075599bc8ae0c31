// SPDX-License-Identifier: BSD-2-Clause
#include "dataplane/pins.hpp"

#include <bpf/bpf.h>
#include <linux/magic.h>
#include <net/if.h>
#include <sys/mount.h>
#include <sys/vfs.h>

#include <algorithm>
#include <array>

#include "dataplane/clsact.hpp"
#include "dataplane/offload.hpp"
#include "dataplane/vlan_offload.hpp"
#include "dataplane/xdp_link.hpp"
#include "support/network_namespace.hpp"
#include "support/unique_fd.hpp"
#include "vrrp_xdp/abi.h"

namespace vrrp_xdp::dataplane {
namespace {

namespace fs = std::filesystem;

constexpr const char* kBpfFileSystem = "/sys/fs/bpf";

fs::path namespace_directory() { return fs::path(VRRP_XDP_PIN_ROOT) / network_namespace_name(); }

Result<void> mount_bpf_file_system() {
    struct statfs found {};
    if (statfs(kBpfFileSystem, &found) == 0 && found.f_type == BPF_FS_MAGIC) return {};
    if (mount("bpf", kBpfFileSystem, "bpf", 0, "mode=0700") != 0)
        return system_failure(std::string("mounting the BPF file system on ") + kBpfFileSystem, errno,
                              "run as root; the kernel needs CONFIG_BPF_SYSCALL");
    return {};
}

/// What the last controller wrote about itself, or nothing if that was not of this ABI.
vrrp_xdp_port read_port(const fs::path& directory) {
    vrrp_xdp_port port{};
    const UniqueFd map(bpf_obj_get((directory / VRRP_XDP_PIN_PORT).c_str()));
    if (!map) return {};
    bpf_map_info info{};
    std::uint32_t info_size = sizeof(info);
    if (bpf_obj_get_info_by_fd(map.get(), &info, &info_size) != 0 || info.value_size != sizeof(port))
        return {};
    const std::uint32_t first = 0;
    if (bpf_map_lookup_elem(map.get(), &first, &port) != 0 || port.abi_version != VRRP_XDP_ABI_VERSION)
        return {};
    return port;
}

// The BPF file system takes no dots, as VLAN devices have in their names, and no interface has a colon.
std::string pin_name(std::string interface_name) {
    std::replace(interface_name.begin(), interface_name.end(), '.', ':');
    return interface_name;
}

Result<fs::path> make_directory(const fs::path& directory) {
    if (auto mounted = mount_bpf_file_system(); !mounted) return tl::unexpected(mounted.error());
    std::error_code error;
    // Another instance may just have removed what was empty above it.
    for (int attempt = 0; attempt < 10; ++attempt) {
        fs::create_directories(directory, error);
        if (!error) return directory;
        if (error != std::errc::no_such_file_or_directory) break;
    }
    return failure("making " + directory.string() + ": " + error.message(), "run as root");
}

// Behind the name of an interface: longer than any name of one (IFNAMSIZ), so that nothing else is called so.
constexpr const char* kServeLock = ":lock-of-who-serves";
constexpr const char* kAttachLock = ":lock-of-who-attaches";

}  // namespace

fs::path pin_directory(const std::string& interface_name) {
    return namespace_directory() / pin_name(interface_name);
}

std::vector<std::string> pinned_interfaces() {
    std::vector<std::string> names;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(namespace_directory(), error))
        if (const std::string name = entry.path().filename(); name.size() < IFNAMSIZ) names.push_back(name);
    for (std::string& name : names) std::replace(name.begin(), name.end(), ':', '.');
    return names;
}

Result<fs::path> make_pin_directory(const std::string& interface_name) {
    return make_directory(pin_directory(interface_name));
}

Result<fs::path> make_lock_directory(const std::string& interface_name, PortUse use) {
    return make_directory(namespace_directory() /
                          (pin_name(interface_name) + (use == PortUse::Serve ? kServeLock : kAttachLock)));
}

void remove_empty_pin_directories() {
    std::error_code error;
    fs::remove(namespace_directory(), error);  // stays while other interfaces have pins, and so does the root
    fs::remove(VRRP_XDP_PIN_ROOT, error);
}

Pinned find_pinned(const std::string& interface_name, unsigned interface_index) {
    const fs::path directory = pin_directory(interface_name);
    std::error_code error;
    if (!fs::exists(directory / VRRP_XDP_PIN_PORT, error)) return Pinned::Nothing;
    const vrrp_xdp_port port = read_port(directory);
    if (port.abi_version != VRRP_XDP_ABI_VERSION) return Pinned::OtherAbiVersion;
    bool attached = filter_program(interface_index, Direction::Ingress) != 0;
    if ((port.flags & VRRP_XDP_BY_CLSACT) == 0) {
        const UniqueFd link(bpf_obj_get((directory / VRRP_XDP_PIN_LINK).c_str()));
        attached = link && linked_interface(link.get()) == interface_index;
    }
    return attached && port.ifindex == interface_index ? Pinned::Attached : Pinned::Detached;
}

Mode pinned_mode(const Interface& interface) {
    const bool by_clsact = (read_port(pin_directory(interface.name)).flags & VRRP_XDP_BY_CLSACT) != 0;
    return by_clsact ? Mode::Clsact : present_mode(interface);
}

Result<void> remove_attachment(const std::string& interface_name) {
    return remove_attachment(interface_name, 0);
}

Result<void> remove_attachment(const std::string& interface_name, std::uint32_t flags) {
    const fs::path directory = pin_directory(interface_name);
    const vrrp_xdp_port port = read_port(directory);
    flags |= port.flags;
    std::error_code error;
    // On the interface that it is on, whatever that is called by now.
    const unsigned index = port.ifindex != 0 ? port.ifindex : if_nametoindex(interface_name.c_str());
    std::array<char, IF_NAMESIZE> present_name{};
    const bool is_there = index != 0 && if_indextoname(index, present_name.data()) != nullptr;
    // What answers first; a link not by its pin alone, which the kernel may take its time to let go.
    if (is_there) remove_filters(index);
    if (const UniqueFd link(bpf_obj_get((directory / VRRP_XDP_PIN_LINK).c_str())); link)
        bpf_link_detach(link.get());
    fs::remove_all(directory, error);
    const std::string failed = error ? "removing " + directory.string() + ": " + error.message() : "";

    remove_empty_pin_directories();

    if (is_there) {
        if ((flags & VRRP_XDP_CREATED_CLSACT) != 0) close_clsact(index);
        restore_tag_stripping(present_name.data(), flags);
        restore_aggregation(present_name.data(), flags);
    }
    if (!failed.empty()) return failure(failed);
    return {};
}

}  // namespace vrrp_xdp::dataplane
