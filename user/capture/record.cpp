// SPDX-License-Identifier: BSD-2-Clause
#include "capture/record.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <string_view>

#include "capture/filter.hpp"

namespace vrrp_xdp::capture {
namespace {

#define VRRP_XDP_NAME(name, help) #name,
constexpr std::array kReasons{VRRP_XDP_VR_COUNTERS(VRRP_XDP_NAME)};
constexpr std::array kPortReasons{VRRP_XDP_PORT_COUNTERS(VRRP_XDP_NAME)};
#undef VRRP_XDP_NAME

// IEEE 802.1Q section 9.3: behind both MAC addresses.
constexpr std::size_t kTagOffset = 12;
constexpr std::size_t kTagBytes = 4;

/// Counters are spelt as `stats` spells them.
template <std::size_t N>
void add_names(std::uint64_t bits, const std::array<const char*, N>& names, std::vector<std::string>& to) {
    for (std::size_t i = 0; i < N; ++i) {
        if ((bits >> i & 1U) == 0) continue;
        to.emplace_back(names[i]);
        std::replace(to.back().begin(), to.back().end(), '_', '-');
    }
}

std::string comment_of(const vrrp_xdp_captured& head) {
    std::vector<std::string> reasons;
    add_names(head.reasons, kReasons, reasons);
    add_names(head.port_reasons, kPortReasons, reasons);
    std::string text = head.vrid == 0 ? "vrid unknown" : "vrid " + std::to_string(head.vrid);
    text += head.family == VRRP_XDP_IPV6 ? " ipv6 " : " ipv4 ";
    text += kVerdicts.at(head.verdict);
    std::string_view separator = ": ";
    for (const std::string& reason : reasons) {
        text += separator;
        text += reason;
        separator = ", ";
    }
    return text;
}

/// Puts the tag that the kernel has taken out where it was.
void restore_tag(const vrrp_xdp_captured& head, Record& record) {
    if (head.tag_protocol == 0) return;
    record.length += kTagBytes;
    if (record.bytes.size() < kTagOffset) return;
    const std::array<std::uint8_t, kTagBytes> tag{
        static_cast<std::uint8_t>(head.tag_protocol >> 8U), static_cast<std::uint8_t>(head.tag_protocol),
        static_cast<std::uint8_t>(head.tag_control >> 8U), static_cast<std::uint8_t>(head.tag_control)};
    record.bytes.insert(record.bytes.begin() + kTagOffset, tag.begin(), tag.end());
}

}  // namespace

Result<Record> read_record(std::span<const std::uint8_t> reported) {
    constexpr std::size_t head_bytes = offsetof(vrrp_xdp_captured, bytes);
    vrrp_xdp_captured head{};
    if (reported.size() < head_bytes) return failure("a captured frame without its head");
    std::memcpy(&head, reported.data(), head_bytes);
    const auto bytes = reported.subspan(head_bytes);
    if (head.captured > bytes.size() || head.verdict >= kVerdicts.size())
        return failure("a captured frame that is not whole");
    Record record{.time_ns = head.time_ns,
                  .vlan = head.vlan,
                  .outbound = head.outbound != 0,
                  .length = head.length,
                  .bytes = {bytes.begin(), bytes.begin() + head.captured},
                  .comment = comment_of(head)};
    restore_tag(head, record);
    return record;
}

}  // namespace vrrp_xdp::capture
