// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <yaml-cpp/yaml.h>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "config/load.hpp"
#include "config/mapping.hpp"
#include "config/mistakes.hpp"

namespace vrrp_xdp::config {

/// A file of a configuration.
struct Document {
    Mapping mapping;
    std::optional<std::size_t> includer;  ///< its place in the list, which is before this one
};

/// The document that a YAML tree is. Nothing, after reporting it, if it is not a mapping. file: its number.
std::optional<Mapping> open_document(const YAML::Node& root, int file, Mistakes& mistakes);

/// What the file includes, as it is written there.
std::vector<Item> included_by(const Mapping& document, Mistakes& mistakes);

/// The configuration that documents describe together; of use only where no mistake was found.
Loaded read_documents(const std::vector<Document>& documents, Mistakes& mistakes);

}  // namespace vrrp_xdp::config
