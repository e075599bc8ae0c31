// SPDX-License-Identifier: BSD-2-Clause
#include "dataplane/attached_port.hpp"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <optional>

#include "dataplane/boot_clock.hpp"
#include "dataplane/bridge_entries.hpp"
#include "dataplane/clsact.hpp"
#include "dataplane/filter_entries.hpp"
#include "dataplane/hooks.hpp"
#include "dataplane/map_sizes.hpp"
#include "dataplane/per_cpu.hpp"
#include "dataplane/pins.hpp"
#include "dataplane/programs.hpp"
#include "dataplane/router_maps.hpp"
#include "protocol/state_machine.hpp"

namespace vrrp_xdp::dataplane {
namespace {

using protocol::kNoLease;
using protocol::TimePoint;

bool any_is_held_by_host(std::span<const VirtualRouter> virtual_routers) {
    return std::any_of(virtual_routers.begin(), virtual_routers.end(),
                       [](const VirtualRouter& router) { return router.held_by_host == HeldByHost::Yes; });
}

/// Makes room for clsact's programs, and notes whose the port is.
Result<void> prepare_interface(const vrrp_xdp_bpf& skeleton, const Interface& interface) {
    vrrp_xdp_port port = read_port(skeleton);
    port.abi_version = VRRP_XDP_ABI_VERSION;
    port.ifindex = interface.index;
    const auto qdisc = open_clsact(interface.index);
    if (!qdisc) return tl::unexpected(qdisc.error());
    if (*qdisc == Qdisc::Made) port.flags |= VRRP_XDP_CREATED_CLSACT;
    return write_port(skeleton, port);
}

/// Why what a living instance has under its pins cannot be shared.
tl::unexpected<Error> not_shared(Pinned pinned, const Interface& interface) {
    const std::string hint = "end it first with 'vrrp-xdp detach " + interface.name + "'";
    switch (pinned) {
        case Pinned::Nothing:
            return failure("the instance that runs there has no pins that are visible from here", hint);
        case Pinned::Detached:
            return failure("the instance that runs there has lost its program", hint);
        case Pinned::OtherAbiVersion:
            return failure("the instance that runs there has another ABI version", hint);
        case Pinned::Attached:
            break;
    }
    return failure("the instance that runs there is in " + to_string(pinned_mode(interface)) +
                       " mode, which cannot change while it runs",
                   "omit --mode, or " + hint);
}

class Attachment final : public AttachedPort {
  public:
    static Result<std::shared_ptr<Attachment>> make(const Interface& interface, Mode mode,
                                                    std::span<const VirtualRouter> virtual_routers,
                                                    Predecessor predecessor) {
        const Pinned pinned = find_pinned(interface.name, interface.index);
        // Of a living one, it is refused later, with the number of those that there is room for.
        const bool has_room = predecessor == Predecessor::Alive ||
                              pinned_room(pin_directory(interface.name)) >= virtual_routers.size();
        const bool shareable =
            pinned == Pinned::Attached && has_room && (mode == Mode::Auto || mode == pinned_mode(interface));
        if (!shareable) {
            if (predecessor == Predecessor::Alive) return not_shared(pinned, interface);
            if (auto removed = remove_attachment(interface.name); !removed)
                return tl::unexpected(removed.error());
        }
        auto attachment = std::shared_ptr<Attachment>(new Attachment(interface, virtual_routers));
        attachment->is_ours_ = predecessor == Predecessor::Gone;
        if (auto done = attachment->set_up(shareable ? pinned_mode(interface) : mode, shareable); !done)
            return tl::unexpected(done.error());
        return attachment;
    }

    Attachment(const Attachment&) = delete;
    Attachment& operator=(const Attachment&) = delete;

    ~Attachment() override { take_away(); }

    Result<void> claim() override {
        is_ours_ = true;
        if (auto done = hooks_->claim(); !done) return done;
        if (auto done = hook_egress(); !done) return done;
        // What another's Virtual Router left there, one of ours must not find.
        for (std::uint32_t slot = 0; slot < VRRP_XDP_MAX_ELECTIONS; ++slot)
            if (!slots_.kept.contains(slot)) elections_->store_lease(slot, kNoLease);
        for (const std::uint32_t slot : slots_.by_router)
            if (!slots_.kept.contains(slot)) reset_counters(slot);
        if (auto done = enter(*skeleton_, virtual_routers_, slots_); !done) return done;
        // What waits there may be of long ago.
        const auto drop = [](const vrrp_xdp_event&) {};
        elections_->consume_events(drop, VRRP_XDP_RING_BYTES);
        vrrp_xdp_port port = read_port(*skeleton_);
        port.controller_pid = static_cast<std::uint32_t>(getpid());
        if (auto done = write_port(*skeleton_, port); !done) return done;
        if (auto done = unhook_egress(); !done) return done;
        filter_entries_->let_in_no_others(virtual_routers_);
        return {};
    }

    Result<std::vector<std::uint32_t>> admit(std::span<const VirtualRouter> virtual_routers) override {
        auto slots = assign_slots(*skeleton_, virtual_routers);
        if (!slots) return tl::unexpected(slots.error());
        admitted_ = {{virtual_routers.begin(), virtual_routers.end()}, std::move(*slots)};
        if (auto done = let_in(); !done) {
            abandon();
            return tl::unexpected(done.error());
        }
        return admitted_.slots.by_router;
    }

    Result<void> settle() override {
        virtual_routers_ = std::move(admitted_.virtual_routers);
        slots_ = std::move(admitted_.slots);
        admitted_ = {};
        return hold_no_others();
    }

    void abandon() override {
        admitted_ = {};
        static_cast<void>(hold_no_others());
    }

    bool is_attached() const override {
        std::error_code error;
        const char* pin = mode() == Mode::Clsact ? VRRP_XDP_PIN_PORT : VRRP_XDP_PIN_LINK;
        return hooks_->is_attached() && std::filesystem::exists(pin_directory(interface_.name) / pin, error);
    }

    void leave_in_place() noexcept override { is_ours_ = false; }

    void take_away() override {
        if (!is_ours_) return;
        is_ours_ = false;
        if (elections_)
            for (std::uint32_t slot = 0; slot < VRRP_XDP_MAX_ELECTIONS; ++slot)
                elections_->store_lease(slot, kNoLease);
        // Whoever else holds it, and wherever its pin is.
        if (hooks_) hooks_->detach();
        // The pins may be gone.
        static_cast<void>(remove_attachment(
            interface_.name, skeleton_ ? read_traces(bpf_map__fd(skeleton_->maps.port),
                                                     bpf_map__fd(skeleton_->maps.filter_entries))
                                       : Traces{}));
    }

    MappedPort& elections() override { return *elections_; }
    const std::vector<std::uint32_t>& slots() const override { return slots_.by_router; }

    std::vector<std::string> hides_tags() const override { return hooks_->hides_tags(); }
    Result<std::vector<std::string>> keep_tags() override { return hooks_->keep_tags(); }

    const vrrp_xdp_bpf& programs() const override { return *skeleton_; }

    Result<void> stand_in(const std::optional<StandIns>& programs) override {
        if (!is_ours_) return failure("what is attached to " + interface_.name + " is another instance's");
        stand_ins_ = programs;
        return hooks_->receive_by(programs ? programs->received : hooks_->own_program())
            .and_then([&] { return hook_egress(); })
            .and_then([&] { return unhook_egress(); });
    }

    bool has_run() noexcept override {
        return std::atomic_ref(skeleton_->bss->has_run).exchange(0, std::memory_order_relaxed) != 0;
    }

    void explain_mode(std::string reason) override { hooks_->explain(std::move(reason)); }
    const std::string& mode_reason() const override { return hooks_->reason(); }
    const std::string& mode_warning() const override { return hooks_->warning(); }
    Mode mode() const override { return hooks_->mode(); }
    void withdraw(std::uint32_t slot) noexcept override {
        elections_->store_lease(slot, kNoLease);
        auto& by_router = slots_.by_router;
        const auto found = std::find(by_router.begin(), by_router.end(), slot);
        if (found == by_router.end()) return;  // it was withdrawn before
        const auto place = found - by_router.begin();
        dataplane::withdraw(*skeleton_, virtual_routers_[static_cast<std::size_t>(place)]);
        virtual_routers_.erase(virtual_routers_.begin() + place);
        by_router.erase(by_router.begin() + place);
        filter_entries_->let_in_no_others(virtual_routers_);
    }

    void set_interface(std::uint32_t slot, unsigned index, const protocol::MacAddress& mac) override {
        const auto& by_router = slots_.by_router;
        const auto place = std::find(by_router.begin(), by_router.end(), slot) - by_router.begin();
        VirtualRouter& router = virtual_routers_[static_cast<std::size_t>(place)];
        router.interface_index = index;
        router.interface_mac = mac;
        dataplane::enter_again(*skeleton_, router, slot);
    }

    void follow_leases(TimePoint now) override {
        if (!bridge_entries_ || !is_ours_) return;
        std::vector<bool> is_active;
        for (const std::uint32_t slot : slots_.by_router)
            is_active.push_back(now < elections_->lease(slot) && !elections_->is_succeeded(slot));
        bridge_entries_->follow(virtual_routers_, is_active);
    }

    std::optional<Order> order_to_leave(std::uint32_t slot) const override {
        const auto& by_router = slots_.by_router;
        const auto place = std::find(by_router.begin(), by_router.end(), slot);
        if (!bridge_entries_ || place == by_router.end()) return std::nullopt;
        return bridge_entries_->order_to_leave(
            virtual_routers_[static_cast<std::size_t>(place - by_router.begin())]);
    }

    bool lets_in(const protocol::MacAddress& address) const override {
        return filter_entries_->lets_in(address);
    }
    std::vector<protocol::MacAddress> let_in_again() override { return filter_entries_->restore(); }
    const std::string& refusal_to_let_in() const override { return filter_entries_->refusal(); }

    vrrp_xdp_vr_counters counters(std::uint32_t slot) const override {
        return sum_over_cpus<vrrp_xdp_vr_counters>(bpf_map__fd(skeleton_->maps.vr_counters), slot);
    }
    vrrp_xdp_port_counters port_counters() const override {
        return sum_over_cpus<vrrp_xdp_port_counters>(bpf_map__fd(skeleton_->maps.port_counters), 0);
    }

  private:
    Attachment(Interface interface, std::span<const VirtualRouter> virtual_routers)
        : interface_(std::move(interface)),
          virtual_routers_(virtual_routers.begin(), virtual_routers.end()) {}

    /// adopt: whether a predecessor's program is on the interface, for ours to take its place.
    Result<void> set_up(Mode mode, bool adopt) {
        const auto directory = make_pin_directory(interface_.name);
        if (!directory) return tl::unexpected(directory.error());
        auto skeleton =
            load_programs(*directory, virtual_routers_.size(), choose_mode(mode, interface_.kind));
        if (!skeleton) return tl::unexpected(skeleton.error());
        skeleton_ = std::move(*skeleton);

        auto elections = MappedPort::map(*skeleton_);
        if (!elections) return tl::unexpected(elections.error());
        elections_ = std::move(*elections);
        auto slots = assign_slots(*skeleton_, virtual_routers_);
        if (!slots) return tl::unexpected(slots.error());
        slots_ = std::move(*slots);

        if (auto done = prepare_interface(*skeleton_, interface_); !done) return done;
        filter_entries_.emplace(interface_, bpf_map__fd(skeleton_->maps.filter_entries));
        filter_entries_->let_in(virtual_routers_);
        bridge_entries_ = BridgeEntries::of(interface_, bpf_map__fd(skeleton_->maps.filter_entries));
        auto hooks = adopt ? Hooks::adopt(interface_, mode, *skeleton_, *directory)
                           : Hooks::attach(interface_, mode, *skeleton_, *directory);
        if (!hooks) return tl::unexpected(hooks.error());
        hooks_.emplace(std::move(*hooks));
        return {};
    }

    Result<void> let_in() {
        const auto& [virtual_routers, slots] = admitted_;
        filter_entries_->let_in(virtual_routers);
        if (auto done = hook_egress(); !done) return done;
        for (const std::uint32_t slot : slots.by_router) {
            if (slots.kept.contains(slot)) continue;
            elections_->store_lease(slot, kNoLease);
            reset_counters(slot);
        }
        return add(*skeleton_, virtual_routers, slots);
    }

    /// Only what the host itself sends from a virtual address needs the egress hook: every other frame is
    /// spared it.
    bool needs_egress() const {
        return any_is_held_by_host(virtual_routers_) || any_is_held_by_host(admitted_.virtual_routers);
    }

    Result<void> hook_egress() const {
        if (!needs_egress()) return {};
        return add_filter(
            interface_.index, Direction::Egress,
            stand_ins_ ? stand_ins_->sent_from_virtual_mac : bpf_program__fd(skeleton_->progs.vrrp_egress));
    }

    Result<void> unhook_egress() const {
        if (needs_egress()) return {};
        if (stand_ins_) return add_filter(interface_.index, Direction::Egress, stand_ins_->sent);
        remove_filter(interface_.index, Direction::Egress);
        return {};
    }

    Result<void> hold_no_others() {
        if (auto done = unhook_egress(); !done) return done;
        filter_entries_->let_in_no_others(virtual_routers_);
        return enter(*skeleton_, virtual_routers_, slots_);
    }

    void reset_counters(std::uint32_t slot) const {
        const std::vector<vrrp_xdp_vr_counters> zeros(static_cast<std::size_t>(libbpf_num_possible_cpus()));
        bpf_map__update_elem(skeleton_->maps.vr_counters, &slot, sizeof(slot), zeros.data(),
                             zeros.size() * sizeof(vrrp_xdp_vr_counters), BPF_ANY);
        const vrrp_xdp_gaps no_gaps{};
        bpf_map__update_elem(skeleton_->maps.gaps, &slot, sizeof(slot), &no_gaps, sizeof(no_gaps), BPF_ANY);
    }

    Interface interface_;
    std::vector<VirtualRouter> virtual_routers_;
    bool is_ours_ = false;  ///< to be taken away at the end
    Slots slots_;
    struct {
        std::vector<VirtualRouter> virtual_routers;
        Slots slots;
    } admitted_;  ///< between admit() and settle() or abandon()
    Skeleton skeleton_;
    std::unique_ptr<MappedPort> elections_;
    std::optional<Hooks> hooks_;
    std::optional<StandIns> stand_ins_;  ///< in the places of ours
    std::optional<FilterEntries> filter_entries_;
    std::optional<BridgeEntries> bridge_entries_;
};

}  // namespace

Result<std::shared_ptr<AttachedPort>> AttachedPort::attach(const Interface& interface, Mode mode,
                                                           std::span<const VirtualRouter> virtual_routers,
                                                           Predecessor predecessor) {
    if (auto same = check_boot_clock(); !same)
        return tl::unexpected(std::move(same.error()).within("attaching to " + interface.name));
    auto attachment = Attachment::make(interface, mode, virtual_routers, predecessor);
    if (!attachment)
        return tl::unexpected(std::move(attachment.error()).within("attaching to " + interface.name));
    return std::move(*attachment);
}

}  // namespace vrrp_xdp::dataplane
