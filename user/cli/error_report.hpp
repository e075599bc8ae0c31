// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <iostream>

#include "support/result.hpp"

namespace vrrp_xdp::cli {

/// The error on standard error, and below it what to do about it.
inline void report(const Error& error) {
    std::cerr << "vrrp-xdp: " << error.what << '\n';
    if (!error.hint.empty()) std::cerr << "HINT: " << error.hint << '\n';
}

}  // namespace vrrp_xdp::cli
