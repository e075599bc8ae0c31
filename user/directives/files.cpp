// SPDX-License-Identifier: BSD-2-Clause
#include "directives/files.hpp"

#include <glob.h>

#include <filesystem>
#include <span>
#include <system_error>

#include "config/text_file.hpp"

namespace vrrp_xdp::keepalived {

Result<std::string> DiskFiles::read(const std::string& path) const {
    if (path == "-") return config::read_text_file("/dev/stdin");
    std::error_code error;
    // A FIFO would keep whoever opens it waiting.
    const auto status = std::filesystem::status(path, error);
    if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status))
        return failure("it is not a regular file", "`vrrp-xdp import -` reads standard input");
    return config::read_text_file(path);
}

std::vector<std::string> DiskFiles::matching(const std::string& pattern) const {
    glob_t found{};
    std::vector<std::string> paths;
    if (glob(pattern.c_str(), GLOB_BRACE | GLOB_MARK, nullptr, &found) == 0) {
        for (const char* const path : std::span(found.gl_pathv, found.gl_pathc)) {
            const std::string text = path;
            if (!text.ends_with('/')) paths.push_back(text);
        }
    }
    globfree(&found);
    return paths;
}

}  // namespace vrrp_xdp::keepalived
