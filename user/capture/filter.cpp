// SPDX-License-Identifier: BSD-2-Clause
#include "capture/filter.hpp"

#include <algorithm>
#include <span>

namespace vrrp_xdp::capture {
namespace {

constexpr std::uint64_t kNanosecondsInASecond = 1'000'000'000;
constexpr unsigned kHighestVrid = 255;

/// A bit for each of the words, by its place among those that there are; all of them for none.
Result<std::uint8_t> bits_of(const std::vector<std::string>& words, std::span<const std::string_view> all,
                             const std::string& what) {
    unsigned bits = words.empty() ? (1U << all.size()) - 1 : 0;
    for (const std::string& word : words) {
        const auto found = std::find(all.begin(), all.end(), word);
        if (found == all.end()) {
            std::string listed;
            for (const std::string_view each : all)
                listed += (listed.empty() ? "" : ", ") + std::string(each);
            return failure("there is no " + what + " " + word, "take one of " + listed);
        }
        bits |= 1U << static_cast<unsigned>(found - all.begin());
    }
    return static_cast<std::uint8_t>(bits);
}

Result<void> set_vrids(const std::vector<unsigned>& vrids, vrrp_xdp_capture& asked) {
    constexpr unsigned word_bits = 64;
    if (vrids.empty()) std::fill(std::begin(asked.vrids), std::end(asked.vrids), ~std::uint64_t{0});
    for (const unsigned vrid : vrids) {
        if (vrid == 0 || vrid > kHighestVrid)
            return failure("there is no VRID " + std::to_string(vrid), "a VRID is a number from 1 to 255");
        asked.vrids[vrid / word_bits] |= std::uint64_t{1} << vrid % word_bits;
    }
    return {};
}

}  // namespace

Result<vrrp_xdp_capture> compile(const Filter& filter) {
    vrrp_xdp_capture asked{};
    if (auto set = set_vrids(filter.vrids, asked); !set) return tl::unexpected(set.error());
    const auto families = bits_of(filter.families, kFamilies, "address family");
    const auto kinds = bits_of(filter.kinds, kKinds, "kind of frames");
    const auto verdicts = bits_of(filter.verdicts, kVerdicts, "verdict");
    for (const auto* bits : {&families, &kinds, &verdicts})
        if (!*bits) return tl::unexpected(bits->error());
    if (filter.snap_length < VRRP_XDP_CAPTURE_BYTES_MIN || filter.snap_length > VRRP_XDP_CAPTURE_BYTES_MAX)
        return failure("a snap length of " + std::to_string(filter.snap_length) + " cannot be",
                       "take one from " + std::to_string(VRRP_XDP_CAPTURE_BYTES_MIN) + " to " +
                           std::to_string(VRRP_XDP_CAPTURE_BYTES_MAX) + " bytes");
    asked.families = *families;
    asked.kinds = *kinds;
    asked.verdicts = *verdicts;
    asked.snap_length = filter.snap_length;
    // A rate above one a nanosecond is none.
    asked.cost_ns = filter.rate == 0 ? 0 : kNanosecondsInASecond / filter.rate;
    return asked;
}

void to_json(nlohmann::json& json, const Filter& filter) {
    json = {{"vrids", filter.vrids},       {"address-families", filter.families}, {"kinds", filter.kinds},
            {"verdicts", filter.verdicts}, {"snaplen", filter.snap_length},       {"rate", filter.rate}};
}

Result<Filter> filter_from_json(const nlohmann::json& json) {
    if (!json.is_object()) return failure("a filter is an object");
    try {
        Filter filter;
        filter.vrids = json.value("vrids", filter.vrids);
        filter.families = json.value("address-families", filter.families);
        filter.kinds = json.value("kinds", filter.kinds);
        filter.verdicts = json.value("verdicts", filter.verdicts);
        filter.snap_length = json.value("snaplen", filter.snap_length);
        filter.rate = json.value("rate", filter.rate);
        return filter;
    } catch (const nlohmann::json::exception& error) {
        return failure(std::string("a filter that cannot be read: ") + error.what());
    }
}

}  // namespace vrrp_xdp::capture
