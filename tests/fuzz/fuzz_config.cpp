// SPDX-License-Identifier: BSD-2-Clause
// Any text is a configuration, or has mistakes; it is never anything else.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "config/load.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto config = vrrp_xdp::config::parse(std::string(data, data + size));
    if (config ? config->interfaces.empty() : config.error().empty()) std::abort();
    return 0;
}
