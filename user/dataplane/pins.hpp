// SPDX-License-Identifier: BSD-2-Clause
// Where a port's maps and program are pinned, and what a crashed controller leaves there.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "dataplane/interface.hpp"
#include "dataplane/mode.hpp"
#include "support/result.hpp"

namespace vrrp_xdp::dataplane {

/// The directory of one interface's pins. Interfaces of other network namespaces have others: the name holds
/// the namespace's inode number. A dot in the interface's name is a colon there.
std::filesystem::path pin_directory(const std::string& interface_name);

/// Interfaces of this network namespace that have pins, whether or not a controller lives.
std::vector<std::string> pinned_interfaces();

/// Mounts the BPF file system where it is missing and makes the interface's directory.
Result<std::filesystem::path> make_pin_directory(const std::string& interface_name);

/// A directory beside the interface's pins for whoever has this use for it to lock. All who share the pins
/// share it.
enum class PortUse { Serve, Attach };
Result<std::filesystem::path> make_lock_directory(const std::string& interface_name, PortUse use);

/// Removes what is above the pins if nothing is left in it.
void remove_empty_pin_directories();

/// What an instance has left, or has in use, under an interface's pins.
enum class Pinned {
    Nothing,
    Attached,         ///< of this ABI version, and its program is on the interface
    Detached,         ///< the interface was made anew, or somebody took the program off
    OtherAbiVersion,  ///< that of another version of this program
};
Pinned find_pinned(const std::string& interface_name, unsigned interface_index);

/// The mode of what is pinned and attached.
Mode pinned_mode(const Interface& interface);

/// Detaches what is pinned or hooked to the interface under our name and removes the pins. Nothing there is
/// no error, and neither is an interface that is gone. The data plane answers nothing from here on.
Result<void> remove_attachment(const std::string& interface_name);
/// flags: what is to be undone whatever the pins say, enum vrrp_xdp_port_flags.
Result<void> remove_attachment(const std::string& interface_name, std::uint32_t flags);

}  // namespace vrrp_xdp::dataplane
