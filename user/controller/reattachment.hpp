// SPDX-License-Identifier: BSD-2-Clause
// A port whose programs somebody took off, or whose interface went and came back, gets its data plane again.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "controller/managed_interface.hpp"

namespace vrrp_xdp::controller {

/// A port as it was attached, and what becomes of it.
class AttachedPort {
  public:
    /// first: where its interfaces stand in the list of all, one after the other.
    AttachedPort(std::string name, std::uint32_t first, std::vector<config::Interface> interfaces,
                 dataplane::Mode mode)
        : name_(std::move(name)), first_(first), interfaces_(std::move(interfaces)), mode_(mode) {}

    const std::string& name() const { return name_; }

    /// Where its interfaces stand.
    std::uint32_t begin() const { return first_; }
    std::uint32_t end() const { return first_ + static_cast<std::uint32_t>(interfaces_.size()); }

    /// Attaches these of its interfaces anew, to what the kernel has under their names now. wanted: by place,
    /// from begin() on. Returns them in that order.
    Result<ManagedInterfaces> attach_again(const std::vector<bool>& wanted) const;

  private:
    std::string name_;
    std::uint32_t first_;
    std::vector<config::Interface> interfaces_;
    dataplane::Mode mode_;
};

}  // namespace vrrp_xdp::controller
