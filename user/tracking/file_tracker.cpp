// SPDX-License-Identifier: BSD-2-Clause
#include "tracking/file_tracker.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <asio/steady_timer.hpp>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <string_view>
#include <system_error>
#include <utility>

#include "support/callback_guard.hpp"
#include "support/unique_fd.hpp"

namespace vrrp_xdp::tracking {
namespace {

constexpr std::string_view kWhiteSpace = " \t\r\n";

std::string_view trimmed(std::string_view text) {
    text.remove_prefix(std::min(text.find_first_not_of(kWhiteSpace), text.size()));
    return text.substr(0, text.find_last_not_of(kWhiteSpace) + 1);
}

/// Looks again and again: that works for files that are created again, and in file systems that tell nothing.
class FileTracker : public Tracker {
  public:
    FileTracker(asio::io_context& io, const config::WatchedFile& watched, Report report)
        : next_(io),
          interval_(std::chrono::duration_cast<asio::steady_timer::duration>(watched.interval)),
          path_(watched.path),
          report_(std::move(report)) {
        look();
    }

  private:
    void look() {
        next_.expires_after(interval_);
        next_.async_wait(life_.guard([this](const asio::error_code& error) {
            if (!error) look();
        }));
        report_(read_number(path_));
    }

    asio::steady_timer next_;
    asio::steady_timer::duration interval_;
    std::string path_;
    Report report_;
    CallbackGuard life_;
};

}  // namespace

Finding read_number(const std::string& path) {
    // A FIFO without a writer must not hold us.
    const UniqueFd file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    std::array<char, 64> content{};
    const ssize_t length = file ? read(file.get(), content.data(), content.size()) : -1;
    if (length < 0)
        return {.up = false, .detail = path + " cannot be read: " + std::system_category().message(errno)};
    std::string_view text = trimmed({content.data(), static_cast<std::size_t>(length)});
    if (text.starts_with("+")) text.remove_prefix(1);
    std::int64_t number = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || stop != text.data() + text.size())
        return {.up = false, .detail = path + " holds no integer"};
    return {.up = true, .value = number, .detail = path + " holds " + std::to_string(number)};
}

std::unique_ptr<Tracker> watch_file(asio::io_context& io, const config::WatchedFile& watched, Report report) {
    return std::make_unique<FileTracker>(io, watched, std::move(report));
}

}  // namespace vrrp_xdp::tracking
