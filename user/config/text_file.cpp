// SPDX-License-Identifier: BSD-2-Clause
#include "config/text_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "support/unique_fd.hpp"

namespace vrrp_xdp::config {
namespace {

constexpr std::size_t mebibyte = 1U << 20;
// Thousands of full Virtual Routers; a limit at all because a path may lead to a device without an end.
constexpr std::size_t largest_file = 16 * mebibyte;

}  // namespace

Result<std::string> read_text_file(const std::string& file) {
    const UniqueFd fd(open(file.c_str(), O_RDONLY | O_CLOEXEC));
    if (!fd) return system_failure("the file cannot be read");
    std::string text;
    std::array<char, 65536> chunk{};
    for (;;) {
        const ssize_t length = read(fd.get(), chunk.data(), chunk.size());
        if (length < 0 && errno == EINTR) continue;
        if (length < 0) return system_failure("the file cannot be read");
        if (length == 0) return text;
        text.append(chunk.data(), static_cast<std::size_t>(length));
        if (text.size() > largest_file) return failure("the file is larger than 16 MiB");
    }
}

}  // namespace vrrp_xdp::config
