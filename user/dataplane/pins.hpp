// SPDX-License-Identifier: BSD-2-Clause
// Where a port's maps and program are pinned, and what a crashed controller leaves there.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "dataplane/filter_entries.hpp"
#include "dataplane/interface.hpp"
#include "dataplane/mode.hpp"
#include "support/result.hpp"

namespace vrrp_xdp::dataplane {

/// Returns the directory of one interface's pins. Its name contains the inode number of the network
/// namespace, so that interfaces of other namespaces have other directories. A dot in the interface's name
/// becomes a colon.
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
    Detached,         ///< the interface was created again, or somebody took the program off
    OtherAbiVersion,  ///< that of another version of this program
};
Pinned find_pinned(const std::string& interface_name, unsigned interface_index);

/// Returns the mode of what is pinned and attached.
Mode pinned_mode(const Interface& interface);

/// What an instance has done to a device, as its maps note it.
struct Traces {
    unsigned interface_index = 0;  ///< 0 if it is unknown: nothing is noted
    std::uint32_t flags = 0;       ///< enum vrrp_xdp_port_flags
    std::vector<NotedEntry> filter_entries;
};
/// Zeros where the maps are of another ABI version. The descriptors: of the maps port and filter_entries.
Traces read_traces(int port_fd, int filter_entries_fd);

/// Returns the name of an interface's pins, if the interface was renamed since.
std::optional<std::string> pinned_under_another_name(const std::string& interface_name);

/// Moves the pins of an interface that was renamed to where its present name has them. Nobody may serve it
/// under either name.
Result<void> rename_pins(const std::string& from, const std::string& to);

/// Returns the index of the interface whose pins have this name, whatever its current name is; 0 if there are
/// none.
unsigned pinned_index(const std::string& interface_name);

/// Detaches what is pinned or hooked to the interface under our name and removes the pins. The device is the
/// one that the maps note, whatever it is called by now. Nothing there is not an error, and neither is an
/// interface that is gone. The data plane answers nothing from here on.
Result<void> remove_attachment(const std::string& interface_name);
/// traces: what is to be undone should the pins be gone.
Result<void> remove_attachment(const std::string& interface_name, const Traces& traces);

}  // namespace vrrp_xdp::dataplane
