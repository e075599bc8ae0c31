// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "dataplane/attached_port.hpp"

namespace vrrp_xdp::dataplane {

/// An XDP program that is on an interface, whoever's it is.
struct AttachedProgram {
    std::uint32_t id;
    Mode mode;
    std::string name{};  ///< empty without CAP_SYS_ADMIN, which the kernel wants for it; so are the others
    std::string tag{};   ///< the hash of its instructions, in hexadecimal digits
    std::uint32_t link = 0;  ///< the BPF link that holds it there; 0 for none
};

std::optional<AttachedProgram> attached_program(unsigned interface_index);

/// Describes the program, as "xdp_dispatcher (id 57, tag 90f686eb86991928, native mode)".
std::string describe(const AttachedProgram& program);

/// Returns the command that removes the program.
std::string removal_hint(const AttachedProgram& program, const std::string& interface_name);

/// Returns whether it is the program that vrrp-xdp has pinned for the interface.
bool is_ours(const AttachedProgram& program, const std::string& interface_name);

}  // namespace vrrp_xdp::dataplane
