// SPDX-License-Identifier: BSD-2-Clause
// Lines of a keepalived.conf taken apart, as keepalived.conf(5) says under "Quoted strings".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "support/result.hpp"

namespace vrrp_xdp::keepalived {

/// The line up to a comment, which begins with # or ! anywhere but in quotes or behind a backslash.
std::string_view without_comment(std::string_view line);

struct Word {
    std::string text;
    bool is_brace = false;  ///< { or } without quotes: the beginning or the end of a block
};

/// The words of a line without a comment. Fails where a quote is not closed.
Result<std::vector<Word>> split_words(std::string_view line);

/// A command and its arguments out of the one word that keepalived takes it from: separated by white space,
/// single or double quotes keep an argument together.
std::vector<std::string> split_command(std::string_view command);

}  // namespace vrrp_xdp::keepalived
