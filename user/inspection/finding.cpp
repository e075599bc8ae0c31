// SPDX-License-Identifier: BSD-2-Clause
#include "inspection/finding.hpp"

namespace vrrp_xdp::inspection {

std::string to_string(Verdict verdict) {
    switch (verdict) {
        case Verdict::Ok:
            return "ok";
        case Verdict::Warning:
            return "warning";
        case Verdict::Problem:
            break;
    }
    return "problem";
}

}  // namespace vrrp_xdp::inspection
