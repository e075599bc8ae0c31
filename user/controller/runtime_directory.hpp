// SPDX-License-Identifier: BSD-2-Clause
// The directory of this network namespace's sockets and locks.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "support/result.hpp"
#include "support/unique_fd.hpp"

namespace vrrp_xdp::controller {

std::filesystem::path runtime_directory();

/// Removes it if nothing is left in it.
void remove_empty_runtime_directory();

/// One instance alone serves a port, with all its VLANs, and one alone is about to. Held until the end of the
/// process, however it ends.
class PortLock {
  public:
    enum class Purpose { Serve, Attach };

    /// Nothing if a living instance holds it.
    static Result<std::optional<PortLock>> try_to_take(const std::string& port_name, Purpose purpose);

    /// To serve the port. Fails if a living instance holds it.
    static Result<PortLock> take(const std::string& port_name);

    PortLock(PortLock&&) noexcept = default;
    PortLock& operator=(PortLock&&) noexcept = default;
    PortLock(const PortLock&) = delete;
    PortLock& operator=(const PortLock&) = delete;
    ~PortLock();

  private:
    PortLock(std::filesystem::path path, UniqueFd file) : path_(std::move(path)), file_(std::move(file)) {}
    std::filesystem::path path_;
    UniqueFd file_;
};

}  // namespace vrrp_xdp::controller
