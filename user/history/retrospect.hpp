// SPDX-License-Identifier: BSD-2-Clause
// Why a Virtual Router was what it was at some time, from what was written down then.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "history/query.hpp"

namespace vrrp_xdp::history {

/// Of one Virtual Router.
struct Retrospect {
    std::string interface;
    int vrid = 0;
    std::string family;
    std::string state;          ///< empty if the history does not tell
    std::string why;            ///< as a sentence without a full stop
    nlohmann::json transition;  ///< that led into the state; null if it is not in the history
    std::vector<Entry> around;  ///< what else was written down around the transition and that time, in order
};

/// Tells it of each Virtual Router of this VRID that the history has, on any interface if interface is empty.
std::vector<Retrospect> look_back(const Story& story, int vrid, const std::string& interface,
                                  std::int64_t at_ns);

std::string retrospect_text(const Retrospect& retrospect);
nlohmann::json to_json(const Retrospect& retrospect);

}  // namespace vrrp_xdp::history
