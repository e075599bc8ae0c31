// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <fnmatch.h>

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "directives/files.hpp"
#include "keepalived/host.hpp"

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

/// Has some users and groups, and every program but what is in /missing.
class FakeHost : public Host {
  public:
    explicit FakeHost(std::set<std::string> names = {"root", "nobody", "daemon"})
        : names_(std::move(names)) {}
    bool has_user(const std::string& name) const override { return names_.contains(name); }
    bool has_group(const std::string& name) const override { return names_.contains(name); }
    bool has_program(const std::string& name) const override { return !name.starts_with("/missing"); }
    std::string helper() const override { return KEEPALIVED_NOTIFY; }

  private:
    std::set<std::string> names_;
};

}  // namespace vrrp_xdp::keepalived
