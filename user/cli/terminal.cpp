// SPDX-License-Identifier: BSD-2-Clause
#include "cli/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace vrrp_xdp::cli {
namespace {

// A screen of its own, so that what was there before comes back; without a cursor and without wrapping.
constexpr std::string_view kEnter = "\x1b[?1049h\x1b[?25l\x1b[?7l";
constexpr std::string_view kLeave = "\x1b[?7h\x1b[?25h\x1b[?1049l";

/// What does not know how large it is.
constexpr Terminal::Size kUsualSize{24, 80};

void write_all(std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = write(STDOUT_FILENO, text.data(), text.size());
        if (written < 0 && errno != EINTR) return;
        if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
    }
}

}  // namespace

bool Terminal::is_there() { return isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1; }

Terminal::Terminal() {
    tcgetattr(STDIN_FILENO, &before_);
    termios keys = before_;
    keys.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
    keys.c_cc[VSUSP] = _POSIX_VDISABLE;  // stopped, it would leave its screen there
    tcsetattr(STDIN_FILENO, TCSANOW, &keys);
    write_all(kEnter);
}

Terminal::~Terminal() {
    write_all(kLeave);
    tcsetattr(STDIN_FILENO, TCSANOW, &before_);
}

Terminal::Size Terminal::size() {
    winsize size{};
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_row == 0 || size.ws_col == 0)
        return kUsualSize;
    return {size.ws_row, size.ws_col};
}

void Terminal::draw(const std::vector<Line>& lines) {
    const auto [rows, columns] = size();
    std::string text = "\x1b[H";
    for (std::size_t i = 0; i < std::min(rows, lines.size()); ++i) {
        if (i > 0) text += "\r\n";
        text += lines[i].look;
        text += lines[i].text.substr(0, columns);
        text += "\x1b[0m\x1b[K";
    }
    write_all(text + "\x1b[J");
}

}  // namespace vrrp_xdp::cli
