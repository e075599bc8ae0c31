// SPDX-License-Identifier: BSD-2-Clause
// What a valid configuration means. The mistakes are in config_mistakes_test.cpp.
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <ostream>
#include <string>

#include "config/load.hpp"

namespace vrrp_xdp::config {
namespace {

using protocol::Family;
using protocol::Version;
using namespace std::chrono_literals;

constexpr const char* minimal = R"(interfaces:
  eth0:
    virtual-routers:
      - vrid: 10
        virtual-addresses: [192.0.2.254]
)";

std::string all_of(const std::vector<Mistake>& mistakes) {
    std::string text;
    for (const Mistake& mistake : mistakes) text += mistake.to_string("file") + "\n";
    return text;
}

/// The configuration of a text that has to be valid.
Config valid(const std::string& text) {
    const auto config = parse(text);
    EXPECT_TRUE(config) << all_of(config.error());
    return config.value_or(Config{});
}

/// The only Virtual Router of the minimal configuration with more keys, each "key: value".
VirtualRouter router_with(const std::vector<std::string>& keys) {
    std::string text = minimal;
    for (const std::string& key : keys) text += "        " + key + "\n";
    return valid(text).interfaces.at(0).virtual_routers.at(0);
}

TEST(Config, HasDefaultsOfTheRfc_WhenOnlyRequiredKeysStand_rfc9568_6_1) {
    const VirtualRouter router = router_with({});
    EXPECT_EQ(router.vrid, protocol::Vrid::from(10));
    EXPECT_EQ(router.version, Version::V3);
    EXPECT_EQ(router.priority.value(), 100);
    EXPECT_EQ(router.advertise_interval, 1s);
    EXPECT_TRUE(router.preempt);
    EXPECT_FALSE(router.accept_mode);
    EXPECT_TRUE(router.virtual_mac);
    EXPECT_TRUE(router.unicast_peers.empty());
    EXPECT_EQ(router.minimum_ttl, 255);
    EXPECT_EQ(router.checksum, Checksum::PseudoHeader);
    ASSERT_EQ(router.virtual_addresses.size(), 1U);
    EXPECT_EQ(router.virtual_addresses[0].to_string(), "192.0.2.254");
    EXPECT_EQ(router.family(), Family::Ipv4);
}

TEST(Config, TakesAVirtualAddressAsSource_OfItsOwnerAlone) {
    EXPECT_EQ(router_with({"priority: 255", "source-address: 192.0.2.254"}).source_address->to_string(),
              "192.0.2.254");
}

TEST(Config, Ipv6NeedsNoLinkLocalAddress_WhereItIsUnicast) {
    const Config config = valid(
        "interfaces: {eth0: {virtual-routers: [{vrid: 1, unicast-peers: [\"2001:db8::2\"], "
        "virtual-addresses: [\"2001:db8::1\"]}]}}");
    EXPECT_EQ(config.interfaces[0].virtual_routers[0].virtual_addresses[0].to_string(), "2001:db8::1");
}

TEST(Config, TakesEveryKey) {
    const VirtualRouter router = router_with(
        {"version: 3", "priority: 200", "advertise-interval: 100ms", "preempt: false", "accept-mode: true",
         "virtual-mac: false", "unicast-peers: [192.0.2.2, 198.51.100.3]", "minimum-ttl: 64",
         "source-address: 192.0.2.1", "checksum: message-only", "signed-advertisements: refuse"});
    EXPECT_TRUE(router.refuses_signed);
    EXPECT_EQ(router.version, Version::V3);
    EXPECT_EQ(router.priority.value(), 200);
    EXPECT_EQ(router.advertise_interval, 100ms);
    EXPECT_FALSE(router.preempt);
    EXPECT_TRUE(router.accept_mode);
    EXPECT_FALSE(router.virtual_mac);
    ASSERT_EQ(router.unicast_peers.size(), 2U);
    EXPECT_EQ(router.unicast_peers[1].to_string(), "198.51.100.3");
    EXPECT_EQ(router.minimum_ttl, 64);
    EXPECT_EQ(router.source_address->to_string(), "192.0.2.1");
    EXPECT_EQ(router.checksum, Checksum::MessageOnly);
}

TEST(Config, TakesDefaultsThatAreWrittenOut) {
    const VirtualRouter router = router_with({"version: 3", "priority: 100", "advertise-interval: 1s",
                                              "preempt: true", "checksum: pseudo-header"});
    EXPECT_EQ(router.priority.value(), 100);
    EXPECT_EQ(router.advertise_interval, 1s);
    EXPECT_TRUE(router.preempt);
    EXPECT_EQ(router.checksum, Checksum::PseudoHeader);
}

TEST(Config, TakesPriority255AsAddressOwner) {
    EXPECT_TRUE(router_with({"priority: 255"}).priority.is_owner());
    EXPECT_EQ(router_with({"priority: 1"}).priority.value(), 1);
}

TEST(Config, HasTheOneChecksumOfVersion2_rfc3768_5_3_8) {
    const VirtualRouter router = router_with({"version: 2"});
    EXPECT_EQ(router.version, Version::V2);
    EXPECT_EQ(router.checksum, Checksum::MessageOnly);
}

TEST(Config, TakesVridsFrom1To255) {
    const Config config = valid(
        "interfaces: {eth0: {virtual-routers: ["
        "{vrid: 1, virtual-addresses: [192.0.2.1]}, {vrid: 255, virtual-addresses: [192.0.2.2]}]}}");
    const auto& routers = config.interfaces.at(0).virtual_routers;
    ASSERT_EQ(routers.size(), 2U);
    EXPECT_EQ(routers[0].vrid.value(), 1);
    EXPECT_EQ(routers[1].vrid.value(), 255);
}

TEST(Config, KeepsInterfacesRoutersAndAddressesInOrder) {
    const Config config = valid(R"(interfaces:
  eth1:
    virtual-routers:
      - {vrid: 2, virtual-addresses: [192.0.2.9, 192.0.2.1, 192.0.2.5]}
      - {vrid: 1, virtual-addresses: [192.0.2.2]}
  eth0:
    virtual-routers:
      - {vrid: 2, virtual-addresses: [192.0.2.9]}
)");
    ASSERT_EQ(config.interfaces.size(), 2U);
    EXPECT_EQ(config.interfaces[0].name, "eth1");
    EXPECT_EQ(config.interfaces[1].name, "eth0");
    const auto& routers = config.interfaces[0].virtual_routers;
    ASSERT_EQ(routers.size(), 2U);
    EXPECT_EQ(routers[0].vrid.value(), 2);
    EXPECT_EQ(routers[1].vrid.value(), 1);
    ASSERT_EQ(routers[0].virtual_addresses.size(), 3U);
    EXPECT_EQ(routers[0].virtual_addresses[0].to_string(), "192.0.2.9");
    EXPECT_EQ(routers[0].virtual_addresses[1].to_string(), "192.0.2.1");
    EXPECT_EQ(routers[0].virtual_addresses[2].to_string(), "192.0.2.5");
}

TEST(Config, Takes255AddressesOfOneVirtualRouter_rfc9568_5_2_5) {
    std::string addresses;
    for (int host = 1; host <= 255; ++host) addresses += "192.0.2." + std::to_string(host) + ", ";
    const Config config =
        valid("interfaces: {eth0: {virtual-routers: [{vrid: 1, virtual-addresses: [" + addresses + "]}]}}");
    EXPECT_EQ(config.interfaces.at(0).virtual_routers.at(0).virtual_addresses.size(), 255U);
}

TEST(Config, HasTheOneVersionAndChecksumOfIpv6_rfc9568_5_2_8) {
    const Config config = valid(R"(interfaces:
  eth0:
    virtual-routers:
      - {vrid: 10, virtual-addresses: [fe80::1, 2001:db8::1]}
      - {vrid: 11, version: 3, virtual-addresses: [fe80::2]}
)");
    for (const VirtualRouter& router : config.interfaces.at(0).virtual_routers) {
        EXPECT_EQ(router.family(), Family::Ipv6);
        EXPECT_EQ(router.version, Version::V3);
        EXPECT_EQ(router.checksum, Checksum::PseudoHeader);
        EXPECT_EQ(router.advertise_interval, 1s);
    }
}

TEST(Config, KeepsTheLinkLocalAddressFirst_rfc9568_5_2_9) {
    const Config config = valid(
        "interfaces: {eth0: {virtual-routers: "
        "[{vrid: 1, virtual-addresses: ['FE80:0::A', '2001:DB8:0::1', 'fd00::1', 'fe80::2']}]}}");
    const auto& addresses = config.interfaces.at(0).virtual_routers.at(0).virtual_addresses;
    ASSERT_EQ(addresses.size(), 4U);
    EXPECT_EQ(addresses[0].to_string(), "fe80::a");
    EXPECT_EQ(addresses[1].to_string(), "2001:db8::1");
    EXPECT_EQ(addresses[2].to_string(), "fd00::1");
    EXPECT_EQ(addresses[3].to_string(), "fe80::2");
}

TEST(Config, TakesAVridOnceForEachFamily) {
    const Config config = valid(R"(interfaces:
  eth0:
    virtual-routers:
      - {vrid: 10, virtual-addresses: [192.0.2.254]}
      - {vrid: 10, virtual-addresses: [fe80::1]}
)");
    const auto& routers = config.interfaces.at(0).virtual_routers;
    ASSERT_EQ(routers.size(), 2U);
    EXPECT_EQ(routers[0].vrid, routers[1].vrid);
    EXPECT_EQ(routers[0].family(), Family::Ipv4);
    EXPECT_EQ(routers[1].family(), Family::Ipv6);
}

TEST(Config, TakesTheSameVridsAndAddressesInEveryVlan) {
    const Config config = valid(R"(interfaces:
  eth0: &lan
    virtual-routers:
      - {vrid: 10, virtual-addresses: [192.0.2.254]}
      - {vrid: 10, virtual-addresses: [fe80::1]}
  eth0.20: *lan
  eth0.100.20: *lan
)");
    ASSERT_EQ(config.interfaces.size(), 3U);
    EXPECT_EQ(config.interfaces[1].name, "eth0.20");
    EXPECT_EQ(config.interfaces[2].virtual_routers.size(), 2U);
}

TEST(Config, Takes90Ipv6AddressesOfOneVirtualRouter) {
    std::string addresses = "fe80::1";
    for (int host = 2; host <= 90; ++host) addresses += ", 2001:db8::" + std::to_string(host);
    const Config config =
        valid("interfaces: {eth0: {virtual-routers: [{vrid: 1, virtual-addresses: [" + addresses + "]}]}}");
    EXPECT_EQ(config.interfaces.at(0).virtual_routers.at(0).virtual_addresses.size(), 90U);
}

TEST(Config, KeepsUnadvertisedAddressesBehindTheOthers) {
    const VirtualRouter router = router_with({"unadvertised-addresses: [192.0.2.77, 192.0.2.78]"});
    EXPECT_EQ(router.advertised_addresses().size(), 1U);
    ASSERT_EQ(router.unadvertised_addresses().size(), 2U);
    EXPECT_EQ(router.unadvertised_addresses().front().to_string(), "192.0.2.77");
}

TEST(Config, TakesQuotedText_WhereTextIsMeant) {
    const VirtualRouter router =
        router_with({"'advertise-interval': '100ms'", "\"checksum\": \"message-only\""});
    EXPECT_EQ(router.advertise_interval, 100ms);
    EXPECT_EQ(router.checksum, Checksum::MessageOnly);
}

TEST(Config, TakesAliases) {
    const Config config = valid(R"(interfaces:
  eth0: &lan
    virtual-routers: [{vrid: 10, virtual-addresses: [192.0.2.254]}]
  eth1: *lan
)");
    ASSERT_EQ(config.interfaces.size(), 2U);
    EXPECT_EQ(config.interfaces[1].name, "eth1");
    EXPECT_EQ(config.interfaces[1].virtual_routers.at(0).vrid.value(), 10);
}

TEST(Config, TakesFilesOfWindowsEditors) {
    std::string text = "\xef\xbb\xbf";
    for (const char character : std::string(minimal))
        text += character == '\n' ? "\r\n" : std::string(1, character);
    EXPECT_EQ(valid(text).interfaces.size(), 1U);
}

struct Interval {
    const char* version;
    const char* text;
    protocol::Duration value;
    friend std::ostream& operator<<(std::ostream& out, const Interval& interval) {
        return out << "version " << interval.version << " " << interval.text;
    }
};

class ConfigInterval : public testing::TestWithParam<Interval> {};

TEST_P(ConfigInterval, IsExact) {
    const auto& [version, text, value] = GetParam();
    const VirtualRouter router =
        router_with({std::string("version: ") + version, std::string("advertise-interval: ") + text});
    EXPECT_EQ(router.advertise_interval, value);
}

INSTANTIATE_TEST_SUITE_P(Config, ConfigInterval,
                         testing::Values(Interval{"3", "10ms", 10ms}, Interval{"3", "0.01s", 10ms},
                                         Interval{"3", "1.5s", 1500ms}, Interval{"3", "40.95s", 40950ms},
                                         Interval{"3", "40950ms", 40950ms}, Interval{"3", "001s", 1s},
                                         Interval{"3", "20.000ms", 20ms}, Interval{"2", "1s", 1s},
                                         Interval{"2", "1000ms", 1s}, Interval{"2", "255s", 255s},
                                         Interval{"2", "3.0s", 3s}, Interval{"2+3", "1s", 1s}));

TEST(ConfigInterval, MayBeShorterThanTheWireCanSay_WhereThatIsAskedFor) {
    const auto fast = [](const char* interval) {
        return router_with({"sub-centisecond: true", std::string("advertise-interval: ") + interval})
            .advertise_interval;
    };
    EXPECT_EQ(fast("1ms"), 1ms);
    EXPECT_EQ(fast("9ms"), 9ms);
    EXPECT_EQ(fast("10ms"), 10ms);
    EXPECT_EQ(fast("40.95s"), 40950ms);
}

class ConfigInterfaceName : public testing::TestWithParam<std::string> {};

TEST_P(ConfigInterfaceName, IsTakenAsTheKernelTakesIt) {
    const std::string name = GetParam();
    const Config config =
        valid("interfaces: {" + name + ": {virtual-routers: [{vrid: 1, virtual-addresses: [192.0.2.1]}]}}");
    EXPECT_EQ(config.interfaces.at(0).name, name);
}

INSTANTIATE_TEST_SUITE_P(Config, ConfigInterfaceName,
                         testing::Values("e", "fifteen-letters", "br-0", "10", "wan.uplink", "eth0.", "a.1b",
                                         "eth0.20", "br-lan.7", "eth0.100.20", "eth0.4095"));

class ConfigAddress : public testing::TestWithParam<std::string> {};

TEST_P(ConfigAddress, IsTaken) {
    const Config config =
        valid("interfaces: {eth0: {virtual-routers: [{vrid: 1, virtual-addresses: [" + GetParam() + "]}]}}");
    EXPECT_EQ(config.interfaces.at(0).virtual_routers.at(0).virtual_addresses.at(0).to_string(), GetParam());
}

INSTANTIATE_TEST_SUITE_P(Config, ConfigAddress,
                         testing::Values("1.0.0.1", "10.0.0.0", "126.255.255.255", "128.0.0.1", "169.254.1.1",
                                         "223.255.255.255", "240.0.0.1", "fe80::1", "febf:ffff::1",
                                         "fe80::200:5eff:fe00:20a"));

TEST(Config, ReadsAFile) {
    const auto path = std::filesystem::path(testing::TempDir()) / "config_test.yaml";
    std::ofstream(path) << minimal;
    const auto config = load(path);
    std::filesystem::remove(path);
    ASSERT_TRUE(config) << all_of(config.error());
    EXPECT_EQ(config->interfaces.size(), 1U);
}

}  // namespace
}  // namespace vrrp_xdp::config
