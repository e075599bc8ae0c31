// SPDX-License-Identifier: BSD-2-Clause
// The keys preempt-delay, startup-delay and announcements: what they mean, and what is a mistake.
#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "config/load.hpp"
#include "config_outcome.hpp"

namespace vrrp_xdp::config {
namespace {

using namespace std::chrono_literals;

/// A Virtual Router with more keys, from line 5, column 9 on.
std::string with(const std::string& keys) {
    return "interfaces:\n  eth0:\n    virtual-routers:\n      - virtual-addresses: [192.0.2.254]\n        " +
           keys + "\n        vrid: 10\n";
}

VirtualRouter router_with(const std::string& keys) {
    const auto config = parse(with(keys));
    EXPECT_TRUE(config) << keys;
    return config.value().interfaces.at(0).virtual_routers.at(0);
}

TEST(Delays, AreNone_ByDefault) {
    EXPECT_EQ(router_with("priority: 100").preempt_delay, 0s);
    EXPECT_EQ(parse(with("priority: 100")).value().startup_delay, 0s);
}

TEST(Delays, AreTimes) {
    EXPECT_EQ(router_with("preempt-delay: 30s").preempt_delay, 30s);
    EXPECT_EQ(parse("startup-delay: 1.5s\n" + with("priority: 100")).value().startup_delay, 1500ms);
    EXPECT_EQ(reported(with("preempt-delay: 2h")),
              "file:5:24: preempt-delay must be 0s to 3600s in steps of 1ms, not \"2h\": the units are s and "
              "ms, write "
              "1s or 100ms\n");
    EXPECT_EQ(reported("startup-delay: -1s\n" + with("priority: 100")),
              "file:1:16: startup-delay must be 0s to 3600s in steps of 1ms, not \"-1s\"\n");
}

TEST(Delays, BeforePreempting_AreForWhoPreemptsAndCanWait) {
    EXPECT_EQ(reported(with("preempt-delay: 30s\n        preempt: false")),
              "file:5:24: preempt-delay has no effect with preempt: false: remove one of the two\n");
    EXPECT_EQ(reported(with("preempt-delay: 30s\n        priority: 255")),
              "file:5:24: preempt-delay has no effect at priority 255: the address owner preempts "
              "immediately; remove the key\n");
}

TEST(AnnouncementsKey, RepeatsOnce_ByDefault) {
    const Announcements usual = router_with("priority: 100").announcements;
    EXPECT_EQ(usual.burst, 1U);
    EXPECT_EQ(usual.repeat, 1U);
    EXPECT_EQ(usual.repeat_after, 5s);
    EXPECT_EQ(usual.refresh, std::nullopt);
}

TEST(AnnouncementsKey, TakesEachOfItsKeys) {
    const Announcements some =
        router_with("announcements: {burst: 3, repeat: 5, repeat-after: 2s, refresh: 60s}").announcements;
    EXPECT_EQ(some.burst, 3U);
    EXPECT_EQ(some.repeat, 5U);
    EXPECT_EQ(some.repeat_after, 2s);
    EXPECT_EQ(some.refresh, 60s);
    EXPECT_EQ(router_with("announcements: {repeat: 0}").announcements.repeat, 0U);
}

/// Its advertisements come from the interface's MAC, so nothing else would remind a switch.
TEST(AnnouncementsKey, RefreshesAVirtualMacThatNoAdvertisementShows_BeforeSwitchesForgetIt) {
    const std::string peers = "unicast-peers: [192.0.2.2]";
    EXPECT_EQ(router_with(peers).announcements.refresh, 120s);
    EXPECT_EQ(router_with(peers + "\n        announcements: {repeat: 0}").announcements.refresh, 120s);
    EXPECT_EQ(router_with(peers + "\n        announcements: {refresh: 600s}").announcements.refresh, 600s);
    EXPECT_EQ(router_with(peers + "\n        virtual-mac: false").announcements.refresh, std::nullopt);
}

TEST(AnnouncementsKey, ReportsMistakesWithTheirPlaces) {
    EXPECT_EQ(reported(with("announcements: 5")),
              "file:5:24: announcements must be a mapping with burst, repeat, repeat-after or refresh, not "
              "\"5\"\n");
    EXPECT_EQ(
        reported(with("announcements: {repeat: 101, repeat-after: 0s, refresh: 1, repat: 1}")),
        "file:5:33: repeat must be a number from 0 to 100, not \"101\"\n"
        "file:5:52: repeat-after must be 1s to 3600s in steps of 1ms, not \"0s\"\n"
        "file:5:65: refresh must be 1s to 3600s in steps of 1ms, not \"1\": a unit is missing, write 1s or "
        "100ms\n"
        "file:5:68: unknown key \"repat\", did you mean \"repeat\"? (allowed here: burst, repeat, "
        "repeat-after, "
        "refresh)\n");
    for (const std::string wrong : {"0", "11", "x"})
        EXPECT_EQ(reported(with("announcements: {burst: " + wrong + "}")),
                  "file:5:32: burst must be a number from 1 to 10, not \"" + wrong + "\"\n");
}

}  // namespace
}  // namespace vrrp_xdp::config
