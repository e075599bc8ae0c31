// SPDX-License-Identifier: BSD-2-Clause
// The status for Prometheus.
#include <gmock/gmock.h>

#include <map>
#include <sstream>
#include <string>

#include "status/metrics.hpp"
#include "status_examples.hpp"

namespace vrrp_xdp::status {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string metrics(const std::vector<Interface>& interfaces) { return metrics_of(interfaces, "1.2.3"); }

TEST(Metrics, SayWhatTheStatusSays) {
    VirtualRouter ipv6 = backup_router();
    ipv6.family = protocol::Family::Ipv6;
    const std::string text = metrics({running_interface({active_router(), ipv6})});
    for (const char* sample : {
             "vrrp_xdp_build_info{version=\"1.2.3\"} 1\n",
             "vrrp_xdp_interface_info{interface=\"eth0\",port=\"eth0\",mode=\"native\"} 1\n",
             "vrrp_xdp_state{interface=\"eth0\",vrid=\"10\",family=\"ipv4\",state=\"active\"} 1\n",
             "vrrp_xdp_state{interface=\"eth0\",vrid=\"10\",family=\"ipv4\",state=\"backup\"} 0\n",
             "vrrp_xdp_priority{interface=\"eth0\",vrid=\"10\",family=\"ipv4\"} 200\n",
             "vrrp_xdp_advertise_interval_seconds{interface=\"eth0\",vrid=\"10\",family=\"ipv4\"} 0.1\n",
             "vrrp_xdp_last_advertisement_priority{interface=\"eth0\",vrid=\"10\",family=\"ipv6\"} 200\n",
             "vrrp_xdp_last_advertisement_age_seconds{interface=\"eth0\",vrid=\"10\",family=\"ipv6\"} 0.032",
             "vrrp_xdp_advertisement_sent_total{interface=\"eth0\",vrid=\"10\",family=\"ipv4\"} 18\n",
             "vrrp_xdp_port_advertisements_rejected_total{port=\"eth0\",reason=\"vrid_errors\"} 3\n",
             "vrrp_xdp_port_fragments_total{port=\"eth0\"} 0\n",
             "vrrp_xdp_sending_fails{interface=\"eth0\"} 0\n",
             "vrrp_xdp_tracker_up{interface=\"eth0\",vrid=\"10\",family=\"ipv4\",tracker=\"load\"} 1\n",
         })
        EXPECT_THAT(text, HasSubstr(sample));
    EXPECT_THAT(
        text, HasSubstr("vrrp_xdp_lease_remaining_seconds{interface=\"eth0\",vrid=\"10\",family=\"ipv4\"}"));
    EXPECT_THAT(
        text,
        Not(HasSubstr("vrrp_xdp_lease_remaining_seconds{interface=\"eth0\",vrid=\"10\",family=\"ipv6\"}")));
}

TEST(Metrics, SamplesOfAFamily_StandTogetherBelowItsHead) {
    std::istringstream text(metrics({running_interface({active_router(), backup_router()})}));
    std::string family;
    std::map<std::string, int> heads;
    for (std::string line; std::getline(text, line);) {
        if (line.starts_with("# HELP ")) {
            family = line.substr(7, line.find(' ', 7) - 7);
            ++heads[family];
        } else if (!line.starts_with("# TYPE ")) {
            EXPECT_TRUE(line.substr(0, line.find('{')) == family || line.starts_with(family + "_bucket{") ||
                        line.starts_with(family + "_count{"))
                << line;
        }
    }
    for (const auto& [name, count] : heads) EXPECT_EQ(count, 1) << name;
}

TEST(Metrics, VlansOfOnePort_ShareItsCounters) {
    Interface vlan = running_interface({});
    vlan.name = "eth0.7";
    const std::string text = metrics({running_interface({}), vlan});
    const std::string sample = "vrrp_xdp_port_fragments_total{port=\"eth0\"}";
    EXPECT_EQ(text.find(sample), text.rfind(sample));
    EXPECT_THAT(text, HasSubstr("interface=\"eth0.7\",port=\"eth0\""));
}

TEST(Metrics, LabelsAreEscaped) {
    Interface interface = running_interface({});
    interface.name = "a\"b\\c";
    EXPECT_THAT(metrics({interface}), HasSubstr("interface=\"a\\\"b\\\\c\""));
}

}  // namespace
}  // namespace vrrp_xdp::status
