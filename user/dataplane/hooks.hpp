// SPDX-License-Identifier: BSD-2-Clause
// The programs on an interface, and what had to be changed there for them.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "dataplane/interface.hpp"
#include "dataplane/mode.hpp"
#include "dataplane/programs.hpp"
#include "dataplane/xdp_link.hpp"
#include "support/result.hpp"

namespace vrrp_xdp::dataplane {

/// Frames come in by one program, XDP's or clsact's; beside an XDP program, one of clsact marks what is the
/// host's own. All that has to be undone at the end is noted in the map port first.
class Hooks {
  public:
    /// Attaches the loaded programs in a possible mode, and pins in the directory what can be pinned. Fails
    /// if another XDP program is attached, if the mode is Native and the driver does not support it, or if
    /// VLAN tags are hidden from XDP.
    static Result<Hooks> attach(const Interface& interface, Mode mode, const vrrp_xdp_bpf& programs,
                                const std::filesystem::path& directory);

    /// Adopts the hooks of a predecessor, in its mode: they do not change until take_over().
    static Result<Hooks> adopt(const Interface& interface, Mode mode, const vrrp_xdp_bpf& programs,
                               const std::filesystem::path& directory);

    /// Puts the programs in the places of those that were adopted, from one frame to the next.
    Result<void> claim();

    /// Has frames come in by another program for the same hook, or by this one's own again, from one frame to
    /// the next.
    Result<void> receive_by(int program_fd) const;
    int own_program() const;

    /// Whether the program by which frames come in is there still. An interface that goes takes it off, and
    /// so may somebody else. A system call or two.
    bool is_attached() const;

    /// Takes the program by which frames come in off, whoever else holds it.
    void detach() const noexcept;

    /// Turns off what strips VLAN tags, if XDP must see them. Returns the names of what was on.
    Result<std::vector<std::string>> keep_tags() const;
    std::vector<std::string> hides_tags() const;

    Mode mode() const { return mode_; }
    /// Returns the reason of the mode, as one sentence; empty if it is obvious.
    const std::string& reason() const { return reason_; }
    /// Sets the reason of the mode.
    void explain(std::string reason) { reason_ = std::move(reason); }
    /// Returns what may be hidden from the program in this mode, and what to do; empty if nothing is.
    const std::string& warning() const { return warning_; }

  private:
    Hooks(Interface interface, const vrrp_xdp_bpf& programs)
        : interface_(std::move(interface)), programs_(&programs) {}

    Result<void> try_mode(Mode mode, const std::filesystem::path& directory);
    Result<void> try_clsact();
    Result<void> try_xdp(Mode mode, const std::filesystem::path& directory);
    Result<void> show_tags(Mode mode);

    Interface interface_;
    const vrrp_xdp_bpf* programs_;  ///< outlives this
    Mode mode_ = Mode::Auto;
    std::string reason_;
    std::string warning_;
    std::optional<XdpLink> link_;  ///< none with Clsact
    bool is_adopted_ = false;      ///< the programs there are a predecessor's
};

}  // namespace vrrp_xdp::dataplane
