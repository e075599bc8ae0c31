// SPDX-License-Identifier: BSD-2-Clause
// The contract is compiled twice, for BPF by clang and for this machine by the compiler of user space. Both
// must see the same layout.
#include <bpf/btf.h>

#include <cstddef>
#include <ostream>
#include <string>
#include <vector>

#include "data_plane.hpp"
#include "vrrp_xdp/abi.h"
#include "vrrp_xdp/filter_entries.h"

namespace vrrp_xdp::test {
namespace {

struct Member {
    std::string name;
    std::size_t offset;
    std::size_t size;

    friend bool operator==(const Member&, const Member&) = default;
    friend std::ostream& operator<<(std::ostream& out, const Member& member) {
        return out << member.name << " at " << member.offset << ", " << member.size << " bytes";
    }
};

struct Layout {
    std::string name;
    std::size_t size;
    std::vector<Member> members;
};

void PrintTo(const Layout& layout, std::ostream* out) { *out << "struct " << layout.name; }

#define MEMBER(type, name) \
    { #name, offsetof(type, name), sizeof(type::name) }

std::vector<Layout> layouts_here() {
#define VR_COUNTER(name, help) MEMBER(vrrp_xdp_vr_counters, name),
#define PORT_COUNTER(name, help) MEMBER(vrrp_xdp_port_counters, name),
    return {
        {"vrrp_xdp_vlan", sizeof(vrrp_xdp_vlan), {MEMBER(vrrp_xdp_vlan, tag)}},
        {"vrrp_xdp_vr_key",
         sizeof(vrrp_xdp_vr_key),
         {MEMBER(vrrp_xdp_vr_key, vlan), MEMBER(vrrp_xdp_vr_key, vrid), MEMBER(vrrp_xdp_vr_key, family),
          MEMBER(vrrp_xdp_vr_key, zero)}},
        {"vrrp_xdp_vr",
         sizeof(vrrp_xdp_vr),
         {MEMBER(vrrp_xdp_vr, slot), MEMBER(vrrp_xdp_vr, ifindex), MEMBER(vrrp_xdp_vr, versions),
          MEMBER(vrrp_xdp_vr, flags), MEMBER(vrrp_xdp_vr, mac), MEMBER(vrrp_xdp_vr, minimum_ttl),
          MEMBER(vrrp_xdp_vr, authentication_type), MEMBER(vrrp_xdp_vr, interface_mac),
          MEMBER(vrrp_xdp_vr, vrid), MEMBER(vrrp_xdp_vr, family), MEMBER(vrrp_xdp_vr, zero),
          MEMBER(vrrp_xdp_vr, authentication)}},
        {"vrrp_xdp_peer_key",
         sizeof(vrrp_xdp_peer_key),
         {MEMBER(vrrp_xdp_peer_key, election), MEMBER(vrrp_xdp_peer_key, address)}},
        {"vrrp_xdp_ipv4_key",
         sizeof(vrrp_xdp_ipv4_key),
         {MEMBER(vrrp_xdp_ipv4_key, vlan), MEMBER(vrrp_xdp_ipv4_key, address)}},
        {"vrrp_xdp_ipv6_key",
         sizeof(vrrp_xdp_ipv6_key),
         {MEMBER(vrrp_xdp_ipv6_key, vlan), MEMBER(vrrp_xdp_ipv6_key, address)}},
        {"vrrp_xdp_lease",
         sizeof(vrrp_xdp_lease),
         {MEMBER(vrrp_xdp_lease, deadline_ns), MEMBER(vrrp_xdp_lease, firm_ns)}},
        {"vrrp_xdp_stamp",
         sizeof(vrrp_xdp_stamp),
         {MEMBER(vrrp_xdp_stamp, advertisement_ns), MEMBER(vrrp_xdp_stamp, rival_ns),
          MEMBER(vrrp_xdp_stamp, claim_ns), MEMBER(vrrp_xdp_stamp, events_ns)}},
        {"vrrp_xdp_expected",
         sizeof(vrrp_xdp_expected),
         {MEMBER(vrrp_xdp_expected, digest), MEMBER(vrrp_xdp_expected, differences),
          MEMBER(vrrp_xdp_expected, better_from), MEMBER(vrrp_xdp_expected, followed_ns),
          MEMBER(vrrp_xdp_expected, patience_ns)}},
        {"vrrp_xdp_gaps",
         sizeof(vrrp_xdp_gaps),
         {MEMBER(vrrp_xdp_gaps, since_ns), MEMBER(vrrp_xdp_gaps, count), MEMBER(vrrp_xdp_gaps, largest_ns),
          MEMBER(vrrp_xdp_gaps, largest_of_ns), MEMBER(vrrp_xdp_gaps, window),
          MEMBER(vrrp_xdp_gaps, window_largest_ns), MEMBER(vrrp_xdp_gaps, previous_window_largest_ns),
          MEMBER(vrrp_xdp_gaps, near_failovers), MEMBER(vrrp_xdp_gaps, buckets),
          MEMBER(vrrp_xdp_gaps, recent_ns)}},
        {"vrrp_xdp_vr_counters", sizeof(vrrp_xdp_vr_counters), {VRRP_XDP_VR_COUNTERS(VR_COUNTER)}},
        {"vrrp_xdp_port_counters", sizeof(vrrp_xdp_port_counters), {VRRP_XDP_PORT_COUNTERS(PORT_COUNTER)}},
        {"vrrp_xdp_event",
         sizeof(vrrp_xdp_event),
         {MEMBER(vrrp_xdp_event, received_ns), MEMBER(vrrp_xdp_event, ifindex), MEMBER(vrrp_xdp_event, slot),
          MEMBER(vrrp_xdp_event, election), MEMBER(vrrp_xdp_event, type), MEMBER(vrrp_xdp_event, zero),
          MEMBER(vrrp_xdp_event, source_mac), MEMBER(vrrp_xdp_event, source),
          MEMBER(vrrp_xdp_event, destination), MEMBER(vrrp_xdp_event, length),
          MEMBER(vrrp_xdp_event, message)}},
        {"vrrp_xdp_filter_key",
         sizeof(vrrp_xdp_filter_key),
         {MEMBER(vrrp_xdp_filter_key, mac), MEMBER(vrrp_xdp_filter_key, vlan_id)}},
        {"vrrp_xdp_filter_entry", sizeof(vrrp_xdp_filter_entry), {MEMBER(vrrp_xdp_filter_entry, ifindex)}},
        {"vrrp_xdp_port",
         sizeof(vrrp_xdp_port),
         {MEMBER(vrrp_xdp_port, abi_version), MEMBER(vrrp_xdp_port, ifindex),
          MEMBER(vrrp_xdp_port, controller_pid), MEMBER(vrrp_xdp_port, flags)}},
    };
#undef VR_COUNTER
#undef PORT_COUNTER
}

class AbiLayout : public DataPlane, public ::testing::WithParamInterface<Layout> {
  protected:
    std::vector<Member> members_in_bpf(const btf_type& type) const {
        std::vector<Member> members;
        const btf_member* member = btf_members(&type);
        for (std::uint32_t i = 0; i < btf_vlen(&type); ++i)
            members.push_back({btf__name_by_offset(btf_, member[i].name_off),
                               btf_member_bit_offset(&type, i) / 8,
                               static_cast<std::size_t>(btf__resolve_size(btf_, member[i].type))});
        return members;
    }

    const btf* btf_ = bpf_object__btf(skeleton().obj);
};

TEST_P(AbiLayout, IsTheSameOnBothSides) {
    const Layout& here = GetParam();
    const int id = btf__find_by_name_kind(btf_, here.name.c_str(), BTF_KIND_STRUCT);
    ASSERT_GT(id, 0) << "the BPF object does not know of " << here.name;
    const btf_type* there = btf__type_by_id(btf_, static_cast<std::uint32_t>(id));
    EXPECT_EQ(there->size, here.size);
    EXPECT_EQ(members_in_bpf(*there), here.members);
}

INSTANTIATE_TEST_SUITE_P(, AbiLayout, ::testing::ValuesIn(layouts_here()),
                         [](const auto& layout) { return layout.param.name; });

}  // namespace
}  // namespace vrrp_xdp::test
