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
#include "dataplane/gone_namespaces.hpp"
#include "dataplane/link_release.hpp"
#include "dataplane/xdp_link.hpp"
#include "device/offload.hpp"
#include "device/vlan_offload.hpp"
#include "support/network_namespace.hpp"
#include "support/unique_fd.hpp"
#include "vrrp_xdp/abi.h"
#include "vrrp_xdp/filter_entries.h"

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

/// The first element of the map port, or zeros if that is not of this ABI.
vrrp_xdp_port read_port(int map_fd) {
    vrrp_xdp_port port{};
    bpf_map_info info{};
    std::uint32_t info_size = sizeof(info);
    if (bpf_obj_get_info_by_fd(map_fd, &info, &info_size) != 0 || info.value_size != sizeof(port)) return {};
    const std::uint32_t first = 0;
    if (bpf_map_lookup_elem(map_fd, &first, &port) != 0 || port.abi_version != VRRP_XDP_ABI_VERSION)
        return {};
    return port;
}

/// What the last controller wrote about itself, or nothing if that was not of this ABI.
vrrp_xdp_port read_port(const fs::path& directory) {
    const UniqueFd map(bpf_obj_get((directory / VRRP_XDP_PIN_PORT).c_str()));
    return map ? read_port(map.get()) : vrrp_xdp_port{};
}

Traces read_traces(const fs::path& directory) {
    const UniqueFd port(bpf_obj_get((directory / VRRP_XDP_PIN_PORT).c_str()));
    const UniqueFd entries(bpf_obj_get((directory / VRRP_XDP_PIN_FILTER_ENTRIES).c_str()));
    return port ? dataplane::read_traces(port.get(), entries.get()) : Traces{};
}

/// Undoes what was done to the device, whatever it is called by now.
void remove_traces(const Traces& traces) {
    if ((traces.flags & VRRP_XDP_CREATED_CLSACT) != 0) close_clsact(traces.interface_index);
    remove_entries(traces.filter_entries);
    std::array<char, IF_NAMESIZE> name{};
    if (if_indextoname(traces.interface_index, name.data()) == nullptr) return;
    device::restore_tag_stripping(name.data(), traces.flags);
    device::restore_aggregation(name.data(), traces.flags);
}

// The BPF file system takes no dots, as VLAN devices have in their names, and no interface has a colon.
std::string pin_name(std::string interface_name) {
    std::replace(interface_name.begin(), interface_name.end(), '.', ':');
    return interface_name;
}

Result<fs::path> make_directory(const fs::path& directory) {
    if (auto mounted = mount_bpf_file_system(); !mounted) return tl::unexpected(mounted.error());
    remove_pins_of_gone_namespaces();
    std::error_code error;
    // Another instance may just have removed what was empty above it.
    for (int attempt = 0; attempt < 10; ++attempt) {
        fs::create_directories(directory, error);
        if (!error) return directory;
        if (error != std::errc::no_such_file_or_directory) break;
    }
    return failure("creating " + directory.string() + ": " + error.message(), "run as root");
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

Traces read_traces(int port_fd, int filter_entries_fd) {
    const vrrp_xdp_port port = read_port(port_fd);
    if (port.ifindex == 0) return {};
    return {port.ifindex, port.flags, read_entries(filter_entries_fd)};
}

std::optional<std::string> pinned_under_another_name(const std::string& interface_name) {
    const unsigned index = if_nametoindex(interface_name.c_str());
    if (index == 0) return std::nullopt;
    for (const std::string& name : pinned_interfaces())
        // A name that is an interface's again is not the old one of this interface.
        if (name != interface_name && if_nametoindex(name.c_str()) == 0 &&
            read_port(pin_directory(name)).ifindex == index)
            return name;
    return std::nullopt;
}

Result<void> rename_pins(const std::string& from, const std::string& to) {
    std::error_code error;
    fs::rename(pin_directory(from), pin_directory(to), error);
    if (error)
        return failure("renaming " + pin_directory(from).string() + ": " + error.message(),
                       "remove what was left there with 'vrrp-xdp detach " + from + "'");
    return {};
}

unsigned pinned_index(const std::string& interface_name) {
    return read_port(pin_directory(interface_name)).ifindex;
}

Result<void> remove_attachment(const std::string& interface_name) {
    return remove_attachment(interface_name, Traces{});
}

Result<void> remove_attachment(const std::string& interface_name, const Traces& traces) {
    const fs::path directory = pin_directory(interface_name);
    // The device that the pins report; else the one that the caller does, or has the name.
    Traces left = read_traces(directory);
    if (left.interface_index == 0) left = traces;
    if (left.interface_index == 0) left.interface_index = if_nametoindex(interface_name.c_str());
    // What answers first; a link not by its pin alone, which the kernel may take its time to let go.
    if (left.interface_index != 0) remove_filters(left.interface_index);
    if (const UniqueFd link(bpf_obj_get((directory / VRRP_XDP_PIN_LINK).c_str())); link)
        release_link(link.get());
    std::error_code error;
    fs::remove_all(directory, error);
    const std::string failed = error ? "removing " + directory.string() + ": " + error.message() : "";

    remove_pins_of_gone_namespaces();
    remove_empty_pin_directories();
    if (left.interface_index != 0) remove_traces(left);
    if (!failed.empty()) return failure(failed);
    return {};
}

}  // namespace vrrp_xdp::dataplane
