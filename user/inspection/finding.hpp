// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace vrrp_xdp::inspection {

enum class Verdict : std::uint8_t {
    Ok,
    Warning,  ///< it works, but not as well as it could, or not as one might think
    Problem,  ///< attach would fail, or the Virtual Router would not do its work
};

struct Finding {
    Verdict verdict;
    std::string subject;  ///< "host", or the name of an interface
    std::string what;
    std::string hint{};  ///< what to do about it
};
using Findings = std::vector<Finding>;

std::string to_string(Verdict verdict);

}  // namespace vrrp_xdp::inspection
