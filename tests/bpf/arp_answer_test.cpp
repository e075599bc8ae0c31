// SPDX-License-Identifier: BSD-2-Clause
// ARP requests: the Active Router answers for its virtual addresses, nobody else answers at all.
#include "data_plane.hpp"
#include "landscape.hpp"

namespace vrrp_xdp::test {
namespace {

using ArpRequest = DataPlane;

TEST_F(ArpRequest, IsAnswered_WhileLeaseIsValid_rfc9568_8_1_2) {
    become_active();
    const Bytes expected{
        0x02, 0,    0,    0,    0,    0x0a,                      // to the host that asked
        0x00, 0x00, 0x5e, 0x00, 0x01, 0x0a,                      // from the virtual MAC
        0x08, 0x06, 0x00, 0x01, 0x08, 0x00, 6,   4, 0x00, 0x02,  // ARP reply
        0x00, 0x00, 0x5e, 0x00, 0x01, 0x0a, 192, 0, 2,    254,   // the virtual address is at the virtual MAC
        0x02, 0,    0,    0,    0,    0x0a, 192, 0, 2,    10};   // and who asked
    EXPECT_EQ(receive(arp_request()), sent_back(expected).counting(VRRP_XDP_VR_arp_answered));
}

TEST_F(ArpRequest, Probe_IsAnsweredToo_rfc5227_2_1_1) {
    become_active();
    const Bytes probe = kHostBroadcast.frame(
        kEthertypeArp, Arp{.sender_mac = kHostMac, .sender_ip = kNoAddress, .target_ip = kVirtualIp}.bytes());
    EXPECT_EQ(receive(probe), sent_back(arp_reply(kNoAddress)).counting(VRRP_XDP_VR_arp_answered));
}

TEST_F(ArpRequest, ToTheVirtualMacAlone_IsAnswered_rfc1122_2_3_2_1) {
    become_active();
    const Bytes poll = Ethernet{.destination = kVirtualMac, .source = kHostMac}.frame(
        kEthertypeArp,
        Arp{.sender_mac = kHostMac, .sender_ip = kHostIp, .target_mac = kVirtualMac, .target_ip = kVirtualIp}
            .bytes());
    EXPECT_EQ(receive(poll), sent_back(arp_reply()).counting(VRRP_XDP_VR_arp_answered));
}

TEST_F(ArpRequest, ForEachAddressOfAVirtualRouter_IsAnswered) {
    const auto slot = add({.vrid = 20, .addresses = {"198.51.100.1", "198.51.100.2"}});
    become_active(slot);
    for (const char* address : {"198.51.100.1", "198.51.100.2"}) {
        const Bytes reply = Ethernet{.destination = kHostMac, .source = ipv4_virtual_mac(20)}.frame(
            kEthertypeArp, Arp{.operation = kArpReply,
                               .sender_mac = ipv4_virtual_mac(20),
                               .sender_ip = ip(address),
                               .target_mac = kHostMac,
                               .target_ip = kHostIp}
                               .bytes());
        EXPECT_EQ(receive(arp_request(ip(address))),
                  sent_back(reply).counting(VRRP_XDP_VR_arp_answered, slot));
    }
}

/// One that is relayed, say by a proxy or a wireless bridge that has its own MAC in the frame.
TEST_F(ArpRequest, IsAnsweredToTheHardwareAddressThatItNames_NotToTheFramesSource_rfc826) {
    become_active();
    const Bytes request = Ethernet{.destination = kBroadcastMac, .source = kPeerMac}.frame(
        kEthertypeArp, Arp{.sender_mac = kHostMac, .sender_ip = kHostIp, .target_ip = kVirtualIp}.bytes());
    EXPECT_EQ(receive(request), sent_back(arp_reply()).counting(VRRP_XDP_VR_arp_answered));
}

TEST_F(ArpRequest, FromAnAddressThatNobodyMayHave_IsDropped_rfc1812_5_3_7) {
    for (const char* nobody :
         {"0.0.0.1", "0.255.0.0", "127.0.0.1", "224.0.0.18", "239.255.255.255", "255.255.255.255"}) {
        const Bytes request = kHostBroadcast.frame(
            kEthertypeArp,
            Arp{.sender_mac = kHostMac, .sender_ip = ip(nobody), .target_ip = kVirtualIp}.bytes());
        const Outcome expected = dropped(request).counting(VRRP_XDP_VR_arp_invalid);
        become_backup();
        EXPECT_EQ(receive(request), expected) << nobody;
        become_active();
        EXPECT_EQ(receive(request), expected) << nobody;
    }
}

TEST_F(ArpRequest, FromAGroupsHardwareAddress_IsDropped_rfc1812_3_3_2) {
    become_active();
    for (const MacAddress& group : {kBroadcastMac, kVrrpMulticastMac}) {
        const Bytes request = kHostBroadcast.frame(
            kEthertypeArp, Arp{.sender_mac = group, .sender_ip = kHostIp, .target_ip = kVirtualIp}.bytes());
        EXPECT_EQ(receive(request), dropped(request).counting(VRRP_XDP_VR_arp_invalid));
    }
}

TEST_F(ArpRequest, KeepsItsPaddingInTheAnswer) {
    become_active();
    EXPECT_EQ(receive(padded(arp_request())),
              sent_back(padded(arp_reply())).counting(VRRP_XDP_VR_arp_answered));
}

TEST_F(ArpRequest, IsDropped_ByABackup_rfc9568_6_4_2) {
    EXPECT_EQ(receive(arp_request()), dropped(arp_request()).counting(VRRP_XDP_VR_arp_not_answered));
}

TEST_F(ArpRequest, IsDropped_OnceTheLeaseIsPast) {
    for (const std::uint64_t past : {std::uint64_t{1}, boot_now()}) {
        set_lease(past);
        EXPECT_EQ(receive(arp_request()), dropped(arp_request()).counting(VRRP_XDP_VR_arp_not_answered));
    }
}

TEST_F(ArpRequest, IsAnswered_BeforeTheDeadlineOfTheLease_AndNeverAgainAfterIt) {
    const std::uint64_t deadline = boot_now() + 50'000'000;
    set_lease(deadline);
    for (bool over = false; !over;) {
        const std::uint64_t before = boot_now();
        const Outcome outcome = receive_times(arp_request(), 1);
        const std::uint64_t after = boot_now();
        over = before >= deadline;
        if (over || after < deadline) {
            EXPECT_EQ(outcome.verdict, over ? "XDP_DROP" : "XDP_TX");
        }
    }
}

TEST_F(ArpRequest, LeaseOfOneVirtualRouter_AnswersForNoOther) {
    const auto other = add({.vrid = 20, .addresses = {"198.51.100.1"}});
    become_active();
    const Bytes request = arp_request(ip("198.51.100.1"));
    EXPECT_EQ(receive(request), dropped(request).counting(VRRP_XDP_VR_arp_not_answered, other));
}

TEST_F(ArpRequest, IsNotAnswered_AfterTheLeaseWasTakenBack) {
    become_active();
    become_backup();
    EXPECT_EQ(receive(arp_request()), dropped(arp_request()).counting(VRRP_XDP_VR_arp_not_answered));
}

TEST_F(ArpRequest, ForAnotherAddress_IsUntouched) {
    become_active();
    for (const char* address : {"192.0.2.253", "192.0.2.255", "192.0.3.254", "0.0.0.0"}) {
        const Bytes request = arp_request(ip(address));
        EXPECT_EQ(receive(request), passed(request));
    }
}

/// The request, with something in it that makes it no Ethernet and IPv4 ARP.
class StrangeArp : public DataPlane, public ::testing::WithParamInterface<Arp> {};

TEST_P(StrangeArp, IsUntouched_rfc826) {
    become_active();
    const Bytes request = kHostBroadcast.frame(kEthertypeArp, GetParam().bytes());
    EXPECT_EQ(receive(request), passed(request));
}

constexpr std::uint16_t kHardwareIeee802 = 6;
constexpr std::uint16_t kArpRarpRequest = 3;

Arp request_with(void (*change)(Arp&)) {
    Arp arp{.sender_mac = kHostMac, .sender_ip = kHostIp, .target_ip = kVirtualIp};
    change(arp);
    return arp;
}

INSTANTIATE_TEST_SUITE_P(, StrangeArp,
                         ::testing::Values(request_with([](Arp& arp) { arp.hardware = kHardwareIeee802; }),
                                           request_with([](Arp& arp) { arp.protocol = kEthertypeIpv6; }),
                                           request_with([](Arp& arp) { arp.mac_bytes = 8; }),
                                           request_with([](Arp& arp) { arp.mac_bytes = 0; }),
                                           request_with([](Arp& arp) { arp.ip_bytes = 16; }),
                                           request_with([](Arp& arp) { arp.operation = kArpRarpRequest; }),
                                           request_with([](Arp& arp) { arp.operation = 0; })));

TEST_F(ArpRequest, CutShort_IsUntouched) {
    become_active();
    const Bytes whole = arp_request();
    for (std::size_t bytes = kEthernetBytes; bytes < whole.size(); ++bytes) {
        const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(bytes));
        EXPECT_EQ(receive(cut), passed(cut));
    }
}

TEST_F(ArpRequest, FromTheVirtualMac_IsAnotherRoutersAnnouncement_AndDroppedWithoutAWord) {
    const Bytes announcement = arp_announcement(kVirtualMac);
    EXPECT_EQ(receive(announcement), dropped(announcement));
    become_active();
    EXPECT_EQ(receive(announcement), dropped(announcement));
}

TEST_F(ArpRequest, Reply_IsUntouched) {
    become_active();
    const Bytes reply = Ethernet{.destination = kRouterMac, .source = kHostMac}.frame(
        kEthertypeArp, Arp{.operation = kArpReply,
                           .sender_mac = kHostMac,
                           .sender_ip = kHostIp,
                           .target_mac = kRouterMac,
                           .target_ip = kVirtualIp}
                           .bytes());
    EXPECT_EQ(receive(reply), passed(reply));
}

}  // namespace
}  // namespace vrrp_xdp::test
