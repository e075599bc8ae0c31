// SPDX-License-Identifier: BSD-2-Clause
#include "cli/configuration.hpp"

#include <iostream>
#include <utility>

#include "config/load.hpp"

namespace vrrp_xdp::cli {

std::optional<config::Config> load_or_report(const std::string& file) {
    auto loaded = config::load(file);
    if (loaded) return std::move(*loaded);
    for (const config::Mistake& mistake : loaded.error()) std::cerr << mistake.to_string(file) << '\n';
    const std::size_t count = loaded.error().size();
    std::cerr << count << (count == 1 ? " mistake in " : " mistakes in ") << file
              << "; nothing was changed\n";
    return std::nullopt;
}

}  // namespace vrrp_xdp::cli
