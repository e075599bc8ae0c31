// SPDX-License-Identifier: BSD-2-Clause
#include "process/account.hpp"

#include <pwd.h>

#include <array>

namespace vrrp_xdp::process {

Result<Account> Account::find(const std::string& name) {
    passwd entry{};
    passwd* found = nullptr;
    std::array<char, 16384> strings{};
    if (const int error = getpwnam_r(name.c_str(), &entry, strings.data(), strings.size(), &found);
        error != 0)
        return system_failure("looking up the user " + name, error);
    if (found == nullptr)
        return failure("there is no user " + name, "create the user, or set another one with 'user:'");
    return Account{name, entry.pw_uid, entry.pw_gid, entry.pw_dir};
}

}  // namespace vrrp_xdp::process
