// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <fnmatch.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "directives/files.hpp"

namespace vrrp_xdp::keepalived {

/// Files that are only in memory.
class MemoryFiles : public Files {
  public:
    explicit MemoryFiles(std::map<std::string, std::string> files) : files_(std::move(files)) {}

    Result<std::string> read(const std::string& path) const override {
        const auto found = files_.find(path);
        if (found == files_.end()) return failure("the file cannot be read: No such file or directory");
        return found->second;
    }

    std::vector<std::string> matching(const std::string& pattern) const override {
        std::vector<std::string> paths;
        for (const auto& [path, text] : files_) {
            if (fnmatch(pattern.c_str(), path.c_str(), FNM_PATHNAME) == 0) paths.push_back(path);
        }
        return paths;
    }

  private:
    std::map<std::string, std::string> files_;
};

}  // namespace vrrp_xdp::keepalived
