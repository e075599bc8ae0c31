// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <nlohmann/json.hpp>

namespace vrrp_xdp::schema {

/// The JSON Schema (draft 7) of a configuration file, for editors and other programs. It takes every file
/// that the reader takes; some mistakes only the reader can see, such as those that are between two Virtual
/// Routers or between two files.
nlohmann::ordered_json make_schema();

}  // namespace vrrp_xdp::schema
