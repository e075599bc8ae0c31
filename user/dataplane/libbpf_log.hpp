// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

namespace vrrp_xdp::dataplane {

/// Collects what libbpf would print on this thread while it lives: the driver's reason for refusing a program
/// and the verifier's log come in no other way.
class LibbpfLog {
  public:
    LibbpfLog();
    ~LibbpfLog();
    LibbpfLog(const LibbpfLog&) = delete;
    LibbpfLog& operator=(const LibbpfLog&) = delete;

    const std::string& text() const { return text_; }
    /// Returns the kernel's message about a refused netlink request, or nothing.
    std::string kernel_message() const;

  private:
    std::string text_;
};

}  // namespace vrrp_xdp::dataplane
