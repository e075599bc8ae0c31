// SPDX-License-Identifier: BSD-2-Clause
// What is said of two routers that are to share Virtual Routers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "config/origin.hpp"
#include "protocol/types.hpp"

namespace vrrp_xdp::pair {

enum class Severity : std::uint8_t {
    Mistake,  ///< both would be Active, or a gateway goes away with one of the routers
    Warning,  ///< it works, and perhaps not as it was meant
};

/// What one of the two files says of it.
struct Said {
    config::Place place;
    std::string text;  ///< "advertise-interval: 1s"
};

struct Finding {
    Severity severity;
    std::string subject;  ///< "eth0 vrid 10 IPv4"; empty: the file
    std::string key;      ///< of the configuration
    std::string message;  ///< what is wrong, and what follows from it
    /// In the order of the files; one where only that one says anything.
    std::vector<Said> said;
};

/// A Virtual Router that both have.
struct SharedRouter {
    std::string interfaces[2];
    protocol::Vrid vrid;
    protocol::Family family;
    protocol::Priority priorities[2];

    /// Which of the two is Active while both are well; nothing if their priorities are equal.
    std::optional<int> active() const;
};

struct Comparison {
    std::vector<SharedRouter> shared;
    std::vector<Finding> findings;  ///< mistakes first

    std::size_t count(Severity severity) const;
};

/// "eth0 vrid 10 IPv4"
std::string subject_of(const std::string& interface, const config::VirtualRouter& router);

}  // namespace vrrp_xdp::pair
