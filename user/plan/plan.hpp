// SPDX-License-Identifier: BSD-2-Clause
// What a change of the configuration would do.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "protocol/types.hpp"

namespace vrrp_xdp::plan {

/// A key whose value is another one, as the file spells both.
struct Difference {
    std::string key;
    std::string before;
    std::string after;
    friend bool operator==(const Difference&, const Difference&) = default;
};

enum class Fate : std::uint8_t { Begins, Ends, GoesOn };

/// A Virtual Router that begins, ends, or goes on with other values.
struct Change {
    std::string interface;
    Fate fate;
    config::VirtualRouter router;  ///< as it will be; as it is, if it ends
    std::vector<Difference> differences{};
};

struct Plan {
    std::vector<Change> changes;
    std::vector<Difference> general;  ///< of keys that no Virtual Router has
    std::size_t unchanged = 0;        ///< Virtual Routers

    bool is_empty() const { return changes.empty() && general.empty(); }
};

/// What differs, in the order of the configuration that is to come; what ends stands last.
Plan compare(const config::Config& present, const config::Config& wanted);

}  // namespace vrrp_xdp::plan
