// SPDX-License-Identifier: BSD-2-Clause
// Trackers, tracks and hooks: what they mean, and every mistake in them.
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "config/load.hpp"
#include "config_outcome.hpp"

namespace vrrp_xdp::config {
namespace {

using protocol::State;
using namespace std::chrono_literals;

/// A file with these trackers, and a Virtual Router with one more key.
std::string with(const std::string& trackers, const std::string& key) {
    return "trackers:\n" + trackers +
           "interfaces:\n  eth0:\n    virtual-routers:\n      - vrid: 10\n        " + key +
           "\n        virtual-addresses: [192.0.2.254]\n";
}

/// A file with this one tracker, which begins on line 2 in column 3.
std::string with_tracker(const std::string& text) { return with("  it: " + text + "\n", "priority: 100"); }

Config valid(const std::string& text) {
    auto config = parse(text);
    EXPECT_TRUE(config) << mistakes_in(text);
    return config.value_or(Config{});
}

template <typename Watched>
Watched tracker(const std::string& text) {
    return std::get<Watched>(valid(with_tracker(text)).trackers.at(0).watched);
}

TEST(Trackers, WatchInterfacesAndRoutes) {
    EXPECT_EQ(tracker<WatchedInterface>("{interface: eth1}").name, "eth1");
    const auto ipv4 = tracker<WatchedRoute>("{route: 0.0.0.0/0}");
    EXPECT_EQ(ipv4.destination.to_string(), "0.0.0.0");
    EXPECT_EQ(ipv4.prefix_length, 0U);
    EXPECT_EQ(ipv4.table, 254U);  // main
    const auto ipv6 = tracker<WatchedRoute>("{route: '2001:db8::/32', table: 4294967295}");
    EXPECT_EQ(ipv6.destination.to_string(), "2001:db8::");
    EXPECT_EQ(ipv6.prefix_length, 32U);
    EXPECT_EQ(ipv6.table, 4294967295U);
}

TEST(Trackers, RunCommandsAsNobody_UnlessToldOtherwise) {
    const auto plain = tracker<WatchedCommand>("{command: [/bin/check]}");
    EXPECT_EQ(plain.command.arguments, std::vector<std::string>{"/bin/check"});
    EXPECT_EQ(plain.command.user, "nobody");
    EXPECT_EQ(plain.command.timeout, 1s);
    EXPECT_EQ(plain.interval, 1s);
    EXPECT_EQ(plain.rise, 1U);
    EXPECT_EQ(plain.fall, 1U);
    const auto full = tracker<WatchedCommand>(
        "{command: [/bin/check, --of, '', 5], interval: 100ms, timeout: 2s, rise: 2, fall: 3, user: root}");
    EXPECT_EQ(full.command.arguments, (std::vector<std::string>{"/bin/check", "--of", "", "5"}));
    EXPECT_EQ(full.command.user, "root");
    EXPECT_EQ(full.command.timeout, 2s);
    EXPECT_EQ(full.interval, 100ms);
    EXPECT_EQ(full.rise, 2U);
    EXPECT_EQ(full.fall, 3U);
}

TEST(Trackers, WatchProcessesAndFiles) {
    EXPECT_EQ(tracker<WatchedProcess>("{process: bird}").name, "bird");
    EXPECT_EQ(tracker<WatchedProcess>("{process: bird, interval: 20ms}").interval, 20ms);
    EXPECT_EQ(tracker<WatchedFile>("{file: /run/weight}").path, "/run/weight");
    EXPECT_EQ(tracker<WatchedFile>("{file: /run/weight}").interval, 1s);
}

TEST(Trackers, MeanWhatTheVirtualRouterSays) {
    const Config config =
        valid(with("  up: {interface: eth1}\n  web: {process: web}\n  weight: {file: /run/weight}\n",
                   "track: {web: -50, up: fault, weight: value}"));
    const auto& tracks = config.interfaces.at(0).virtual_routers.at(0).tracks;
    ASSERT_EQ(tracks.size(), 3U);
    EXPECT_EQ(tracks[0].tracker, "web");
    EXPECT_EQ(std::get<Track::Lower>(tracks[0].effect).by, 50);
    EXPECT_EQ(tracks[1].tracker, "up");
    EXPECT_TRUE(std::holds_alternative<Track::Fault>(tracks[1].effect));
    EXPECT_TRUE(std::holds_alternative<Track::AddValue>(tracks[2].effect));
}

TEST(Hooks, RunOnEveryTransition_UnlessToldOtherwise) {
    const Config config = valid("hooks:\n  - {command: [/bin/notify, all]}\n" +
                                with("  up: {interface: eth1}\n",
                                     "hooks: [{command: [/bin/notify], on: [active], timeout: 2s, "
                                     "user: nobody}]"));
    ASSERT_EQ(config.hooks.size(), 1U);
    EXPECT_EQ(config.hooks[0].on, (std::set{State::Active, State::Backup, State::Initialize}));
    EXPECT_EQ(config.hooks[0].command.user, "root");
    EXPECT_EQ(config.hooks[0].command.timeout, 10s);
    const auto& own = config.interfaces.at(0).virtual_routers.at(0).hooks;
    ASSERT_EQ(own.size(), 1U);
    EXPECT_EQ(own[0].on, std::set{State::Active});
    EXPECT_EQ(own[0].command.user, "nobody");
    EXPECT_EQ(own[0].command.timeout, 2s);
}

TEST(TrackerMistakes, SayWhatIsAllowed) {
    EXPECT_EQ(mistakes_in(with_tracker("{}")),
              "file:2:7: tracker \"it\" must be a mapping with one of interface, route, command, process and "
              "file, not an empty mapping");
    EXPECT_EQ(mistakes_in(with_tracker("{interval: 1s}")),
              "file:2:7: tracker \"it\" must be a mapping with one of interface, route, command, process and "
              "file, not a mapping");
    EXPECT_EQ(mistakes_in(with_tracker("{interface: eth1, process: bird}")),
              "file:2:34: tracker \"it\" already watches interface: define another tracker for process");
    EXPECT_EQ(mistakes_in(with_tracker("{interface: eth1, interval: 1s}")),
              "file:2:35: interval has no meaning for a tracker of kind interface; remove the key");
    EXPECT_EQ(mistakes_in(with("  a b: {interface: eth1}\n", "priority: 100")),
              R"(file:2:3: name of a tracker must be 1 to 32 letters, digits, "-", "_" or ".", not "a b")");
    EXPECT_EQ(
        mistakes_in(with_tracker("{proces: bird}")),
        "file:2:7: tracker \"it\" must be a mapping with one of interface, route, command, process and "
        "file, not a mapping\n"
        "file:2:8: unknown key \"proces\", did you mean \"process\"? (allowed here: interface, route, table, "
        "command, interval, timeout, rise, fall, user, process, file)");
}

TEST(TrackerMistakes, SayWhatAValueMustBe) {
    const std::string route = "route must be a prefix such as 0.0.0.0/0 or 2001:db8::/32, not ";
    EXPECT_EQ(mistakes_in(with_tracker("{route: 10.0.0.0}")),
              "file:2:15: " + route + "\"10.0.0.0\": a prefix length is missing");
    EXPECT_EQ(mistakes_in(with_tracker("{route: 10.0.0.1/8}")),
              "file:2:15: " + route + "\"10.0.0.1/8\": bits are set beyond the prefix length");
    EXPECT_EQ(mistakes_in(with_tracker("{route: 10.0.0.0/33}")), "file:2:15: " + route + "\"10.0.0.0/33\"");
    EXPECT_EQ(mistakes_in(with_tracker("{route: default}")),
              "file:2:15: " + route + "\"default\": a prefix length is missing");
    EXPECT_EQ(mistakes_in(with_tracker("{route: 0.0.0.0/0, table: 0}")),
              "file:2:33: table must be the number of a routing table, from 1 to 4294967295, not \"0\"");
    EXPECT_EQ(mistakes_in(with_tracker("{command: /bin/check --fast}")),
              "file:2:17: command must be a list: the absolute path of a program, then its arguments, not "
              "\"/bin/check --fast\": it is not passed to a shell; write [/path/to/program, argument]");
    EXPECT_EQ(mistakes_in(with_tracker("{command: [check]}")),
              "file:2:18: program must be an absolute path, which begins with \"/\", not \"check\"");
    EXPECT_EQ(mistakes_in(with_tracker("{command: [/bin/check], interval: 1ms, rise: 0}")),
              "file:2:41: interval must be 10ms to 3600s in steps of 1ms, not \"1ms\"\n"
              "file:2:52: rise must be a number from 1 to 255, not \"0\"");
    EXPECT_EQ(mistakes_in(with_tracker("{process: /usr/sbin/bird}")),
              "file:2:17: process must be the name of a process, 1 to 15 characters as in /proc/PID/comm, "
              "not \"/usr/sbin/bird\": remove the directory");
    EXPECT_EQ(mistakes_in(with_tracker("{file: weight}")),
              "file:2:14: file must be an absolute path, which begins with \"/\", not \"weight\"");
}

TEST(TrackMistakes, SayWhatIsAllowed) {
    const std::string uplink = "  uplink: {interface: eth1}\n";
    EXPECT_EQ(mistakes_in(with(uplink, "track: {uplik: fault}")),
              "file:7:17: there is no tracker \"uplik\", did you mean \"uplink\"? (add it under the file's "
              "key trackers)");
    EXPECT_EQ(mistakes_in(with(uplink, "track: {uplink: 50}")),
              "file:7:25: effect of uplink must be fault, a number from -253 to -1, or value, not \"50\"");
    EXPECT_EQ(
        mistakes_in(with(uplink, "track: {uplink: value}")),
        "file:7:25: effect of uplink must be fault or a number from -253 to -1, not \"value\": only a file "
        "has a value");
    EXPECT_EQ(mistakes_in(with(uplink, "track: {uplink: -50}\n        priority: 255")),
              "file:7:25: effect of uplink must be fault, not \"-50\": the priority of the address owner is "
              "always 255");
    EXPECT_EQ(mistakes_in(with(uplink, "track: {uplink: fault}\n        priority: 255")), "valid");
}

TEST(HookMistakes, SayWhatIsAllowed) {
    const std::string up = "  up: {interface: eth1}\n";
    EXPECT_EQ(mistakes_in(with(up, "hooks: [{on: [active]}]")),
              "file:7:17: hook has no command, which must be a list: the absolute path of a program, then "
              "its arguments");
    EXPECT_EQ(mistakes_in(with(up, "hooks: [{command: [/bin/true], on: [master]}]")),
              "file:7:45: state must be active, backup or initialize, not \"master\"");
    EXPECT_EQ(mistakes_in(with(up, "hooks: [{command: [/bin/true], on: []}]")),
              "file:7:44: on must be a list of 1 to 3 states, not an empty list");
}

}  // namespace
}  // namespace vrrp_xdp::config
