// SPDX-License-Identifier: BSD-2-Clause
#include "config/load.hpp"

#include <yaml-cpp/depthguard.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <optional>
#include <sstream>
#include <string_view>
#include <utility>

#include "config/document.hpp"
#include "config/mistakes.hpp"
#include "config/node.hpp"
#include "config/text_file.hpp"

namespace vrrp_xdp::config {
namespace {

/// Bytes that are in no UTF-8 text, or that YAML forbids: yaml-cpp takes them for ends of the file and the
/// like.
bool is_binary(char character) {
    const auto byte = static_cast<unsigned char>(character);
    const bool white_space = byte == '\t' || byte == '\n' || byte == '\r';
    return (byte < ' ' && !white_space) || byte == 0x7f || byte == 0xfe || byte == 0xff;
}

Position position_in(std::string_view text, std::size_t offset) {
    const std::string_view before = text.substr(0, offset);
    const auto lines = std::count(before.begin(), before.end(), '\n');
    const std::size_t newline = before.rfind('\n');
    const std::size_t column = newline == std::string_view::npos ? offset : offset - newline - 1;
    return {static_cast<int>(lines) + 1, static_cast<int>(column) + 1};
}

void check_is_text(std::string_view text, Mistakes& mistakes) {
    const auto* const found = std::find_if(text.begin(), text.end(), is_binary);
    if (found == text.end()) return;
    std::array<char, 5> byte{};
    std::snprintf(byte.data(), byte.size(), "0x%02x", static_cast<unsigned char>(*found));
    const auto offset = static_cast<std::size_t>(found - text.begin());
    mistakes.add(position_in(text, offset),
                 std::string("byte ") + byte.data() + " is not UTF-8 text: convert the file to UTF-8");
}

/// Whether white space at the beginning of a line, which counts from 1, has a tab in it.
bool is_indented_by_tab(std::string_view text, int line) {
    for (; line > 1; --line) {
        const std::size_t newline = text.find('\n');
        if (newline == std::string_view::npos) return false;
        text.remove_prefix(newline + 1);
    }
    return text.substr(0, text.find_first_not_of(" \t")).find('\t') != std::string_view::npos;
}

void add_syntax_error(const YAML::Exception& error, std::string_view text, Mistakes& mistakes) {
    if (error.mark.is_null()) return mistakes.add({}, "not valid YAML: " + error.msg);
    const Position position{error.mark.line + 1, error.mark.column + 1};
    std::string message = "not valid YAML: " + error.msg;
    if (is_indented_by_tab(text, position.line))
        message += "; the line begins with a tab: indent with spaces";
    mistakes.add(position, std::move(message));
}

/// Notes where a document begins, and lets all else pass.
class DocumentStart : public YAML::EventHandler {
  public:
    std::optional<Position> position;

    void OnDocumentStart(const YAML::Mark& mark) override { position = {mark.line + 1, mark.column + 1}; }
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark& /*mark*/, YAML::anchor_t /*anchor*/) override {}
    void OnAlias(const YAML::Mark& /*mark*/, YAML::anchor_t /*anchor*/) override {}
    void OnScalar(const YAML::Mark& /*mark*/, const std::string& /*tag*/, YAML::anchor_t /*anchor*/,
                  const std::string& /*value*/) override {}
    void OnSequenceStart(const YAML::Mark& /*mark*/, const std::string& /*tag*/, YAML::anchor_t /*anchor*/,
                         YAML::EmitterStyle::value /*style*/) override {}
    void OnSequenceEnd() override {}
    void OnMapStart(const YAML::Mark& /*mark*/, const std::string& /*tag*/, YAML::anchor_t /*anchor*/,
                    YAML::EmitterStyle::value /*style*/) override {}
    void OnMapEnd() override {}
};

/// Where text follows the end of the first document. YAML::Load would leave it unread, and YAML::LoadAll does
/// not come to an end on some texts: it takes ",a" for empty documents without number.
std::optional<Position> second_document(const std::string& text) {
    std::istringstream stream(text);
    YAML::Parser parser(stream);
    DocumentStart first;
    DocumentStart second;
    if (parser.HandleNextDocument(first)) parser.HandleNextDocument(second);
    return second.position;
}

Config read_text(const std::string& text, Mistakes& mistakes) {
    if (const auto position = second_document(text)) {
        mistakes.add(*position,
                     "the file must be a single mapping, which ends before this line: check the indentation, "
                     "and that no second document follows");
    }
    const YAML::Node root = YAML::Load(text);
    if (!root.IsNull()) return read_document(root, mistakes);
    if (mistakes.empty()) mistakes.add({}, "the file is empty; it must be a mapping with the key interfaces");
    return {};
}

}  // namespace

tl::expected<Config, std::vector<Mistake>> parse(const std::string& text) {
    Mistakes mistakes;
    Config config;
    check_is_text(text, mistakes);
    if (mistakes.empty()) {
        // The one place where yaml-cpp's exceptions end.
        try {
            config = read_text(text, mistakes);
        } catch (const YAML::DeepRecursion& error) {
            mistakes.add({error.mark.line + 1, error.mark.column + 1}, "nested too deeply");
        } catch (const YAML::Exception& error) {
            add_syntax_error(error, text, mistakes);
        }
    }
    if (mistakes.empty()) return config;
    return tl::unexpected(std::move(mistakes).in_order());
}

tl::expected<Config, std::vector<Mistake>> load(const std::string& file) {
    const auto text = read_text_file(file);
    if (!text) return tl::unexpected(std::vector{Mistake{0, 0, text.error().what}});
    return parse(*text);
}

tl::expected<Config, std::vector<Mistake>> load(const Source& source) {
    auto config = load(source.file);
    const auto& meant = source.interfaces;
    if (config && !meant.empty())
        std::erase_if(config->interfaces, [&](const Interface& interface) {
            return std::find(meant.begin(), meant.end(), interface.name) == meant.end();
        });
    return config;
}

}  // namespace vrrp_xdp::config
