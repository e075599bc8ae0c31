// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <yaml-cpp/yaml.h>

#include "config/config.hpp"
#include "config/mistakes.hpp"

namespace vrrp_xdp::config {

/// The configuration that a YAML document describes; of use only where no mistake was found.
Config read_document(const YAML::Node& root, Mistakes& mistakes);

}  // namespace vrrp_xdp::config
