// SPDX-License-Identifier: BSD-2-Clause
// Programs are run, waited for and killed.
#include "process/process.hpp"

#include <gtest/gtest.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <asio/io_context.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>

namespace vrrp_xdp::process {
namespace {

using namespace std::chrono_literals;

Program script(const std::string& text) {
    return {.arguments = {"/bin/sh", "-c", text},
            .account = {"tester", geteuid(), getegid(), "/nowhere"},
            .timeout = 60s};
}

/// Runs it to its end.
Result<End> run(const Program& program) {
    asio::io_context io;
    std::optional<End> end;
    const auto started = Process::start(io, program, [&end](const End& how) { end = how; });
    if (!started) return tl::unexpected(started.error());
    io.run();
    return *end;
}

std::string content_of(const std::filesystem::path& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
}

class ProcessTest : public testing::Test {
  protected:
    std::filesystem::path directory_ =
        std::filesystem::temp_directory_path() / ("process_test." + std::to_string(getpid()));
    void SetUp() override { std::filesystem::create_directory(directory_); }
    void TearDown() override { std::filesystem::remove_all(directory_); }
};

TEST_F(ProcessTest, SaysHowItEnded) {
    EXPECT_TRUE(run(script("exit 0"))->is_success());
    EXPECT_EQ(run(script("exit 3"))->to_string(), "exited with code 3");
    EXPECT_EQ(run(script("kill -TERM $$"))->to_string(), "was killed by signal 15 (Terminated)");
}

TEST_F(ProcessTest, SaysWhatCannotBeRun) {
    Program missing = script("");
    missing.arguments = {"/no/such/program"};
    const auto ended = run(missing);
    ASSERT_FALSE(ended);
    EXPECT_EQ(ended.error().what, "running /no/such/program: No such file or directory");
}

TEST_F(ProcessTest, KillsTheWholeGroup_WhenItTakesTooLong) {
    const auto child = directory_ / "child";
    Program hanging = script("sleep 60 & echo $! > " + child.string() + "; wait");
    hanging.timeout = 500ms;
    const auto end = run(hanging);
    EXPECT_EQ(end->how, End::How::TimedOut);
    EXPECT_EQ(end->to_string(), "timed out and was killed");
    // Killed, it is somebody's zombie or gone.
    const std::string state = content_of("/proc/" + std::to_string(std::stoi(content_of(child))) + "/stat");
    EXPECT_EQ(state.find(") S"), std::string::npos) << state;
}

TEST_F(ProcessTest, KillsIt_WhenItIsDestroyed_AndTellsNobody) {
    asio::io_context io;
    auto started = Process::start(io, script("sleep 60"), [](const End&) { FAIL() << "told"; });
    ASSERT_TRUE(started);
    started->reset();
    io.run();  // until it is gone
}

TEST_F(ProcessTest, GivesItOnlyWhatItNeeds) {
    const auto said = directory_ / "environment";
    Program program = script("env > " + said.string());
    program.environment = {"VRRP_XDP_STATE=active"};
    setenv("VRRP_XDP_SECRET", "ours", 1);
    ASSERT_TRUE(run(program)->is_success());
    unsetenv("VRRP_XDP_SECRET");
    const std::string text = content_of(said);
    EXPECT_NE(text.find("VRRP_XDP_STATE=active\n"), std::string::npos) << text;
    EXPECT_NE(text.find("USER=tester\n"), std::string::npos) << text;
    EXPECT_NE(text.find("HOME=/nowhere\n"), std::string::npos) << text;
    EXPECT_EQ(text.find("SECRET"), std::string::npos) << text;
}

TEST_F(ProcessTest, HasAGroupOfItsOwn_AndNoneOfOurDescriptors) {
    const auto said = directory_ / "said";
    const int open_here = dup2(STDERR_FILENO, 77);
    ASSERT_TRUE(
        run(script("test $(ps -o pgid= -p $$) = $$ && ls /proc/$$/fd > " + said.string()))->is_success());
    close(open_here);
    const std::string listed = content_of(said);
    EXPECT_EQ(listed.find("77"), std::string::npos) << listed;
}

/// Of the calling process, as long as it lives.
class OomScoreAdjustment {
  public:
    explicit OomScoreAdjustment(int value) {
        std::ifstream("/proc/self/oom_score_adj") >> before_;
        std::ofstream("/proc/self/oom_score_adj") << value;
    }
    OomScoreAdjustment(const OomScoreAdjustment&) = delete;
    OomScoreAdjustment& operator=(const OomScoreAdjustment&) = delete;
    ~OomScoreAdjustment() { std::ofstream("/proc/self/oom_score_adj") << before_; }

  private:
    int before_ = 0;
};

TEST_F(ProcessTest, DoesNotPassOnThatTheOutOfMemoryKillerSparesUs) {
    if (geteuid() != 0) return;  // nobody else may ask for it
    const OomScoreAdjustment spared(-500);
    const auto said = directory_ / "said";
    ASSERT_TRUE(run(script("cat /proc/self/oom_score_adj > " + said.string()))->is_success());
    EXPECT_EQ(content_of(said), "0\n");
}

TEST_F(ProcessTest, PassesNoCapabilityOn) {
    if (geteuid() != 0) return;
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    __user_cap_data_struct before[2]{};
    ASSERT_EQ(syscall(SYS_capget, &header, before), 0);
    __user_cap_data_struct raised[2]{before[0], before[1]};
    raised[0].inheritable |= 1U << CAP_NET_RAW;
    ASSERT_EQ(syscall(SYS_capset, &header, raised), 0);
    ASSERT_EQ(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_NET_RAW, 0, 0), 0);
    const auto said = directory_ / "said";
    EXPECT_TRUE(run(script("grep -E 'CapInh|CapAmb' /proc/self/status > " + said.string()))->is_success());
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_LOWER, CAP_NET_RAW, 0, 0);
    syscall(SYS_capset, &header, before);
    EXPECT_EQ(content_of(said), "CapInh:\t0000000000000000\nCapAmb:\t0000000000000000\n");
}

TEST_F(ProcessTest, FindsUsers) {
    EXPECT_EQ(Account::find("root")->uid, 0U);
    const auto unknown = Account::find("no-such-user");
    ASSERT_FALSE(unknown);
    EXPECT_EQ(unknown.error().what, "there is no user no-such-user");
}

}  // namespace
}  // namespace vrrp_xdp::process
