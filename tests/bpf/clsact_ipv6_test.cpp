// SPDX-License-Identifier: BSD-2-Clause
// The clsact programs on IPv6 frames: nobody may learn the physical MAC for a virtual address, neither from
// a frame nor from what Neighbour Discovery says in it.
#include "data_plane.hpp"
#include "landscape6.hpp"

namespace vrrp_xdp::test {
namespace {

const Bytes kPhysicalSource = nd_option(kSourceAddressOption, kRouterMac);
const Bytes kPhysicalTarget = nd_option(kTargetAddressOption, kRouterMac);
const Bytes kVirtualSource = nd_option(kSourceAddressOption, kVirtualMac6);
const Bytes kVirtualTarget = nd_option(kTargetAddressOption, kVirtualMac6);
const Bytes kPrefixOption = joined({3, 4, 64, 0xc0, 0, 0, 0x0e, 0x10}, Bytes(24, 0x20));
const Bytes kMtuOption{5, 1, 0, 0, 0, 0, 0x05, 0xdc};

/// A message of the router's own; from: whose MAC it is sent from.
Bytes own_message(const MacAddress& from, const Icmpv6& icmp, const IpAddress& source = kVirtualLinkLocal,
                  const std::vector<Tag>& tags = {}) {
    const Ipv6 envelope = nd_envelope(source, kAllNodes);
    return Ethernet{.destination = kAllNodesMac, .source = from, .tags = tags}.frame(
        kEthertypeIpv6, envelope.packet(icmp.message(envelope)));
}

Icmpv6 solicitation(const Bytes& options) { return {.body = neighbour_body(kHostIp6, options)}; }

Icmpv6 neighbour_advertisement(const Bytes& options) {
    return {.type = kNeighbourAdvertisement, .body = neighbour_body(kVirtualLinkLocal, options, kRouterFlag)};
}

/// With the hop limit, flags and times of RFC 4861 section 4.2.
Icmpv6 router_advertisement(const Bytes& options) {
    return {.type = kRouterAdvertisement,
            .body = joined({64, 0, 0x07, 0x08, 0, 0, 0, 0, 0, 0, 0, 0}, options)};
}

class Egress6 : public DualStack {
  protected:
    void expect_untouched(const Bytes& frame) { EXPECT_EQ(egress(frame), unspecified(frame)); }
    /// Both messages have right checksums; the second, too, is the test's own.
    void expect_rewritten(const Icmpv6& before, const Icmpv6& after) {
        EXPECT_EQ(egress(own_message(kRouterMac, before)), unspecified(own_message(kVirtualMac6, after)));
    }
};

TEST_F(Egress6, PacketFromAVirtualAddress_HasTheVirtualMac_WhileActive_rfc9568_8_2_2) {
    const auto packet = [](const MacAddress& from) {
        return Ethernet{.destination = kHostMac, .source = from}.frame(
            kEthertypeIpv6, Ipv6{.source = kVirtualIp6, .destination = kHostIp6}.packet(Bytes(26, 0x55)));
    };
    const auto not_sent = shot(packet(kRouterMac)).counting(VRRP_XDP_VR_frames_not_sent, kSlot6);
    EXPECT_EQ(egress(packet(kRouterMac)), not_sent);
    become_active();
    EXPECT_EQ(egress(packet(kRouterMac)), not_sent);
    become_active(kSlot6);
    EXPECT_EQ(egress(packet(kRouterMac)), unspecified(packet(kVirtualMac6)));
    set_lease(boot_now(), kSlot6);
    EXPECT_EQ(egress(packet(kRouterMac)), not_sent);
}

TEST_F(Egress6, Solicitation_NamesTheVirtualMac_rfc9568_8_2_2) {
    become_active(kSlot6);
    expect_rewritten(solicitation(kPhysicalSource), solicitation(kVirtualSource));
    expect_rewritten(solicitation(joined(nd_option(kNonceOption, kHostMac), kPhysicalSource)),
                     solicitation(joined(nd_option(kNonceOption, kHostMac), kVirtualSource)));
}

TEST_F(Egress6, NeighbourAdvertisement_NamesTheVirtualMac_rfc9568_8_2_2) {
    become_active(kSlot6);
    expect_rewritten(neighbour_advertisement(kPhysicalTarget), neighbour_advertisement(kVirtualTarget));
}

TEST_F(Egress6, RouterAdvertisement_NamesTheVirtualMac_WhereverItsOptionIs_rfc9568_8_2_3) {
    become_active(kSlot6);
    expect_rewritten(router_advertisement(kPhysicalSource), router_advertisement(kVirtualSource));
    const Bytes in_front = joined(kPrefixOption, kMtuOption);
    expect_rewritten(router_advertisement(joined(in_front, kPhysicalSource)),
                     router_advertisement(joined(in_front, kVirtualSource)));
    expect_rewritten(router_advertisement(joined(kPhysicalSource, in_front)),
                     router_advertisement(joined(kVirtualSource, in_front)));
}

TEST_F(Egress6, MessageWithoutTheOption_HasItsFrameRewrittenAlone) {
    become_active(kSlot6);
    for (const Icmpv6& message :
         {solicitation({}), neighbour_advertisement({}), router_advertisement(kPrefixOption)})
        expect_rewritten(message, message);
}

/// A redirect names another router's MAC, and the rest names none.
TEST_F(Egress6, OtherMessages_HaveTheirFrameRewrittenAlone) {
    become_active(kSlot6);
    for (const std::uint8_t type : Bytes{1, 2, kEchoRequest, 129, kRedirect, 143}) {
        const Icmpv6 message{.type = type, .body = neighbour_body(kHostIp6, kPhysicalTarget)};
        expect_rewritten(message, message);
    }
}

TEST_F(Egress6, WrongChecksum_StaysAsWrong) {
    become_active(kSlot6);
    Icmpv6 before = solicitation(kPhysicalSource);
    before.checksum_error = 0x0100;
    Icmpv6 after = solicitation(kVirtualSource);
    after.checksum_error = 0x0100;
    expect_rewritten(before, after);
}

TEST_F(Egress6, OptionThatDoesNotEnd_IsLeftAlone) {
    become_active(kSlot6);
    for (const Bytes& options :
         {Bytes{3, 0, 0, 0, 0, 0, 0, 0, 1, 1, 2, 0, 0, 0, 0, 1}, Bytes{1, 0, 2, 0, 0, 0, 0, 1},
          Bytes{5, 255, 0, 0, 0, 0, 0, 0}, Bytes{1, 1, 2, 0}}) {
        const Icmpv6 message = solicitation(options);
        expect_rewritten(message, message);
    }
}

TEST_F(Egress6, FromAnotherAddress_IsUntouched) {
    become_active(kSlot6);
    for (const char* source : {"fe80::1", "2001:db8::1", "::"}) {
        expect_untouched(own_message(kRouterMac, solicitation(kPhysicalSource), ip(source)));
        expect_untouched(own_message(kRouterMac, router_advertisement(kPhysicalSource), ip(source)));
    }
}

TEST_F(Egress6, TaggedMessage_IsOfItsVlan) {
    Router router = ipv6_router();
    router.tags = {VRRP_XDP_TAG_8021Q | 20};
    become_active(add(router));
    const auto message = [](const MacAddress& from, const Bytes& options, const std::vector<Tag>& tags) {
        return own_message(from, router_advertisement(options), kVirtualLinkLocal, tags);
    };
    EXPECT_EQ(egress(message(kRouterMac, kPhysicalSource, {{.id = 20}})),
              unspecified(message(kVirtualMac6, kVirtualSource, {{.id = 20}})));
    expect_untouched(message(kRouterMac, kPhysicalSource, {{.id = 21}}));
    // Without a tag it is of a Virtual Router that is not Active.
    const Bytes untagged = message(kRouterMac, kPhysicalSource, {});
    EXPECT_EQ(egress(untagged), shot(untagged).counting(VRRP_XDP_VR_frames_not_sent, kSlot6));
}

/// BPF_PROG_TEST_RUN takes no IPv6 packet without a whole header.
TEST_F(Egress6, CutShort_IsNotReadBeyondItsEnd) {
    become_active(kSlot6);
    const Bytes whole = own_message(kRouterMac, solicitation(kPhysicalSource));
    const Bytes rewritten = own_message(kVirtualMac6, solicitation(kPhysicalSource));
    for (std::size_t bytes = kEthernetBytes + 40; bytes < whole.size(); ++bytes) {
        const auto size = static_cast<std::ptrdiff_t>(bytes);
        const Bytes cut(whole.begin(), whole.begin() + size);
        EXPECT_EQ(egress(cut), unspecified(Bytes(rewritten.begin(), rewritten.begin() + size)));
    }
}

TEST_F(DualStack, Ingress_NeverTouchesAByteOfIpv6) {
    for (const bool active : {false, true}) {
        if (active) become_active(kSlot6);
        for (const Bytes& frame : {routed_packet6(), routed_packet6(kVirtualIp6), Solicitation{}.frame(),
                                   own_message(kRouterMac, router_advertisement(kPhysicalSource))})
            EXPECT_EQ(ingress(frame), unspecified(frame));
    }
}

}  // namespace
}  // namespace vrrp_xdp::test
