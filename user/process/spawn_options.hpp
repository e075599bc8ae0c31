// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <spawn.h>

namespace vrrp_xdp::process {

/// File actions and attributes for posix_spawn(): none yet, and freed at the end.
struct SpawnOptions {
    SpawnOptions() {
        posix_spawn_file_actions_init(&actions);
        posix_spawnattr_init(&attributes);
    }
    SpawnOptions(const SpawnOptions&) = delete;
    SpawnOptions& operator=(const SpawnOptions&) = delete;
    ~SpawnOptions() {
        posix_spawnattr_destroy(&attributes);
        posix_spawn_file_actions_destroy(&actions);
    }

    posix_spawn_file_actions_t actions{};
    posix_spawnattr_t attributes{};
};

}  // namespace vrrp_xdp::process
