// SPDX-License-Identifier: BSD-2-Clause
// What a Virtual Router depends on beside its own interface, and whom it tells: trackers and hooks.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "protocol/state_machine.hpp"
#include "protocol/types.hpp"

namespace vrrp_xdp::config {

/// Run as it stands here, without a shell.
struct Command {
    std::vector<std::string> arguments;  ///< at least one; the first is an absolute path
    std::string user;
    protocol::Duration timeout{};  ///< after which it is killed
    friend bool operator==(const Command&, const Command&) = default;
};

/// Up while the interface is up and has its carrier.
struct WatchedInterface {
    std::string name;
    friend bool operator==(const WatchedInterface&, const WatchedInterface&) = default;
};

/// Up while the table has a route to exactly this prefix.
struct WatchedRoute {
    protocol::IpAddress destination;
    unsigned prefix_length;
    std::uint32_t table;
    friend bool operator==(const WatchedRoute&, const WatchedRoute&) = default;
};

/// Up while it ends with exit code 0.
struct WatchedCommand {
    Command command;
    protocol::Duration interval;  ///< from one start to the next
    unsigned rise;                ///< so many successes in a row bring it up
    unsigned fall;                ///< and so many failures take it down
    friend bool operator==(const WatchedCommand&, const WatchedCommand&) = default;
};

/// Up while a process of this name runs.
struct WatchedProcess {
    std::string name;
    protocol::Duration interval;  ///< between two looks for one that does not run
    friend bool operator==(const WatchedProcess&, const WatchedProcess&) = default;
};

/// Up while it holds an integer.
struct WatchedFile {
    std::string path;
    protocol::Duration interval;  ///< between two looks
    friend bool operator==(const WatchedFile&, const WatchedFile&) = default;
};

struct Tracker {
    std::string name;
    std::variant<WatchedInterface, WatchedRoute, WatchedCommand, WatchedProcess, WatchedFile> watched;
    friend bool operator==(const Tracker&, const Tracker&) = default;
};

/// What a tracker means to a Virtual Router.
struct Track {
    /// While it is down, the Virtual Router is in Initialize.
    struct Fault {
        friend bool operator==(const Fault&, const Fault&) = default;
    };
    /// So much lower is the priority while it is down.
    struct Lower {
        int by;
        friend bool operator==(const Lower&, const Lower&) = default;
    };
    /// The file's number is added to the priority.
    struct AddValue {
        friend bool operator==(const AddValue&, const AddValue&) = default;
    };

    std::string tracker;  ///< the name of one of Config::trackers
    std::variant<Fault, Lower, AddValue> effect;
    friend bool operator==(const Track&, const Track&) = default;
};

/// A command on transitions.
struct Hook {
    Command command;
    std::set<protocol::State> on;  ///< the states whose entering it is for
    friend bool operator==(const Hook&, const Hook&) = default;
};

}  // namespace vrrp_xdp::config
