// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <optional>
#include <string_view>

#include "config/config.hpp"
#include "config/mapping.hpp"
#include "config/values.hpp"

namespace vrrp_xdp::config {

/// 1 to 8 printable characters of ASCII, as a message carries them; nothing if the text is anything else.
std::optional<protocol::SharedSecret> secret_of(std::string_view text);

/// What stands under authentication of a Virtual Router, if anything. versions: nothing if it is a mistake.
/// The message of a mistake does not quote it.
std::optional<protocol::SharedSecret> read_authentication(const Mapping& router,
                                                          std::optional<protocol::Family> family,
                                                          std::optional<Versions> versions,
                                                          Mistakes& mistakes);

}  // namespace vrrp_xdp::config
