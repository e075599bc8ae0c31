// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <readerwriterqueue.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "support/unique_fd.hpp"

namespace vrrp_xdp::engine {

/// Messages from one thread to one other. Posting takes no lock and no memory; what becomes of a message that
/// finds the mailbox full is for its sender to say.
template <typename Message>
class Mailbox {
  public:
    explicit Mailbox(std::size_t capacity)
        : capacity_(capacity), queue_(capacity), notices_ready_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {}

    /// Returns false if it is full. Nobody is woken before ring().
    [[nodiscard]] bool post(const Message& message) { return queue_.try_enqueue(message); }
    void ring() const { eventfd_write(notices_ready_.get(), 1); }

    /// Returns whether optional messages must leave the rest of the room to others.
    bool is_half_full() const { return queue_.size_approx() >= capacity_ / 2; }

    /// Counts a message that the sender has left out.
    void note_left_out() { left_out_.fetch_add(1, std::memory_order_relaxed); }
    /// Returns how many messages were left out, for either thread.
    std::uint64_t left_out() const { return left_out_.load(std::memory_order_relaxed); }

    /// Returns a descriptor that is readable after ring().
    int event_fd() const { return notices_ready_.get(); }

    /// Hands messages to the handler, in order. What is more than at_most stays for the next call, for which
    /// event_fd() is readable again.
    template <typename Handler>
    void drain(Handler&& handler, std::size_t at_most = std::numeric_limits<std::size_t>::max()) {
        eventfd_t ignored = 0;
        eventfd_read(notices_ready_.get(), &ignored);
        Message message;
        for (std::size_t taken = 0; queue_.try_dequeue(message);) {
            handler(message);
            if (++taken == at_most) return ring();
        }
    }

  private:
    std::size_t capacity_;
    moodycamel::ReaderWriterQueue<Message> queue_;
    UniqueFd notices_ready_;
    std::atomic<std::uint64_t> left_out_{0};
};

}  // namespace vrrp_xdp::engine
