// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <filesystem>
#include <string>

#include "dataplane/interface.hpp"
#include "dataplane/mode.hpp"
#include "support/result.hpp"
#include "support/unique_fd.hpp"

namespace vrrp_xdp::dataplane {

/// An XDP program held on an interface by a bpf_link: it stays while the link is open or pinned, and nobody
/// can put another program in its place by accident.
class XdpLink {
  public:
    /// Attaches the program in mode Native or Generic. Native fails if the driver does not support it.
    static Result<XdpLink> attach(const Interface& interface, Mode mode, int program_fd);

    /// Opens the pinned link, with whatever program it has.
    static Result<XdpLink> open(const std::filesystem::path& pinned);

    /// Puts the program in the place of the one that is there: from one frame to the next, in the mode that
    /// it is in.
    Result<void> replace(const Interface& interface, int program_fd) const;

    /// Returns whether the program is still attached to the interface. An interface that disappears removes
    /// it, and other programs may.
    bool is_attached(const Interface& interface) const;

    /// Takes the program off the interface, whoever else holds the link.
    void detach() const noexcept;

    Result<void> pin(const std::filesystem::path& path) const;

  private:
    explicit XdpLink(UniqueFd link) : link_(std::move(link)) {}
    UniqueFd link_;
};

/// Returns the mode of the XDP program on the interface, ours or another.
Mode present_mode(const Interface& interface);

/// Returns the index of the interface that the link is attached to; 0 if none any more.
unsigned linked_interface(int link_fd);

}  // namespace vrrp_xdp::dataplane
