// SPDX-License-Identifier: BSD-2-Clause
// What is made of a NIC's tag stripping, whatever its driver says. The drivers are made up: this file stands
// between the code and the kernel for ETHTOOL_* orders.
#include "device/vlan_offload.hpp"

#include <gtest/gtest.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdarg>
#include <cstring>

#include "device/offload.hpp"
#include "vrrp_xdp/abi.h"

namespace vrrp_xdp::device {
namespace {

enum class Temper { Obeys, Refuses, TakesTheOrderAndKeepsItsWay };

/// A driver with forty features, of which two strip tags: one in either word.
struct Driver {
    static constexpr std::uint32_t kFeatures = 40;
    static constexpr std::array kStripping{std::uint32_t{5}, std::uint32_t{35}};  // by TagType
    static constexpr std::uint32_t kLro = 7;
    static constexpr std::uint32_t kHardwareGro = 9;
    static constexpr std::uint32_t kAggregation = 1U << kLro | 1U << kHardwareGro;

    std::array<std::uint32_t, 2> active{0xffffffff, 0xff};
    std::array<Temper, 2> temper{Temper::Obeys, Temper::Obeys};  ///< by TagType
    bool knows_features = true;
    int orders = 0;

    bool strips(TagType type) const {
        const std::uint32_t number = kStripping.at(static_cast<std::size_t>(type));
        return (active.at(number / 32) >> number % 32 & 1) != 0;
    }

    int answer(void* order) {
        const std::uint32_t command = *static_cast<std::uint32_t*>(order);
        if (!knows_features) return EOPNOTSUPP;
        if (command == ETHTOOL_GSSET_INFO) return count(static_cast<ethtool_sset_info*>(order));
        if (command == ETHTOOL_GSTRINGS) return names(static_cast<ethtool_gstrings*>(order));
        if (command == ETHTOOL_GFEATURES) return show(static_cast<ethtool_gfeatures*>(order));
        if (command == ETHTOOL_SFEATURES) return change(static_cast<ethtool_sfeatures*>(order));
        return EOPNOTSUPP;
    }

  private:
    static int count(ethtool_sset_info* info) {
        if (info->sset_mask != 1U << ETH_SS_FEATURES) return EINVAL;
        info->data[0] = kFeatures;
        return 0;
    }

    static int names(ethtool_gstrings* strings) {
        if (strings->string_set != ETH_SS_FEATURES || strings->len != kFeatures) return EINVAL;
        for (std::uint32_t i = 0; i < kFeatures; ++i) {
            const char* name = "rx-vlan";
            if (i == kStripping[0]) name = "rx-vlan-hw-parse";
            if (i == kStripping[1]) name = "rx-vlan-stag-hw-parse";
            if (i == kLro) name = "rx-lro";
            if (i == kHardwareGro) name = "rx-gro-hw";
            std::strcpy(reinterpret_cast<char*>(strings->data) + std::size_t{i} * ETH_GSTRING_LEN, name);
        }
        return 0;
    }

    int show(ethtool_gfeatures* features) const {
        if (features->size != active.size()) return EINVAL;
        for (std::size_t i = 0; i < active.size(); ++i) features->features[i].active = active.at(i);
        return 0;
    }

    int change(const ethtool_sfeatures* features) {
        if (features->size != active.size()) return EINVAL;
        ++orders;
        const auto& first = features->features[0];
        const std::uint32_t aggregation = first.valid & kAggregation;
        active[0] = (active[0] & ~aggregation) | (first.requested & aggregation);
        for (std::size_t type = 0; type < kStripping.size(); ++type) {
            const std::uint32_t number = kStripping.at(type);
            const std::uint32_t bit = 1U << number % 32;
            const auto& block = features->features[number / 32];
            if ((block.valid & bit) == 0) continue;
            if (temper.at(type) == Temper::Refuses) return EOPNOTSUPP;
            if (temper.at(type) == Temper::Obeys)
                active.at(number / 32) = (active.at(number / 32) & ~bit) | (block.requested & bit);
        }
        return 0;
    }
};

// That of the interface eth7, in the test that runs.
Driver* driver = nullptr;

class VlanOffload : public ::testing::Test {
  protected:
    VlanOffload() { driver = &nic; }
    ~VlanOffload() override { driver = nullptr; }

    Driver nic;
};

constexpr const char* kNic = "eth7";

TEST_F(VlanOffload, OfEitherTypeIsToldApart) {
    for (const TagType type : kTagTypes) {
        EXPECT_EQ(tag_stripping(kNic, type), TagStripping::On);
        ASSERT_TRUE(set_tag_stripping(kNic, type, TagStripping::Off));
        EXPECT_EQ(tag_stripping(kNic, type), TagStripping::Off);
    }
    ASSERT_TRUE(set_tag_stripping(kNic, TagType::Dot1ad, TagStripping::On));
    EXPECT_FALSE(nic.strips(TagType::Dot1q));
    EXPECT_TRUE(nic.strips(TagType::Dot1ad));
}

TEST_F(VlanOffload, ChangesNothingElse) {
    for (const TagType type : kTagTypes) ASSERT_TRUE(set_tag_stripping(kNic, type, TagStripping::Off));
    EXPECT_EQ(nic.active, (std::array<std::uint32_t, 2>{0xffffffff & ~(1U << 5), 0xff & ~(1U << 3)}));
}

TEST_F(VlanOffload, IsLeftAlone_WhereItIsAsWanted) {
    for (const TagType type : kTagTypes) ASSERT_TRUE(set_tag_stripping(kNic, type, TagStripping::On));
    EXPECT_EQ(nic.orders, 0);
}

TEST_F(VlanOffload, OfADriverThatKnowsNothingOfIt_IsOff) {
    nic.knows_features = false;
    for (const TagType type : kTagTypes) EXPECT_EQ(tag_stripping(kNic, type), TagStripping::Off);
}

TEST_F(VlanOffload, ThatIsOff_IsNotSet) {
    nic.active = {};
    nic.temper = {Temper::Refuses, Temper::Refuses};
    for (const TagType type : kTagTypes) ASSERT_TRUE(set_tag_stripping(kNic, type, TagStripping::Off));
    EXPECT_EQ(nic.orders, 0);
}

TEST_F(VlanOffload, ThatTheDriverKeeps_IsAnError) {
    for (const TagType type : kTagTypes)
        for (const Temper temper : {Temper::Refuses, Temper::TakesTheOrderAndKeepsItsWay}) {
            nic = Driver();
            nic.temper.at(static_cast<std::size_t>(type)) = temper;
            const auto set = set_tag_stripping(kNic, type, TagStripping::Off);
            ASSERT_FALSE(set);
            EXPECT_NE(set.error().what.find(kNic), std::string::npos);
        }
}

TEST_F(VlanOffload, IsRestored_AsItIsNoted) {
    for (const TagType type : kTagTypes) ASSERT_TRUE(set_tag_stripping(kNic, type, TagStripping::Off));
    restore_tag_stripping(kNic, VRRP_XDP_KEPT_SERVICE_TAGS | VRRP_XDP_CREATED_CLSACT);
    EXPECT_FALSE(nic.strips(TagType::Dot1q));
    EXPECT_TRUE(nic.strips(TagType::Dot1ad));
}

// Generic XDP turns both off, and the kernel never turns them on again.
TEST_F(VlanOffload, AggregationThatGenericXdpTurnsOff_IsNoted_AndRestored) {
    const std::uint32_t flags = aggregation_flags(kNic);
    EXPECT_EQ(flags, VRRP_XDP_KEPT_LRO | VRRP_XDP_KEPT_HARDWARE_GRO);
    nic.active.at(0) &= ~Driver::kAggregation;
    EXPECT_EQ(aggregation_flags(kNic), 0U);
    restore_aggregation(kNic, VRRP_XDP_KEPT_HARDWARE_GRO);
    EXPECT_EQ(aggregation_flags(kNic), VRRP_XDP_KEPT_HARDWARE_GRO);
    restore_aggregation(kNic, flags | VRRP_XDP_CREATED_CLSACT);
    EXPECT_EQ(aggregation_flags(kNic), flags);
}

}  // namespace
}  // namespace vrrp_xdp::device

/// In the C library's stead, for the whole program.
extern "C" int ioctl(int descriptor, unsigned long request, ...) noexcept {
    std::va_list arguments;
    va_start(arguments, request);
    void* argument = va_arg(arguments, void*);
    va_end(arguments);

    using vrrp_xdp::device::driver;
    auto* asked = static_cast<ifreq*>(argument);
    if (request != SIOCETHTOOL || driver == nullptr || std::strcmp(asked->ifr_name, "eth7") != 0)
        return static_cast<int>(syscall(SYS_ioctl, descriptor, request, argument));
    errno = driver->answer(asked->ifr_data);
    return errno == 0 ? 0 : -1;
}
