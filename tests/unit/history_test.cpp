// SPDX-License-Identifier: BSD-2-Clause
// What is written down, and what is found of it.
#include <spdlog/sinks/null_sink.h>
#include <spdlog/spdlog.h>
#include <sys/wait.h>
#include <unistd.h>

#include "history/moment.hpp"
#include "history/query.hpp"
#include "history/recorder.hpp"
#include "history_files.hpp"
#include "reporting/interface_changes.hpp"

namespace vrrp_xdp::history {
namespace {

using nlohmann::json;

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kNow = 1'795'894'205 * kSecond;  // 2026-11-28T19:30:05Z

std::string moment(const std::string& text) {
    const auto found = parse_moment(text, kNow);
    return found ? calendar_time(*found) : "not a time";
}

TEST(Moment, IsATimeOrHowLongAgoItWas) {
    EXPECT_EQ(moment("90s"), "2026-11-28T19:28:35.000000Z");
    EXPECT_EQ(moment("15m"), "2026-11-28T19:15:05.000000Z");
    EXPECT_EQ(moment("9d"), "2026-11-19T19:30:05.000000Z");
    EXPECT_EQ(moment("2026-11-28"), "2026-11-28T00:00:00.000000Z");
    EXPECT_EQ(moment("2026-11-28 19:30"), "2026-11-28T19:30:00.000000Z");
    EXPECT_EQ(moment("2026-11-28T19:30:05.25Z"), "2026-11-28T19:30:05.250000Z");
    EXPECT_EQ(moment("19:29:59.5"), "2026-11-28T19:29:59.500000Z");
    EXPECT_EQ(moment("19:31"), "2026-11-27T19:31:00.000000Z");
}

TEST(Moment, IsRefused_IfItIsNoneOfThese) {
    for (const char* text : {"", "s", "-3h", "3", "3w", "yesterday", "2026-13-01", "19:30 tomorrow", "25:00",
                             "19:30.", "99999999999999999999d", "1000000d"})
        EXPECT_EQ(moment(text), "not a time") << text;
}

/// The log goes nowhere but into the history.
class RecorderTest : public HistoryTest {
  protected:
    RecorderTest() : logger_(spdlog::default_logger()) {
        spdlog::set_default_logger(
            std::make_shared<spdlog::logger>("test", std::make_shared<spdlog::sinks::null_sink_st>()));
    }
    ~RecorderTest() override { spdlog::set_default_logger(logger_); }

    std::unique_ptr<Recorder> begin() const {
        auto recorder = Recorder::begin(directory_, "1.2.3");
        EXPECT_TRUE(recorder) << recorder.error().what;
        return std::move(*recorder);
    }
    Story story(const Question& question = {}) const {
        auto story = read_story(directory_);
        EXPECT_TRUE(story) << story.error().what;
        narrow(*story, question);
        return *story;
    }
    std::vector<std::string> kinds(const Question& question = {}) const {
        std::vector<std::string> kinds;
        for (const Entry& entry : story(question).entries) kinds.push_back(entry.kind());
        return kinds;
    }

  private:
    std::shared_ptr<spdlog::logger> logger_;
};

TEST_F(RecorderTest, EveryLineOfTheLog_IsARecord_WithItsSubject) {
    {
        const auto recorder = begin();
        spdlog::warn("eth0: detached");
        spdlog::info("eth0.20 vrid 10 ipv6: backup -> active: no Active Router was heard");
        spdlog::info("/etc/vrrp-xdp.yaml reloaded");
    }
    spdlog::info("after the end");
    const auto entries = story().entries;
    ASSERT_EQ(entries.size(), 5);
    EXPECT_EQ(entries[0].text("message"), "vrrp-xdp 1.2.3 starts, pid " + std::to_string(getpid()));
    EXPECT_EQ(entries[1].event["interface"], "eth0");
    EXPECT_EQ(entries[1].event["level"], "warning");
    EXPECT_EQ(entries[2].event["interface"], "eth0.20");
    EXPECT_EQ(entries[2].event["vrid"], 10);
    EXPECT_EQ(entries[2].event["address-family"], "ipv6");
    EXPECT_FALSE(entries[3].event.contains("interface"));
    EXPECT_EQ(entries[4].kind(), "instance-ended");
}

TEST_F(RecorderTest, DescribedLine_IsOneRecord_AndTheNextLineIsNotDescribed) {
    const auto recorder = begin();
    recorder->describe_next_line({{"event", "tracker"}, {"tracker", "uplink"}});
    spdlog::warn("eth0 vrid 10 ipv4: tracker uplink is down");
    spdlog::info("something else");
    EXPECT_EQ(kinds(), (std::vector<std::string>{"instance-started", "tracker", "log"}));
    EXPECT_EQ(story().entries[1].event["tracker"], "uplink");
}

TEST_F(RecorderTest, LongMessage_LosesItsEnd) {
    const auto recorder = begin();
    spdlog::info("eth0: {}", std::string(5000, 'x'));
    const std::string message = story().entries.back().text("message");
    EXPECT_GT(message.size(), 800);
    EXPECT_TRUE(message.ends_with("xxx..."));
}

TEST_F(RecorderTest, InstanceThatWasKilled_IsToldOfByTheNext_Once) {
    const pid_t child = fork();
    if (child == 0) {
        const auto recorder = Recorder::begin(directory_, "1.2.3");
        _exit(recorder ? 0 : 1);
    }
    int status = -1;
    waitpid(child, &status, 0);
    ASSERT_EQ(status, 0);
    begin();
    begin();
    EXPECT_EQ(kinds(), (std::vector<std::string>{"instance-started", "instance-lost", "instance-started",
                                                 "instance-ended", "instance-started", "instance-ended"}));
    EXPECT_EQ(story().entries[1].event["lost-pid"], child);
}

TEST_F(RecorderTest, ForeignFile_IsToldAndLeftAlone) {
    std::ofstream(file()) << "somebody's notes";
    const auto recorder = Recorder::begin(directory_, "1.2.3");
    ASSERT_FALSE(recorder);
    EXPECT_NE(recorder.error().hint.find("--state-directory"), std::string::npos);
}

TEST_F(RecorderTest, MissingDirectory_IsMade_AndOneThatCannotBeIsAnError) {
    EXPECT_TRUE(Recorder::begin(directory_ / "a" / "b", "1.2.3"));
    EXPECT_TRUE(std::filesystem::exists(directory_ / "a" / "b" / "history"));
    std::ofstream(file()) << "";
    EXPECT_FALSE(Recorder::begin(file() / "b", "1.2.3"));
}

TEST_F(RecorderTest, MissingHistory_IsToldWithAHint) {
    const auto story = read_story(directory_);
    EXPECT_EQ(story.error().what, "there is no history in " + directory_.string());
    EXPECT_NE(story.error().hint.find("attach --state-directory"), std::string::npos);
}

TEST_F(RecorderTest, Question_LeavesWhatConcernsItsSubject) {
    const auto recorder = begin();
    spdlog::info("eth0 vrid 10 ipv4: a");
    spdlog::info("eth0 vrid 20 ipv4: b");
    spdlog::info("eth0: c");
    spdlog::info("eth1 vrid 20 ipv4: d");
    spdlog::info("eth1: e");
    spdlog::info("all of it");
    const auto messages = [&](const Question& question) {
        std::string all;
        for (const Entry& entry : story(question).entries)
            if (entry.kind() == "log") all += entry.text("message").back();
        return all;
    };
    EXPECT_EQ(messages({}), "abcdet");
    EXPECT_EQ(messages({.interface = "eth1"}), "det");
    EXPECT_EQ(messages({.vrid = 10}), "act");
    EXPECT_EQ(messages({.vrid = 20}), "bcdet");
    EXPECT_EQ(messages({.interface = "eth0", .vrid = 20}), "bct");
    EXPECT_EQ(messages({.since_ns = calendar_now() + 1000 * kSecond}), "");
}

std::string told(const net::InterfaceState& before, const net::InterfaceState& now) {
    std::string all;
    for (const auto& change : reporting::compare(before, now)) all += change.what + ";";
    return all;
}

TEST(InterfaceChanges, AreToldOneByOne) {
    const auto one = *protocol::IpAddress::parse("192.0.2.1");
    const auto two = *protocol::IpAddress::parse("192.0.2.2");
    const net::InterfaceState before{.index = 2, .running = true, .mtu = 1500, .addresses = {one}};
    EXPECT_EQ(told(before, before), "");
    net::InterfaceState now = before;
    now.running = false;
    now.mtu = 9000;
    now.addresses = {two};
    EXPECT_EQ(told(before, now),
              "is down, or has lost its carrier;has an MTU of 9000 now, and had 1500;has lost the address "
              "192.0.2.1;"
              "has got the address 192.0.2.2;");
    EXPECT_EQ(told(now, before),
              "is up and has a carrier;has an MTU of 1500 now, and had 9000;has lost the address 192.0.2.2;"
              "has got the address 192.0.2.1;");
}

}  // namespace
}  // namespace vrrp_xdp::history
