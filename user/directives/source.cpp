// SPDX-License-Identifier: BSD-2-Clause
#include "directives/source.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <string_view>
#include <utility>

#include "config/text.hpp"
#include "directives/definitions.hpp"
#include "directives/tree.hpp"
#include "directives/words.hpp"

namespace vrrp_xdp::keepalived {
namespace {

// A definition may hold others, and may hold itself; a file may include itself.
constexpr int deepest_definition = 64;
constexpr int deepest_include = 16;

constexpr std::string_view spaces = " \t\r\n\v\f";

std::string_view without_indent(std::string_view line) {
    return line.substr(std::min(line.find_first_not_of(spaces), line.size()));
}

/// The line up to its last backslash, where only white space follows that: it goes on in the next one.
std::optional<std::string_view> continued(std::string_view line) {
    const std::size_t last = line.find_last_not_of(spaces);
    if (last == std::string_view::npos || line[last] != '\\') return std::nullopt;
    return line.substr(0, last);
}

/// What "include FILE" or one of its variants names; nothing for another line.
std::optional<std::string> included_by(std::string_view line) {
    constexpr std::array<std::string_view, 6> keywords = {"include",  "includer", "includem",
                                                          "includew", "includeb", "includea"};
    const std::size_t end = std::min(line.find_first_of(spaces), line.size());
    if (std::find(keywords.begin(), keywords.end(), line.substr(0, end)) == keywords.end())
        return std::nullopt;
    std::string_view pattern = without_indent(without_comment(line.substr(end)));
    pattern = pattern.substr(0, pattern.find_last_not_of(spaces) + 1);
    if (pattern.size() >= 2 && pattern.front() == '"' && pattern.back() == '"')
        pattern = pattern.substr(1, pattern.size() - 2);
    return std::string(pattern);
}

class Reader {
  public:
    Reader(const std::string& config_id, const Files& files, const Limits& limits)
        : config_id_(config_id), files_(files), limits_(limits) {}

    void read_file(const std::string& file) {
        if (++files_read_ > limits_.files)
            return mistake({file, 0}, "more than " + std::to_string(limits_.files) + " files are included");
        const auto text = files_.read(file);
        if (!text) return mistake({file, 0}, text.error().what);
        set_directory(file);
        Place place{file, 0};
        std::string_view rest = *text;
        while (!rest.empty()) {
            const std::size_t end = std::min(rest.find('\n'), rest.size());
            ++place.line;
            take_line(place, rest.substr(0, end));
            rest.remove_prefix(std::min(end + 1, rest.size()));
        }
        end_definition();
    }

    tl::expected<Source, std::vector<Remark>> finish() {
        source_.directives = tree_.finish();
        mistakes_.insert(mistakes_.end(), tree_.mistakes().begin(), tree_.mistakes().end());
        if (!mistakes_.empty()) return tl::unexpected(std::move(mistakes_));
        return std::move(source_);
    }

  private:
    /// A line as it stands in the file.
    void take_line(const Place& place, std::string_view line) {
        const std::string_view text = without_indent(without_comment(line));
        if (defining_) {
            const auto part = continued(text);
            value_ += '\n';
            value_ += part.value_or(text);
            if (!part) end_definition();
        } else if (const auto pattern = included_by(without_indent(line))) {
            include(place, *pattern);
        } else {
            process(place, text, 0);
        }
    }

    void include(const Place& place, const std::string& pattern) {
        if (depth_ == deepest_include) return mistake(place, "files are included more than 16 deep");
        const std::filesystem::path directory = std::filesystem::path(place.file).parent_path();
        const std::vector<std::string> paths = files_.matching((directory / pattern).string());
        if (paths.empty()) {
            source_.remarks.push_back(
                {place, "no file matches " + config::quoted(pattern) + ": nothing is included"});
        }
        ++depth_;
        for (const std::string& path : paths) read_file(path);
        --depth_;
        set_directory(place.file);
    }

    void set_directory(const std::string& file) {
        definitions_.set("_PWD", std::filesystem::path(file).parent_path().string());
    }

    /// A line without comment and indent; one that a definition or a repetition has made, too. depth: of
    /// these.
    void process(const Place& place, std::string_view line, int depth) {
        if (line.empty() || is_exhausted(place, line)) return;
        if (depth > deepest_definition)
            return mistake(place, "definitions nest more than 64 deep: one of them is defined by itself");
        if (line.front() == '@') return process(place, if_it_is_for_us(line), depth + 1);
        if (line.front() == '~') return repeat(place, line, depth);
        if (const auto definition = definition_in(line)) return define(*definition);
        const std::string replaced = definitions_.replaced_in(line);
        if (replaced == line) return add(place, line);
        process_lines(place, replaced, depth + 1);
    }

    void process_lines(const Place& place, std::string_view text, int depth) {
        while (!text.empty()) {
            const std::size_t end = std::min(text.find('\n'), text.size());
            process(place, without_indent(text.substr(0, end)), depth);
            text.remove_prefix(std::min(end + 1, text.size()));
        }
    }

    /// What follows "@NAME" or "@^NAME", or nothing if that is for others.
    std::string_view if_it_is_for_us(std::string_view line) const {
        line.remove_prefix(1);
        const bool negated = line.starts_with('^');
        if (negated) line.remove_prefix(1);
        const std::size_t end = std::min(line.find_first_of(spaces), line.size());
        if ((line.substr(0, end) == config_id_) == negated) return {};
        return without_indent(line.substr(end));
    }

    void repeat(const Place& place, std::string_view line, int depth) {
        const auto repetition = repetition_in(line);
        if (!repetition) return mistake(place, repetition.error().what);
        for (const auto& values : repetition->rounds) {
            for (std::size_t at = 0; at < values.size(); ++at)
                definitions_.set(repetition->names[at], values[at]);
            process(place, repetition->rest, depth + 1);
            if (exhausted_) return;
        }
    }

    void define(const Definition& definition) {
        const auto part = continued(definition.value);
        if (!part) return definitions_.set(definition.name, definition.value);
        defining_ = true;
        name_ = definition.name;
        value_ = *part;
    }

    void end_definition() {
        if (std::exchange(defining_, false)) definitions_.set(name_, value_);
    }

    void add(const Place& place, std::string_view line) {
        const auto words = split_words(line);
        if (!words) return mistake(place, words.error().what);
        tree_.add_line(place, *words);
    }

    /// Whether the limit is reached, which is told once.
    bool is_exhausted(const Place& place, std::string_view line) {
        constexpr std::size_t cost_of_a_line = 32;
        produced_ += line.size() + cost_of_a_line;
        if (produced_ > limits_.bytes && !std::exchange(exhausted_, true))
            mistake(place, "the files are more than " + std::to_string(limits_.bytes) +
                               " bytes, with what definitions and repetitions make of them");
        return exhausted_;
    }

    /// What a repetition says again and again is told once.
    void mistake(const Place& place, std::string text) {
        if (!mistakes_.empty() && mistakes_.back().place == place && mistakes_.back().text == text) return;
        mistakes_.push_back({place, std::move(text)});
    }

    const std::string& config_id_;
    const Files& files_;
    const Limits& limits_;
    Definitions definitions_;
    Tree tree_;
    Source source_;
    std::vector<Remark> mistakes_;
    int depth_ = 0;  ///< of included files
    int files_read_ = 0;
    std::size_t produced_ = 0;
    bool exhausted_ = false;

    // A definition of several lines, of which the last has not been read yet.
    bool defining_ = false;
    std::string name_;
    std::string value_;
};

}  // namespace

tl::expected<Source, std::vector<Remark>> read_source(const std::string& file, const std::string& config_id,
                                                      const Files& files, const Limits& limits) {
    Reader reader(config_id, files, limits);
    reader.read_file(file);
    return reader.finish();
}

}  // namespace vrrp_xdp::keepalived
