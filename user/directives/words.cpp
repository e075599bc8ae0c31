// SPDX-License-Identifier: BSD-2-Clause
#include "directives/words.hpp"

#include <cstdint>
#include <utility>

namespace vrrp_xdp::keepalived {
namespace {

constexpr std::string_view blanks = " \t";
constexpr std::string_view spaces = " \t\r\n\v\f";

bool is_space(char character) { return spaces.find(character) != std::string_view::npos; }

/// The digit's value in this base, or nothing.
std::optional<unsigned> digit(char character, unsigned base) {
    unsigned value = base;
    if (character >= '0' && character <= '9') value = static_cast<unsigned>(character - '0');
    if (character >= 'a' && character <= 'f') value = static_cast<unsigned>(character - 'a') + 10;
    if (character >= 'A' && character <= 'F') value = static_cast<unsigned>(character - 'A') + 10;
    if (value >= base) return std::nullopt;
    return value;
}

/// Reads a line from its beginning to its end.
class Cursor {
  public:
    explicit Cursor(std::string_view rest) : rest_(rest) {}

    bool at_end() const { return rest_.empty(); }
    char peek() const { return rest_.front(); }
    char take() {
        const char character = rest_.front();
        rest_.remove_prefix(1);
        return character;
    }
    void skip_spaces() {
        while (!at_end() && is_space(peek())) take();
    }
    /// A number of at most this many digits; its low 8 bits.
    std::uint8_t take_number(unsigned base, std::size_t digits) {
        unsigned value = 0;
        for (; digits > 0 && !at_end() && digit(peek(), base); --digits)
            value = (value * base + *digit(take(), base)) & 0xffU;
        return static_cast<std::uint8_t>(value);
    }

  private:
    std::string_view rest_;
};

/// The character that what follows a backslash stands for.
char take_escaped(Cursor& cursor) {
    if (digit(cursor.peek(), 8)) return static_cast<char>(cursor.take_number(8, 3));
    const char character = cursor.take();
    if (character == 'x' && !cursor.at_end() && digit(cursor.peek(), 16))
        return static_cast<char>(cursor.take_number(16, std::string_view::npos));
    if (character == 'c' && !cursor.at_end()) return static_cast<char>(cursor.take() & 0x1f);
    constexpr std::string_view names = "abEfnrtv";
    constexpr std::string_view meanings = "\a\b\033\f\n\r\t\v";
    const std::size_t named = names.find(character);
    return named == std::string_view::npos ? character : meanings[named];
}

/// A word of split_quoted(). Nothing where a quote is not closed, or a backslash stands at the end.
std::optional<std::string> take_quoted_word(Cursor& cursor) {
    std::string word;
    char quote = '\0';
    while (!cursor.at_end() && (quote != '\0' || !is_space(cursor.peek()))) {
        const char character = cursor.take();
        if (character == '\\') {
            if (cursor.at_end()) return std::nullopt;
            word += take_escaped(cursor);
        } else if (quote == '\0' && (character == '"' || character == '\'')) {
            quote = character;
        } else if (quote != '\0' && character == quote) {
            quote = '\0';
        } else {
            word += character;
        }
    }
    if (quote != '\0') return std::nullopt;
    return word;
}

}  // namespace

std::string without_comment(std::string_view line) {
    std::string text(line.substr(std::min(line.find_first_not_of(blanks), line.size())));
    bool is_quoted = false;
    bool goes_on = false;
    std::size_t comment = std::string::npos;
    for (std::size_t at = text.find_first_of("!#\"\\"); at != std::string::npos;
         at = text.find_first_of("!#\"\\", at)) {
        const char next = at + 1 < text.size() ? text[at + 1] : '\0';
        if (text[at] == '"') {
            if (comment == std::string::npos) is_quoted = !is_quoted;
            ++at;
        } else if (text[at] != '\\') {
            if (!is_quoted && comment == std::string::npos) comment = at;
            ++at;
        } else if (next == '\0') {
            text.resize(at);
            goes_on = true;
            break;
        } else if (!is_quoted && (next == '#' || next == '!')) {
            text.erase(at, 1);
            ++at;
        } else {
            at += 2;
        }
    }
    if (comment != std::string::npos) text.resize(comment);
    text.resize(text.find_last_not_of(blanks) + 1);
    if (goes_on) text += '\\';
    return text;
}

std::size_t find_brace(std::string_view line) {
    std::size_t at = line.find_first_of("{}\"");
    while (at != std::string_view::npos && line[at] == '"') {
        at = line.find('"', at + 1);
        if (at != std::string_view::npos) at = line.find_first_of("{}\"", at + 1);
    }
    return at;
}

Result<std::vector<std::string>> split_words(std::string_view line) {
    std::vector<std::string> words;
    for (;;) {
        line.remove_prefix(std::min(line.find_first_not_of(spaces), line.size()));
        if (line.empty()) return words;
        const bool is_quoted = line.front() == '"';
        if (is_quoted) line.remove_prefix(1);
        const std::size_t end = is_quoted ? line.find('"') : line.find_first_of(" \t\r\n\v\f\"");
        if (is_quoted && end == std::string_view::npos) return failure("a quote is not closed on this line");
        words.emplace_back(line.substr(0, end));
        line.remove_prefix(std::min(end, line.size()));
        if (is_quoted) line.remove_prefix(1);
    }
}

std::optional<std::vector<std::string>> split_quoted(std::string_view line) {
    std::vector<std::string> words;
    Cursor cursor(line);
    for (cursor.skip_spaces(); !cursor.at_end(); cursor.skip_spaces()) {
        auto word = take_quoted_word(cursor);
        if (!word) return std::nullopt;
        words.push_back(std::move(*word));
    }
    if (words.empty()) return std::nullopt;
    return words;
}

}  // namespace vrrp_xdp::keepalived
