// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <vector>

#include "support/result.hpp"

namespace vrrp_xdp::keepalived {

/// Where the text of files comes from: the disk, or a test.
class Files {
  public:
    Files() = default;
    Files(const Files&) = delete;
    Files& operator=(const Files&) = delete;
    virtual ~Files() = default;

    virtual Result<std::string> read(const std::string& path) const = 0;
    /// Returns the files that match a pattern of glob(7), including braces, in order.
    virtual std::vector<std::string> matching(const std::string& pattern) const = 0;
};

/// Those on disk.
class DiskFiles : public Files {
  public:
    Result<std::string> read(const std::string& path) const override;
    std::vector<std::string> matching(const std::string& pattern) const override;
};

}  // namespace vrrp_xdp::keepalived
