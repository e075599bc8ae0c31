// SPDX-License-Identifier: BSD-2-Clause
#include "directives/words.hpp"

#include <cstdint>
#include <optional>
#include <utility>

namespace vrrp_xdp::keepalived {
namespace {

bool is_space(char character) {
    return character == ' ' || character == '\t' || character == '\r' || character == '\n' ||
           character == '\v' || character == '\f';
}

bool is_quote(char character) { return character == '"' || character == '\''; }

bool is_brace(char character) { return character == '{' || character == '}'; }

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
        return static_cast<char>(cursor.take_number(16, 2));
    if (character == 'c' && !cursor.at_end()) return static_cast<char>(cursor.take() & 0x1f);
    constexpr std::string_view names = "abEfnrtv";
    constexpr std::string_view meanings = "\a\b\033\f\n\r\t\v";
    const std::size_t named = names.find(character);
    return named == std::string_view::npos ? character : meanings[named];
}

/// The rest of "${NAME}", a definition that there is none of: it stays as it is.
void take_undefined(Cursor& cursor, std::string& word) {
    char character = '\0';
    while (!cursor.at_end() && character != '}') {
        character = cursor.take();
        word += character;
    }
}

/// A word up to what ends one outside of quotes: white space or a brace. Nothing where a quote is not closed.
std::optional<std::string> take_word(Cursor& cursor) {
    std::string word;
    char quote = '\0';
    const auto ends = [&](char next) { return quote == '\0' && (is_space(next) || is_brace(next)); };
    while (!cursor.at_end() && !ends(cursor.peek())) {
        const char character = cursor.take();
        if (character == '\\' && !cursor.at_end()) {
            word += take_escaped(cursor);
        } else if (quote == '\0' && is_quote(character)) {
            quote = character;
        } else if (quote != '\0' && character == quote) {
            quote = '\0';
        } else {
            word += character;
            if (quote == '\0' && character == '$' && !cursor.at_end() && cursor.peek() == '{')
                take_undefined(cursor, word);
        }
    }
    if (quote != '\0') return std::nullopt;
    return word;
}

}  // namespace

std::string_view without_comment(std::string_view line) {
    char quote = '\0';
    for (std::size_t at = 0; at < line.size(); ++at) {
        const char character = line[at];
        if (character == '\\') {
            ++at;
        } else if (quote != '\0') {
            if (character == quote) quote = '\0';
        } else if (is_quote(character)) {
            quote = character;
        } else if (character == '#' || character == '!') {
            return line.substr(0, at);
        }
    }
    return line;
}

Result<std::vector<Word>> split_words(std::string_view line) {
    std::vector<Word> words;
    Cursor cursor(line);
    for (cursor.skip_spaces(); !cursor.at_end(); cursor.skip_spaces()) {
        if (is_brace(cursor.peek())) {
            words.push_back({std::string(1, cursor.take()), true});
            continue;
        }
        auto word = take_word(cursor);
        if (!word) return failure("a quote is not closed on this line");
        words.push_back({std::move(*word), false});
    }
    return words;
}

std::vector<std::string> split_command(std::string_view command) {
    std::vector<std::string> arguments;
    std::string argument;
    bool has_begun = false;
    char quote = '\0';
    for (const char character : command) {
        if (quote == '\0' && is_space(character)) {
            if (has_begun) arguments.push_back(std::exchange(argument, {}));
            has_begun = false;
            continue;
        }
        has_begun = true;
        if (quote == '\0' && is_quote(character)) {
            quote = character;
        } else if (quote != '\0' && character == quote) {
            quote = '\0';
        } else {
            argument += character;
        }
    }
    if (has_begun) arguments.push_back(std::move(argument));
    return arguments;
}

}  // namespace vrrp_xdp::keepalived
