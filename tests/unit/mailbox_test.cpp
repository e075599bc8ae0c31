// SPDX-License-Identifier: BSD-2-Clause
// What the ordinary thread says to the protocol thread arrives, however much of it there is.
#include "engine/mailbox.hpp"

#include <gmock/gmock.h>

#include <chrono>
#include <vector>

#include "daemon/command_queue.hpp"

namespace vrrp_xdp::engine {
namespace {

using protocol::Priority;

Command condition(std::uint32_t router, int priority) {
    return SetEffect{{0, router}, *Priority::from(priority), false};
}

class FullMailbox : public ::testing::Test {
  protected:
    /// Everything that the protocol thread gets, a little at a time, until nothing waits any more.
    std::vector<Command> all() {
        std::vector<Command> received;
        do {
            commands_.drain([&](const Command& each) { received.push_back(each); }, 2);
            io_.run_for(std::chrono::milliseconds(5));
            io_.restart();
        } while (queue_.waiting() > 0);
        commands_.drain([&](const Command& each) { received.push_back(each); });
        return received;
    }

    asio::io_context io_;
    Commands commands_{4};
    daemon::CommandQueue queue_{io_, commands_};
};

TEST_F(FullMailbox, LosesNoCommand_AndKeepsTheirOrder) {
    for (std::uint32_t i = 0; i < 300; ++i) queue_.send(Leave{i});
    const auto received = all();
    ASSERT_EQ(received.size(), 300U);
    for (std::uint32_t i = 0; i < 300; ++i) EXPECT_EQ(std::get<Leave>(received[i]).interface, i);
}

TEST_F(FullMailbox, LeavesEveryVirtualRouterWithItsLastCondition) {
    for (int priority = 1; priority <= 3; ++priority)
        for (std::uint32_t router = 0; router < 1000; ++router) queue_.send(condition(router, priority));
    EXPECT_LE(queue_.waiting(), 1000U) << "one for each, however often it changes";
    std::vector<int> last(1000);
    for (const Command& each : all()) {
        const auto& said = std::get<SetEffect>(each);
        last[said.router.router] = said.priority.value();
    }
    EXPECT_THAT(last, ::testing::Each(3));
}

TEST_F(FullMailbox, KeepsAConditionApartFromOneBehindAnotherCommand) {
    for (std::uint32_t i = 0; i < 8; ++i) queue_.send(Leave{i});
    queue_.send(condition(7, 1));
    queue_.send(Reconciled{});  // the place may be another router's from here on
    queue_.send(condition(7, 2));
    const auto received = all();
    ASSERT_EQ(received.size(), 11U);
    EXPECT_EQ(std::get<SetEffect>(received[8]).priority.value(), 1);
    EXPECT_TRUE(std::holds_alternative<Reconciled>(received[9]));
    EXPECT_EQ(std::get<SetEffect>(received[10]).priority.value(), 2);
}

TEST(Mailbox, ThatIsDrainedInPart_IsReadableAgain) {
    Mailbox<int> mailbox(8);
    for (const int each : {1, 2, 3}) EXPECT_TRUE(mailbox.post(each));
    mailbox.ring();
    std::vector<int> taken;
    const auto take = [&](int each) { taken.push_back(each); };
    mailbox.drain(take, 2);
    eventfd_t rung = 0;
    EXPECT_EQ(eventfd_read(mailbox.event_fd(), &rung), 0);
    mailbox.drain(take, 2);
    EXPECT_THAT(taken, ::testing::ElementsAre(1, 2, 3));
}

}  // namespace
}  // namespace vrrp_xdp::engine
