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
    /// In a mode that can be, of which the programs are loaded. Pins in the directory what there is to pin.
    /// Fails where another XDP program is, where the driver has no native XDP and the mode is Native, and
    /// where VLAN tags are hidden from XDP.
    static Result<Hooks> attach(const Interface& interface, Mode mode, const vrrp_xdp_bpf& programs,
                                const std::filesystem::path& directory);

    /// Those of a predecessor, in its mode: they stay as they are until take_over().
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
    /// Why it is this mode, as one sentence; empty if that is plain.
    const std::string& reason() const { return reason_; }
    /// For who asked for the mode and knows why.
    void explain(std::string reason) { reason_ = std::move(reason); }
    /// What in this mode may be hidden from the program, and what to do; empty if nothing is.
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
