// SPDX-License-Identifier: BSD-2-Clause
#include "cli/configuration.hpp"

#include <iostream>
#include <utility>

namespace vrrp_xdp::cli {

std::optional<config::Config> load_or_report(const std::string& file) {
    auto loaded = load_with_origins_or_report(file);
    if (!loaded) return std::nullopt;
    return std::move(loaded->config);
}

std::optional<config::Loaded> load_with_origins_or_report(const std::string& file) {
    auto loaded = config::load_with_origins(file);
    if (loaded) return std::move(*loaded);
    report_mistakes(file, loaded.error());
    return std::nullopt;
}

void report_mistakes(const std::string& file, const std::vector<config::Mistake>& mistakes) {
    std::vector<std::string> lines;
    for (const config::Mistake& mistake : mistakes) lines.push_back(mistake.to_string(file));
    report_mistakes(file, lines);
}

void report_mistakes(const std::string& file, const std::vector<std::string>& mistakes) {
    for (const std::string& mistake : mistakes) std::cerr << mistake << '\n';
    std::cerr << mistakes.size() << (mistakes.size() == 1 ? " mistake in " : " mistakes in ") << file
              << "; nothing was changed\n";
}

}  // namespace vrrp_xdp::cli
