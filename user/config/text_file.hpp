// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

#include "support/result.hpp"

namespace vrrp_xdp::config {

/// Returns the content of a file of at most 16 MiB. The error does not name the file.
Result<std::string> read_text_file(const std::string& file);

}  // namespace vrrp_xdp::config
