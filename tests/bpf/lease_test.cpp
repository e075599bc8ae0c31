// SPDX-License-Identifier: BSD-2-Clause
// A lease that is no longer firm: its next advertisement is late, and another router's word ends it.
#include "protocol/advertisement.hpp"

#include "data_plane.hpp"
#include "landscape.hpp"

namespace vrrp_xdp::test {
namespace {

Bytes word(std::uint8_t priority = 100) {
    return advertisement(Vrrp{.priority = priority, .addresses = {kVirtualIp}}.message());
}

/// Active, and was firm until a moment ago.
class SoftLease : public DataPlane {
  protected:
    SoftLease() {
        become_active();
        set_firm(boot_now());
    }

    void expect_active() {
        EXPECT_EQ(receive(arp_request()).verdict, "XDP_TX");
        EXPECT_EQ(receive(routed_packet()).verdict, "XDP_PASS");
    }

    void expect_silent() {
        EXPECT_EQ(receive(arp_request()), dropped(arp_request()).counting(VRRP_XDP_VR_arp_not_answered));
        EXPECT_EQ(receive(routed_packet()), dropped(routed_packet()).counting(VRRP_XDP_VR_frames_not_active));
    }
};

TEST_F(SoftLease, GoesOn_WhileNobodyElseIsHeard) { expect_active(); }

TEST_F(SoftLease, IsEnded_ByTheWordOfAnotherRouter_WhateverItsPriority) {
    for (const std::uint8_t priority : std::initializer_list<std::uint8_t>{1, 100, 255}) {
        set_firm(boot_now());
        expect_active();
        receive(word(priority));
        expect_silent();
    }
}

TEST_F(SoftLease, IsEnded_ByAWordThatTheControllerIsNotToldOf) {
    receive_times(word(), 100);
    set_firm(boot_now());
    receive_times(word(), 1);
    expect_silent();
}

TEST_F(SoftLease, IsEnded_ByTheRouterThatWasFollowedBefore) {
    const Bytes message = Vrrp{.priority = 200, .addresses = {kVirtualIp}}.message();
    expect_advertisement(kPeerIp, message);
    const Bytes frame = advertisement(message);
    EXPECT_EQ(receive(frame), steady(frame));
    expect_silent();
}

TEST_F(SoftLease, IsNotEnded_ByAFarewell_NorByWhatIsNotValid_NorInAnotherElection) {
    add({.vrid = 20, .addresses = {}});
    receive(word(0));
    Bytes broken = word();
    broken.back() ^= 1;
    receive(broken);
    receive(advertisement(Vrrp{.vrid = 20, .addresses = {kVirtualIp}}.message()));
    expect_active();
}

TEST_F(SoftLease, IsRenewed_ByTheNextOwnAdvertisement) {
    receive(word());
    expect_silent();
    set_firm(boot_now() + 3'600'000'000'000);
    expect_active();
}

TEST_F(SoftLease, IsNotEnded_ByAWordThatCameWhileItWasFirm) {
    std::uint64_t firm_until = 0;
    // On a busy machine the word may come too late.
    for (std::uint64_t firm_ns = 20'000'000; boot_now() >= firm_until; firm_ns *= 4) {
        firm_until = boot_now() + firm_ns;
        set_firm(firm_until);
        receive(word());
    }
    expect_active();
    while (boot_now() <= firm_until) {
    }
    expect_active();
}

/// A healthy Active Router yields to it (RFC 9568 section 6.4.3); a dead one is silenced by it.
TEST_F(SoftLease, IsEndedWhileFirm_ByABetterRouterAlone) {
    tell_better_from(150);
    for (const std::uint8_t priority : std::initializer_list<std::uint8_t>{100, 150}) {
        set_firm(boot_now() + 3'600'000'000'000);
        receive(word(priority));
        expect_active();
    }
    receive(word(151));
    expect_silent();
    set_firm(boot_now() + 3'700'000'000'000);
    expect_active();
}

}  // namespace
}  // namespace vrrp_xdp::test
