// SPDX-License-Identifier: BSD-2-Clause
#include "protocol/types.hpp"

#include <gmock/gmock.h>

#include "builders.hpp"

namespace vrrp_xdp::protocol {
namespace {

TEST(Vrid, From_TakesOneTo255_rfc9568_5_2_3) {
    EXPECT_EQ(Vrid::from(1)->value(), 1);
    EXPECT_EQ(Vrid::from(255)->value(), 255);
    for (const int refused : {-1, 0, 256, 257, 65537}) EXPECT_FALSE(Vrid::from(refused)) << refused;
}

TEST(Priority, From_TakesOneTo255_rfc9568_5_2_4) {
    EXPECT_EQ(Priority::from(1)->value(), 1);
    EXPECT_EQ(Priority::from(255)->value(), 255);
    for (const int refused : {-1, 0, 256, 511}) EXPECT_FALSE(Priority::from(refused)) << refused;
}

TEST(Priority, Only255IsTheOwner_rfc9568_5_2_4) {
    EXPECT_TRUE(Priority::owner().is_owner());
    EXPECT_EQ(Priority::owner(), Priority::from(255));
    EXPECT_FALSE(priority(254).is_owner());
}

TEST(IpAddress, Parse_ReadsBothFamilies) {
    EXPECT_EQ(ip("192.0.2.254").family(), Family::Ipv4);
    EXPECT_THAT(ip("192.0.2.254").bytes(), testing::ElementsAre(192, 0, 2, 254));
    EXPECT_EQ(ip("fe80::1").family(), Family::Ipv6);
    EXPECT_THAT(ip("fe80::1").bytes(),
                testing::ElementsAre(0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1));
}

TEST(IpAddress, Parse_RefusesWhatIsNoAddress) {
    for (const auto* text : {"", "192.0.2", "192.0.2.256", "192.0.2.1/24", " 192.0.2.1", "192.0.2.1 ", "::g",
                             "fe80::1%eth0", "router"})
        EXPECT_FALSE(IpAddress::parse(text)) << text;
}

TEST(IpAddress, Parse_ReadsNoFurtherThanTheText) {
    EXPECT_EQ(IpAddress::parse(std::string_view("192.0.2.1234").substr(0, 9)), ip("192.0.2.1"));
}

TEST(IpAddress, ToString_IsWhatParseReads) {
    for (const auto* text : {"0.0.0.0", "192.0.2.254", "255.255.255.255", "::", "fe80::1", "2001:db8::fe"})
        EXPECT_EQ(ip(text).to_string(), text);
}

TEST(IpAddress, ComparesAsUnsignedNumbersInWireOrder_rfc9568_6_4_3) {
    EXPECT_LT(ip("127.255.255.255"), ip("128.0.0.0"));
    EXPECT_LT(ip("1.0.0.255"), ip("2.0.0.0"));
    EXPECT_LT(ip("9.0.0.1"), ip("10.0.0.1"));
    EXPECT_LT(ip("7fff::"), ip("8000::"));
    EXPECT_LT(ip("fe80::ff"), ip("fe80::100"));
}

TEST(IpAddress, OfDifferentFamiliesAreDifferent) { EXPECT_NE(ip("0.0.0.0"), ip("::")); }

TEST(MacAddress, OfVirtualRouter_NamesFamilyAndVrid_rfc9568_7_3) {
    EXPECT_EQ(MacAddress::of_virtual_router(vrid(10), Family::Ipv4).to_string(), "00:00:5e:00:01:0a");
    EXPECT_EQ(MacAddress::of_virtual_router(vrid(255), Family::Ipv6).to_string(), "00:00:5e:00:02:ff");
}

}  // namespace
}  // namespace vrrp_xdp::protocol
