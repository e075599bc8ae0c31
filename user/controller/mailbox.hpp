// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <readerwriterqueue.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cstddef>

#include "support/unique_fd.hpp"

namespace vrrp_xdp::controller {

/// Messages from one thread to one other. Posting takes no lock and no memory; a full mailbox drops the
/// message and counts it.
template <typename Message>
class Mailbox {
  public:
    explicit Mailbox(std::size_t capacity)
        : queue_(capacity), bell_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {}

    /// Nobody is woken before ring().
    void post(const Message& message) { static_cast<void>(queue_.try_enqueue(message)); }
    void ring() const { eventfd_write(bell_.get(), 1); }

    /// Readable after ring().
    int event_fd() const { return bell_.get(); }
    template <typename Handler>
    void drain(Handler&& handler) {
        eventfd_t ignored = 0;
        eventfd_read(bell_.get(), &ignored);
        Message message;
        while (queue_.try_dequeue(message)) handler(message);
    }

  private:
    moodycamel::ReaderWriterQueue<Message> queue_;
    UniqueFd bell_;
};

}  // namespace vrrp_xdp::controller
