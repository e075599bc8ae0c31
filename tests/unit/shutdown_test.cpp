// SPDX-License-Identifier: BSD-2-Clause
// What the protocol thread is asked for when an interface or all of the instance is to end, and who is
// answered when. The protocol thread's part is the test's.
#include "daemon/shutdown.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <string>
#include <variant>
#include <vector>

#include "daemon/snapshots.hpp"
#include "served_interfaces.hpp"

namespace vrrp_xdp::daemon {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using testing::ElementsAre;
using testing::IsEmpty;

std::string text(const engine::Command& command) {
    if (const auto* leave = std::get_if<engine::Leave>(&command))
        return leave->interface ? "leave " + std::to_string(*leave->interface) : "leave all";
    if (const auto* release = std::get_if<engine::Release>(&command))
        return "release " + std::to_string(release->interface);
    if (const auto* given = std::get_if<engine::HandOver>(&command))
        return "hand over " + std::to_string(given->interface);
    if (std::holds_alternative<engine::End>(command)) return "end";
    if (std::holds_alternative<engine::TakeSnapshot>(command)) return "take snapshot";
    return "other";
}

class CommandsTest : public testing::Test {
  protected:
    /// What the protocol thread was asked for since the last call.
    std::vector<std::string> commands() {
        std::vector<std::string> all;
        mailbox_.drain([&](const engine::Command& command) { all.push_back(text(command)); });
        return all;
    }

    asio::io_context io_;
    engine::Commands mailbox_{64};
    CommandQueue queue_{io_, mailbox_};
};

/// eth0, and two VLANs that come in at eth1.
class ShutdownTest : public CommandsTest {
  protected:
    ShutdownTest() {
        add(served_, "eth0", "eth0");
        add(served_, "eth1.10", "eth1");
        add(served_, "eth1.20", "eth1");
    }

    Served::Respond answer() {
        return [this](const json& said) { answers_.push_back(said); };
    }

    void lose(std::uint32_t place) {
        served_.enter(place, Phase::Lost);
        served_.enter(place, Phase::Suspended);
    }

    void release_all() {
        for (std::uint32_t i = 0; i < served_.size(); ++i) shutdown_.note_released(i);
        shutdown_.end_if_all_released();
    }

    /// Sends this process a signal, and waits until it has been handled.
    std::vector<std::string> commands_after(int signal) {
        std::raise(signal);
        std::vector<std::string> all;
        while (all.empty() && io_.run_one_for(60s) != 0) all = commands();
        return all;
    }

    ServedInterfaces served_;
    control::ControlSocket::Sessions sessions_;
    MissingInterfaces missing_{io_, sessions_, [](const auto&, const auto&, const auto&) {}};
    reporting::Events events_{served_.all()};
    hooks::Hooks hooks_{io_, [](const auto&, const auto&, const auto&) {}};
    reporting::ServiceManager manager_;
    int stopped_ = 0;
    Shutdown shutdown_{{io_, queue_, served_, missing_, events_, hooks_, manager_, sessions_},
                       [this] { ++stopped_; }};
    std::vector<json> answers_;
};

TEST_F(ShutdownTest, WhoDetachesIsAnsweredOnceItIsReleased) {
    EXPECT_FALSE(shutdown_.is_under_way());
    shutdown_.detach(1, answer());
    EXPECT_THAT(commands(), ElementsAre("leave 1"));
    EXPECT_TRUE(shutdown_.is_under_way());
    shutdown_.note_released(0);
    EXPECT_THAT(answers_, IsEmpty());

    shutdown_.note_released(1);
    EXPECT_THAT(answers_, ElementsAre(json{{"detached", "eth1.10"}}));
    EXPECT_FALSE(shutdown_.is_under_way());
    EXPECT_TRUE(served_.is_served(2));
}

TEST_F(ShutdownTest, AReleaseIsHeardOfOnce) {
    shutdown_.detach(1, answer());
    shutdown_.note_released(1);
    shutdown_.note_released(1);
    EXPECT_EQ(answers_.size(), 1);
}

TEST_F(ShutdownTest, WhatIsAttachedAgainIsNotHandedOver) {
    served_.enter(0, Phase::Lost);
    shutdown_.hand_over(0, answer());
    lose(1);
    shutdown_.hand_over(1, answer());
    const json refusal{{"error", "it is currently being attached again"}};
    EXPECT_THAT(answers_, ElementsAre(refusal, refusal));
    EXPECT_THAT(commands(), IsEmpty());
    EXPECT_FALSE(shutdown_.is_under_way());
}

TEST_F(ShutdownTest, ASuccessorAttachesToWhatIsLostAtThePort) {
    lose(1);
    shutdown_.hand_over(2, answer());
    EXPECT_THAT(commands(), ElementsAre("release 1", "hand over 2"));
    EXPECT_THAT(answers_, IsEmpty());
    EXPECT_TRUE(shutdown_.is_under_way());
}

TEST_F(ShutdownTest, ASuccessorHearsOfAReleaseThatComesFirst) {
    shutdown_.hand_over(0, answer());
    shutdown_.note_released(0);
    EXPECT_THAT(answers_, ElementsAre(json{{"error", "it was detached meanwhile"}}));
}

TEST_F(ShutdownTest, EndsWithTheLastInterface) {
    shutdown_.note_released(0);
    shutdown_.note_released(1);
    shutdown_.end_if_all_released();
    EXPECT_EQ(stopped_, 0);
    EXPECT_THAT(commands(), IsEmpty());

    shutdown_.note_released(2);
    shutdown_.end_if_all_released();
    shutdown_.end_if_all_released();
    EXPECT_EQ(stopped_, 1);
    EXPECT_THAT(commands(), ElementsAre("end"));
    EXPECT_TRUE(io_.stopped());
}

TEST_F(ShutdownTest, TheFirstSignalAsksAndTheSecondIsInAHurry) {
    shutdown_.wait_for_signal();
    EXPECT_THAT(commands_after(SIGTERM), ElementsAre("leave all"));
    EXPECT_TRUE(shutdown_.is_under_way());
    shutdown_.note_released(1);
    EXPECT_THAT(commands_after(SIGINT), ElementsAre("release 0", "release 2"));
    release_all();
    EXPECT_EQ(stopped_, 1);
}

TEST_F(ShutdownTest, LeavesPortsInPlaceOnSigusr1ButWhatIsLostThere) {
    lose(0);
    lose(1);
    shutdown_.wait_for_signal();
    // First what is lost: once its port is handed over, nobody here has it.
    EXPECT_THAT(commands_after(SIGUSR1), ElementsAre("release 0", "release 1", "hand over 2"));
    release_all();
}

class SnapshotsTest : public CommandsTest {
  protected:
    Snapshots snapshots_{queue_};
    int called_ = 0;
};

TEST_F(SnapshotsTest, OneServesAllWhoWait) {
    snapshots_.request([this] { ++called_; });
    snapshots_.request([this] { ++called_; });
    EXPECT_THAT(commands(), ElementsAre("take snapshot"));
    EXPECT_EQ(called_, 0);
    snapshots_.note_taken();
    EXPECT_EQ(called_, 2);
    EXPECT_THAT(commands(), IsEmpty());
}

TEST_F(SnapshotsTest, WhoAsksWhenItHasComeGetsTheNext) {
    snapshots_.request([this] { snapshots_.request([this] { ++called_; }); });
    EXPECT_THAT(commands(), ElementsAre("take snapshot"));
    snapshots_.note_taken();
    EXPECT_EQ(called_, 0);
    EXPECT_THAT(commands(), ElementsAre("take snapshot"));
    snapshots_.note_taken();
    EXPECT_EQ(called_, 1);
}

}  // namespace
}  // namespace vrrp_xdp::daemon
