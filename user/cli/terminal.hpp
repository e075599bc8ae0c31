// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <termios.h>

#include <string>
#include <string_view>
#include <vector>

namespace vrrp_xdp::cli {

/// A terminal that a program draws on, and that is as it was before when this is gone.
class Terminal {
  public:
    struct Size {
        std::size_t rows;
        std::size_t columns;
    };
    struct Line {
        std::string text;         ///< of printable ASCII; cut where the terminal ends
        std::string_view look{};  ///< one of kBold, kGood, kBad, or nothing
    };
    static constexpr std::string_view kBold = "\x1b[1m";
    static constexpr std::string_view kGood = "\x1b[1;32m";
    static constexpr std::string_view kBad = "\x1b[31m";

    /// Returns whether standard input and output are a terminal. There is only one, so everything except its
    /// lifetime is static.
    static bool is_there();

    Terminal();
    Terminal(const Terminal&) = delete;
    Terminal& operator=(const Terminal&) = delete;
    ~Terminal();

    static Size size();
    /// Replaces what is shown. Lines that find no room are left out.
    static void draw(const std::vector<Line>& lines);

  private:
    termios before_{};
};

}  // namespace vrrp_xdp::cli
