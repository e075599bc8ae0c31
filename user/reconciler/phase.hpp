// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <functional>

namespace vrrp_xdp::reconciler {

/// Who has an interface, as far as the ordinary thread knows. Whether somebody waits for its end is another
/// matter: that can be so in each of the first three.
enum class Phase : std::uint8_t {
    Running,    ///< the protocol thread
    Lost,       ///< the protocol thread, which is asked to let go of it: it has lost what it stands on
    Suspended,  ///< the ordinary thread, until it is attached again
    Released,   ///< nobody any more
};

/// By place in the list of interfaces.
using PhaseOf = std::function<Phase(std::uint32_t)>;

}  // namespace vrrp_xdp::reconciler
