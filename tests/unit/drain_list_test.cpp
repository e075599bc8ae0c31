// SPDX-License-Identifier: BSD-2-Clause
// Which Virtual Routers are drained by what the operator says.
#include "maintenance/drain_list.hpp"

#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace vrrp_xdp::maintenance {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr auto kIpv4 = protocol::Family::Ipv4;

Member member(const std::string& interface, int vrid, const std::string& group = "") {
    return {interface, *protocol::Vrid::from(vrid), kIpv4, group};
}

/// Two interfaces with a Virtual Router each that move together, and one each that does not.
Members all() {
    return {member("eth0", 10, "both"), member("eth0", 11), member("eth1", 20, "both"), member("eth1", 21)};
}

std::vector<std::string> names(const Members& members) {
    std::vector<std::string> list;
    for (const Member& each : members)
        list.push_back(each.interface + " " + std::to_string(each.vrid.value()));
    return list;
}

std::vector<std::string> drained(const DrainList::Records& records) {
    DrainList list;
    list.assume(records);
    Members found;
    for (const Member& each : all())
        if (list.record_of(each, all()) != nullptr) found.push_back(each);
    return names(found);
}

Scope scope(const Words& words) { return scope_of(words, all()); }

const DrainList::Records kNothing{{"eth0", {}}, {"eth1", {}}};

TEST(DrainList, MeansAllOfASyncGroup) {
    EXPECT_THAT(names(scope({}).members), ElementsAre("eth0 10", "eth0 11", "eth1 20", "eth1 21"));
    EXPECT_THAT(names(scope({.interface = "eth0"}).members), ElementsAre("eth0 10", "eth0 11", "eth1 20"));
    const Words one{.interface = "eth0", .vrid = protocol::Vrid::from(11)};
    EXPECT_THAT(names(scope(one).members), ElementsAre("eth0 11"));
    const Words on_any{.vrid = protocol::Vrid::from(20)};
    EXPECT_THAT(names(scope(on_any).members), ElementsAre("eth0 10", "eth1 20"));
    EXPECT_THAT(scope({.interface = "eth7"}).members, IsEmpty());
}

TEST(DrainList, HasWhatWasSaid_UntilThatIsTakenBack) {
    for (const Words& words : {Words{}, Words{.interface = "eth1"}, Words{.vrid = protocol::Vrid::from(10)},
                               Words{.interface = "eth0", .vrid = protocol::Vrid::from(11)}}) {
        const auto said = DrainList::with(kNothing, scope(words), {});
        EXPECT_EQ(drained(said), names(scope(words).members));
        EXPECT_EQ(DrainList::with(said, scope(words), {}), said) << "nothing is kept twice";
        EXPECT_EQ(DrainList::without(said, scope(words)), kNothing);
    }
}

TEST(DrainList, OfAnInterface_HasWhatComesToItLater) {
    DrainList list;
    list.assume(DrainList::with(kNothing, scope({.interface = "eth0"}), {.reason = "work"}));
    const DrainRecord* const record = list.record_of(member("eth0", 99), all());
    ASSERT_NE(record, nullptr);
    EXPECT_EQ(record->reason, "work");
    EXPECT_EQ(list.record_of(member("eth1", 99), all()), nullptr);
    EXPECT_NE(list.record_of(member("eth1", 99, "both"), all()), nullptr) << "one that joins the sync group";
}

TEST(DrainList, OfAnInterface_OutlastsWhatIsTakenBackOfIt) {
    const auto said = DrainList::with(kNothing, scope({.interface = "eth0"}), {});
    const Words one{.interface = "eth0", .vrid = protocol::Vrid::from(11)};
    EXPECT_THAT(drained(DrainList::without(said, scope(one))), ElementsAre("eth0 10", "eth0 11", "eth1 20"));
}

TEST(DrainList, Expires) {
    const DrainRecord::Time noon{std::chrono::hours(12)};
    const Words one{.interface = "eth0", .vrid = protocol::Vrid::from(11)};
    auto said = DrainList::with(kNothing, scope({.interface = "eth1"}), {.until = noon});
    said = DrainList::with(said, scope(one), {.until = noon + std::chrono::hours(1)});
    DrainList list;
    list.assume(said);
    EXPECT_EQ(list.first_expiry(), noon);
    EXPECT_EQ(DrainList::without_expired(said, noon - std::chrono::seconds(1)), said);
    EXPECT_THAT(drained(DrainList::without_expired(said, noon)), ElementsAre("eth0 11"));
    list.assume(kNothing);
    EXPECT_EQ(list.first_expiry(), std::nullopt);
}

}  // namespace
}  // namespace vrrp_xdp::maintenance
