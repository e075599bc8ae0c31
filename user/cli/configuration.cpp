// SPDX-License-Identifier: BSD-2-Clause
#include "cli/configuration.hpp"

#include <iostream>
#include <utility>

#include "config/load.hpp"

namespace vrrp_xdp::cli {

std::optional<config::Config> load_or_report(const std::string& file) {
    auto loaded = config::load(file);
    if (loaded) return std::move(*loaded);
    std::vector<std::string> mistakes;
    for (const config::Mistake& mistake : loaded.error()) mistakes.push_back(mistake.to_string(file));
    report_mistakes(file, mistakes);
    return std::nullopt;
}

void report_mistakes(const std::string& file, const std::vector<std::string>& mistakes) {
    for (const std::string& mistake : mistakes) std::cerr << mistake << '\n';
    std::cerr << mistakes.size() << (mistakes.size() == 1 ? " mistake in " : " mistakes in ") << file
              << "; nothing was changed\n";
}

}  // namespace vrrp_xdp::cli
