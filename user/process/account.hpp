// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <sys/types.h>

#include <string>

#include "support/result.hpp"

namespace vrrp_xdp::process {

/// Whom a program runs as.
struct Account {
    std::string name;
    uid_t uid;
    gid_t gid;
    std::string home;

    /// Asks the system's user database, which may take its time where that is on the network.
    static Result<Account> find(const std::string& name);
};

}  // namespace vrrp_xdp::process
