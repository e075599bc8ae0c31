// SPDX-License-Identifier: BSD-2-Clause
// Lines of a keepalived.conf taken apart, as keepalived 2.2.7 does it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "support/result.hpp"

namespace vrrp_xdp::keepalived {

/// Returns the line without indent, trailing blanks, and a comment, which begins with # or ! anywhere but in
/// double quotes or behind a backslash. A backslash at the very end stays, be it in a comment: the line goes
/// on in the next one, where it defines something.
std::string without_comment(std::string_view line);

/// Returns where the first brace outside of double quotes stands, or npos.
std::size_t find_brace(std::string_view line);

/// Returns the words of a line without braces: they end at white space and at double quotes, which keep what
/// is between them together. Fails where a quote is not closed.
Result<std::vector<std::string>> split_words(std::string_view line);

/// Returns the words of a line that names a script: there, quotes of both kinds keep words together, and a
/// backslash takes their meaning away from characters, or stands for others, as in C. Nothing if a quote is
/// not closed, or there is no word.
std::optional<std::vector<std::string>> split_quoted(std::string_view line);

}  // namespace vrrp_xdp::keepalived
