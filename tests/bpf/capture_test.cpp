// SPDX-License-Identifier: BSD-2-Clause
// What the capturing programs report of each frame. That they do with it what the plain ones do is shown by
// all other tests, which are run with them as well.
#include <bpf/bpf.h>
#include <gmock/gmock.h>

#include <array>
#include <cstring>

#include "data_plane.hpp"
#include "landscape6.hpp"

namespace vrrp_xdp::test {
namespace {

constexpr Tag kVlan20{.id = 20, .priority = 5};
constexpr std::uint16_t kTagControl20 = 5U << 13U | 20U;

/// What is reported of a frame, but for its time.
struct Report {
    vrrp_xdp_capture_verdict verdict;
    vrrp_xdp_capture_kind kind;
    Bytes bytes;
    std::vector<vrrp_xdp_vr_counter> reasons{};
    std::uint8_t vrid = 10;
    bool outbound = false;
    std::vector<vrrp_xdp_port_counter> port_reasons{};
    std::size_t length = 0;  ///< of the whole frame; 0 where all of it is here

    friend bool operator==(const Report&, const Report&) = default;
    friend std::ostream& operator<<(std::ostream& out, const Report& report) {
        out << "verdict " << report.verdict << " kind " << report.kind << " vrid " << int{report.vrid}
            << (report.outbound ? " out" : " in") << " length " << report.length << " reasons";
        for (const auto reason : report.reasons) out << ' ' << trace_name(reason, 0);
        for (const auto reason : report.port_reasons) out << ' ' << trace_name(reason);
        return out << ' ' << Outcome{.verdict = "bytes", .frame = report.bytes};
    }
};
using Reports = std::vector<Report>;

template <typename Counter>
std::vector<Counter> counters_in(std::uint64_t bits) {
    std::vector<Counter> found;
    for (unsigned i = 0; i < 64; ++i)
        if ((bits >> i & 1U) != 0) found.push_back(static_cast<Counter>(i));
    return found;
}

class Captured : public DualStack {
  protected:
    Captured()
        : capturing_(&run_capturing_programs()),
          ring_(ring_buffer__new(bpf_map__fd(capturing_->maps.captured), on_report, this, nullptr)) {
        ring_buffer__consume(ring_.get());
        reports_.clear();
    }

    /// What is reported of the frame when it comes in by clsact, and when it does by XDP.
    std::array<Reports, 2> both(const Bytes& frame) {
        std::array<Reports, 2> by;
        receive(frame);
        ring_buffer__consume(ring_.get());
        // The clsact program runs first, and reports as much but for the answer.
        const std::size_t answers = !reports_.empty() && reports_.back().outbound ? 1 : 0;
        const auto half = static_cast<std::ptrdiff_t>((reports_.size() - answers) / 2);
        by[0].assign(reports_.begin(), reports_.begin() + half);
        by[1].assign(reports_.begin() + half, reports_.end());
        reports_.clear();
        return by;
    }

    /// The same where both report this and nothing else.
    void expect(const Bytes& frame, const Report& report) {
        for (const Reports& by : both(frame)) EXPECT_EQ(by, Reports{report});
    }
    void expect_nothing(const Bytes& frame) {
        for (const Reports& by : both(frame)) EXPECT_EQ(by, Reports{});
    }

    Reports sent(const Bytes& frame) {
        egress(frame);
        ring_buffer__consume(ring_.get());
        return std::exchange(reports_, {});
    }

    vrrp_xdp_capture asked() const {
        vrrp_xdp_capture value{};
        const std::uint32_t first = 0;
        bpf_map__lookup_elem(capturing_->maps.capture, &first, sizeof(first), &value, sizeof(value), 0);
        return value;
    }
    void ask(const vrrp_xdp_capture& value) const {
        const std::uint32_t first = 0;
        bpf_map__update_elem(capturing_->maps.capture, &first, sizeof(first), &value, sizeof(value), BPF_ANY);
    }

  private:
    struct FreeRing {
        void operator()(ring_buffer* ring) const { ring_buffer__free(ring); }
    };

    static int on_report(void* self, void* data, std::size_t bytes) {
        vrrp_xdp_captured head{};
        std::memcpy(&head, data, std::min(bytes, sizeof(head)));
        Report report{.verdict = static_cast<vrrp_xdp_capture_verdict>(head.verdict),
                      .kind = static_cast<vrrp_xdp_capture_kind>(head.kind),
                      .bytes = {head.bytes, head.bytes + head.captured},
                      .reasons = counters_in<vrrp_xdp_vr_counter>(head.reasons),
                      .vrid = head.vrid,
                      .outbound = head.outbound != 0,
                      .port_reasons = counters_in<vrrp_xdp_port_counter>(head.port_reasons),
                      .length = head.length};
        EXPECT_EQ(bytes, offsetof(vrrp_xdp_captured, bytes) + head.captured);
        EXPECT_LE(head.time_ns, boot_now());
        if (head.tag_protocol != 0) {
            EXPECT_EQ(head.tag_protocol, kEthertype8021Q);
            EXPECT_EQ(head.tag_control, kTagControl20);
            report.length += 4;
            const Bytes tag{0x81, 0, kTagControl20 >> 8U, kTagControl20 & 0xffU};
            report.bytes.insert(report.bytes.begin() + 12, tag.begin(), tag.end());
        }
        if (report.length == report.bytes.size()) report.length = 0;
        static_cast<Captured*>(self)->reports_.push_back(std::move(report));
        return 0;
    }

    const vrrp_xdp_capture_bpf* capturing_;
    std::unique_ptr<ring_buffer, FreeRing> ring_;
    Reports reports_;
};

Bytes valid_advertisement(std::uint8_t vrid = 10) {
    return advertisement(Vrrp{.vrid = vrid, .addresses = {kVirtualIp}}.message());
}

// ---- What came in.

TEST_F(Captured, Advertisement_IsConsumed) {
    const Bytes frame = valid_advertisement();
    expect(
        frame,
        {VRRP_XDP_CAPTURE_CONSUMED, VRRP_XDP_CAPTURE_ADVERTISEMENT, frame, {VRRP_XDP_VR_advertisement_rcvd}});
}

TEST_F(Captured, FollowedAdvertisement_IsConsumed_WithAllThatItCounts) {
    const Bytes message = Vrrp{.addresses = {kVirtualIp}}.message();
    expect_advertisement(kPeerIp, message, VRRP_XDP_OTHER_INTERVAL);
    const Bytes frame = advertisement(message);
    expect(frame, {VRRP_XDP_CAPTURE_CONSUMED,
                   VRRP_XDP_CAPTURE_ADVERTISEMENT,
                   frame,
                   {VRRP_XDP_VR_advertisement_rcvd, VRRP_XDP_VR_interval_errors}});
}

TEST_F(Captured, BrokenAdvertisement_IsDropped_ForTheRuleThatItBreaks) {
    const Bytes frame = advertisement(Vrrp{.addresses = {kVirtualIp}, .checksum_error = 1}.message());
    expect(frame,
           {VRRP_XDP_CAPTURE_DROPPED, VRRP_XDP_CAPTURE_ADVERTISEMENT, frame, {VRRP_XDP_VR_checksum_errors}});
}

TEST_F(Captured, AnotherVrid_Passes) {
    const Bytes frame = valid_advertisement(77);
    expect(frame, {.verdict = VRRP_XDP_CAPTURE_PASSED,
                   .kind = VRRP_XDP_CAPTURE_ADVERTISEMENT,
                   .bytes = frame,
                   .vrid = 77,
                   .port_reasons = {VRRP_XDP_PORT_vrid_errors}});
}

TEST_F(Captured, ArpRequest_IsAnswered_AndSoIsItsAnswer) {
    become_active();
    const auto [clsact, xdp] = both(arp_request());
    const Report question{
        VRRP_XDP_CAPTURE_ANSWERED, VRRP_XDP_CAPTURE_ARP, arp_request(), {VRRP_XDP_VR_arp_answered}};
    const Report answer{.verdict = VRRP_XDP_CAPTURE_SENT,
                        .kind = VRRP_XDP_CAPTURE_ARP,
                        .bytes = arp_reply(),
                        .reasons = {VRRP_XDP_VR_arp_answered},
                        .outbound = true};
    EXPECT_EQ(clsact, Reports{question});
    EXPECT_EQ(xdp, (Reports{question, answer}));
}

TEST_F(Captured, NeighbourSolicitation_IsAnswered_WithALongerFrame) {
    become_active(kSlot6);
    const Bytes asked = duplicate_address_detection().frame();
    const auto [clsact, xdp] = both(asked);
    const Report question{VRRP_XDP_CAPTURE_ANSWERED, VRRP_XDP_CAPTURE_ND, asked, {VRRP_XDP_VR_nd_answered}};
    EXPECT_EQ(clsact, Reports{question});
    ASSERT_EQ(xdp.size(), 2U);
    EXPECT_EQ(xdp[0], question);
    EXPECT_EQ(xdp[1].bytes, nd_answer_to_all());
    EXPECT_EQ(xdp[1].verdict, VRRP_XDP_CAPTURE_SENT);
}

TEST_F(Captured, QuestionOfABackupRouter_IsDropped) {
    expect(arp_request(),
           {VRRP_XDP_CAPTURE_DROPPED, VRRP_XDP_CAPTURE_ARP, arp_request(), {VRRP_XDP_VR_arp_not_answered}});
    const Bytes solicitation = Solicitation{}.frame();
    expect(solicitation,
           {VRRP_XDP_CAPTURE_DROPPED, VRRP_XDP_CAPTURE_ND, solicitation, {VRRP_XDP_VR_nd_not_answered}});
}

TEST_F(Captured, AnnouncementOfTheActiveRouter_IsDropped_AndCountedNowhere) {
    const Bytes frame = arp_announcement(kVirtualMac);
    expect(frame, {VRRP_XDP_CAPTURE_DROPPED, VRRP_XDP_CAPTURE_ARP, frame});
}

TEST_F(Captured, Claim_Passes) {
    const Bytes frame = arp_announcement(kPeerMac, kArpReply);
    expect(frame, {VRRP_XDP_CAPTURE_PASSED, VRRP_XDP_CAPTURE_ARP, frame, {VRRP_XDP_VR_arp_claims}});
}

TEST_F(Captured, FrameToTheVirtualMac_PassesWhileActive_AndIsDroppedElse) {
    const Bytes frame = routed_packet();
    expect(frame, {VRRP_XDP_CAPTURE_DROPPED, VRRP_XDP_CAPTURE_DATA, frame, {VRRP_XDP_VR_frames_not_active}});
    become_active();
    expect(frame, {VRRP_XDP_CAPTURE_PASSED, VRRP_XDP_CAPTURE_DATA, frame, {VRRP_XDP_VR_frames_accepted}});
}

TEST_F(Captured, WhatConcernsNoVirtualRouter_IsNotCaptured) {
    expect_nothing(arp_request(ip("192.0.2.77")));
    expect_nothing(Ethernet{.destination = kRouterMac, .source = kHostMac}.frame(
        kEthertypeIpv4, Ipv4{.source = kHostIp, .destination = kFarIp}.packet(Bytes(26))));
}

TEST_F(Captured, Tag_IsWhereItWas) {
    const std::uint32_t slot = add({.tags = {VRRP_XDP_TAG_8021Q | 20}});
    become_active(slot);
    const auto [clsact, xdp] = both(arp_request(kVirtualIp, {kVlan20}));
    ASSERT_EQ(xdp.size(), 2U);
    EXPECT_EQ(xdp[0].bytes, arp_request(kVirtualIp, {kVlan20}));
    EXPECT_EQ(xdp[1].bytes, arp_reply(kHostIp, {kVlan20}));
    ASSERT_EQ(clsact.size(), 1U);
    EXPECT_EQ(clsact[0].bytes, arp_request(kVirtualIp, {kVlan20}));
}

// ---- What is sent.

TEST_F(Captured, WhatIsSentForAVirtualRouter_IsCaptured) {
    become_active();
    become_active(kSlot6);
    const Bytes advert = Ethernet{.destination = kVrrpMulticastMac, .source = kVirtualMac}.frame(
        kEthertypeIpv4, advertisement_envelope().packet(Vrrp{.addresses = {kVirtualIp}}.message()));
    const auto report = [](vrrp_xdp_capture_kind kind, const Bytes& frame) {
        return Reports{{.verdict = VRRP_XDP_CAPTURE_SENT, .kind = kind, .bytes = frame, .outbound = true}};
    };
    EXPECT_EQ(sent(advert), report(VRRP_XDP_CAPTURE_ADVERTISEMENT, advert));
    const Bytes announcement = arp_announcement(kVirtualMac);
    EXPECT_EQ(sent(announcement), report(VRRP_XDP_CAPTURE_ARP, announcement));
    EXPECT_EQ(sent(nd_answer_to_all()), report(VRRP_XDP_CAPTURE_ND, nd_answer_to_all()));
    const Bytes own = Ethernet{.destination = kHostMac, .source = kRouterMac}.frame(
        kEthertypeIpv4, Ipv4{.source = ip("192.0.2.1"), .destination = kHostIp}.packet(Bytes(26)));
    EXPECT_EQ(sent(own), Reports{});
}

TEST_F(Captured, WithoutAVirtualMac_WhatIsSentIsKnownByItsAddressesAndVrid) {
    const std::uint32_t slot = add({.vrid = 20, .addresses = {"192.0.2.20"}, .own_mac = kRouterMac});
    become_active(slot);
    const Bytes advert = Ethernet{.destination = kVrrpMulticastMac, .source = kRouterMac}.frame(
        kEthertypeIpv4,
        advertisement_envelope().packet(Vrrp{.vrid = 20, .addresses = {ip("192.0.2.20")}}.message()));
    ASSERT_EQ(sent(advert).size(), 1U);
    EXPECT_EQ(sent(advert).front().vrid, 20);
    EXPECT_EQ(sent(arp_announcement(kRouterMac)).front().vrid, 10);  // its address is that of the other one
}

TEST_F(Captured, WhatABackupRouterMayNotSay_IsDroppedOnItsWayOut) {
    const Bytes frame = arp_announcement(kRouterMac);
    const Reports reports = sent(frame);
    ASSERT_EQ(reports.size(), 1U);
    EXPECT_EQ(reports[0].verdict, VRRP_XDP_CAPTURE_DROPPED);
    EXPECT_TRUE(reports[0].outbound);
    EXPECT_THAT(reports[0].reasons, testing::ElementsAre(VRRP_XDP_VR_frames_not_sent));
}

// ---- What is asked for.

TEST_F(Captured, WithoutASignOfLifeOfTheReader_NothingIs) {
    auto value = asked();
    value.until_ns = boot_now();
    ask(value);
    become_active();
    expect_nothing(arp_request());
    expect_nothing(routed_packet());
    EXPECT_EQ(sent(arp_announcement(kVirtualMac)), Reports{});
}

TEST_F(Captured, OnlyTheVridsThatAreAskedFor) {
    auto value = asked();
    std::ranges::fill(value.vrids, 0ULL);
    value.vrids[77 / 64] = 1ULL << 77 % 64;
    ask(value);
    expect_nothing(valid_advertisement(10));
    EXPECT_EQ(both(valid_advertisement(77))[1].size(), 1U);
}

TEST_F(Captured, OnlyTheFamiliesKindsAndVerdictsThatAreAskedFor) {
    const auto everything = asked();
    auto value = everything;
    value.families = 1U << VRRP_XDP_CAPTURE_IPV6;
    ask(value);
    expect_nothing(arp_request());
    EXPECT_EQ(both(Solicitation{}.frame())[1].size(), 1U);

    value = everything;
    value.kinds = 1U << VRRP_XDP_CAPTURE_DATA;
    ask(value);
    expect_nothing(arp_request());
    EXPECT_EQ(both(routed_packet())[1].size(), 1U);

    value = everything;
    value.verdicts = 1U << VRRP_XDP_CAPTURE_SENT;
    ask(value);
    become_active();
    const auto [clsact, xdp] = both(arp_request());
    EXPECT_EQ(clsact, Reports{});
    ASSERT_EQ(xdp.size(), 1U);
    EXPECT_EQ(xdp[0].bytes, arp_reply());
}

TEST_F(Captured, NoMoreBytesThanAreAskedFor_AndTheLengthIsTheWholeFrames) {
    auto value = asked();
    value.snap_length = 64;
    ask(value);
    const Bytes frame = Ethernet{.destination = kVirtualMac, .source = kHostMac}.frame(
        kEthertypeIpv4, Ipv4{.source = kHostIp, .destination = kFarIp}.packet(Bytes(1000, 0x55)));
    for (const Reports& by : both(frame)) {
        ASSERT_EQ(by.size(), 1U);
        EXPECT_EQ(by[0].bytes, Bytes(frame.begin(), frame.begin() + 64));
        EXPECT_EQ(by[0].length, frame.size());
    }
}

TEST_F(Captured, FasterThanTheRate_IsLeftOutAndCounted_EachKindByItself) {
    auto value = asked();
    value.cost_ns = 3'600'000'000'000;  // one an hour
    ask(value);
    for (int i = 0; i < 5; ++i) both(routed_packet());
    EXPECT_EQ(asked().limited, 9U);  // of two programs
    const auto [clsact, xdp] = both(valid_advertisement());
    EXPECT_EQ(clsact.size() + xdp.size(), 1U);
}

}  // namespace
}  // namespace vrrp_xdp::test
