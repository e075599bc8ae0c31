// SPDX-License-Identifier: BSD-2-Clause
#include <gmock/gmock.h>

#include <cstddef>
#include <cstring>

#include "capture/record.hpp"

namespace vrrp_xdp::capture {
namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::size_t kHead = offsetof(vrrp_xdp_captured, bytes);

/// As the programs report it, with 20 bytes of a frame of 60.
vrrp_xdp_captured reported() {
    vrrp_xdp_captured head{};
    head.time_ns = 123;
    head.length = 60;
    head.captured = 20;
    head.vrid = 10;
    head.family = VRRP_XDP_IPV4;
    head.verdict = VRRP_XDP_CAPTURE_CONSUMED;
    head.reasons = 1ULL << VRRP_XDP_VR_advertisement_rcvd;
    for (std::uint8_t i = 0; i < 20; ++i) head.bytes[i] = i;
    return head;
}

Result<Record> read(const vrrp_xdp_captured& head, std::size_t bytes = 20) {
    Bytes all(kHead + bytes);
    std::memcpy(all.data(), &head, all.size());
    return read_record(all);
}

std::string comment(const vrrp_xdp_captured& head) { return read(head).value().comment; }

TEST(CaptureRecord, IsTheFrame_AndWhatBecameOfIt) {
    const auto record = read(reported());
    ASSERT_TRUE(record);
    EXPECT_EQ(record->time_ns, 123U);
    EXPECT_EQ(record->length, 60U);
    EXPECT_EQ(record->bytes.size(), 20U);
    EXPECT_FALSE(record->outbound);
    EXPECT_EQ(record->comment, "vrid 10 ipv4 consumed: advertisement-rcvd");
}

TEST(CaptureRecord, HasEachReasonAsItsComment_OrNone) {
    auto head = reported();
    head.reasons |= 1ULL << VRRP_XDP_VR_interval_errors;
    EXPECT_EQ(comment(head), "vrid 10 ipv4 consumed: advertisement-rcvd, interval-errors");
    head.reasons = 0;
    head.family = VRRP_XDP_IPV6;
    head.verdict = VRRP_XDP_CAPTURE_SENT;
    EXPECT_EQ(comment(head), "vrid 10 ipv6 sent");
    head.vrid = 0;
    head.verdict = VRRP_XDP_CAPTURE_PASSED;
    head.port_reasons = 1U << VRRP_XDP_PORT_packet_length_errors;
    EXPECT_EQ(comment(head), "vrid unknown ipv6 passed: packet-length-errors");
}

TEST(CaptureRecord, HasTheTagThatLayBesideTheFrame_WhereItWas) {
    auto head = reported();
    head.tag_protocol = 0x88a8;
    head.tag_control = 0xa014;
    const auto record = read(head);
    ASSERT_TRUE(record);
    EXPECT_EQ(record->length, 64U);
    EXPECT_EQ(Bytes(record->bytes.begin() + 10, record->bytes.begin() + 18),
              (Bytes{10, 11, 0x88, 0xa8, 0xa0, 0x14, 12, 13}));
}

TEST(CaptureRecord, ThatIsNotWhole_IsRefused) {
    const auto head = reported();
    EXPECT_FALSE(read(head, 19));
    EXPECT_FALSE(read_record(Bytes(kHead - 1)));
    EXPECT_FALSE(read_record({}));
    auto verdict = reported();
    verdict.verdict = VRRP_XDP_CAPTURE_VERDICT_COUNT;
    EXPECT_FALSE(read(verdict));
}

}  // namespace
}  // namespace vrrp_xdp::capture
