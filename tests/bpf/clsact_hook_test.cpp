// SPDX-License-Identifier: BSD-2-Clause
// The clsact programs where they belong, on an interface: a frame has a type there, and its outer VLAN tag
// lies beside it, both of which BPF_PROG_TEST_RUN neither sets nor shows.
#include <bpf/libbpf.h>
#include <linux/if_packet.h>
#include <probe.skel.h>

#include <memory>
#include <stdexcept>

#include "data_plane.hpp"
#include "landscape6.hpp"
#include "support/network_sandbox.hpp"

namespace vrrp_xdp::test {
namespace {

constexpr Tag kVlan20{.id = 20};
constexpr Tag kVlan21{.id = 21};
constexpr Tag kServiceVlan100{.id = 100, .ethertype = kEthertype8021AD};

class ClsactHook : public DualStack {
  protected:
    ClsactHook() {
        add_qdisc();
        add_filter(BPF_TC_INGRESS, kOurs, skeleton().progs.vrrp_ingress);
        add_filter(BPF_TC_INGRESS, kBehind, probe_->progs.observe);
        add_filter(BPF_TC_EGRESS, kOurs, programs().egress);
    }

    /// From now on frames leave through a VLAN device, as it were.
    void send_with_tag(std::uint16_t protocol, std::uint16_t id) {
        probe_->data->tag_protocol = protocol;
        probe_->data->tag_id = id;
        add_filter(BPF_TC_EGRESS, kBefore, probe_->progs.push_tag);
    }

    /// In place of XDP, instead of behind it.
    void take_frames_in() { add_filter(BPF_TC_INGRESS, kOurs, programs().clsact); }

    /// What the frame, which came in from the wire, is answered with.
    Bytes answer_to(const Bytes& frame) {
        tap_.receive(frame);
        return tap_.next_sent_to(kHostMac);
    }

    /// Whether the frame, which came in from the wire, gets past the hook.
    bool passes(const Bytes& frame) {
        const unsigned seen = probe_->bss->frames_seen;
        tap_.receive(frame);
        return probe_->bss->frames_seen != seen;
    }

    /// The type that the frame, which came in from the wire, has behind the hook.
    unsigned type_of(const Bytes& frame) {
        const unsigned seen = probe_->bss->frames_seen;
        tap_.receive(frame);
        EXPECT_EQ(probe_->bss->frames_seen, seen + 1);
        return probe_->bss->seen_pkt_type;
    }

    /// The frame as it goes out on the wire.
    Bytes sent(const Bytes& frame) {
        tap_.send(frame);
        return tap_.next_sent_to(kHostMac);
    }

    const probe_bpf& probe() const { return *probe_; }

  private:
    static constexpr unsigned kBefore = 1;
    static constexpr unsigned kOurs = 2;
    static constexpr unsigned kBehind = 3;

    bpf_tc_hook hook(bpf_tc_attach_point where) const {
        bpf_tc_hook hook{};
        hook.sz = sizeof(hook);
        hook.ifindex = static_cast<int>(tap_.index());
        hook.attach_point = where;
        return hook;
    }

    void add_qdisc() {
        bpf_tc_hook both = hook(static_cast<bpf_tc_attach_point>(BPF_TC_INGRESS | BPF_TC_EGRESS));
        if (bpf_tc_hook_create(&both) != 0) throw std::runtime_error("adding a clsact qdisc");
    }

    void add_filter(bpf_tc_attach_point direction, unsigned priority, const bpf_program* program) {
        const bpf_tc_hook where = hook(direction);
        bpf_tc_opts options{};
        options.sz = sizeof(options);
        options.priority = priority;
        options.handle = 1;
        options.prog_fd = bpf_program__fd(program);
        options.flags = BPF_TC_F_REPLACE;
        if (bpf_tc_attach(&where, &options) != 0) throw std::runtime_error("attaching a clsact filter");
    }

    struct DestroyProbe {
        void operator()(probe_bpf* probe) const { probe_bpf__destroy(probe); }
    };

    NetworkSandbox sandbox_;
    Tap tap_{"lan0"};
    std::unique_ptr<probe_bpf, DestroyProbe> probe_{probe_bpf__open_and_load()};
};

TEST_F(ClsactHook, FrameToAVirtualMac_IsMarkedAsOwn_OnlyWhileLeaseIsValid_rfc9568_6_4_3) {
    EXPECT_EQ(type_of(routed_packet()), PACKET_OTHERHOST);
    become_active();
    EXPECT_EQ(type_of(routed_packet()), PACKET_HOST);
    set_lease(boot_now());
    EXPECT_EQ(type_of(routed_packet()), PACKET_OTHERHOST);
}

TEST_F(ClsactHook, FrameToAnUnknownVirtualMac_StaysSomebodyElses) {
    become_active();
    const Bytes frame = Ethernet{.destination = ipv4_virtual_mac(11), .source = kHostMac}.frame(
        kEthertypeIpv4, Ipv4{.source = kHostIp, .destination = kFarIp}.packet({}));
    EXPECT_EQ(type_of(frame), PACKET_OTHERHOST);
}

TEST_F(ClsactHook, Multicast_StaysMulticast) {
    become_active();
    EXPECT_EQ(type_of(advertisement(Vrrp{.addresses = {kVirtualIp}}.message())), PACKET_MULTICAST);
}

TEST_F(ClsactHook, TagBesideTheFrame_IsItsVlan_OnTheWayIn) {
    become_active(add({.tags = {VRRP_XDP_TAG_8021Q | 20}}));
    EXPECT_EQ(type_of(routed_packet(kFarIp, {kVlan20})), PACKET_HOST);
    EXPECT_EQ(probe().bss->seen_vlan_present, 1U) << "the kernel left the tag in the frame";
    EXPECT_EQ(type_of(routed_packet(kFarIp, {kVlan21})), PACKET_OTHERHOST);
    EXPECT_EQ(type_of(routed_packet()), PACKET_OTHERHOST);
}

TEST_F(ClsactHook, OuterTagBesideTheFrame_InnerTagInIt_AreItsVlan_OnTheWayIn) {
    become_active(add({.tags = {VRRP_XDP_TAG_8021AD | 100, VRRP_XDP_TAG_8021Q | 20}}));
    EXPECT_EQ(type_of(routed_packet(kFarIp, {kServiceVlan100, kVlan20})), PACKET_HOST);
    EXPECT_EQ(type_of(routed_packet(kFarIp, {kServiceVlan100})), PACKET_OTHERHOST);
    EXPECT_EQ(type_of(routed_packet(kFarIp, {kServiceVlan100, kVlan20, kVlan21})), PACKET_OTHERHOST);
}

Bytes own_packet(const MacAddress& source, const std::vector<Tag>& tags = {}) {
    return Ethernet{.destination = kHostMac, .source = source, .tags = tags}.frame(
        kEthertypeIpv4, Ipv4{.source = kVirtualIp, .destination = kHostIp}.packet(Bytes(26, 0x55)));
}

TEST_F(ClsactHook, PacketFromAVirtualAddress_LeavesWithTheVirtualMac_WhileActive_rfc9568_8_1_2) {
    become_active();
    EXPECT_EQ(sent(own_packet(kRouterMac)), own_packet(kVirtualMac));
}

TEST_F(ClsactHook, TagBesideTheFrame_IsItsVlan_OnTheWayOut) {
    become_active(add({.tags = {VRRP_XDP_TAG_8021Q | 20}}));
    send_with_tag(kEthertype8021Q, 20);
    EXPECT_EQ(sent(own_packet(kRouterMac)), own_packet(kVirtualMac, {kVlan20}));
}

TEST_F(ClsactHook, OtherTagBesideTheFrame_IsAnotherVlan_OnTheWayOut) {
    become_active();
    become_active(add({.tags = {VRRP_XDP_TAG_8021Q | 20}}));
    send_with_tag(kEthertype8021Q, 21);
    EXPECT_EQ(sent(own_packet(kRouterMac)), own_packet(kRouterMac, {kVlan21}));
}

TEST_F(ClsactHook, OuterTagBesideTheFrame_InnerTagInIt_AreItsVlan_OnTheWayOut) {
    become_active(add({.tags = {VRRP_XDP_TAG_8021AD | 100, VRRP_XDP_TAG_8021Q | 20}}));
    send_with_tag(kEthertype8021AD, 100);
    EXPECT_EQ(sent(own_packet(kRouterMac, {kVlan20})), own_packet(kVirtualMac, {kServiceVlan100, kVlan20}));
}

TEST_F(ClsactHook, FrameToTheVirtualMacOverIpv6_IsMarkedAsOwn_OnlyWhileItsLeaseIsValid_rfc9568_6_4_3) {
    become_active();
    EXPECT_EQ(type_of(routed_packet6()), PACKET_OTHERHOST);
    become_active(kSlot6);
    EXPECT_EQ(type_of(routed_packet6()), PACKET_HOST);
    become_backup();
    EXPECT_EQ(type_of(routed_packet6()), PACKET_HOST);
    EXPECT_EQ(type_of(routed_packet()), PACKET_OTHERHOST);
}

TEST_F(ClsactHook, RouterAdvertisement_LeavesWithTheVirtualMacInIt_AndItsTagBesideIt) {
    const auto advertisement = [](const MacAddress& from, const std::vector<Tag>& tags) {
        const Ipv6 envelope = nd_envelope(kVirtualLinkLocal, kHostLinkLocal);
        const Icmpv6 icmp{.type = kRouterAdvertisement,
                          .body = joined(Bytes(12), nd_option(kSourceAddressOption, from))};
        return Ethernet{.destination = kHostMac, .source = from, .tags = tags}.frame(
            kEthertypeIpv6, envelope.packet(icmp.message(envelope)));
    };
    become_active(kSlot6);
    EXPECT_EQ(sent(advertisement(kRouterMac, {})), advertisement(kVirtualMac6, {}));
    Router router = ipv6_router();
    router.tags = {VRRP_XDP_TAG_8021AD | 100, VRRP_XDP_TAG_8021Q | 20};
    become_active(add(router));
    send_with_tag(kEthertype8021AD, 100);
    EXPECT_EQ(sent(advertisement(kRouterMac, {kVlan20})),
              advertisement(kVirtualMac6, {kServiceVlan100, kVlan20}));
}

TEST_F(ClsactHook, InPlaceOfXdp_AnswersOnTheWire_WithTheTagsOfTheQuestion) {
    take_frames_in();
    become_active();
    become_active(add({.tags = {VRRP_XDP_TAG_8021Q | 20}}));
    become_active(add({.tags = {VRRP_XDP_TAG_8021AD | 100, VRRP_XDP_TAG_8021Q | 20}}));
    using Tags = std::vector<Tag>;
    for (const Tags& tags : {Tags{}, Tags{kVlan20}, Tags{kServiceVlan100, kVlan20}})
        EXPECT_EQ(answer_to(arp_request(kVirtualIp, tags)), arp_reply(kHostIp, tags));
}

TEST_F(ClsactHook, InPlaceOfXdp_AnswersASolicitationThatIsShorterThanTheAnswer) {
    take_frames_in();
    become_active(kSlot6);
    const Bytes frame = Solicitation{
        .envelope = nd_envelope(kHostLinkLocal, kSolicitedNode),
        .target = kVirtualLinkLocal,
        .options = {}}.frame();
    EXPECT_EQ(answer_to(frame), nd_answer(kVirtualLinkLocal, kHostLinkLocal));
}

TEST_F(ClsactHook, InPlaceOfXdp_GivesTheHostWhatIsForTheVirtualMac_OnlyWhileLeaseIsValid_rfc9568_6_4) {
    take_frames_in();
    EXPECT_FALSE(passes(routed_packet()));
    become_active();
    EXPECT_EQ(type_of(routed_packet()), PACKET_HOST);
    EXPECT_FALSE(passes(routed_packet(kVirtualIp)));
    EXPECT_EQ(type_of(routed_packet(kFarIp, {kVlan20})), PACKET_OTHERHOST);
}

}  // namespace
}  // namespace vrrp_xdp::test
