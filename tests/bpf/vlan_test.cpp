// SPDX-License-Identifier: BSD-2-Clause
// A Virtual Router lives in one VLAN, and what concerns it there concerns it nowhere else.
#include "data_plane.hpp"
#include "landscape.hpp"

namespace vrrp_xdp::test {
namespace {

constexpr Tag kVlan20{.id = 20};
constexpr Tag kVlan20Urgent{.id = 20, .priority = 7};
constexpr Tag kVlan21{.id = 21};
constexpr Tag kServiceVlan20{.id = 20, .ethertype = kEthertype8021AD};
constexpr Tag kServiceVlan100{.id = 100, .ethertype = kEthertype8021AD};
constexpr Tag kPriorityTag{.id = 0, .priority = 6};

using Tags = std::vector<Tag>;

/// A Virtual Router like the untagged one, Active in a VLAN.
class Vlan : public DataPlane {
  protected:
    std::uint32_t add_active(const std::vector<std::uint16_t>& tags) {
        const std::uint32_t slot = add({.tags = tags});
        become_active(slot);
        return slot;
    }

    /// One frame of each kind that a Virtual Router answers, drops or takes.
    void expect_served(const Tags& tags, std::uint32_t slot) {
        EXPECT_EQ(receive(arp_request(kVirtualIp, tags)),
                  sent_back(arp_reply(kHostIp, tags)).counting(VRRP_XDP_VR_arp_answered, slot));
        const Bytes routed = routed_packet(kFarIp, tags);
        EXPECT_EQ(receive(routed), passed(routed).counting(VRRP_XDP_VR_frames_accepted, slot));
        const Bytes local = routed_packet(kVirtualIp, tags);
        EXPECT_EQ(receive(local), dropped(local).counting(VRRP_XDP_VR_frames_not_accepted, slot));
        const Bytes advert = valid_advertisement(tags);
        EXPECT_EQ(receive(advert), consumed(advert, slot));
    }

    void expect_untouched(const Tags& tags) {
        for (const Bytes& frame :
             {arp_request(kVirtualIp, tags), routed_packet(kFarIp, tags), routed_packet(kVirtualIp, tags)})
            EXPECT_EQ(receive(frame), passed(frame));
        const Bytes advert = valid_advertisement(tags);
        EXPECT_EQ(receive(advert), passed(advert).counting(VRRP_XDP_PORT_vrid_errors));
    }

  private:
    static Bytes valid_advertisement(const Tags& tags) {
        return advertisement(Vrrp{.addresses = {kVirtualIp}}.message(), advertisement_envelope(), tags);
    }
};

TEST_F(Vlan, Tagged_IsServedWithItsTag) { expect_served({kVlan20}, add_active({VRRP_XDP_TAG_8021Q | 20})); }

TEST_F(Vlan, PriorityInTheTag_MakesNoDifferenceAndStays) {
    expect_served({kVlan20Urgent}, add_active({VRRP_XDP_TAG_8021Q | 20}));
}

TEST_F(Vlan, HighestId_IsServed) { expect_served({{.id = 4094}}, add_active({VRRP_XDP_TAG_8021Q | 4094})); }

TEST_F(Vlan, ServiceTagAlone_IsAnotherVlanThanTheCustomersOfThatId) {
    expect_served({kServiceVlan20}, add_active({VRRP_XDP_TAG_8021AD | 20}));
    expect_untouched({kVlan20});
}

TEST_F(Vlan, TwoTags_AreServed_OuterFirst) {
    const auto slot = add_active({VRRP_XDP_TAG_8021AD | 100, VRRP_XDP_TAG_8021Q | 20});
    expect_served({kServiceVlan100, kVlan20}, slot);
    expect_untouched({kVlan20, kServiceVlan100});
    expect_untouched({kServiceVlan100, kVlan21});
    expect_untouched({kServiceVlan100});
    expect_untouched({kVlan20});
}

TEST_F(Vlan, Tagged_IsUntouched_ByTheUntaggedVirtualRouter) {
    become_active();
    expect_untouched({kVlan20});
    expect_untouched({kServiceVlan100, kVlan20});
}

TEST_F(Vlan, OtherVlan_IsUntouched) {
    add_active({VRRP_XDP_TAG_8021Q | 20});
    expect_untouched({kVlan21});
    expect_untouched({kVlan20, kVlan21});
    expect_untouched({kVlan20, kVlan20});
}

TEST_F(Vlan, RolesAreApart_ForTheSameVridAndAddress) {
    const auto tagged = add_active({VRRP_XDP_TAG_8021Q | 20});
    EXPECT_EQ(receive(arp_request()), dropped(arp_request()).counting(VRRP_XDP_VR_arp_not_answered));
    become_active();
    become_backup(tagged);
    EXPECT_EQ(receive(arp_request()), sent_back(arp_reply()).counting(VRRP_XDP_VR_arp_answered));
    const Bytes request = arp_request(kVirtualIp, {kVlan20});
    EXPECT_EQ(receive(request), dropped(request).counting(VRRP_XDP_VR_arp_not_answered, tagged));
}

TEST_F(Vlan, PriorityTag_IsUntagged_ieee8021Q_6_9) {
    become_active();
    expect_served({kPriorityTag}, 0);
}

TEST_F(Vlan, TagBehindAPriorityTag_IsTheVlan_AsLinuxHasIt) {
    expect_served({kPriorityTag, kVlan20}, add_active({VRRP_XDP_TAG_8021Q | 20}));
    expect_untouched({kPriorityTag, kVlan21});
    const auto stacked = add_active({VRRP_XDP_TAG_8021AD | 100, VRRP_XDP_TAG_8021Q | 20});
    expect_served({kPriorityTag, kServiceVlan100, kVlan20}, stacked);
    expect_served({kServiceVlan100, kVlan20, kPriorityTag}, stacked);
}

TEST_F(Vlan, TagBehindAPriorityTag_IsUntouched_ByTheUntaggedVirtualRouter) {
    become_active();
    expect_untouched({kPriorityTag, kVlan20});
}

TEST_F(Vlan, ThreeTags_AreUntouched) {
    become_active();
    add_active({VRRP_XDP_TAG_8021AD | 100, VRRP_XDP_TAG_8021Q | 20});
    for (const Bytes& frame : {arp_request(kVirtualIp, {kServiceVlan100, kVlan20, kVlan21}),
                               routed_packet(kFarIp, {kServiceVlan100, kVlan20, kVlan21}),
                               routed_packet(kFarIp, {kPriorityTag, kVlan20, kVlan21, kVlan20}),
                               routed_packet(kFarIp, {kPriorityTag, kPriorityTag, kPriorityTag, kVlan20})})
        EXPECT_EQ(receive(frame), passed(frame));
}

TEST_F(Vlan, TagCutShort_IsUntouched) {
    become_active();
    add_active({VRRP_XDP_TAG_8021Q | 20});
    const Bytes whole = routed_packet(kFarIp, {kVlan20, kVlan21});
    constexpr std::size_t two_tags = 8;
    for (std::size_t bytes = kEthernetBytes; bytes < kEthernetBytes + two_tags; ++bytes) {
        const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(bytes));
        EXPECT_EQ(receive(cut), passed(cut)) << bytes;
    }
}

TEST_F(Vlan, ClaimIsOfTheVlanItCameIn) {
    const auto slot = add_active({VRRP_XDP_TAG_8021Q | 20});
    const Bytes claim = Ethernet{.destination = kBroadcastMac, .source = kHostMac, .tags = {kVlan20}}.frame(
        kEthertypeArp,
        Arp{.operation = kArpReply, .sender_mac = kHostMac, .sender_ip = kVirtualIp, .target_ip = kHostIp}
            .bytes());
    EXPECT_EQ(receive(claim), passed(claim).counting(VRRP_XDP_VR_arp_claims, slot).reporting_claim(slot));
}

}  // namespace
}  // namespace vrrp_xdp::test
