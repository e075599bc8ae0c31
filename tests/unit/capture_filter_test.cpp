// SPDX-License-Identifier: BSD-2-Clause
#include <gmock/gmock.h>

#include "capture/filter.hpp"

namespace vrrp_xdp::capture {
namespace {

using testing::Each;
using testing::HasSubstr;

TEST(CaptureFilter, WithoutAWord_TakesEverything_AtADefaultRate) {
    const auto asked = compile({});
    ASSERT_TRUE(asked);
    EXPECT_THAT(asked->vrids, Each(~std::uint64_t{0}));
    EXPECT_EQ(asked->families, 0b11);
    EXPECT_EQ(asked->kinds, 0b1111);
    EXPECT_EQ(asked->verdicts, 0b11111);
    EXPECT_EQ(asked->snap_length, VRRP_XDP_CAPTURE_BYTES_MAX);
    EXPECT_EQ(asked->cost_ns, 50'000U);
    EXPECT_EQ(asked->until_ns, 0U);
}

TEST(CaptureFilter, HasABitForEachWord) {
    const auto asked = compile({.vrids = {1, 64, 255},
                                .families = {"ipv6"},
                                .kinds = {"arp", "data"},
                                .verdicts = {"dropped"},
                                .snap_length = 64,
                                .rate = 0});
    ASSERT_TRUE(asked);
    EXPECT_THAT(asked->vrids, testing::ElementsAre(2, 1, 0, std::uint64_t{1} << 63U));
    EXPECT_EQ(asked->families, 1U << VRRP_XDP_CAPTURE_IPV6);
    EXPECT_EQ(asked->kinds, 1U << VRRP_XDP_CAPTURE_ARP | 1U << VRRP_XDP_CAPTURE_DATA);
    EXPECT_EQ(asked->verdicts, 1U << VRRP_XDP_CAPTURE_DROPPED);
    EXPECT_EQ(asked->snap_length, 64U);
    EXPECT_EQ(asked->cost_ns, 0U);
}

TEST(CaptureFilter, WithAMistake_SaysWhatThereIs) {
    const auto mistake = [](const Filter& filter) {
        const auto asked = compile(filter);
        return asked ? "" : asked.error().what + ": " + asked.error().hint;
    };
    EXPECT_EQ(mistake({.kinds = {"vrrp"}}),
              "there is no kind of frames vrrp: take one of advertisement, arp, nd, data");
    EXPECT_THAT(mistake({.verdicts = {"drop"}}), HasSubstr("consumed, answered, dropped, passed, sent"));
    EXPECT_THAT(mistake({.families = {"ip"}}), HasSubstr("ipv4, ipv6"));
    EXPECT_THAT(mistake({.vrids = {0}}), HasSubstr("from 1 to 255"));
    EXPECT_THAT(mistake({.vrids = {256}}), HasSubstr("there is no VRID 256"));
    EXPECT_THAT(mistake({.snap_length = 63}), HasSubstr("from 64 to 9216"));
    EXPECT_THAT(mistake({.snap_length = 9217}), HasSubstr("from 64 to 9216"));
}

TEST(CaptureFilter, GoesOverTheControlSocket) {
    const Filter filter{.vrids = {10},
                        .families = {"ipv4"},
                        .kinds = {"arp"},
                        .verdicts = {"sent"},
                        .snap_length = 100,
                        .rate = 7};
    EXPECT_EQ(filter_from_json(filter).value(), filter);
    EXPECT_EQ(filter_from_json({{"request", "capture"}}).value(), Filter{});
}

TEST(CaptureFilter, OfNonsense_IsRefused) {
    for (const char* nonsense : {R"([])", R"({"vrids": "all"})", R"({"vrids": ["ten"]})", R"({"kinds": [1]})",
                                 R"({"snaplen": {}})", R"({"rate": "fast"})"})
        EXPECT_FALSE(filter_from_json(nlohmann::json::parse(nonsense))) << nonsense;
}

}  // namespace
}  // namespace vrrp_xdp::capture
