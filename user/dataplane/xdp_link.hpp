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
    /// Native or Generic. Native fails where the driver cannot.
    static Result<XdpLink> attach(const Interface& interface, Mode mode, int program_fd);

    /// The link that is pinned there, with whatever program it holds.
    static Result<XdpLink> open(const std::filesystem::path& pinned);

    /// Puts the program in the place of the one that is there: from one frame to the next, in the mode that
    /// it is in.
    Result<void> replace(const Interface& interface, int program_fd) const;

    /// Whether the program is on the interface still. An interface that goes takes it off, and so may
    /// somebody else.
    bool is_attached(const Interface& interface) const;

    /// Takes the program off the interface, whoever else holds the link.
    void detach() const noexcept;

    Result<void> pin(const std::filesystem::path& path) const;

  private:
    explicit XdpLink(UniqueFd link) : link_(std::move(link)) {}
    UniqueFd link_;
};

/// The mode of the XDP program that is on the interface, ours or another.
Mode present_mode(const Interface& interface);

/// Index of the interface that the link holds a program on; 0 if on none any more.
unsigned linked_interface(int link_fd);

}  // namespace vrrp_xdp::dataplane
