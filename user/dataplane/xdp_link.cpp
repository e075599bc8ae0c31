// SPDX-License-Identifier: BSD-2-Clause
#include "dataplane/xdp_link.hpp"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/if_link.h>

#include "dataplane/libbpf_log.hpp"
#include "dataplane/link_release.hpp"

namespace vrrp_xdp::dataplane {
namespace {

std::uint32_t flag_of(Mode mode) { return mode == Mode::Native ? XDP_FLAGS_DRV_MODE : XDP_FLAGS_SKB_MODE; }

/// The link's descriptor, or a negative errno.
int create_link(const Interface& interface, Mode mode, int program_fd) {
    bpf_link_create_opts options{};
    options.sz = sizeof(options);
    options.flags = flag_of(mode);
    return bpf_link_create(program_fd, static_cast<int>(interface.index), BPF_XDP, &options);
}

/// The driver's own words. A link attach loses them on older kernels; the same request over netlink does not.
std::string native_refusal(const Interface& interface, int program_fd, int error) {
    const LibbpfLog log;
    const auto index = static_cast<int>(interface.index);
    const std::uint32_t flags = XDP_FLAGS_DRV_MODE | XDP_FLAGS_UPDATE_IF_NOEXIST;
    if (bpf_xdp_attach(index, program_fd, flags, nullptr) == 0) bpf_xdp_detach(index, flags, nullptr);
    const std::string words = log.kernel_message();
    return words.empty() ? std::system_category().message(-error) : words;
}

}  // namespace

Result<XdpLink> XdpLink::attach(const Interface& interface, Mode mode, int program_fd) {
    const int link = create_link(interface, mode, program_fd);
    if (link >= 0) return XdpLink(UniqueFd(link));
    if (mode == Mode::Generic) return system_failure("attaching the XDP program", link);
    return failure("no native XDP: " + native_refusal(interface, program_fd, link),
                   "--mode clsact works on every interface");
}

Result<XdpLink> XdpLink::open(const std::filesystem::path& pinned) {
    UniqueFd link(bpf_obj_get(pinned.c_str()));
    if (!link) return system_failure("opening " + pinned.string());
    return XdpLink(std::move(link));
}

Result<void> XdpLink::replace(const Interface& interface, int program_fd) const {
    if (const int error = bpf_link_update(link_.get(), program_fd, nullptr); error != 0)
        return system_failure("replacing the XDP program on " + interface.name, error);
    return {};
}

bool XdpLink::is_attached(const Interface& interface) const {
    return linked_interface(link_.get()) == interface.index;
}

void XdpLink::detach() const noexcept { release_link(link_.get()); }

Result<void> XdpLink::pin(const std::filesystem::path& path) const {
    if (const int error = bpf_obj_pin(link_.get(), path.c_str()); error != 0)
        return system_failure("pinning " + path.string(), error);
    return {};
}

Mode present_mode(const Interface& interface) {
    bpf_xdp_query_opts found{};
    found.sz = sizeof(found);
    bpf_xdp_query(static_cast<int>(interface.index), 0, &found);
    return found.attach_mode == XDP_ATTACHED_SKB ? Mode::Generic : Mode::Native;
}

unsigned linked_interface(int link_fd) {
    bpf_link_info info{};
    std::uint32_t size = sizeof(info);
    return bpf_obj_get_info_by_fd(link_fd, &info, &size) == 0 ? info.xdp.ifindex : 0;
}

}  // namespace vrrp_xdp::dataplane
