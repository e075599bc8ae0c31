// SPDX-License-Identifier: BSD-2-Clause
// Every mistake that a configuration can have, with the message and the place that a user gets.
#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "config/load.hpp"
#include "config_outcome.hpp"

namespace vrrp_xdp::config {
namespace {

/// A text and all that is reported about it.
struct Case {
    std::string name;
    std::string text;
    std::string reported;
    friend std::ostream& operator<<(std::ostream& out, const Case& example) { return out << example.name; }
};

class ConfigMistakes : public testing::TestWithParam<Case> {};

TEST_P(ConfigMistakes, AreReportedWithTheirPlaces) {
    EXPECT_EQ(mistakes_in(GetParam().text), GetParam().reported);
}

const auto name_of = [](const testing::TestParamInfo<Case>& info) { return info.param.name; };

/// A Virtual Router with one more key, on line 5: "key: value" begins in column 9.
std::string with(const std::string& key) {
    return "interfaces:\n  eth0:\n    virtual-routers:\n      - vrid: 10\n        " + key +
           "\n        virtual-addresses: [192.0.2.254]\n";
}

/// A Virtual Router with these addresses, which begin on line 5 in column 28.
std::string with_addresses(const std::string& list) {
    return "interfaces:\n  eth0:\n    virtual-routers:\n      - vrid: 10\n        virtual-addresses: " +
           list + "\n";
}

/// An interface with this list of Virtual Routers; the dashes are on line 4 and on.
std::string with_routers(const std::string& list) {
    return "interfaces:\n  eth0:\n    virtual-routers:\n" + list;
}

/// An interface of this name, which begins on line 1 in column 14.
std::string with_name(const std::string& name) {
    return "interfaces: {" + name + ": {virtual-routers: [{vrid: 1, virtual-addresses: [192.0.2.1]}]}}\n";
}

INSTANTIATE_TEST_SUITE_P(
    Config_ReportsNumber, ConfigMistakes,
    testing::Values(
        Case{"WhenVridIsZero", with_routers("      - vrid: 0\n        virtual-addresses: [192.0.2.1]\n"),
             R"(file:4:15: vrid must be a number from 1 to 255, not "0")"},
        Case{"WhenVridIs256", with_routers("      - vrid: 256\n        virtual-addresses: [192.0.2.1]\n"),
             R"(file:4:15: vrid must be a number from 1 to 255, not "256")"},
        Case{"WhenPriorityIsZero", with("priority: 0"),
             R"(file:5:19: priority must be a number from 1 to 255, not "0")"},
        Case{"WhenNegative", with("priority: -1"),
             R"(file:5:19: priority must be a number from 1 to 255, not "-1")"},
        Case{"WhenHuge", with("priority: 99999999999999999999999999"),
             R"(file:5:19: priority must be a number from 1 to 255, not "99999999999999999999999999")"},
        Case{"WhenFractional", with("priority: 100.0"),
             R"(file:5:19: priority must be a number from 1 to 255, not "100.0")"},
        Case{"WhenHexadecimal", with("priority: 0x10"),
             R"(file:5:19: priority must be a number from 1 to 255, not "0x10")"},
        Case{"WhenItMightBeOctal", with("priority: 0100"),
             R"(file:5:19: priority must be a number from 1 to 255, not "0100": remove the leading zeros)"},
        Case{"WhenInQuotes", with("priority: '100'"),
             R"(file:5:19: priority must be a number from 1 to 255, not "100": remove the quotes)"},
        Case{"WhenText", with("priority: high"),
             R"(file:5:19: priority must be a number from 1 to 255, not "high")"},
        Case{"WhenMissing", with("priority:"),
             R"(file:5:9: priority must be a number from 1 to 255, not nothing)"},
        Case{"WhenNull", with("priority: ~"),
             R"(file:5:9: priority must be a number from 1 to 255, not nothing)"},
        Case{"WhenList", with("priority: [1, 2]"),
             R"(file:5:19: priority must be a number from 1 to 255, not a list of 2)"},
        Case{"WhenMapping", with("priority: {a: 1}"),
             R"(file:5:19: priority must be a number from 1 to 255, not a mapping)"},
        Case{"WhenVersionIsUnknown", with("version: 4"),
             R"(file:5:18: version must be 2, 3 or 2+3, not "4")"},
        Case{"WhenVersionIsInQuotes", with("version: '3'"),
             R"(file:5:18: version must be 2, 3 or 2+3, not "3": remove the quotes)"}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    Config_ReportsChoice, ConfigMistakes,
    testing::Values(
        Case{"WhenPreemptIsYes", with("preempt: yes"),
             R"(file:5:18: preempt must be true or false, not "yes")"},
        Case{"WhenPreemptIsNo", with("preempt: no"), R"(file:5:18: preempt must be true or false, not "no")"},
        Case{"WhenPreemptIsOn", with("preempt: on"), R"(file:5:18: preempt must be true or false, not "on")"},
        Case{"WhenPreemptIsOff", with("preempt: off"),
             R"(file:5:18: preempt must be true or false, not "off")"},
        Case{"WhenPreemptIsCapital", with("preempt: True"),
             R"(file:5:18: preempt must be true or false, not "True")"},
        Case{"WhenPreemptIsInQuotes", with("preempt: \"true\""),
             R"(file:5:18: preempt must be true or false, not "true": remove the quotes)"},
        Case{"WhenChecksumIsUnknown", with("checksum: none"),
             R"(file:5:19: checksum must be pseudo-header or message-only, not "none")"},
        Case{"WhenChecksumIsNothing", with("checksum:"),
             R"(file:5:9: checksum must be pseudo-header or message-only, not nothing)"},
        Case{"WhenVersion2HasAChecksum", with("version: 2\n        checksum: message-only"),
             "file:6:19: checksum is for version 3: the version 2 checksum covers only the message; remove "
             "the key"}),
    name_of);

const std::string v3_interval =
    "advertise-interval must be 10ms to 40.95s in steps of 10ms (version 3), not ";
const std::string fast_interval =
    "advertise-interval must be 1ms to 10ms in steps of 1ms, or to 40.95s in steps of 10ms, not ";
const std::string v2_interval = "advertise-interval must be 1s to 255s in whole seconds (version 2), not ";

Case v3(const std::string& name, const std::string& interval, const std::string& why = "") {
    return {name, with("advertise-interval: " + interval),
            "file:5:29: " + v3_interval + "\"" + interval + "\"" + why};
}

Case v2(const std::string& name, const std::string& interval, const std::string& why = "") {
    return {name, with("version: 2\n        advertise-interval: " + interval),
            "file:6:29: " + v2_interval + "\"" + interval + "\"" + why};
}

INSTANTIATE_TEST_SUITE_P(
    Config_ReportsInterval, ConfigMistakes,
    testing::Values(
        v3("WhenUnitIsMissing", "100", ": a unit is missing, write 1s or 100ms"),
        v3("WhenUnitIsMissingInVersion3Fraction", "1.5", ": a unit is missing, write 1s or 100ms"),
        v3("WhenUnitIsUnknown", "100us", ": the units are s and ms, write 1s or 100ms"),
        v3("WhenSpaceIsBeforeUnit", "100 ms", ": the units are s and ms, write 1s or 100ms"),
        v3("WhenZero", "0s"), v3("WhenBelowMillisecond", "0.5ms"),
        v3("WhenBelowCentisecond", "5ms",
           ": an advertisement cannot encode a shorter interval; between vrrp-xdp routers, 'sub-centisecond: "
           "true' allows it"),
        Case{"WhenFasterThanAnybody", with("sub-centisecond: true\n        advertise-interval: 0.5ms"),
             "file:6:29: " + fast_interval + R"("0.5ms")"},
        Case{"WhenBetweenCentisecondsThoughFast",
             with("sub-centisecond: true\n        advertise-interval: 15ms"),
             "file:6:29: " + fast_interval + R"("15ms")"},
        Case{"WhenVersion2IsToBeFast", with("version: 2\n        sub-centisecond: true"),
             "file:6:26: sub-centisecond is for version 3: version 2 counts whole seconds; remove the key"},
        v3("WhenBetweenCentiseconds", "15ms"), v3("WhenFinerThanNanoseconds", "10.0000001ms"),
        v3("WhenAbove12Bits", "40.96s"), v3("WhenNegative", "-1s"),
        v3("WhenHuge", "99999999999999999999999s"), v3("WhenNumberIsMalformed", "1.2.3s"),
        v3("WhenDigitsAfterPointAreMissing", "1.s"), v3("WhenDigitsBeforePointAreMissing", ".5s"),
        v3("WhenNoNumber", "fast"), v2("WhenVersion2HasFraction", "1.5s"),
        v2("WhenVersion2HasMilliseconds", "100ms"), v2("WhenVersion2IsAbove8Bits", "256s"),
        v2("WhenVersion2HasNoUnit", "1", ": a unit is missing, write 1s or 100ms"),
        Case{"WhenVersionComesLater", with("advertise-interval: 100ms\n        version: 2"),
             "file:5:29: " + v2_interval + R"("100ms")"},
        Case{"WhenVersionIsAMistakeToo", with("version: 1\n        advertise-interval: 200"),
             "file:5:18: version must be 2, 3 or 2+3, not \"1\"\n"
             "file:6:29: advertise-interval must be a time such as 1s or 100ms, not \"200\": a "
             "unit is missing, "
             "write 1s or 100ms"},
        Case{"WhenOnlyVersionIsAMistake", with("version: 1\n        advertise-interval: 200s"),
             R"(file:5:18: version must be 2, 3 or 2+3, not "1")"}),
    name_of);

/// A list of this one address, which may stand in single quotes.
Case address(const std::string& name, const std::string& text, const std::string& why = "") {
    const std::string value = text.front() == '\'' ? text.substr(1, text.size() - 2) : text;
    return {name, with_addresses("[" + text + "]"),
            "file:5:29: virtual address must be an address such as 192.0.2.254 or 2001:db8::1, not \"" +
                value + "\"" + why};
}

INSTANTIATE_TEST_SUITE_P(
    Config_ReportsAddress, ConfigMistakes,
    testing::Values(
        address("WhenItHasAPrefixLength", "192.0.2.254/24", ": remove the prefix length, write 192.0.2.254"),
        address("WhenMulticast", "224.0.0.18", ": it is a multicast address"),
        address("WhenLastMulticast", "239.255.255.255", ": it is a multicast address"),
        address("WhenBroadcast", "255.255.255.255", ": it is the broadcast address"),
        address("WhenUnspecified", "0.0.0.0", ": it is the unspecified address"),
        address("WhenOfThisNetwork", "0.0.0.1", ": hosts have no addresses in 0.0.0.0/8"),
        address("WhenLoopback", "127.0.0.1", ": it is a loopback address"), address("WhenAName", "gateway"),
        address("WhenAPartIsTooLarge", "192.0.2.256"), address("WhenAPartIsMissing", "192.0.2"),
        address("WhenItHasAZone", "fe80::1%eth0", ": remove the zone, write fe80::1"),
        address("WhenIpv6HasAPrefixLength", "FE80:0::1/64", ": remove the prefix length, write fe80::1"),
        address("WhenIpv6Unspecified", "'::'", ": it is the unspecified address"),
        address("WhenIpv6Loopback", "'::1'", ": it is the loopback address"),
        address("WhenIpv6Multicast", "ff02::12", ": it is a multicast address"),
        address("WhenFirstIpv6Multicast", "'ff00::'", ": it is a multicast address"),
        address("WhenIpv4Mapped", "'::ffff:192.0.2.1'", ": it is an IPv4-mapped address, write 192.0.2.1"),
        address("WhenIpv4MappedInHexadecimal", "'::ffff:c000:201'",
                ": it is an IPv4-mapped address, write 192.0.2.1"),
        address("WhenUnusableHasAPrefixLength", "'::1/128'", ": it is the loopback address"),
        address("WhenAGroupHasFiveDigits", "2001:db8::12345"),
        Case{"WhenIpv6IsAmongIpv4", with_addresses("[192.0.2.1, 'fe80::1']"),
             "file:5:40: virtual address fe80::1 is IPv6 and the first of the list is IPv4: a Virtual Router "
             "has addresses of one family"},
        Case{"WhenIpv4IsAmongIpv6", with_addresses("['fe80::1', 192.0.2.1]"),
             "file:5:40: virtual address 192.0.2.1 is IPv4 and the first of the list is IPv6: a Virtual "
             "Router has addresses of one family"},
        Case{"WhenItsFamilyIsNotThatOfAMistakeBeforeIt", with_addresses("[fe80::1/64, 192.0.2.1]"),
             "file:5:29: virtual address must be an address such as 192.0.2.254 or 2001:db8::1, not "
             "\"fe80::1/64\": remove the prefix length, write fe80::1\n"
             "file:5:41: virtual address 192.0.2.1 is IPv4 and the first of the list is IPv6: a Virtual "
             "Router has addresses of one family"},
        Case{"WhenTwiceInOneList", with_addresses("[192.0.2.1, 192.0.2.2, 192.0.2.1]"),
             "file:5:51: duplicate virtual address 192.0.2.1 on this interface; first defined on line 5"},
        Case{"WhenTwiceOnOneInterface",
             with_routers("      - {vrid: 1, virtual-addresses: [192.0.2.1]}\n"
                          "      - {vrid: 2, virtual-addresses: [192.0.2.1]}\n"),
             "file:5:39: duplicate virtual address 192.0.2.1 on this interface; first defined on line 4"},
        Case{"WhenNothing", with_addresses("[192.0.2.1, ~]"),
             "file:5:28: virtual address 2 of this list must be an address such as 192.0.2.254 or "
             "2001:db8::1, not "
             "nothing"},
        Case{"WhenList", with_addresses("[[192.0.2.1]]"),
             "file:5:29: virtual address must be an address such as 192.0.2.254 or 2001:db8::1, not a list "
             "of 1"}),
    name_of);

std::string not_link_local(const std::string& address) {
    return "virtual address " + address +
           " is not link-local, as the first IPv6 address must be: put a link-local address "
           "(fe80::/10) first";
}

const std::string ipv6_version =
    R"(version must be 3 for IPv6 addresses, not "2": version 2 supports only IPv4)";
const std::string ipv6_checksum =
    "checksum is for IPv4: the IPv6 checksum always covers the pseudo-header; remove the key";

/// An IPv6 Virtual Router with one more key, on line 5: "key: value" begins in column 9.
std::string ipv6_with(const std::string& key) {
    return with_routers("      - vrid: 10\n        " + key +
                        "\n        virtual-addresses: [fe80::1, 2001:db8::1]\n");
}

INSTANTIATE_TEST_SUITE_P(
    Config_ReportsIpv6, ConfigMistakes,
    testing::Values(
        Case{"WhenFirstAddressIsGlobal_rfc9568_5_2_9", with_addresses("[2001:db8::1]"),
             "file:5:29: " + not_link_local("2001:db8::1")},
        Case{"WhenLinkLocalIsNotFirst_rfc9568_5_2_9", with_addresses("[2001:DB8::1, fe80::1]"),
             "file:5:29: " + not_link_local("2001:db8::1")},
        Case{"WhenFirstIsJustBelowLinkLocal", with_addresses("['fe7f:ffff::1']"),
             "file:5:29: " + not_link_local("fe7f:ffff::1")},
        Case{"WhenFirstIsJustAboveLinkLocal", with_addresses("['fec0::1']"),
             "file:5:29: " + not_link_local("fec0::1")},
        Case{"ButNotTheSecondAsFirst_WhenTheFirstIsAMistake", with_addresses("[fe80::1/64, 2001:db8::1]"),
             "file:5:29: virtual address must be an address such as 192.0.2.254 or 2001:db8::1, not "
             "\"fe80::1/64\": remove the prefix length, write fe80::1"},
        Case{"WhenVersionIs2_rfc3768", ipv6_with("version: 2"), "file:5:18: " + ipv6_version},
        Case{"WhenVersionIs2_AndKeepsNoIntervalOfItAgainstTheRouter",
             ipv6_with("version: 2\n        advertise-interval: 100ms"), "file:5:18: " + ipv6_version},
        Case{"WhenVersionIs2AndTheOnlyAddressIsAMistake",
             with_routers("      - {vrid: 1, version: 2, virtual-addresses: ['::1']}\n"),
             "file:4:28: " + ipv6_version +
                 "\nfile:4:51: virtual address must be an address such as 192.0.2.254 or 2001:db8::1, not "
                 "\"::1\": it is the loopback address"},
        Case{"WhenItHasAChecksum_rfc9568_5_2_8", ipv6_with("checksum: message-only"),
             "file:5:19: " + ipv6_checksum},
        Case{"WhenItHasTheChecksumThatItUses", ipv6_with("checksum: pseudo-header"),
             "file:5:19: " + ipv6_checksum},
        Case{"WhenItHasAVersionAndAChecksumOfIpv4", ipv6_with("version: 2\n        checksum: message-only"),
             "file:5:18: " + ipv6_version + "\nfile:6:19: " + ipv6_checksum},
        Case{"WhenTwiceInTwoSpellings", with_addresses("[fe80::1, '2001:DB8::1', '2001:db8:0::1']"),
             "file:5:53: duplicate virtual address 2001:db8::1 on this interface; first defined on line 5"},
        Case{"WhenVridStandsTwice",
             with_routers("      - {vrid: 7, virtual-addresses: [fe80::1]}\n"
                          "      - {vrid: 7, virtual-addresses: [192.0.2.1]}\n"
                          "      - {vrid: 7, virtual-addresses: [fe80::2]}\n"),
             "file:6:16: duplicate vrid 7 (IPv6) on this interface; first defined on line 4"},
        Case{"ButNoVridTwice_WhenTheFamilyIsUnknown",
             with_routers("      - {vrid: 7, virtual-addresses: [192.0.2.1]}\n"
                          "      - {vrid: 7, virtual-addresses: [fe80::g]}\n"),
             "file:5:39: virtual address must be an address such as 192.0.2.254 or 2001:db8::1, not "
             "\"fe80::g\""}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    Config_ReportsList, ConfigMistakes,
    testing::Values(
        Case{"WhenAddressesAreEmpty", with_addresses("[]"),
             "file:5:28: virtual-addresses must be a list of 1 to 255 virtual addresses, not an empty list"},
        Case{"WhenAddressesAreNothing", with_addresses(""),
             "file:5:9: virtual-addresses must be a list of 1 to 255 virtual addresses, not nothing"},
        Case{"WhenAddressesAreOneAddress", with_addresses("192.0.2.1"),
             "file:5:28: virtual-addresses must be a list of 1 to 255 virtual addresses, not \"192.0.2.1\""},
        Case{"WhenRoutersAreEmpty", "interfaces:\n  eth0:\n    virtual-routers: []\n",
             "file:3:22: virtual-routers must be a list of 1 to 1024 Virtual Routers, not an empty list"},
        Case{"WhenRoutersAreAMapping", with_routers("      vrid: 1\n"),
             "file:4:7: virtual-routers must be a list of 1 to 1024 Virtual Routers, not a mapping"},
        Case{"WhenRouterIsNothing",
             with_routers("      - {vrid: 1, virtual-addresses: [192.0.2.1]}\n      -\n"),
             "file:4:7: Virtual Router 2 of this list must be a mapping with vrid and virtual-addresses, not "
             "nothing"},
        Case{"WhenRouterIsEmpty", with_routers("      - {}\n"),
             "file:4:9: Virtual Router must be a mapping with vrid and virtual-addresses, not an empty "
             "mapping"},
        Case{"WhenRouterIsText", with_routers("      - 10\n"),
             "file:4:9: Virtual Router must be a mapping with vrid and virtual-addresses, not \"10\""}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    Config_ReportsUnicastPeer, ConfigMistakes,
    testing::Values(
        Case{"WhenThereIsNone", with("unicast-peers: []"),
             "file:5:24: unicast-peers must be a list of 1 to 32 unicast peers, not an empty list"},
        Case{"WhenItHasAPrefixLength", with("unicast-peers: [192.0.2.2/24]"),
             "file:5:25: unicast peer must be an address such as 192.0.2.254 or 2001:db8::1, not "
             "\"192.0.2.2/24\": remove the prefix length, write 192.0.2.2"},
        Case{"WhenItIsOfTheOtherFamily", with("unicast-peers: [192.0.2.2, 2001:db8::2]"),
             "file:5:36: unicast peer 2001:db8::2 is IPv6 and the virtual addresses are IPv4: a Virtual "
             "Router uses one address family"},
        Case{"WhenItIsAVirtualAddress", with("unicast-peers: [192.0.2.254]"),
             "file:5:25: unicast peer 192.0.2.254 is a virtual address: list the addresses that the other "
             "routers advertise from"},
        Case{"WhenItStandsTwice", with("unicast-peers: [192.0.2.2, 192.0.2.2]"),
             "file:5:36: unicast peer 192.0.2.2 is listed twice"},
        Case{"WhenOneOfTwoIsLinkLocal",
             with_routers("      - vrid: 1\n        virtual-addresses: [fe80::1]\n"
                          "        unicast-peers: [fe80::2, 2001:db8::3]\n"),
             "file:6:34: unicast peer 2001:db8::3 and the first peer are not both link-local: all "
             "advertisements have the same source address, of one scope"},
        Case{"WhenMinimumTtlIsTooHigh", with("unicast-peers: [192.0.2.2]\n        minimum-ttl: 256"),
             "file:6:22: minimum-ttl must be a number from 1 to 255, not \"256\""},
        Case{"WhenSignedAdvertisementsAreToBeVerified", with("signed-advertisements: verify"),
             "file:5:32: signed-advertisements must be follow or refuse, not \"verify\""},
        Case{"WhenMinimumTtlStandsAlone", with("minimum-ttl: 64"),
             "file:5:22: minimum-ttl requires unicast-peers: multicast advertisements never cross a router "
             "and always have TTL 255; remove the key"}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    Config_RefusesSourceAddress, ConfigMistakes,
    testing::Values(
        Case{"WhenItIsNone", with("source-address: eth0"),
             "file:5:25: source-address must be an address such as 192.0.2.254 or 2001:db8::1, not \"eth0\""},
        Case{"WhenItIsOfAnotherFamily", with("source-address: fe80::1"),
             "file:5:25: source-address fe80::1 is IPv6 and the virtual addresses are IPv4"},
        Case{"WhenItIsAVirtualAddress", with("source-address: 192.0.2.254"),
             "file:5:25: source-address 192.0.2.254 is a virtual address, which belongs to the Active "
             "Router: use an address of the interface itself"},
        Case{"WhenItIsAPeer", with("unicast-peers: [192.0.2.2]\n        source-address: 192.0.2.2"),
             "file:6:25: source-address 192.0.2.2 is a unicast peer: use this router's own address"},
        Case{"WhenItGoesNotFarEnough",
             with_routers("      - vrid: 1\n        virtual-addresses: [fe80::1]\n"
                          "        unicast-peers: [2001:db8::2]\n        source-address: fe80::7\n"),
             "file:7:25: source-address fe80::7 is link-local, and the unicast peers are not"},
        Case{"WhenItIsNotLinkLocal",
             with_routers("      - vrid: 1\n        virtual-addresses: [fe80::1]\n"
                          "        source-address: 2001:db8::7\n"),
             "file:6:25: source-address 2001:db8::7 is not link-local, as the source of IPv6 advertisements "
             "must be unless the unicast peers have other addresses"}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    Config_ReportsKey, ConfigMistakes,
    testing::Values(
        Case{"WhenVridIsMissing", with_routers("      - virtual-addresses: [192.0.2.1]\n"),
             "file:4:9: Virtual Router has no vrid, which must be a number from 1 to 255"},
        Case{"WhenAddressesAreMissing", with_routers("      - vrid: 1\n"),
             "file:4:9: Virtual Router has no virtual-addresses, which must be a list of IPv4 or of IPv6 "
             "addresses"},
        Case{"WhenRoutersAreMissing", "interfaces:\n  eth0:\n    x: 1\n",
             "file:3:5: unknown key \"x\" (allowed here: defaults, virtual-routers)\n"
             "file:3:5: interface \"eth0\" has no virtual-routers, which must be a list of Virtual Routers"},
        Case{
            "WhenInterfacesAreMissing", "interface: {}\n",
            "file:1:1: unknown key \"interface\", did you mean \"interfaces\"? (allowed here: include, "
            "defaults, trackers, "
            "hooks, interfaces, startup-delay)\n"
            "file:1:1: the file has no interfaces, which must be a mapping from names of interfaces to their "
            "Virtual Routers"},
        Case{"WhenItStandsTwice", with("priority: 1\n        priority: 2"),
             "file:6:9: duplicate key \"priority\"; first defined on line 5"},
        Case{"WhenItStandsTwiceWithTheSameValue", with("vrid: 10"),
             "file:5:9: duplicate key \"vrid\"; first defined on line 4"},
        Case{"WhenInterfaceStandsTwice",
             "interfaces:\n  eth0: &a {virtual-routers: [{vrid: 1, virtual-addresses: [192.0.2.1]}]}\n  "
             "eth0: *a\n",
             "file:3:3: duplicate key \"eth0\"; first defined on line 2"},
        Case{"WhenItIsAMergeKey", with("<<: {priority: 1}"),
             "file:5:9: merge keys (<<) are not supported; write the keys out"},
        Case{"WhenItIsAList", with("[a, b]: 1"), "file:5:9: a key must be text, not a list of 2"},
        Case{"WhenVridStandsTwiceOnOneInterface",
             with_routers("      - {vrid: 7, virtual-addresses: [192.0.2.1]}\n"
                          "      - {vrid: 7, virtual-addresses: [192.0.2.2]}\n"),
             "file:5:16: duplicate vrid 7 (IPv4) on this interface; first defined on line 4"}),
    name_of);

const std::string router_keys =
    " (allowed here: vrid, version, priority, advertise-interval, sub-centisecond, preempt, preempt-delay, "
    "sync-group, announcements, accept-mode, virtual-mac, unicast-peers, minimum-ttl, source-address, "
    "checksum, "
    "authentication, signed-advertisements, track, hooks, virtual-addresses, unadvertised-addresses)";

Case unknown(const std::string& name, const std::string& key, const std::string& meant) {
    const std::string hint = meant.empty() ? "" : ", did you mean \"" + meant + "\"?";
    return {name, with(key + ": 1"), "file:5:9: unknown key \"" + key + "\"" + hint + router_keys};
}

INSTANTIATE_TEST_SUITE_P(
    Config_NamesNearestKey, ConfigMistakes,
    testing::Values(unknown("WhenALetterIsDoubled", "prioritty", "priority"),
                    unknown("WhenALetterIsMissing", "virtual-adresses", "virtual-addresses"),
                    unknown("WhenLettersAreSwapped", "verison", "version"),
                    unknown("WhenLetterCaseDiffers", "Checksum", "checksum"),
                    unknown("WhenUnderscoresAreUsed", "advertise_interval", "advertise-interval"),
                    unknown("WhenItIsCalledSoElsewhere", "advertisement-interval", "advertise-interval"),
                    unknown("ButNoneWhenNoneIsNear", "password", ""),
                    unknown("ButNoneWhenItIsVeryLong", std::string(50, 'v'), "")),
    name_of);

const std::string name_rule =
    R"(interface name must be 1 to 15 characters without white space, "/" or ":", and neither "." nor "..", not )";

INSTANTIATE_TEST_SUITE_P(
    Config_ReportsInterface, ConfigMistakes,
    testing::Values(
        Case{"WhenNameHas16Letters", with_name("sixteen-letters0"),
             "file:1:14: " + name_rule + R"("sixteen-letters0")"},
        Case{"WhenNameIsEmpty", with_name("''"), "file:1:14: " + name_rule + R"("")"},
        Case{"WhenNameHasASlash", with_name("a/b"), "file:1:14: " + name_rule + R"("a/b")"},
        Case{"WhenNameHasASpace", with_name("'a b'"), "file:1:14: " + name_rule + R"("a b")"},
        Case{"WhenNameHasATab", with_name("\"a\\tb\""), "file:1:14: " + name_rule + R"("a\tb")"},
        Case{"WhenNameHasAColon", with_name("'eth0:1'"), "file:1:14: " + name_rule + R"("eth0:1")"},
        Case{"WhenNameHasANull", with_name("\"a\\0b\""), "file:1:14: " + name_rule + R"("a\x00b")"},
        Case{"WhenNameIsADot", with_name("."), "file:1:14: " + name_rule + R"(".")"},
        Case{"WhenNameIsTwoDots", with_name(".."), "file:1:14: " + name_rule + R"("..")"},
        Case{"WhenNothing", "interfaces:\n  eth0:\n",
             "file:2:3: interface \"eth0\" must be a mapping with virtual-routers, not nothing"},
        Case{"WhenList", "interfaces:\n  eth0: [1, 2]\n",
             "file:2:9: interface \"eth0\" must be a mapping with virtual-routers, not a list of 2"},
        Case{"WhenThereIsNone", "interfaces:\n",
             "file:1:1: interfaces must be a mapping from names of interfaces to their Virtual Routers, not "
             "nothing"},
        Case{"WhenInterfacesAreAnEmptyMapping", "interfaces: {}\n",
             "file:1:13: interfaces must be a mapping from names of interfaces to their Virtual Routers, not "
             "an "
             "empty mapping"},
        Case{"WhenInterfacesAreAList", "interfaces:\n  - eth0\n",
             "file:2:3: interfaces must be a mapping from names of interfaces to their Virtual Routers, not "
             "a list "
             "of 1"}),
    name_of);

const std::string empty_file = "file: the file is empty; it must be a mapping with the key interfaces";
const std::string ended =
    ": the file must be a single mapping, which ends before this line: check the indentation, and that no "
    "second document follows";

INSTANTIATE_TEST_SUITE_P(
    Config_ReportsText, ConfigMistakes,
    testing::Values(
        Case{"WhenEmpty", "", empty_file}, Case{"WhenOnlyComments", "# nothing\n\n", empty_file},
        Case{"WhenOnlyADocumentMark", "---\n", empty_file},
        Case{"WhenScalar", "hello\n",
             R"(file:1:1: the file must be a mapping with the key interfaces, not "hello")"},
        Case{"WhenLongScalar", std::string(100, 'x'),
             "file:1:1: the file must be a mapping with the key interfaces, not \"" + std::string(60, 'x') +
                 "...\""},
        Case{"WhenSecondDocumentFollows", with_name("eth0") + "---\na: 1\n", "file:2:1" + ended},
        Case{"WhenYamlCppSeesDocumentsWithoutEnd", ",a", "file:1:1" + ended},
        Case{"WhenListIsNotClosed", "interfaces: [1,\n",
             "file:2:1: not valid YAML: end of sequence flow not found"},
        Case{"WhenColonIsInPlainText", "a: b: c\n", "file:1:5: not valid YAML: illegal map value"},
        Case{"WhenAnchorIsUnknown", "a: *b\n",
             "file:1:4: not valid YAML: the referenced anchor is not defined"},
        Case{"WhenTabIndents", "interfaces:\n\teth0: 1\n",
             "file:2:6: not valid YAML: illegal map value; the line begins with a tab: indent with spaces"},
        Case{"WhenNestedWithoutEnd", std::string(100000, '['), "file:1:1: nested too deeply"},
        Case{"WhenAliasHoldsItself", "interfaces: &a [*a]\n",
             "file:1:13: interfaces must be a mapping from names of interfaces to their Virtual Routers, not "
             "a list "
             "of 1"},
        Case{"WhenItHasNullBytes", std::string("a: 1\nbc\0: 2\n", 12),
             "file:2:3: byte 0x00 is not UTF-8 text: convert the file to UTF-8"},
        Case{"WhenUtf16",
             std::string("\xff\xfe"
                         "a\0",
                         4),
             "file:1:1: byte 0xff is not UTF-8 text: convert the file to UTF-8"},
        Case{"WithoutRawControlCharacters", with("priority: \"\\e[2J\\u00e9\""),
             R"(file:5:19: priority must be a number from 1 to 255, not "\x1b[2J\xc3\xa9")"}),
    name_of);

TEST(Config, ReportsAllMistakesAtOnce_InTheOrderOfTheFile) {
    EXPECT_EQ(
        mistakes_in(R"(interfaces:
  eth0:
    virtual-routers:
      - virtual-addresses: [192.0.2.254/24]
        preempt: yes
        prio: 1
        vrid: 300
  eth1.5:
    virtual-routers: []
mode: native
)"),
        "file:4:29: virtual address must be an address such as 192.0.2.254 or 2001:db8::1, not "
        "\"192.0.2.254/24\": "
        "remove the prefix length, write 192.0.2.254\n"
        "file:5:18: preempt must be true or false, not \"yes\"\n"
        "file:6:9: unknown key \"prio\"" +
            router_keys +
            "\n"
            "file:7:15: vrid must be a number from 1 to 255, not \"300\"\n"
            "file:9:22: virtual-routers must be a list of 1 to 1024 Virtual Routers, not an empty list\n"
            "file:10:1: unknown key \"mode\" (allowed here: include, defaults, trackers, hooks, interfaces, "
            "startup-delay)");
}

TEST(Config, ReportsAMistakeOnce_WhenAnAliasUsesItTwice) {
    EXPECT_EQ(mistakes_in("interfaces:\n"
                          "  eth0: &lan {virtual-routers: [{vrid: 0, virtual-addresses: [192.0.2.1]}]}\n"
                          "  eth1: *lan\n"),
              "file:2:40: vrid must be a number from 1 to 255, not \"0\"");
}

TEST(Config, ReportsTooManyAddresses_AndReadsNoneBeyondTheLimit) {
    std::string addresses;
    for (int host = 0; host < 300; ++host) {
        addresses += "10.0." + std::to_string(host / 100) + "." + std::to_string(host % 100) + ", ";
    }
    EXPECT_EQ(mistakes_in(with_addresses("[" + addresses + "nonsense]")),
              "file:5:28: virtual-addresses must be a list of 1 to 255 virtual addresses, not a list of 301");
}

TEST(Config, ReportsMoreIpv6AddressesThanAnEthernetFrameHolds) {
    std::string addresses = "fe80::1";
    for (int host = 2; host <= 91; ++host) addresses += ", 2001:db8::" + std::to_string(host);
    EXPECT_EQ(mistakes_in(with_addresses("[" + addresses + "]")),
              "file:5:28: virtual-addresses must be a list of 1 to 90 IPv6 virtual addresses, not a list of "
              "91: an advertisement of more addresses does not fit into an MTU of 1500 bytes");
}

TEST(Config, ReportsTooManyVirtualRouters) {
    std::string routers;
    for (int router = 0; router < 1025; ++router) {
        routers += "      - {vrid: " + std::to_string(router % 255 + 1) + ", virtual-addresses: [10.0." +
                   std::to_string(router / 250) + "." + std::to_string(router % 250) + "]}\n";
    }
    const auto config = parse(with_routers(routers));
    ASSERT_FALSE(config);
    EXPECT_EQ(config.error().front().to_string("file"),
              "file:4:7: virtual-routers must be a list of 1 to 1024 Virtual Routers, not a list of 1025");
    // There are 255 VRIDs only, so that each of the 1024 that are read after them is a duplicate.
    EXPECT_EQ(config.error().size(), 1U + 1024U - 255U);
}

TEST(Config, ReportsWhyAFileCannotBeRead) {
    const auto reported = [](const std::string& file) {
        const auto config = load(file);
        return config ? "valid" : config.error().front().to_string(file);
    };
    EXPECT_EQ(reported("/nonexistent.yaml"),
              "/nonexistent.yaml: the file cannot be read: No such file or directory");
    EXPECT_EQ(reported("/"), "/: the directory has no file whose name ends in .yaml");
    EXPECT_EQ(reported("/dev/zero"), "/dev/zero: the file is larger than 16 MiB");
    EXPECT_EQ(reported("/dev/null"),
              "/dev/null: the file is empty; it must be a mapping with the key interfaces");
}

}  // namespace
}  // namespace vrrp_xdp::config
