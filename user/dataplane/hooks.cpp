// SPDX-License-Identifier: BSD-2-Clause
#include "dataplane/hooks.hpp"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "dataplane/attached_program.hpp"
#include "dataplane/clsact.hpp"
#include "device/offload.hpp"
#include "device/vlan_offload.hpp"

namespace vrrp_xdp::dataplane {
namespace {

constexpr const char* kSeesTags = "omit --mode, or use --mode clsact, which sees the tags of every frame";

std::vector<device::TagType> stripped_tags(const Interface& interface) {
    std::vector<device::TagType> stripped;
    for (const device::TagType type : device::kTagTypes)
        if (device::tag_stripping(interface.name, type) == device::TagStripping::On) stripped.push_back(type);
    return stripped;
}

}  // namespace

Result<Hooks> Hooks::attach(const Interface& interface, Mode mode, const vrrp_xdp_bpf& programs,
                            const std::filesystem::path& directory) {
    const auto present = attached_program(interface.index);
    if (present && mode != Mode::Clsact)
        return failure("another XDP program is on " + interface.name + ": " + describe(*present),
                       removal_hint(*present, interface.name));

    Hooks hooks(interface, programs);
    const Choice choice = choose_mode(mode, interface.kind);
    hooks.reason_ = choice.reason;
    auto done = hooks.try_mode(choice.first, directory);
    if (!done && choice.otherwise) {
        hooks.reason_ = done.error().what;
        done = hooks.try_mode(*choice.otherwise, directory);
    }
    if (!done) return tl::unexpected(done.error());
    return hooks;
}

Result<Hooks> Hooks::adopt(const Interface& interface, Mode mode, const vrrp_xdp_bpf& programs,
                           const std::filesystem::path& directory) {
    Hooks hooks(interface, programs);
    hooks.is_adopted_ = true;
    hooks.mode_ = mode;
    if (mode == Mode::Clsact) return hooks;
    auto link = XdpLink::open(directory / VRRP_XDP_PIN_LINK);
    if (!link) return tl::unexpected(link.error());
    hooks.link_.emplace(std::move(*link));
    if (mode == Mode::Generic) hooks.reason_ = "inherited from the previous instance";
    return hooks;
}

Result<void> Hooks::claim() {
    if (!std::exchange(is_adopted_, false)) return {};
    if (mode_ == Mode::Clsact) return try_clsact();
    return add_filter(interface_.index, Direction::Ingress, bpf_program__fd(programs_->progs.vrrp_ingress))
        .and_then([&] { return link_->replace(interface_, bpf_program__fd(programs_->progs.vrrp_xdp)); })
        .and_then([&]() -> Result<void> {
            if (auto kept = keep_tags(); !kept) return tl::unexpected(kept.error());
            return {};
        });
}

Result<void> Hooks::receive_by(int program_fd) const {
    return link_ ? link_->replace(interface_, program_fd)
                 : add_filter(interface_.index, Direction::Ingress, program_fd);
}

int Hooks::own_program() const {
    return bpf_program__fd(link_ ? programs_->progs.vrrp_xdp : programs_->progs.vrrp_clsact);
}

Result<void> Hooks::try_mode(Mode mode, const std::filesystem::path& directory) {
    auto done = mode == Mode::Clsact ? try_clsact() : try_xdp(mode, directory);
    if (done) mode_ = mode;
    return done;
}

Result<void> Hooks::try_clsact() {
    mode_ = Mode::Clsact;
    if (auto noted = note(*programs_, VRRP_XDP_BY_CLSACT); !noted) return noted;
    return add_filter(interface_.index, Direction::Ingress, bpf_program__fd(programs_->progs.vrrp_clsact));
}

/// The maps are empty still: what comes in before all is ready is left as it is.
Result<void> Hooks::try_xdp(Mode mode, const std::filesystem::path& directory) {
    if (mode == Mode::Generic)
        if (auto noted = note(*programs_, device::aggregation_flags(interface_.name)); !noted) return noted;
    auto link = XdpLink::attach(interface_, mode, bpf_program__fd(programs_->progs.vrrp_xdp));
    if (!link) return tl::unexpected(link.error());
    link_.emplace(std::move(*link));
    auto done = show_tags(mode)
                    .and_then([&] {
                        return add_filter(interface_.index, Direction::Ingress,
                                          bpf_program__fd(programs_->progs.vrrp_ingress));
                    })
                    .and_then([&] { return link_->pin(directory / VRRP_XDP_PIN_LINK); });
    if (done) return done;
    link_->detach();
    link_.reset();
    device::restore_tag_stripping(interface_.name, read_port(*programs_).flags);
    return done;
}

Result<void> Hooks::show_tags(Mode mode) {
    if (!xdp_comes_before_untagging(interface_.kind))
        return failure(
            "a " + interface_.kind +
                " hides VLAN tags from XDP, so that it would mistake frames of other VLANs for its own",
            kSeesTags);
    if (interface_.kind == "veth" && !stripped_tags(interface_).empty()) {
        // The tag lies where its peer has left it, and the peer may be in another network namespace.
        const std::string hidden = "VLAN tags are hidden from XDP where the other end of " + interface_.name +
                                   " has tx-vlan-offload or tx-vlan-stag-hw-insert on";
        const std::string remedy = "'ethtool -K " + interface_.name +
                                   " rxvlan off rx-vlan-stag-hw-parse off', and at the other end 'txvlan off "
                                   "tx-vlan-stag-hw-insert off'";
        if (mode == Mode::Generic) return failure(hidden, remedy + "; or " + kSeesTags);
        warning_ = hidden + ": " + remedy;
    }
    const auto kept = keep_tags();
    if (!kept) return failure(kept.error().what + ", which hides VLAN tags from XDP", kSeesTags);
    return {};
}

bool Hooks::is_attached() const {
    return link_ ? link_->is_attached(interface_) : filter_program(interface_.index, Direction::Ingress) != 0;
}

void Hooks::detach() const noexcept {
    if (link_)
        link_->detach();
    else
        remove_filter(interface_.index, Direction::Ingress);
}

std::vector<std::string> Hooks::hides_tags() const {
    std::vector<std::string> on;
    if (!link_) return on;
    for (const device::TagType type : stripped_tags(interface_)) on.emplace_back(device::ethtool_name(type));
    return on;
}

Result<std::vector<std::string>> Hooks::keep_tags() const {
    std::vector<std::string> were_on;
    if (!link_) return were_on;
    for (const device::TagType type : stripped_tags(interface_)) {
        if (auto noted = note(*programs_, device::kept_tags_flag(type)); !noted)
            return tl::unexpected(noted.error());
        if (auto done = device::set_tag_stripping(interface_.name, type, device::TagStripping::Off); !done)
            return tl::unexpected(done.error());
        were_on.emplace_back(device::ethtool_name(type));
    }
    return were_on;
}

}  // namespace vrrp_xdp::dataplane
