// SPDX-License-Identifier: BSD-2-Clause
// Trackers that need no network: what they find out, and that they notice when it changes.
#include <gtest/gtest.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <asio/io_context.hpp>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "tracking/file_tracker.hpp"
#include "tracking/tracker_set.hpp"

namespace vrrp_xdp::tracking {
namespace {

using namespace std::chrono_literals;

class TrackersTest : public testing::Test {
  protected:
    std::filesystem::path directory_ =
        std::filesystem::temp_directory_path() / ("trackers_test." + std::to_string(getpid()));
    void SetUp() override { std::filesystem::create_directory(directory_); }
    void TearDown() override { std::filesystem::remove_all(directory_); }

    std::string file(const std::string& content) {
        const auto path = directory_ / "file";
        std::ofstream(path) << content;
        return path;
    }

    /// As the user who runs the tests.
    static config::WatchedCommand command(std::vector<std::string> arguments,
                                          std::chrono::nanoseconds timeout) {
        return {{std::move(arguments), getpwuid(geteuid())->pw_name, timeout}, 10ms, 1, 1};
    }

    void start(const decltype(config::Tracker::watched)& watched) {
        auto started = TrackerSet::start(io_, {{"it", watched}}, [](const std::string&) {});
        ASSERT_TRUE(started) << started.error().what;
        set_ = std::move(*started);
    }

    std::optional<Finding> finding() const {
        const auto found = set_->findings().find("it");
        return found == set_->findings().end() ? std::nullopt : std::optional(found->second);
    }

    bool becomes(const std::function<bool()>& holds) {
        const auto deadline = std::chrono::steady_clock::now() + 60s;
        while (!holds() && std::chrono::steady_clock::now() < deadline) io_.run_one_for(100ms);
        return holds();
    }

    asio::io_context io_;
    std::unique_ptr<TrackerSet> set_;
};

TEST_F(TrackersTest, AFileHoldsANumber) {
    EXPECT_EQ(read_number(file("-20\n")).value, -20);
    EXPECT_EQ(read_number(file(" +7 ")).value, 7);
    EXPECT_TRUE(read_number(file("0")).up);
    for (const char* const text : {"", "\n", "ten", "1.5", "1 2", "99999999999999999999"})
        EXPECT_FALSE(read_number(file(text)).up) << text;
    EXPECT_EQ(read_number(directory_ / "missing").detail,
              (directory_ / "missing").string() + " cannot be read: No such file or directory");
}

TEST_F(TrackersTest, AFileIsFollowed) {
    const std::string path = file("5");
    start(config::WatchedFile{path, 10ms});
    ASSERT_TRUE(finding());  // at once
    EXPECT_EQ(finding()->value, 5);
    std::filesystem::remove(path);
    EXPECT_TRUE(becomes([&] { return !finding()->up; }));
    file("6");
    EXPECT_TRUE(becomes([&] { return finding()->value == 6; }));
}

TEST_F(TrackersTest, AProcessIsFoundByName_AndItsEndIsNoticed) {
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        prctl(PR_SET_NAME, "tracked (it)");
        for (;;) pause();
    }
    start(config::WatchedProcess{"tracked (it)", 10ms});
    EXPECT_TRUE(becomes([&] { return finding()->up; })) << finding()->detail;
    // Not waited for yet, it is a process that has ended.
    kill(child, SIGKILL);
    EXPECT_TRUE(becomes([&] { return !finding()->up; }));
    waitpid(child, nullptr, 0);
}

TEST_F(TrackersTest, ACommandIsUnknownUntilItHasEnded_AndThenWhatItSaid) {
    const auto flag = directory_ / "flag";
    start(command({"/usr/bin/test", "-e", flag}, 60s));
    EXPECT_FALSE(finding());
    EXPECT_TRUE(becomes([&] { return finding().has_value(); }));
    EXPECT_FALSE(finding()->up);
    std::ofstream(flag) << "";
    EXPECT_TRUE(becomes([&] { return finding()->up; })) << finding()->detail;
}

TEST_F(TrackersTest, ACommandThatHangsIsDown) {
    start(command({"/bin/sleep", "60"}, 20ms));
    EXPECT_TRUE(becomes([&] { return finding().has_value(); }));
    EXPECT_FALSE(finding()->up);
    EXPECT_EQ(finding()->detail, "it timed out and was killed");
}

TEST_F(TrackersTest, ACommandThatCannotBeRunIsDown) {
    start(command({"/no/such/program"}, 1s));
    EXPECT_TRUE(becomes([&] { return finding().has_value(); }));
    EXPECT_FALSE(finding()->up);
}

TEST_F(TrackersTest, AnUnknownUserIsSaidAtTheStart) {
    config::WatchedCommand watched = command({"/bin/true"}, 1s);
    watched.command.user = "no-such-user";
    const auto started = TrackerSet::start(io_, {{"web", watched}}, [](const std::string&) {});
    ASSERT_FALSE(started);
    EXPECT_EQ(started.error().what, "tracker web: there is no user no-such-user");
}

TEST_F(TrackersTest, AnotherConfigurationRestartsOnlyWhatIsDifferent) {
    const std::string runs = directory_ / "runs";
    const auto counting = [&](const std::string& end) {
        return command({"/bin/sh", "-c", "echo run >> " + runs + "; " + end}, 60s);
    };
    config::WatchedCommand once = counting("exit 1");
    once.interval = 3600s;
    std::vector<config::Tracker> trackers{{"it", once}, {"file", config::WatchedFile{file("5"), 10ms}}};
    auto started = TrackerSet::start(io_, trackers, [](const std::string&) {});
    ASSERT_TRUE(started) << started.error().what;
    set_ = std::move(*started);
    ASSERT_TRUE(becomes([&] { return finding().has_value(); }));
    EXPECT_FALSE(finding()->up);

    // Another one is different: this one goes on, and does not run again.
    trackers[1].watched = config::WatchedFile{directory_ / "missing", 10ms};
    ASSERT_TRUE(set_->follow(io_, trackers));
    EXPECT_FALSE(set_->findings().at("file").up);
    io_.run_for(200ms);
    EXPECT_EQ(std::filesystem::file_size(runs), 4U);

    // Different itself, it is what it was until it knows better.
    trackers[0].watched = counting("exit 0");
    trackers.push_back({"new", counting("sleep 60")});
    ASSERT_TRUE(set_->follow(io_, trackers));
    ASSERT_TRUE(finding());
    EXPECT_FALSE(finding()->up);
    EXPECT_FALSE(set_->findings().contains("new"));
    EXPECT_TRUE(becomes([&] { return finding()->up; }));

    // One that cannot be started changes nothing.
    config::WatchedCommand nobodys = counting("exit 1");
    nobodys.command.user = "no-such-user";
    trackers[0].watched = nobodys;
    trackers.pop_back();
    EXPECT_FALSE(set_->follow(io_, trackers));
    EXPECT_TRUE(finding()->up);

    trackers.erase(trackers.begin());
    ASSERT_TRUE(set_->follow(io_, trackers));
    EXPECT_FALSE(finding());
}

}  // namespace
}  // namespace vrrp_xdp::tracking
