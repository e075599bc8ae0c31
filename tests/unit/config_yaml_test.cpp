// SPDX-License-Identifier: BSD-2-Clause
// A configuration that is written as YAML is read as the same configuration.
#include <gtest/gtest.h>

#include <string>

#include "config/load.hpp"
#include "config/yaml.hpp"

namespace vrrp_xdp::config {
namespace {

struct Case {
    std::string name;
    std::string text;
};

class ConfigYaml : public testing::TestWithParam<Case> {};

TEST_P(ConfigYaml, IsReadAsTheSame) {
    const auto config = parse(GetParam().text);
    ASSERT_TRUE(config) << config.error().front().to_string("file");
    const std::string yaml = to_yaml(*config);
    const auto again = parse(yaml);
    ASSERT_TRUE(again) << again.error().front().to_string("written") << '\n' << yaml;
    EXPECT_EQ(*again, *config) << yaml;
    EXPECT_EQ(to_yaml(*again), yaml);
}

std::string router(const std::string& keys, const std::string& addresses = "[192.0.2.254]") {
    return "interfaces: {eth0: {virtual-routers: [{vrid: 10, " + keys + "virtual-addresses: " + addresses +
           "}]}}";
}

INSTANTIATE_TEST_SUITE_P(
    Of, ConfigYaml,
    testing::Values(
        Case{"Defaults", router("")}, Case{"BothVersions", router("version: 2+3, ")},
        Case{"Version2", router("version: 2, authentication: \"a: #1\", advertise-interval: 255s, ")},
        Case{"ShortIntervals", router("sub-centisecond: true, advertise-interval: 2ms, ")},
        Case{"Times", router("advertise-interval: 1.5s, preempt-delay: 10ms, "
                             "announcements: {burst: 5, repeat: 0, repeat-after: 1500ms, refresh: 60s}, ")},
        Case{"Flags", router("preempt: false, accept-mode: true, virtual-mac: false, checksum: message-only, "
                             "signed-advertisements: refuse, ")},
        Case{"Unicast", router("unicast-peers: [192.0.2.2, 192.0.2.3], minimum-ttl: 250, "
                               "source-address: 192.0.2.1, ")},
        Case{"UnicastThatRefreshesSeldom",
             router("unicast-peers: [192.0.2.2], announcements: {refresh: 3600s}, ")},
        Case{"Unadvertised", router("unadvertised-addresses: [192.0.2.1], ")},
        Case{"Ipv6", router("", "[fe80::10, \"2001:db8::\"]")},
        Case{"Hooks", router("hooks: [{command: [/bin/a, \"b c\", \"\"], on: [active], user: nobody, "
                             "timeout: 3s}], ") +
                          "\nhooks: [{command: [/bin/true]}]\n"},
        Case{"Trackers",
             "startup-delay: 2s\ntrackers: {i: {interface: eth1}, r: {route: \"2001:db8::/32\", table: 100}, "
             "d: {route: 0.0.0.0/0}, c: {command: [/bin/c], interval: 5s, timeout: 2s, rise: 3, fall: 2, "
             "user: root}, p: {process: bird, interval: 10ms}, f: {file: /f, interval: 2s}, 10: {file: "
             "/g}}\n" +
                 router("track: {i: fault, r: -10, d: -1, c: -20, p: -30, f: value, 10: value}, ")},
        Case{"Groups",
             "interfaces: {eth0: {virtual-routers: [{vrid: 1, sync-group: site.a, virtual-addresses: "
             "[192.0.2.1]}]}, \"eth1.20\": {virtual-routers: [{vrid: 1, sync-group: site.a, "
             "virtual-addresses: [192.0.2.1]}]}}"}),
    [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace vrrp_xdp::config
