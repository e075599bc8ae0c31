// SPDX-License-Identifier: BSD-2-Clause
#include "capture/output.hpp"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <ctime>
#include <utility>

namespace vrrp_xdp::capture {
namespace {

using std::chrono::nanoseconds;

constexpr std::size_t kMuch = 1U << 16U;

nanoseconds read_clock(clockid_t clock) {
    timespec now{};
    clock_gettime(clock, &now);
    return std::chrono::seconds(now.tv_sec) + nanoseconds(now.tv_nsec);
}

/// When the boot clock was 0. The clocks drift apart where NTP slews one, and jump where it is set: what was
/// known is kept unless it is wrong by a millisecond, so that times do not go back by the time between both
/// questions.
nanoseconds boot_time(nanoseconds known) {
    const nanoseconds found = read_clock(CLOCK_REALTIME) - read_clock(CLOCK_BOOTTIME);
    return std::chrono::abs(found - known) < std::chrono::milliseconds(1) ? known : found;
}

}  // namespace

Output::Output(UniqueFd file, std::string_view application, std::uint32_t snap_length, Events events)
    : file_(std::move(file)),
      snap_length_(snap_length),
      events_(std::move(events)),
      waiting_(pcapng::section_header(application)) {}

Output::Interface& Output::interface(const std::string& name) {
    const auto found = interfaces_.find(name);
    if (found != interfaces_.end()) return found->second;
    waiting_ += pcapng::interface_description(name, "frames that vrrp-xdp has judged or sent", snap_length_);
    return interfaces_.emplace(name, Interface{static_cast<std::uint32_t>(interfaces_.size())}).first->second;
}

void Output::add(const std::string& name, const Record& record) {
    Interface& known = interface(name);
    boot_ = boot_time(boot_);
    waiting_ += pcapng::enhanced_packet(
        {.interface = known.number,
         .time = boot_ + nanoseconds(record.time_ns),
         .bytes = record.bytes,
         .length = record.length,
         .direction = record.outbound ? pcapng::Direction::Outbound : pcapng::Direction::Inbound,
         .comment = record.comment});
    ++known.counts.written;
    if (waiting_.size() > kMuch) flush();
}

void Output::add_left_out(const std::string& name, std::uint64_t lost, std::uint64_t limited) {
    Counts& counts = interface(name).counts;
    counts.lost += lost;
    counts.limited += limited;
}

void Output::add_statistics() {
    boot_ = boot_time(boot_);
    for (const auto& [name, each] : interfaces_) {
        const std::string comment = each.counts.limited == 0
                                        ? ""
                                        : std::to_string(each.counts.limited) + " frames left out by --rate";
        waiting_ += pcapng::interface_statistics({.interface = each.number,
                                                  .time = read_clock(CLOCK_REALTIME),
                                                  .written = each.counts.written,
                                                  .lost = each.counts.lost,
                                                  .comment = comment});
    }
}

void Output::flush() {
    std::size_t done = 0;
    while (is_open_ && done < waiting_.size()) {
        const ssize_t taken = write(file_.get(), waiting_.data() + done, waiting_.size() - done);
        if (taken >= 0) {
            done += static_cast<std::size_t>(taken);
            events_.written();
        } else if (errno == EINTR || errno == EAGAIN) {
            wait_for_reader();
        } else {
            is_open_ = false;
            error_ = errno == EPIPE ? 0 : errno;
        }
    }
    waiting_.clear();
}

/// A signal has come, or the other end was told not to let us wait: whoever reads gets a last chance.
void Output::wait_for_reader() {
    constexpr int last_chance_ms = 500;
    pollfd ready{.fd = file_.get(), .events = POLLOUT, .revents = 0};
    if (poll(&ready, 1, last_chance_ms) == 0 && !events_.is_wanted()) is_open_ = false;
}

Output::Counts Output::counts() const {
    Counts sum;
    for (const auto& [name, each] : interfaces_) {
        sum.written += each.counts.written;
        sum.lost += each.counts.lost;
        sum.limited += each.counts.limited;
    }
    return sum;
}

}  // namespace vrrp_xdp::capture
