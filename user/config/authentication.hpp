// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <optional>
#include <string_view>

#include "config/config.hpp"
#include "config/mapping.hpp"
#include "config/values.hpp"

namespace vrrp_xdp::config {

/// Returns 1 to 8 printable ASCII characters in the form of a message, or nothing if the text is anything
/// else.
std::optional<protocol::SharedSecret> secret_of(std::string_view text);

/// Returns the value of `authentication` of a Virtual Router, if there is one. versions: nothing if they are
/// a mistake. The message of a mistake does not quote the text.
std::optional<protocol::SharedSecret> read_authentication(const Mapping& router,
                                                          std::optional<protocol::Family> family,
                                                          std::optional<Versions> versions,
                                                          Mistakes& mistakes);

}  // namespace vrrp_xdp::config
