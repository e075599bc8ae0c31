// SPDX-License-Identifier: BSD-2-Clause
// What an advertisement says of the addresses, compared with the configured ones.
#include "protocol/address_set.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "builders.hpp"

namespace vrrp_xdp::protocol {
namespace {

using Overlap = AddressSet::Overlap;
using Addresses = std::vector<IpAddress>;

Overlap compare(const Addresses& ours, const Addresses& theirs) {
    std::vector<std::uint8_t> bytes;
    for (const IpAddress& each : theirs) bytes.insert(bytes.end(), each.bytes().begin(), each.bytes().end());
    return AddressSet(ours).compare({theirs.front().family(), bytes});
}

TEST(AddressSet, IsTheSame_WhateverTheOrder_rfc9568_7_1) {
    const Addresses ours = Sample{.address_count = 4}.addresses();
    Addresses theirs = ours;
    std::sort(theirs.begin(), theirs.end());
    do {
        EXPECT_EQ(compare(ours, theirs), Overlap::All);
    } while (std::next_permutation(theirs.begin(), theirs.end()));
}

TEST(AddressSet, TellsMissingAddedRepeatedAndOtherAddresses) {
    const Addresses ours{ip("192.0.2.1"), ip("192.0.2.2"), ip("192.0.2.3")};
    EXPECT_EQ(compare(ours, {ours[0], ours[1]}), Overlap::Some);
    EXPECT_EQ(compare(ours, {ours[0], ours[2]}), Overlap::Some);
    EXPECT_EQ(compare(ours, {ours[0], ours[1], ours[2], ip("192.0.2.4")}), Overlap::Some);
    EXPECT_EQ(compare(ours, {ours[0], ours[1], ours[1]}), Overlap::Some);
    EXPECT_EQ(compare(ours, {ip("192.0.2.9"), ip("192.0.2.8"), ours[1]}), Overlap::Some);
    EXPECT_EQ(compare(ours, {ip("192.0.2.9"), ip("192.0.2.8"), ip("192.0.2.7")}), Overlap::None);
    EXPECT_EQ(compare(ours, {ip("fe80::1"), ip("fe80::2"), ip("fe80::3")}), Overlap::None);
}

TEST(AddressSet, HoldsAsManyAsAMessageCanList_OfEitherFamily) {
    std::mt19937 random(1);
    for (const Family family : {Family::Ipv4, Family::Ipv6}) {
        const Addresses ours = Sample{.family = family, .address_count = 255}.addresses();
        Addresses theirs = ours;
        std::shuffle(theirs.begin(), theirs.end(), random);
        EXPECT_EQ(compare(ours, theirs), Overlap::All);
        theirs.back() = theirs.front();
        EXPECT_EQ(compare(ours, theirs), Overlap::Some);
    }
}

}  // namespace
}  // namespace vrrp_xdp::protocol
