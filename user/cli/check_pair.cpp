// SPDX-License-Identifier: BSD-2-Clause
#include "cli/check_pair.hpp"

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <optional>
#include <sstream>
#include <string_view>
#include <utility>

#include "cli/configuration.hpp"
#include "cli/instances.hpp"
#include "config/load.hpp"
#include "config/text_file.hpp"
#include "keepalived/import.hpp"
#include "pair/compare.hpp"
#include "pair/json.hpp"
#include "pair/side.hpp"
#include "pair/text.hpp"

namespace vrrp_xdp::cli {
namespace {

using pair::Comparison;
using pair::Finding;
using pair::Severity;
using pair::Side;

/// The file is of another host, of which nothing is known.
class AnyHost : public keepalived::Host {
  public:
    bool has_user(const std::string& /*name*/) const override { return true; }
    bool has_group(const std::string& /*name*/) const override { return true; }
    bool has_program(const std::string& /*name*/) const override { return true; }
    std::string helper() const override { return {}; }
};

/// Whether the file is one of keepalived's: by its name, and where that says nothing by the blocks in it.
bool is_keepalived(const std::string& file) {
    const std::string extension = std::filesystem::path(file).extension();
    if (extension == ".conf") return true;
    if (extension == ".yaml" || extension == ".yml") return false;
    const auto text = config::read_text_file(file);
    if (!text) return false;
    std::istringstream lines(*text);
    for (std::string line; std::getline(lines, line);)
        for (const std::string_view block : {"vrrp_", "global_defs"})
            if (std::string_view(line).starts_with(block)) return true;
    return false;
}

config::Place place_of(const keepalived::Place& place) { return {place.file, place.line, place.column}; }

/// A router, and what is wrong with it whoever the other one is.
struct Loaded {
    Side side;
    std::vector<Finding> findings;
};

std::optional<Loaded> load_keepalived(const std::string& file, const std::string& config_id) {
    auto imported = keepalived::import_file(file, config_id, keepalived::DiskFiles(), AnyHost());
    if (!imported) {
        std::vector<std::string> mistakes;
        for (const keepalived::Remark& remark : imported.error()) mistakes.push_back(remark.to_string());
        report_mistakes(file, mistakes);
        return std::nullopt;
    }
    Loaded loaded{{file, std::move(imported->config), {}, true}, {}};
    for (auto& interface : imported->origins) {
        auto& places = loaded.side.origins.emplace_back();
        for (auto& origin : interface) places.push_back(std::move(origin.places));
    }
    for (const keepalived::Note& note : imported->remarks)
        if (note.consequence == keepalived::Consequence::Disagreement)
            loaded.findings.push_back({Severity::Mistake, {}, {}, note.text, {{place_of(note.place), {}}}});
    for (const keepalived::LeftOutInstance& left_out : imported->left_out)
        loaded.findings.push_back({Severity::Mistake,
                                   "vrrp_instance " + left_out.name,
                                   {},
                                   "it is not compared, as it cannot be a Virtual Router: " + left_out.why,
                                   {{place_of(left_out.place), {}}}});
    return loaded;
}

std::optional<Loaded> load(const std::string& file, const std::string& config_id) {
    if (is_keepalived(file)) return load_keepalived(file, config_id);
    auto loaded = config::load_with_origins(file);
    if (loaded) return Loaded{{file, std::move(loaded->config), std::move(loaded->origins), false}, {}};
    report_mistakes(file, loaded.error());
    return std::nullopt;
}

void print(const Comparison& comparison, const std::array<std::string, 2>& files) {
    std::cout << pair::roles_of(comparison, files) << std::flush;
    for (const Finding& finding : comparison.findings) std::cerr << pair::text_of(finding);
    (comparison.count(Severity::Mistake) == 0 ? std::cout : std::cerr)
        << pair::summary_of(comparison, files) << std::endl;
}

}  // namespace

ExitCode check_pair(const std::array<std::string, 2>& files, const std::string& config_id, Form form) {
    auto a = load(files[0], config_id);
    auto b = load(files[1], config_id);
    if (!a || !b) return ExitCode::BadConfiguration;
    std::vector<Finding> findings = std::move(a->findings);
    std::move(b->findings.begin(), b->findings.end(), std::back_inserter(findings));
    Comparison comparison = pair::compare({std::move(a->side), std::move(b->side)});
    std::move(comparison.findings.begin(), comparison.findings.end(), std::back_inserter(findings));
    comparison.findings = std::move(findings);
    if (form == Form::Json)
        std::cout << printed(pair::to_json(comparison, files)) << std::flush;
    else
        print(comparison, files);
    return comparison.count(Severity::Mistake) == 0 ? ExitCode::Done : ExitCode::BadConfiguration;
}

}  // namespace vrrp_xdp::cli
