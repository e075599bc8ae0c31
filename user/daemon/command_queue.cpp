// SPDX-License-Identifier: BSD-2-Clause
#include "daemon/command_queue.hpp"

#include <algorithm>
#include <chrono>

namespace vrrp_xdp::daemon {
namespace {

/// The protocol thread empties the mailbox within a turn or two.
constexpr std::chrono::milliseconds kRetryInterval(1);

}  // namespace

void CommandQueue::send(const engine::Command& command) {
    if (waiting_.empty() && commands_.post(command)) return commands_.ring();
    if (replaces_one(command)) return;
    waiting_.push_back(command);
    if (waiting_.size() == 1) retry();
}

// Only the newest condition of a Virtual Router counts. Behind any other command its place may be another's.
bool CommandQueue::replaces_one(const engine::Command& command) {
    const auto* condition = std::get_if<engine::SetEffect>(&command);
    if (condition == nullptr) return false;
    // NOLINTNEXTLINE(modernize-loop-convert): from the newest on
    for (auto each = waiting_.rbegin(); each != waiting_.rend(); ++each) {
        auto* const before = std::get_if<engine::SetEffect>(&*each);
        if (before == nullptr) return false;
        if (before->router != condition->router) continue;
        *before = *condition;
        return true;
    }
    return false;
}

void CommandQueue::send_waiting() {
    while (!waiting_.empty() && commands_.post(waiting_.front())) waiting_.pop_front();
    commands_.ring();
    if (!waiting_.empty()) retry();
}

void CommandQueue::retry() {
    retry_.expires_after(kRetryInterval);
    retry_.async_wait([this](const asio::error_code& error) {
        if (!error) send_waiting();
    });
}

}  // namespace vrrp_xdp::daemon
