// SPDX-License-Identifier: BSD-2-Clause
#include "config/load.hpp"

#include <glob.h>
#include <yaml-cpp/depthguard.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <set>
#include <sstream>
#include <string_view>
#include <utility>

#include "config/document.hpp"
#include "config/mistakes.hpp"
#include "config/node.hpp"
#include "config/text.hpp"
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

/// Whether it is, after reporting where it is not.
bool check_is_text(std::string_view text, int file, Mistakes& mistakes) {
    const auto* const found = std::find_if(text.begin(), text.end(), is_binary);
    if (found == text.end()) return true;
    std::array<char, 5> byte{};
    std::snprintf(byte.data(), byte.size(), "0x%02x", static_cast<unsigned char>(*found));
    const auto offset = static_cast<std::size_t>(found - text.begin());
    Position position = position_in(text, offset);
    position.file = file;
    mistakes.add(position,
                 std::string("byte ") + byte.data() + " is not UTF-8 text: convert the file to UTF-8");
    return false;
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

void add_syntax_error(const YAML::Exception& error, std::string_view text, int file, Mistakes& mistakes) {
    if (error.mark.is_null()) return mistakes.add({.file = file}, "not valid YAML: " + error.msg);
    const Position position{error.mark.line + 1, error.mark.column + 1, file};
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

/// The tree of a text that is one document. Nothing, after reporting why, if it is none. file: its number.
std::optional<YAML::Node> read_tree(const std::string& text, int file, Mistakes& mistakes) {
    if (!check_is_text(text, file, mistakes)) return std::nullopt;
    // The one place where yaml-cpp's exceptions end.
    try {
        const auto second = second_document(text);
        if (second) {
            mistakes.add({second->line, second->column, file},
                         "the file must be a single mapping, which ends before this line: check the "
                         "indentation, and that no second document follows");
        }
        YAML::Node root = YAML::Load(text);
        if (!root.IsNull()) return root;
        if (!second)
            mistakes.add({.file = file}, "the file is empty; it must be a mapping with the key interfaces");
    } catch (const YAML::DeepRecursion& error) {
        mistakes.add({error.mark.line + 1, error.mark.column + 1, file}, "nested too deeply");
    } catch (const YAML::Exception& error) {
        add_syntax_error(error, text, file, mistakes);
    }
    return std::nullopt;
}

/// Reads a file, or those of a directory, with all that they include.
class FileReader {
  public:
    FileReader(const std::string& named, Mistakes& mistakes) : named_(named), mistakes_(mistakes) {}

    std::vector<Document> read() && {
        std::error_code error;
        if (std::filesystem::is_directory(named_, error))
            read_directory();
        else
            read_file(named_, 0, std::nullopt);
        return std::move(documents_);
    }

  private:
    /// In the order of their names, so that a message about two files is the same on each run.
    void read_directory() {
        std::set<std::filesystem::path> files;
        std::error_code error;
        for (const auto& entry : std::filesystem::directory_iterator(named_, error)) {
            const std::string extension = entry.path().extension();
            const bool is_hidden = entry.path().filename().string().starts_with('.');
            if ((extension == ".yaml" || extension == ".yml") && !is_hidden) files.insert(entry.path());
        }
        if (error) return mistakes_.add({}, "the directory cannot be read: " + error.message());
        if (files.empty()) return mistakes_.add({}, "the directory has no file whose name ends in .yaml");
        for (const std::filesystem::path& file : files)
            read_file(file, mistakes_.add_file(file), std::nullopt);
    }

    void read_file(const std::filesystem::path& path, int file, std::optional<std::size_t> includer) {
        std::error_code error;
        if (!seen_.insert(std::filesystem::weakly_canonical(path, error)).second)
            return mistakes_.add({.file = file}, "the file is included twice");
        const auto text = read_text_file(path);
        if (!text) return mistakes_.add({.file = file}, text.error().what);
        const auto root = read_tree(*text, file, mistakes_);
        if (!root) return;
        auto mapping = open_document(*root, file, mistakes_);
        if (!mapping) return;
        const std::size_t place = documents_.size();
        const std::vector<Item> included = included_by(*mapping, mistakes_);
        documents_.push_back({std::move(*mapping), includer});
        for (const Item& item : included) include(path.parent_path(), item, place);
    }

    void include(const std::filesystem::path& directory, const Item& item, std::size_t includer) {
        if (seen_.size() >= most_files)
            return mistakes_.add(item.position,
                                 "more than " + std::to_string(most_files) + " files are included");
        const std::string pattern = directory / item.value.Scalar();
        glob_t found{};
        const int failed = glob(pattern.c_str(), 0, nullptr, &found);
        const std::vector<std::string> files(found.gl_pathv, found.gl_pathv + found.gl_pathc);
        globfree(&found);
        if (failed != 0)
            return mistakes_.add(item.position,
                                 "no file is called " + config::quoted(pattern) + ", or can be read");
        for (const std::string& file : files) read_file(file, mistakes_.add_file(file), includer);
    }

    static constexpr std::size_t most_files = 1024;

    const std::string& named_;
    Mistakes& mistakes_;
    std::vector<Document> documents_;
    std::set<std::filesystem::path> seen_;
};

tl::expected<Loaded, std::vector<Mistake>> outcome_of(const std::vector<Document>& documents,
                                                      Mistakes mistakes) {
    Loaded loaded;
    if (!documents.empty()) loaded = read_documents(documents, mistakes);
    if (mistakes.empty() && loaded.config.interfaces.empty())
        mistakes.add({}, "no file of it has the key interfaces");
    if (mistakes.empty()) return loaded;
    return tl::unexpected(std::move(mistakes).in_order());
}

}  // namespace

tl::expected<Loaded, std::vector<Mistake>> parse_with_origins(const std::string& text,
                                                              const std::string& file) {
    Mistakes mistakes(file);
    std::vector<Document> documents;
    if (const auto root = read_tree(text, 0, mistakes)) {
        if (auto mapping = open_document(*root, 0, mistakes)) {
            if (const auto include = mapping->find("include"))
                mistakes.add(include->position, "include is for a file, and this text is none");
            documents.push_back({std::move(*mapping), std::nullopt});
        }
    }
    return outcome_of(documents, std::move(mistakes));
}

tl::expected<Config, std::vector<Mistake>> parse(const std::string& text) {
    return parse_with_origins(text, {}).map([](Loaded&& loaded) { return std::move(loaded.config); });
}

tl::expected<Loaded, std::vector<Mistake>> load_with_origins(const std::string& file) {
    Mistakes mistakes(file);
    const std::vector<Document> documents = FileReader(file, mistakes).read();
    return outcome_of(documents, std::move(mistakes));
}

tl::expected<Config, std::vector<Mistake>> load(const std::string& file) {
    return load_with_origins(file).map([](Loaded&& loaded) { return std::move(loaded.config); });
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
