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

constexpr std::string_view blanks = " \t";

std::string_view without_indent(std::string_view line) {
    return line.substr(std::min(line.find_first_not_of(blanks), line.size()));
}

/// The line up to the backslash at its end: it goes on in the next one. Nothing if there is none.
std::optional<std::string_view> continued(std::string_view line) {
    if (!line.ends_with('\\')) return std::nullopt;
    line.remove_suffix(1);
    return line.substr(0, line.find_last_not_of(blanks) + 1);
}

/// What "include FILE" or one of its variants names; nothing for another line. Quotes are part of the name.
std::optional<std::string> included_by(std::string_view line) {
    constexpr std::array<std::string_view, 6> keywords = {"include",  "includer", "includem",
                                                          "includew", "includeb", "includea"};
    const std::size_t end = std::min(line.find_first_of(blanks), line.size());
    if (std::find(keywords.begin(), keywords.end(), line.substr(0, end)) == keywords.end())
        return std::nullopt;
    return std::string(without_indent(line.substr(end)));
}

std::string told(const Error& error) {
    return error.hint.empty() ? error.what : error.what + ": " + error.hint;
}

class Reader {
  public:
    Reader(const std::string& config_id, const Files& files, const Limits& limits)
        : config_id_(config_id), files_(files), limits_(limits) {}

    void read_file(const std::string& file) {
        if (++files_read_ > limits_.files)
            return mistake({file, 0}, "more than " + std::to_string(limits_.files) + " files are included");
        const auto text = files_.read(file);
        if (!text) return mistake({file, 0}, told(text.error()));
        set_directory(file);
        Place place{file, 0};
        std::string_view rest = *text;
        while (!rest.empty()) {
            const std::size_t end = std::min(rest.find('\n'), rest.size());
            ++place.line;
            const std::string_view line = rest.substr(0, end);
            place.column = static_cast<int>(line.size() - without_indent(line).size()) + 1;
            take_line(place, line);
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
        line = line.substr(0, line.find_last_not_of("\r\n") + 1);
        // keepalived's parent process copies the configuration without its comments, and the child that runs
        // VRRP takes comments out of the copy once more.
        std::string text = without_comment(line);
        if (is_copied_) text = without_comment(text);
        is_plain_ = !defining_ && included_by(text);
        if (!defining_) return process(place, text, 0);
        const auto part = continued(text);
        const std::string_view more = part.value_or(text);
        if (!more.empty()) {
            if (!value_.empty()) value_ += '\n';
            value_ += more;
        }
        if (!part) end_definition();
    }

    void include(const Place& place, const std::string& pattern) {
        if (depth_ == deepest_include) return mistake(place, "includes are nested more than 16 deep");
        const std::filesystem::path directory = std::filesystem::path(place.file).parent_path();
        const std::vector<std::string> paths = files_.matching((directory / pattern).string());
        if (paths.empty()) {
            source_.remarks.push_back(
                {place, "no file matches " + config::quoted(pattern) + ": nothing is included"});
        }
        ++depth_;
        // What a condition or a definition includes is not in the copy, and the child reads it itself.
        const bool was_copied = std::exchange(is_copied_, is_copied_ && is_plain_);
        for (const std::string& path : paths) read_file(path);
        is_copied_ = was_copied;
        --depth_;
        set_directory(place.file);
    }

    void set_directory(const std::string& file) {
        definitions_.set("_PWD", std::filesystem::path(file).parent_path().string());
    }

    /// A line without comment and indent; one that a definition or a repetition has made, too. depth: of
    /// these.
    void process(const Place& place, std::string_view line, int depth) {
        if (depth > deepest_definition)
            return mistake(place, "definitions are nested more than 64 deep: one of them refers to itself");
        while (!line.empty() && !is_exhausted(place, line)) line = process_first(place, line, depth);
    }

    /// The line up to a brace. Returns what is behind that, which is a line of its own.
    std::string_view process_first(const Place& place, std::string_view line, int depth) {
        if (line.front() == '@') return if_it_is_for_us(line);
        if (line.front() == '~') {
            repeat(place, line, depth);
        } else if (const auto definition = definition_in(line)) {
            define(*definition);
        } else if (is_random(line)) {
            mistake(place, "$_RANDOM is different each time: write a fixed number instead");
        } else if (const std::string replaced = definitions_.replaced_in(line); replaced != line) {
            process_lines(place, replaced, depth + 1);
        } else if (const auto pattern = included_by(line)) {
            include(place, *pattern);
        } else {
            return add(place, line);
        }
        return {};
    }

    void process_lines(const Place& place, std::string_view text, int depth) {
        while (!text.empty()) {
            const std::size_t end = std::min(text.find('\n'), text.size());
            process(place, without_comment(text.substr(0, end)), depth);
            text.remove_prefix(std::min(end + 1, text.size()));
        }
    }

    /// What follows "@NAME" or "@^NAME", or nothing if that is for others.
    std::string_view if_it_is_for_us(std::string_view line) const {
        line.remove_prefix(1);
        const bool negated = line.starts_with('^');
        if (negated) line.remove_prefix(1);
        const std::size_t end = std::min(line.find_first_of(blanks), line.size());
        if ((line.substr(0, end) == config_id_) == negated) return {};
        return without_indent(line.substr(end));
    }

    void repeat(const Place& place, std::string_view line, int depth) {
        const auto repetition = repetition_in(line, definitions_);
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

    /// The words up to a brace are one directive. Returns what is behind the brace.
    std::string_view add(const Place& place, std::string_view line) {
        const std::size_t brace = find_brace(line);
        const std::string_view text = line.substr(0, brace);
        auto words = split_words(text);
        if (const auto name = first_in_braces(line)) {
            mistake(place, "there is no definition of ${" + std::string(*name) + "}");
            return {};
        }
        if (!words)
            mistake(place, words.error().what);
        else if (!words->empty())
            tree_.add_line(place, text, std::move(*words));
        if (brace == std::string_view::npos) return {};
        if (line[brace] == '{')
            tree_.open_block(place);
        else
            tree_.close_block(place);
        return without_indent(line.substr(brace + 1));
    }

    /// Whether the limit is reached, which is told once.
    bool is_exhausted(const Place& place, std::string_view line) {
        constexpr std::size_t cost_of_a_line = 32;
        produced_ += line.size() + cost_of_a_line;
        if (produced_ > limits_.bytes && !std::exchange(exhausted_, true))
            mistake(place, "the files have more than " + std::to_string(limits_.bytes) +
                               " bytes after definitions and repetitions are expanded");
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
    int depth_ = 0;          ///< of included files
    bool is_copied_ = true;  ///< the file that is read is in the copy that keepalived's parent makes
    bool is_plain_ = false;  ///< the line that is read includes a file as it stands
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
