// SPDX-License-Identifier: BSD-2-Clause
// Where the values of a configuration stand, for what compares or explains them.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace vrrp_xdp::config {

/// A place in one of the files. Lines and columns count from 1; line 0 is the file as a whole.
struct Place {
    std::string file;
    int line = 0;
    int column = 0;

    /// file:line:column
    std::string to_string() const;
    friend bool operator==(const Place&, const Place&) = default;
};

/// Where the values of a Virtual Router stand, by the names of its keys.
struct Origin {
    struct Value {
        Place place;
        std::vector<Place> elements{};  ///< of a list
        /// Whose defaults it is from, "the file" or "eth0"; empty where the Virtual Router itself says it.
        std::string shared_by{};
    };

    Place whole;
    std::map<std::string, Value, std::less<>> values{};

    /// The place of a key's value, or of the Virtual Router where nothing says it.
    const Place& of(std::string_view key) const;
    /// The same for an element of a list.
    const Place& of(std::string_view key, std::size_t element) const;
};

/// Of each Virtual Router, interface by interface in the order of the configuration.
using Origins = std::vector<std::vector<Origin>>;

}  // namespace vrrp_xdp::config
