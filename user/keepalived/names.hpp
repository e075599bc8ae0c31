// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <functional>
#include <string>

namespace vrrp_xdp::keepalived {

/// A name as the configuration takes it, 1 to 32 letters, digits, "-", "_" or ".", out of one of
/// keepalived's, which may be of anything. is_taken: whether another has it already.
std::string name_from(const std::string& name, const std::function<bool(const std::string&)>& is_taken);

}  // namespace vrrp_xdp::keepalived
