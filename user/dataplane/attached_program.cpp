// SPDX-License-Identifier: BSD-2-Clause
#include "dataplane/attached_program.hpp"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/if_link.h>

#include "dataplane/pins.hpp"
#include "support/unique_fd.hpp"
#include "vrrp_xdp/abi.h"

namespace vrrp_xdp::dataplane {
namespace {

std::string hexadecimal(const unsigned char (&bytes)[BPF_TAG_SIZE]) {
    static constexpr const char* digits = "0123456789abcdef";
    std::string text;
    for (const unsigned char byte : bytes) {
        text += digits[byte >> 4U];
        text += digits[byte & 0xFU];
    }
    return text;
}

std::optional<bpf_link_info> link_info(int fd) {
    bpf_link_info info{};
    std::uint32_t size = sizeof(info);
    if (bpf_obj_get_info_by_fd(fd, &info, &size) != 0) return std::nullopt;
    return info;
}

std::uint32_t find_link(unsigned interface_index, std::uint32_t program) {
    for (std::uint32_t id = 0; bpf_link_get_next_id(id, &id) == 0;) {
        const UniqueFd link(bpf_link_get_fd_by_id(id));
        const auto info = link_info(link.get());
        if (info && info->type == BPF_LINK_TYPE_XDP && info->prog_id == program &&
            info->xdp.ifindex == interface_index)
            return id;
    }
    return 0;
}

}  // namespace

std::optional<AttachedProgram> attached_program(unsigned interface_index) {
    bpf_xdp_query_opts found{};
    found.sz = sizeof(found);
    if (bpf_xdp_query(static_cast<int>(interface_index), 0, &found) != 0) return std::nullopt;
    AttachedProgram program{found.prog_id, Mode::Native};
    // With one in the driver and one in the network card, none of them is "the" program.
    if (program.id == 0) program.id = found.drv_prog_id;
    if (program.id == 0) program.id = found.hw_prog_id;
    if (program.id == 0) return std::nullopt;
    if (found.attach_mode == XDP_ATTACHED_SKB) program.mode = Mode::Generic;

    bpf_prog_info info{};
    std::uint32_t size = sizeof(info);
    const UniqueFd fd(bpf_prog_get_fd_by_id(program.id));
    if (bpf_obj_get_info_by_fd(fd.get(), &info, &size) == 0) {
        program.name = static_cast<const char*>(info.name);
        program.tag = hexadecimal(info.tag);
    }
    program.link = find_link(interface_index, program.id);
    return program;
}

std::string describe(const AttachedProgram& program) {
    std::string text = program.name.empty() ? "(" : program.name + " (";
    text += "id " + std::to_string(program.id);
    if (!program.tag.empty()) text += ", tag " + program.tag;
    return text + ", " + to_string(program.mode) + " mode)";
}

std::string removal_hint(const AttachedProgram& program, const std::string& interface_name) {
    const std::string first =
        "an interface can have only one: stop the software that it belongs to ('bpftool prog show id " +
        std::to_string(program.id) + "' shows what holds it), or remove it with '";
    if (program.name == "xdp_dispatcher") return first + "xdp-loader unload " + interface_name + " --all'";
    if (program.link != 0) return first + "bpftool link detach id " + std::to_string(program.link) + "'";
    return first + "ip link set dev " + interface_name +
           (program.mode == Mode::Generic ? " xdpgeneric off'" : " xdp off'");
}

bool is_ours(const AttachedProgram& program, const std::string& interface_name) {
    const UniqueFd link(bpf_obj_get((pin_directory(interface_name) / VRRP_XDP_PIN_LINK).c_str()));
    const auto info = link_info(link.get());
    return info && info->prog_id == program.id;
}

}  // namespace vrrp_xdp::dataplane
