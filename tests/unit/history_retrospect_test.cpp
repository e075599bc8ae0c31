// SPDX-License-Identifier: BSD-2-Clause
// Why a Virtual Router was what it was at some time.
#include <gmock/gmock.h>

#include "history/moment.hpp"
#include "history/retrospect.hpp"

namespace vrrp_xdp::history {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kStart = 1'795'890'000 * kSecond;

Entry entry(std::int64_t second, json event, unsigned pid = 7) {
    event["time"] = calendar_time(kStart + second * kSecond);
    event["pid"] = pid;
    return {kStart + second * kSecond, std::move(event)};
}

Entry moved(std::int64_t second, const char* from, const char* to, const char* why, unsigned pid = 7,
            const char* family = "ipv4") {
    return entry(
        second,
        {{"event", "transition"},
         {"interface", "eth0"},
         {"vrid", 10},
         {"address-family", family},
         {"state", to},
         {"previous-state", from},
         {"message", std::string("eth0 vrid 10 ") + family + ": " + from + " -> " + to + ": " + why}},
        pid);
}

Entry line(std::int64_t second, json event) {
    event["event"] = "log";
    return entry(second, std::move(event));
}

std::vector<Retrospect> at(const std::vector<Entry>& entries, std::int64_t second,
                           const std::string& interface = "") {
    return look_back(Story{.entries = entries, .damaged = 0}, 10, interface, kStart + second * kSecond);
}

std::vector<std::string> messages(const Retrospect& retrospect) {
    std::vector<std::string> all;
    for (const Entry& each : retrospect.around) all.push_back(each.text("message"));
    return all;
}

TEST(Retrospect, IsTheLastTransitionBefore) {
    const std::vector entries{moved(0, "initialize", "backup", "started"),
                              moved(100, "backup", "active", "gone"),
                              moved(200, "active", "backup", "better")};
    const auto found = at(entries, 150);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].state, "active");
    EXPECT_EQ(found[0].why, "since " + calendar_time(kStart + 100 * kSecond) + ": backup -> active: gone");
    EXPECT_EQ(at(entries, 100)[0].state, "active");
    EXPECT_EQ(at(entries, 99)[0].state, "backup");
    EXPECT_EQ(at(entries, 1000)[0].state, "backup");
}

TEST(Retrospect, BeforeTheHistory_IsWhatTheFirstTransitionLeft) {
    const auto found = at({moved(100, "backup", "active", "gone")}, 50);
    EXPECT_EQ(found[0].state, "backup");
    EXPECT_EQ(found[0].why, "the history does not go back to why");
    EXPECT_TRUE(found[0].transition.is_null());
}

TEST(Retrospect, HasWhatWasWrittenAroundTheTransition_AndAroundThatTime) {
    const std::vector entries{
        line(10, {{"interface", "eth0"}, {"message", "long before"}}),
        line(90, {{"interface", "eth0"}, {"message", "the link"}}),
        line(91, {{"interface", "eth1"}, {"message", "another interface"}}),
        line(92, {{"interface", "eth0"}, {"vrid", 20}, {"message", "another VRID"}}),
        moved(100, "backup", "active", "gone"),
        line(103, {{"message", "reloaded"}}),
        line(200, {{"interface", "eth0"}, {"message", "between"}}),
        line(460, {{"interface", "eth0"}, {"message", "the moment"}}),
        line(900, {{"interface", "eth0"}, {"message", "long after"}}),
    };
    EXPECT_THAT(messages(at(entries, 500)[0]), ElementsAre("the link", "reloaded", "the moment"));
}

TEST(Retrospect, InQuietTimes_NamesNothing) {
    const auto found = at({moved(0, "initialize", "backup", "started")}, 600);
    EXPECT_TRUE(found[0].around.empty());
    EXPECT_THAT(retrospect_text(found[0]), HasSubstr("Nothing else was written down around that time."));
}

TEST(Retrospect, IsOfEachFamily_AndOfTheInterface) {
    const std::vector entries{moved(0, "initialize", "backup", "started"),
                              moved(0, "initialize", "active", "started", 7, "ipv6")};
    EXPECT_EQ(at(entries, 1).size(), 2U);
    EXPECT_EQ(at(entries, 1)[1].state, "active");
    EXPECT_TRUE(at(entries, 1, "eth1").empty());
}

TEST(Retrospect, TellsOfAnInstanceThatHasEnded) {
    const std::vector entries{moved(0, "initialize", "active", "started"),
                              entry(50, {{"event", "instance-ended"}, {"message", "ends"}})};
    EXPECT_THAT(at(entries, 40)[0].why, testing::Not(HasSubstr("nobody")));
    EXPECT_THAT(at(entries, 60)[0].why,
                HasSubstr("; nobody served it: the instance with pid 7 had ended at"));
}

TEST(Retrospect, TellsOfAnInstanceThatMayHaveBeenDead) {
    const std::vector entries{moved(0, "initialize", "active", "started"),
                              entry(100,
                                    {{"event", "instance-lost"},
                                     {"lost-pid", 7},
                                     {"last-record", calendar_time(kStart)},
                                     {"message", "lost"}},
                                    8),
                              moved(101, "initialize", "backup", "started", 8)};
    EXPECT_THAT(at(entries, 50)[0].why,
                HasSubstr("it may have been served by nobody: the instance with pid 7"));
    EXPECT_THAT(at(entries, 100)[0].why,
                HasSubstr("nobody served it: the instance with pid 7 had ended unexpectedly"));
    EXPECT_THAT(at(entries, 200)[0].why, testing::Not(HasSubstr("nobody")));
}

TEST(Retrospect, IsTheSameInJson) {
    const auto json = to_json(at({moved(100, "backup", "active", "gone")}, 150)[0]);
    EXPECT_EQ(json["state"], "active");
    EXPECT_EQ(json["transition"]["previous-state"], "backup");
}

}  // namespace
}  // namespace vrrp_xdp::history
