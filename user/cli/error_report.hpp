// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <iostream>

#include "support/result.hpp"

namespace vrrp_xdp::cli {

/// Prints the error on standard error, and below it what to do.
inline void report(const Error& error) {
    std::cerr << "vrrp-xdp: " << error.what << '\n';
    if (!error.hint.empty()) std::cerr << "HINT: " << error.hint << '\n';
}

}  // namespace vrrp_xdp::cli
