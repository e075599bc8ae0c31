// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "support/result.hpp"
#include "vrrp_xdp/capture.h"

namespace vrrp_xdp::capture {

/// By the numbers of enum vrrp_xdp_capture_kind, _verdict and _family.
inline constexpr std::array<std::string_view, VRRP_XDP_CAPTURE_KIND_COUNT> kKinds{"advertisement", "arp",
                                                                                  "nd", "data"};
inline constexpr std::array<std::string_view, VRRP_XDP_CAPTURE_VERDICT_COUNT> kVerdicts{
    "consumed", "answered", "dropped", "passed", "sent"};
inline constexpr std::array<std::string_view, VRRP_XDP_CAPTURE_FAMILY_COUNT> kFamilies{"ipv4", "ipv6"};

/// What is to be captured. An empty list is everything.
struct Filter {
    std::vector<unsigned> vrids{};
    std::vector<std::string> families{};
    std::vector<std::string> kinds{};
    std::vector<std::string> verdicts{};
    unsigned snap_length = VRRP_XDP_CAPTURE_BYTES_MAX;  ///< bytes of a frame
    unsigned rate = 20000;                              ///< frames a second of each kind; 0 for no limit

    friend bool operator==(const Filter&, const Filter&) = default;
};

/// The filter as the programs take it, with nothing counted and until_ns 0. Fails where a word or number is
/// none that there is.
Result<vrrp_xdp_capture> compile(const Filter& filter);

/// As it goes over the control socket.
void to_json(nlohmann::json& json, const Filter& filter);
/// What is left out is as in Filter{}; what is not known is passed over. The words are not judged.
Result<Filter> filter_from_json(const nlohmann::json& json);

}  // namespace vrrp_xdp::capture
