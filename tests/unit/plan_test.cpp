// SPDX-License-Identifier: BSD-2-Clause
// What a change of the configuration would do.
#include "plan/plan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "config/load.hpp"
#include "plan/json.hpp"
#include "plan/text.hpp"

namespace vrrp_xdp::plan {
namespace {

using protocol::State;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

config::Config read(const std::string& text) {
    auto config = config::parse(text);
    if (config) return std::move(*config);
    ADD_FAILURE() << config.error().front().to_string("file");
    return {};
}

/// Virtual Router 10 with more keys, and others behind it.
std::string with(const std::string& keys, const std::string& others = {}) {
    return "interfaces:\n  eth0:\n    virtual-routers:\n      - {vrid: 10" + keys +
           ", virtual-addresses: [192.0.2.254]}\n" + others;
}
const std::string another = "      - {vrid: 20, virtual-addresses: [192.0.2.1]}\n";

Surroundings all_in(std::optional<State> state) {
    return {[state](const auto& /*interface*/, const auto& /*router*/) { return state; },
            [](const std::string& name) { return name == "eth0"; }};
}

std::string told(const std::string& present, const std::string& wanted, std::optional<State> state) {
    return text_of(compare(read(present), read(wanted)), all_in(state));
}

TEST(Plan, IsEmpty_WhereTheMeaningIsTheSame) {
    const Plan plan = compare(read(with("")), read(with(", priority: 100, advertise-interval: 1000ms")));
    EXPECT_TRUE(plan.is_empty());
    EXPECT_EQ(summary_of(plan), "1 Virtual Router goes on as it is");
}

TEST(Plan, TellsWhatAnotherIntervalDoes) {
    EXPECT_EQ(told(with(""), with(", advertise-interval: 100ms"), State::Active),
              "eth0 vrid 10 IPv4: stays Active\n"
              "  advertise-interval: 1s -> 100ms: Backup Routers learn it with the next advertisement\n");
    EXPECT_THAT(told(with(", version: 2"), with(", version: 2, advertise-interval: 2s"), State::Backup),
                HasSubstr("no longer hear each other"));
}

TEST(Plan, TellsWhatBeginsAndEnds) {
    EXPECT_EQ(told(with(""), with("", another), std::nullopt),
              "eth0 vrid 20 IPv4: begins as Backup, and becomes Active after 3609ms if no other router is\n");
    EXPECT_EQ(told(with("", another), with(""), State::Active),
              "eth0 vrid 20 IPv4: ends: it is Active, sends a farewell, and another router takes over\n");
    EXPECT_EQ(told(with("", another), with(""), State::Backup),
              "eth0 vrid 20 IPv4: ends: it is not Active\n");
}

TEST(Plan, TellsOfAnInterfaceThatIsMissing) {
    std::string other = with("");
    other.replace(other.find("eth0"), 4, "eth9");
    EXPECT_THAT(told(with(""), other, State::Active),
                HasSubstr("eth9 vrid 10 IPv4: begins when its interface comes"));
}

TEST(Plan, NamesEveryKeyThatDiffers) {
    const std::string all =
        ", version: 2, priority: 200, advertise-interval: 2s, preempt: false, announcements: {repeat: 3}, "
        "accept-mode: true, virtual-mac: false, unicast-peers: [192.0.2.2], minimum-ttl: 254, "
        "source-address: 192.0.2.1, authentication: letmein, signed-advertisements: refuse, "
        "unadvertised-addresses: [192.0.2.9], hooks: [{command: [/bin/true]}]";
    const std::string text = told(with(""), with(all), State::Backup);
    for (const char* key :
         {"version: 3 -> 2", "priority: 100 -> 200", "advertise-interval: 1s -> 2s", "preempt: true -> false",
          "announcements: ", "accept-mode: false -> true", "virtual-mac: true -> false",
          "unicast-peers: none -> [192.0.2.2]", "minimum-ttl: 255 -> 254",
          "source-address: none -> 192.0.2.1", "checksum: pseudo-header -> message-only",
          "unadvertised-addresses: none -> [192.0.2.9]", "authentication: none -> a secret",
          "signed-advertisements: follow -> refuse", "hooks: none -> [/bin/true] as root within 10s"})
        EXPECT_THAT(text, HasSubstr(std::string("\n  ") + key));
    EXPECT_THAT(text, Not(HasSubstr("letmein")));
}

TEST(Plan, TellsAnotherSecret_WithoutShowingIt) {
    const std::string text = told(with(", version: 2, authentication: one"),
                                  with(", version: 2, authentication: two"), State::Active);
    EXPECT_THAT(text, HasSubstr("authentication: a secret -> a secret: "));
}

TEST(Plan, TellsOfWhatAllShare) {
    const std::string trackers = "trackers: {uplink: {interface: eth1}}\nstartup-delay: 3s\n";
    EXPECT_EQ(told(with(""), trackers + with(""), State::Active),
              "all Virtual Routers:\n"
              "  startup-delay: 0s -> 3s: it counts at the next start\n"
              "  tracker uplink: none -> interface eth1\n");
}

TEST(Plan, CountsInItsLastLine) {
    const std::string third = "      - {vrid: 30, virtual-addresses: [192.0.2.3]}\n";
    EXPECT_EQ(summary_of(compare(read(with("", another)), read(with(", priority: 1", third)))),
              "1 Virtual Router begins, 1 ends, 1 changes");
    EXPECT_EQ(summary_of(compare(read(with("", another)), read(with("", another + third)))),
              "1 Virtual Router begins, 2 go on as they are");
}

TEST(PlanJson, HasAllThatTheTextSays) {
    const auto json =
        to_json(compare(read(with("")), read(with(", priority: 200", another))), all_in(State::Active));
    EXPECT_EQ(json["unchanged"], 0);
    const auto& change = json["changes"][0];
    EXPECT_EQ(change["fate"], "goes-on");
    EXPECT_EQ(change["effect"], "stays Active");
    EXPECT_EQ(change["differences"][0]["after"], "200");
    EXPECT_EQ(json["changes"][1]["fate"], "begins");
}

}  // namespace
}  // namespace vrrp_xdp::plan
