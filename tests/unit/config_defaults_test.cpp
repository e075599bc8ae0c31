// SPDX-License-Identifier: BSD-2-Clause
// Values that the Virtual Routers of a file or of an interface share.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "config_outcome.hpp"

namespace vrrp_xdp::config {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// Virtual Router 10, 192.0.2.254, with more keys, on eth0.
std::string file(const std::string& defaults, const std::string& of_eth0 = "", const std::string& keys = "") {
    return (defaults.empty() ? "" : "defaults: " + defaults + "\n") + "interfaces:\n  eth0:\n" +
           (of_eth0.empty() ? "" : "    defaults: " + of_eth0 + "\n") +
           "    virtual-routers:\n      - {vrid: 10" + keys + ", virtual-addresses: [192.0.2.254]}\n";
}

VirtualRouter only(const std::string& text) {
    const auto config = parse(text);
    EXPECT_TRUE(config) << mistakes_in(text);
    return config ? config->interfaces.front().virtual_routers.front()
                  : VirtualRouter{.vrid = *protocol::Vrid::from(1),
                                  .priority = *protocol::Priority::from(1),
                                  .virtual_addresses = {}};
}

TEST(Defaults, AreTakenFromTheRouter_ThenTheInterface_ThenTheFile) {
    EXPECT_EQ(only(file("{advertise-interval: 2s}")).advertise_interval, seconds(2));
    EXPECT_EQ(only(file("{advertise-interval: 2s}", "{advertise-interval: 3s}")).advertise_interval,
              seconds(3));
    EXPECT_EQ(only(file("{advertise-interval: 2s}", "{advertise-interval: 3s}", ", advertise-interval: 4s"))
                  .advertise_interval,
              seconds(4));
    EXPECT_EQ(only(file("{advertise-interval: 2s}", "{priority: 50}")).advertise_interval, seconds(2));
}

TEST(Defaults, MeanTheSameAsTheirKeysInEachVirtualRouter) {
    const std::string keys =
        "version: 3, priority: 200, advertise-interval: 2ms, sub-centisecond: true, preempt: true, "
        "preempt-delay: 3s, announcements: {repeat: 3}, accept-mode: true, virtual-mac: false, "
        "unicast-peers: [192.0.2.2], minimum-ttl: 254, source-address: 192.0.2.1, checksum: message-only, "
        "signed-advertisements: refuse, hooks: [{command: [/bin/true]}]";
    EXPECT_EQ(only(file("{" + keys + "}")), only(file("", "", ", " + keys)));
    EXPECT_EQ(only(file("{version: 2, authentication: secret}")),
              only(file("", "", ", version: 2, authentication: secret")));
    const std::string trackers = "trackers: {up: {interface: eth1}}\n";
    EXPECT_EQ(only(trackers + file("{track: {up: -10}}")),
              only(trackers + file("", "", ", track: {up: -10}")));
}

TEST(Defaults, AreNotForAVirtualRouterThatCannotHaveThem) {
    const std::string ipv6 =
        "defaults: {version: 2, checksum: message-only, authentication: secret}\n"
        "interfaces: {eth0: {virtual-routers: [{vrid: 10, virtual-addresses: [fe80::1]}]}}\n";
    EXPECT_EQ(only(ipv6).version, protocol::Version::V3);
    EXPECT_FALSE(only(ipv6).authentication);
    EXPECT_EQ(only(file("{checksum: pseudo-header}", "", ", version: 2")).checksum, Checksum::MessageOnly);
    EXPECT_EQ(only(file("{preempt-delay: 3s}", "", ", preempt: false")).preempt_delay, seconds(0));
    EXPECT_EQ(only(file("{preempt-delay: 3s}", "", ", priority: 255")).preempt_delay, seconds(0));
    EXPECT_EQ(only(file("{minimum-ttl: 254}")).minimum_ttl, 255);
    EXPECT_EQ(only(file("{sub-centisecond: true}", "", ", version: 2")).advertise_interval, seconds(1));
}

TEST(Defaults, ThatAreMistakesByThemselves_AreReportedOnce) {
    EXPECT_EQ(mistakes_in(file("{priority: 300, preempt: yes, vrid: 3}") +
                          "      - {vrid: 11, virtual-addresses: [192.0.2.1]}\n"),
              "file:1:22: priority must be a number from 1 to 255, not \"300\"\n"
              "file:1:36: preempt must be true or false, not \"yes\"\n"
              "file:1:41: unknown key \"vrid\" (allowed here: version, priority, advertise-interval, "
              "sub-centisecond, preempt, preempt-delay, sync-group, announcements, accept-mode, virtual-mac, "
              "unicast-peers, minimum-ttl, source-address, checksum, authentication, signed-advertisements, "
              "track, hooks)");
}

TEST(Defaults, ThatAVirtualRouterCannotTake_AreReportedAtTheVirtualRouter) {
    EXPECT_EQ(
        mistakes_in(file("{advertise-interval: 100ms}", "", ", version: 2")),
        "file:5:9: advertise-interval, from the defaults of the file, must be 1s to 255s in whole seconds "
        "(version 2), not \"100ms\"");
    EXPECT_EQ(mistakes_in(file("", "{advertise-interval: 100ms}", ", version: 2")),
              "file:5:9: advertise-interval, from the defaults of eth0, must be 1s to 255s in whole seconds "
              "(version 2), not \"100ms\"");
}

TEST(Defaults, AreToldWithTheirPlaces) {
    const auto loaded =
        parse_with_origins(file("{priority: 50}", "{preempt: false}", ", version: 2"), "a.yaml");
    ASSERT_TRUE(loaded);
    const Origin& origin = loaded->origins[0][0];
    EXPECT_EQ(origin.of("priority").to_string(), "a.yaml:1:22");
    EXPECT_EQ(origin.values.at("priority").shared_by, "the file");
    EXPECT_EQ(origin.values.at("preempt").shared_by, "eth0");
    EXPECT_EQ(origin.values.at("version").shared_by, "");
    EXPECT_EQ(origin.of("virtual-addresses", 0).to_string(), "a.yaml:6:52");
}

}  // namespace
}  // namespace vrrp_xdp::config
