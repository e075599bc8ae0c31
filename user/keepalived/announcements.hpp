// SPDX-License-Identifier: BSD-2-Clause
// When keepalived tells hosts and switches where a virtual address is: the garp_* directives.
#pragma once

#include <chrono>
#include <optional>

#include "config/config.hpp"
#include "directives/directive.hpp"
#include "keepalived/notes.hpp"

namespace vrrp_xdp::keepalived {

/// What global_defs or an instance says of it.
struct Garp {
    std::optional<unsigned> burst{};                ///< how many at once after a takeover
    std::optional<std::chrono::seconds> delay{};    ///< to the second time after a takeover; 0: there is none
    std::optional<std::chrono::seconds> refresh{};  ///< from one time to the next while Active; 0: never
};

/// Reads a directive of an instance, or of global_defs, where its name begins with vrrp_. False if it is
/// another one.
bool read_garp(const Directive& directive, Garp& garp, Notes& notes);

config::Announcements announcements_of(const Garp& instance, const Garp& globals);

}  // namespace vrrp_xdp::keepalived
