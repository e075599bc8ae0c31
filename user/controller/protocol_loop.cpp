// SPDX-License-Identifier: BSD-2-Clause
#include "controller/protocol_loop.hpp"

#include <sys/epoll.h>
#include <sys/timerfd.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "controller/realtime.hpp"
#include "net/boot_clock.hpp"
#include "protocol/timers.hpp"

namespace vrrp_xdp::controller {
namespace {

using protocol::AdvertisementReceived;
using protocol::AdvertisementSent;
using protocol::Cause;
using protocol::IpAddress;
using protocol::State;
using protocol::TimePoint;

// What a queued advertisement was: slot and kind in one number.
constexpr std::uint32_t kFarewell = 1U << 31;
constexpr std::uint32_t kMoreVersions = 1U << 30;  ///< the same in version 2 is next
constexpr std::uint32_t kKinds = kFarewell | kMoreVersions;

/// A difference that stays is told again so often.
constexpr std::chrono::minutes kReminder(1);

/// Whether to tell it now; if so, notes that it was told.
bool is_due(TimePoint& told, TimePoint now) {
    if (told != TimePoint{} && now - told < kReminder) return false;
    told = now;
    return true;
}

std::size_t address_bytes(const vrrp_xdp_event& event) { return event.family == VRRP_XDP_IPV4 ? 4 : 16; }

IpAddress source_of(const vrrp_xdp_event& event) {
    return IpAddress::from_bytes(std::span(event.source).first(address_bytes(event)));
}

IpAddress destination_of(const vrrp_xdp_event& event) {
    return IpAddress::from_bytes(std::span(event.destination).first(address_bytes(event)));
}

void add_advertisements(const VirtualRouter& vr, net::FrameBatch& batch, std::uint32_t tag) {
    const bool in_both = vr.config.also_version_2;
    for (std::size_t i = 0; i < vr.advertisements.size(); ++i)
        batch.add(vr.advertisements[i], in_both && i % 2 == 0 ? tag | kMoreVersions : tag);
}

}  // namespace

Result<ProtocolLoop> ProtocolLoop::make(const ManagedInterfaces& interfaces, net::InterfaceMonitor monitor,
                                        Testament& testament, Commands& commands, Notices& notices) {
    UniqueFd epoll(epoll_create1(EPOLL_CLOEXEC));
    UniqueFd timer(timerfd_create(CLOCK_BOOTTIME, TFD_NONBLOCK | TFD_CLOEXEC));
    if (!epoll || !timer) return system_failure("making the event loop");
    ProtocolLoop loop(interfaces, std::move(monitor), testament, commands, notices, std::move(epoll),
                      std::move(timer));

    for (const int source : {loop.timer_.get(), loop.monitor_.event_fd(), commands.event_fd()})
        if (auto watched = loop.watch(source); !watched) return tl::unexpected(watched.error());
    for (std::uint32_t i = 0; i < interfaces.size(); ++i)
        if (auto taken = loop.take_in(i); !taken) return tl::unexpected(taken.error());
    return loop;
}

ProtocolLoop::ProtocolLoop(const ManagedInterfaces& interfaces, net::InterfaceMonitor monitor,
                           Testament& testament, Commands& commands, Notices& notices, UniqueFd epoll,
                           UniqueFd timer)
    : open_interfaces_(interfaces.size()),
      monitor_(std::move(monitor)),
      testament_(&testament),
      commands_(commands),
      notices_(notices),
      epoll_(std::move(epoll)),
      timer_(std::move(timer)) {
    std::size_t routers = 0;
    for (const auto& interface : interfaces) {
        interfaces_.push_back(interface.get());
        routers += interface->virtual_routers.size();
    }
    suspended_.resize(interfaces_.size());
    pending_.reserve(4 * routers + 64);
    form_groups();
}

Result<void> ProtocolLoop::take_in(std::uint32_t index) {
    const ManagedInterface& interface = *interfaces_[index];
    auto shared = std::find_if(ports_.begin(), ports_.end(),
                               [&](const SharedPort& each) { return each.port == interface.port; });
    if (shared == ports_.end()) {
        if (auto watched = watch(interface.port->event_fd()); !watched) return watched;
        ports_.push_back({interface.port, std::vector<std::optional<RouterId>>(VRRP_XDP_MAX_ELECTIONS)});
        shared = std::prev(ports_.end());
    }
    for (std::uint32_t i = 0; i < interface.virtual_routers.size(); ++i)
        shared->routers[interface.slots[i]] = RouterId{index, i};
    return {};
}

Result<void> ProtocolLoop::watch(int fd) const {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = fd;
    if (epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) != 0)
        return system_failure("watching an event source");
    return {};
}

void ProtocolLoop::unwatch(int fd) const { epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, fd, nullptr); }

void ProtocolLoop::run() {
    if (const int error = schedule_realtime(); error != 0) pending_.emplace_back(NotRealtime{error});
    waive_startup_delay();
    for_each_interface([this](std::uint32_t index, ManagedInterface&) { start(index, Cause::Startup); });
    settle_groups();
    for_each_interface([this](std::uint32_t index, ManagedInterface&) { drop_leases(index); });
    send();
    report();
    arm_timer();
    while (open_interfaces_ > 0) turn(wait());
}

ProtocolLoop::Ready ProtocolLoop::wait() {
    std::array<epoll_event, 16> events{};
    const int count = epoll_wait(epoll_.get(), events.data(), events.size(), -1);
    Ready ready;
    for (int i = 0; i < count; ++i) {
        const int source = events[static_cast<std::size_t>(i)].data.fd;
        if (source == monitor_.event_fd()) ready.interfaces = true;
        if (source == commands_.event_fd()) ready.commands = true;
    }
    return ready;
}

void ProtocolLoop::turn(Ready ready) {
    beaten_ = net::boot_now();
    testament_->beat(beaten_);
    notice_fences();
    // What was heard comes before what has expired: an advertisement that waited for us has put the timer
    // off.
    hear_advertisements();
    if (ready.interfaces) follow_interfaces();
    end_startup_delay();
    expire_timers();
    settle_groups();
    announce_again();
    if (ready.commands) obey_commands();
    send();
    report();
    arm_timer();
}

void ProtocolLoop::notice_fences() {
    if (active_elections_ == 0) return;
    for_each_interface([this](std::uint32_t index, const ManagedInterface& interface) {
        for (std::uint32_t i = 0; i < interface.virtual_routers.size(); ++i)
            if (const protocol::Election& election = interface.virtual_routers[i].election;
                election.state == State::Active && interface.lease(i) != election.lease)
                apply({index, i}, protocol::LeaseTaken{}, beaten_);
    });
}

void ProtocolLoop::hear_advertisements() {
    for (const SharedPort& shared : ports_)
        shared.port->consume_events([&](const vrrp_xdp_event& event) { hear(shared, event); });
}

void ProtocolLoop::hear(const SharedPort& port, const vrrp_xdp_event& event) {
    if (event.slot >= port.routers.size()) return;
    const std::optional<RouterId> id = port.routers[event.slot];
    if (!id || interfaces_[id->interface] == nullptr) return;
    if (event.type == VRRP_XDP_ADVERTISEMENT) hear_advertisement(*id, event);
    if (event.type == VRRP_XDP_CLAIM) hear_claim(*id, event);
}

void ProtocolLoop::hear_advertisement(RouterId id, const vrrp_xdp_event& event) {
    VirtualRouter& vr = router(id);
    const IpAddress source = source_of(event);
    // The XDP program lets no other TTL through than is wanted.
    const protocol::Envelope envelope{source, destination_of(event), 255};
    const auto advertisement =
        protocol::parse(std::span(event.message).first(event.length), envelope, vr.config.authentication);
    if (!advertisement || !vr.primary_address) return;
    if (source == *vr.primary_address) {
        ++vr.statistics.own_advertisements_rcvd;
        return;
    }

    const TimePoint received{protocol::Duration(event.received_ns)};
    const bool news =
        !vr.heard || vr.heard->source != source || vr.heard->priority != advertisement->priority;
    vr.heard = Heard{source, advertisement->priority, received};
    if (advertisement->priority == 0) ++vr.statistics.priority_zero_pkts_rcvd;
    if (news && vr.config.priority.is_owner() && advertisement->priority == 255)
        pending_.emplace_back(SecondOwner{id, vr.heard});
    const std::uint64_t differences = note_differences(id, *advertisement);

    // A Backup Router's patience counts from the arrival. An Active one lives by the clock: its lease may
    // have run out while the advertisement waited.
    const TimePoint now = vr.election.state == State::Active ? net::boot_now() : received;
    // What XDP has stamped tells whether the router that is followed still speaks version 3.
    if (vr.config.also_version_2 && vr.election.following)
        apply(id, protocol::ActiveHeard{interfaces_[id.interface]->last_heard(id.router)}, now);
    const AdvertisementReceived what{advertisement->priority, source, advertisement->interval,
                                     advertisement->version};
    if (!apply(id, what, now)) return;
    vr.followed = vr.heard;
    const auto message = std::span(event.message).first(event.length);
    interfaces_[id.interface]->expect(id.router, protocol::digest(source, message), differences);
}

std::uint64_t ProtocolLoop::note_differences(RouterId id, const protocol::Advertisement& advertisement) {
    VirtualRouter& vr = router(id);
    std::uint64_t differences = 0;
    if (advertisement.interval != protocol::interval_on_the_wire(vr.config.advertise_interval)) {
        differences |= VRRP_XDP_OTHER_INTERVAL;
        ++vr.statistics.interval_errors;
        if (is_due(vr.interval_told, vr.heard->at))
            pending_.emplace_back(IntervalDiffers{id, vr.heard, advertisement.interval});
    }
    if (!advertisement.addresses.holds_exactly(vr.config.virtual_addresses)) {
        differences |= VRRP_XDP_OTHER_ADDRESSES;
        ++vr.statistics.address_list_errors;
        const bool never_active = vr.statistics.master_transitions == 0 && vr.election.state != State::Active;
        if (never_active && !advertisement.addresses.holds_any(vr.config.virtual_addresses)) {
            if (!std::exchange(vr.vrid_in_use_told, true)) pending_.emplace_back(VridInUse{id, vr.heard});
        } else if (is_due(vr.address_list_told, vr.heard->at)) {
            pending_.emplace_back(AddressListDiffers{id, vr.heard});
        }
    }
    return differences;
}

void ProtocolLoop::hear_claim(RouterId id, const vrrp_xdp_event& event) {
    AddressClaimed claim{id, source_of(event), {}};
    std::memcpy(claim.by.bytes.data(), event.source_mac, claim.by.bytes.size());
    pending_.emplace_back(claim);
}

void ProtocolLoop::start(std::uint32_t index, Cause up) {
    ManagedInterface& interface = *interfaces_[index];
    // Of another's election, if anything: what it knew is not known here.
    for (std::uint32_t i = 0; i < interface.virtual_routers.size(); ++i) interface.expect_nothing(i);
    follow_interface(index, up);
}

void ProtocolLoop::drop_leases(std::uint32_t index) {
    ManagedInterface& interface = *interfaces_[index];
    for (std::uint32_t i = 0; i < interface.virtual_routers.size(); ++i)
        if (interface.virtual_routers[i].election.state != State::Active)
            interface.store_lease(i, protocol::kNoLease);
}

void ProtocolLoop::follow_interfaces() {
    monitor_.update();
    for_each_interface(
        [this](std::uint32_t index, ManagedInterface&) { follow_interface(index, Cause::InterfaceUp); });
}

void ProtocolLoop::follow_interface(std::uint32_t index, Cause up) {
    const ManagedInterface& interface = *interfaces_[index];
    auto state = monitor_.state_of(interface.name);
    // An interface that was deleted and made again is another one: nothing of ours is attached to it yet.
    if (state && state->index != interface.index) state.reset();
    for (std::uint32_t i = 0; i < interface.virtual_routers.size(); ++i)
        follow_address({index, i}, state, up);
}

void ProtocolLoop::follow_address(RouterId id, const std::optional<net::InterfaceState>& state, Cause up) {
    VirtualRouter& vr = router(id);
    const bool running = state && state->running;
    const auto& passed_over = interfaces_[id.interface]->passed_over;
    const auto address =
        state ? state->primary_address(vr.config.family(), passed_over, scope_of(vr.config)) : std::nullopt;
    vr.interface_works = running && address;

    const auto mac = state ? vr.mac_on(state->mac) : vr.mac;
    const bool moves = mac != vr.mac;
    if (address && (vr.primary_address != address || moves)) {
        vr.set_source(*address, mac);
        set_farewells(interfaces_[id.interface]->wills[id.router], vr.farewells);
        if (moves) follow_mac(id);
    }
    follow_ability(id, up, running ? Cause::PrimaryAddressGone : Cause::InterfaceDown);
}

void ProtocolLoop::follow_ability(RouterId id, Cause up, Cause down) {
    VirtualRouter& vr = router(id);
    const bool waits = interfaces_[id.interface]->starts_at != TimePoint{};
    const bool able = vr.interface_works && !vr.faulted && !waits;
    if (able == vr.able) return;
    vr.able = able;
    vr.up = up;
    if (!able) apply(id, protocol::Shutdown{down}, net::boot_now());
    if (vr.sync_group)
        groups_[*vr.sync_group].disturbed = true;
    else if (able)
        begin(id);
}

void ProtocolLoop::waive_startup_delay() {
    const TimePoint now = net::boot_now();
    bool any = false;
    for_each_interface([&](std::uint32_t, const ManagedInterface& interface) {
        for (std::uint32_t i = 0; i < interface.virtual_routers.size(); ++i) any |= interface.lease(i) > now;
    });
    if (any) for_each_interface([](std::uint32_t, ManagedInterface& interface) { interface.starts_at = {}; });
}

void ProtocolLoop::end_startup_delay() {
    for_each_interface([this](std::uint32_t index, ManagedInterface& interface) {
        if (interface.starts_at == TimePoint{} || beaten_ < interface.starts_at) return;
        interface.starts_at = {};
        for (std::uint32_t i = 0; i < interface.virtual_routers.size(); ++i)
            follow_ability({index, i}, Cause::Startup, Cause::Startup);
    });
}

void ProtocolLoop::begin(RouterId id) {
    const Cause up = std::exchange(router(id).up, Cause::GroupRecovered);
    if (up == Cause::Startup)
        adopt(id);
    else
        apply(id, protocol::Startup{up}, net::boot_now());
}

void ProtocolLoop::adopt(RouterId id) {
    ManagedInterface& interface = *interfaces_[id.interface];
    apply(id, protocol::Adopted{interface.lease(id.router)}, net::boot_now());
    // The instance before may have had the addresses at another MAC.
    if (router(id).election.state == State::Active) interface.queue(id.router, {.announce_addresses = true});
}

/// Of a Virtual Router without a virtual MAC, whose interface has another MAC now: hosts are told at once.
void ProtocolLoop::follow_mac(RouterId id) {
    pending_.emplace_back(MacChanged{id, router(id).mac});
    ManagedInterface& interface = *interfaces_[id.interface];
    if (router(id).election.state == State::Active) interface.queue(id.router, {.announce_addresses = true});
}

void ProtocolLoop::obey_commands() {
    commands_.drain([this](const Command& command) {
        if (std::holds_alternative<TakeSnapshot>(command)) take_snapshots();
        if (const auto* left = std::get_if<Release>(&command)) release(left->interface);
        if (const auto* handed = std::get_if<HandOver>(&command)) hand_over(handed->interface);
        if (const auto* lost = std::get_if<Suspend>(&command)) suspend(lost->interface);
        if (const auto* whole = std::get_if<Resume>(&command)) resume(*whole);
        if (const auto* condition = std::get_if<SetCondition>(&command)) set_condition(*condition);
        if (const auto* another = std::get_if<Reconfigure>(&command)) reconfigure(*another->to);
        if (std::holds_alternative<Reconciled>(command)) reconciled_ = true;
    });
    settle_groups();
}

void ProtocolLoop::take_snapshots() {
    for_each_interface([](std::uint32_t, ManagedInterface& interface) {
        interface.take_snapshots();
        for (std::uint32_t i = 0; i < interface.virtual_routers.size(); ++i) {
            // In steady state only the data plane hears.
            const VirtualRouter& vr = interface.virtual_routers[i];
            if (const TimePoint stamp = interface.last_heard(i);
                vr.election.following && stamp > vr.heard->at) {
                interface.snapshots[i].heard = vr.followed;
                interface.snapshots[i].heard->at = stamp;
            }
        }
    });
    pending_.emplace_back(SnapshotTaken{});
}

void ProtocolLoop::release(std::uint32_t index) {
    if (interfaces_[index] != nullptr) {
        apply_to_all(index, protocol::Shutdown{});
        send();
        let_go(index);
    } else if (!suspended_[index]) {
        return;
    }
    suspended_[index] = false;
    --open_interfaces_;
    pending_.emplace_back(Released{index});
}

/// No farewell, and the leases stay: the successor goes on before they run out.
void ProtocolLoop::hand_over(std::uint32_t index) {
    if (interfaces_[index] == nullptr) return;
    const auto port = interfaces_[index]->port;
    // Once more, so that the leases are whole when the successor begins.
    for_each_interface([&](std::uint32_t, ManagedInterface& interface) {
        for (std::uint32_t i = 0; interface.port == port && i < interface.virtual_routers.size(); ++i)
            if (interface.virtual_routers[i].election.state == State::Active)
                interface.queue(i, {.advertise = true});
    });
    send();
    for_each_interface([&](std::uint32_t each, const ManagedInterface& interface) {
        if (interface.port != port) return;
        for (const VirtualRouter& vr : interface.virtual_routers)
            if (vr.election.state == State::Active) --active_elections_;
        leave_groups(each);  // the successor's are others
        let_go(each);
        --open_interfaces_;
    });
    pending_.emplace_back(HandedOver{index});
}

void ProtocolLoop::suspend(std::uint32_t index) {
    if (interfaces_[index] == nullptr) return;
    apply_to_all(index, protocol::Shutdown{Cause::DataPlaneGone});
    send();
    let_go(index);
    suspended_[index] = true;
    pending_.emplace_back(Suspended{index});
}

void ProtocolLoop::resume(const Resume& command) {
    const std::uint32_t index = command.interface;
    if (!suspended_[index]) return;
    interfaces_[index] = command.opened;
    if (!take_in(index)) {  // deaf, it must not run
        interfaces_[index] = nullptr;
        pending_.emplace_back(Suspended{index});
        return;
    }
    suspended_[index] = false;
    form_groups();
    start(index, Cause::InterfaceUp);
    drop_leases(index);
}

void ProtocolLoop::set_condition(const SetCondition& condition) {
    const RouterId id = condition.router;
    // Said of places that are others' now, it is said again once both threads mean the same by them.
    if (!reconciled_ || interfaces_[id.interface] == nullptr) return;
    VirtualRouter& vr = router(id);
    vr.wanted_priority = vr.config.priority.is_owner() ? vr.config.priority : condition.priority;
    vr.faulted = condition.faulted;
    if (vr.sync_group)
        groups_[*vr.sync_group].disturbed = true;
    else
        set_priority(id, vr.wanted_priority);
    follow_ability(id, Cause::Recovered, Cause::Faulted);
}

void ProtocolLoop::set_priority(RouterId id, protocol::Priority priority) {
    VirtualRouter& vr = router(id);
    if (vr.priority == priority) return;
    if (!vr.primary_address) return vr.set_priority(priority);
    const protocol::Parameters before = vr.parameters();
    const TimePoint now = net::boot_now();
    const ManagedInterface& interface = *interfaces_[id.interface];
    apply(id, protocol::ActiveHeard{interface.last_heard(id.router)}, now);
    vr.set_priority(priority);
    apply(id, protocol::ParametersChanged{before}, now);
}

void ProtocolLoop::let_go(std::uint32_t index) {
    const auto port = interfaces_[index]->port;
    for (guardian::Will& will : interfaces_[index]->wills) make_void(will);
    disturb_groups(index);
    interfaces_[index] = nullptr;

    bool shared = false;
    for_each_interface([&](std::uint32_t, const ManagedInterface& other) { shared |= other.port == port; });
    if (shared) return;
    unwatch(port->event_fd());
    std::erase_if(ports_, [&](const SharedPort& each) { return each.port == port; });
}

void ProtocolLoop::expire_timers() {
    const TimePoint now = net::boot_now();
    if (now < armed_) return;
    for_each_interface([&](std::uint32_t index, const ManagedInterface& interface) {
        put_off_timers(index, now);
        for (std::uint32_t i = 0; i < interface.timers.size(); ++i)
            if (interface.timers[i] <= now) expire({index, i}, now);
    });
}

void ProtocolLoop::expire(RouterId id, TimePoint now) {
    if (!waits_for_group(id, now)) apply(id, protocol::TimerExpired{}, now);
}

/// Every Backup Router's, though few are due: one look at all stamps spares a wake-up for each of them.
void ProtocolLoop::put_off_timers(std::uint32_t index, TimePoint now) {
    const ManagedInterface& interface = *interfaces_[index];
    for (std::uint32_t i = 0; i < interface.virtual_routers.size(); ++i)
        if (interface.virtual_routers[i].election.following)
            apply({index, i}, protocol::ActiveHeard{interface.last_heard(i)}, now);
}

void ProtocolLoop::apply_to_all(std::uint32_t index, const protocol::Event& event) {
    const TimePoint now = net::boot_now();
    for (std::uint32_t i = 0; i < interfaces_[index]->virtual_routers.size(); ++i)
        apply({index, i}, event, now);
}

bool ProtocolLoop::apply(RouterId id, const protocol::Event& event, TimePoint now) {
    VirtualRouter& vr = router(id);
    if (!vr.primary_address) return false;  // it never started
    const protocol::Step step = protocol::step(vr.parameters(), vr.election, event, now);
    const protocol::Election before = vr.election;
    vr.election = step.election;

    // The lease first: from this store on the data plane answers, or no longer does.
    ManagedInterface& interface = *interfaces_[id.interface];
    const auto* adopted = std::get_if<protocol::Adopted>(&event);
    const TimePoint held = adopted != nullptr ? adopted->lease : before.lease;
    if (held != protocol::kNoLease && vr.election.lease != protocol::kNoLease) {
        if (!interface.extend_lease(id.router, held, vr.election.lease)) {
            vr.election = before;
            if (adopted != nullptr) return apply(id, protocol::Startup{}, now);
            return apply(id, protocol::LeaseTaken{}, now);
        }
    } else if (vr.election.lease != before.lease) {
        interface.store_lease(id.router, vr.election.lease);
    }
    if (before.following && !vr.election.following) interface.expect_nothing(id.router);
    interface.timers[id.router] = vr.election.timer;
    protocol::Actions actions = step.actions;
    if (actions.announce_addresses)
        actions.announce_addresses = begin_announcing(vr, before.state != State::Active, now);
    interface.queue(id.router, actions);
    if (vr.sync_group) note_news(groups_[*vr.sync_group], before, step);

    if (vr.election.state != before.state) note_transition(id, before, now);
    return step.followed;
}

void ProtocolLoop::note_transition(RouterId id, const protocol::Election& before, TimePoint now) {
    VirtualRouter& vr = router(id);
    vr.since = now;
    if (before.state == State::Active) --active_elections_;
    if (vr.election.state == State::Active) {
        ++active_elections_;
        if (vr.election.cause != Cause::Adopted) ++vr.statistics.master_transitions;
    }
    const bool silent = before.following && vr.election.cause == Cause::ActiveDownTimer;
    pending_.emplace_back(
        Transition{id, before.state, vr.election.state, vr.election.cause, silent ? vr.followed : vr.heard});
}

/// All advertisements before any announcement: other routers must know first.
void ProtocolLoop::send() {
    for_each_interface([this](std::uint32_t index, const ManagedInterface& interface) {
        if (!interface.due.empty()) send_advertisements(index);
    });
    for_each_interface([](std::uint32_t, ManagedInterface& interface) {
        if (!interface.due.empty()) send_announcements(interface);
    });
}

void ProtocolLoop::send_advertisements(std::uint32_t index) {
    ManagedInterface& interface = *interfaces_[index];
    const TimePoint at = net::boot_now();
    bool any = false;
    for (const std::uint32_t i : interface.due) {
        VirtualRouter& vr = interface.virtual_routers[i];
        net::FrameBatch& batch = interface.batch_of(i);
        if (vr.queued.say_farewell)
            for (const net::Outgoing& farewell : vr.farewells) batch.add(farewell, i | kFarewell);
        // Whose lease ran out since it was stepped must not speak: another may have taken over.
        if (vr.queued.advertise && vr.election.state == State::Active && at < vr.election.lease)
            add_advertisements(vr, batch, i);
        any |= !batch.empty();
    }
    if (!any) return;
    std::optional<std::uint32_t> left_in_version_3;
    const int error = interface.flush_advertisements([&](std::uint32_t tag) {
        const std::uint32_t i = tag & ~kKinds;
        const bool in_both = left_in_version_3 == i;
        left_in_version_3.reset();
        Statistics& statistics = interface.virtual_routers[i].statistics;
        ++statistics.advertisement_sent;
        if ((tag & kFarewell) != 0)
            ++statistics.priority_zero_pkts_sent;
        else if ((tag & kMoreVersions) != 0)
            left_in_version_3 = i;
        else if (in_both || !interface.virtual_routers[i].config.also_version_2)
            // Of two versions both have to leave: there may be routers that hear only one.
            apply({index, i}, AdvertisementSent{at}, at);
    });
    note_sending(index, error);
}

void ProtocolLoop::send_announcements(ManagedInterface& interface) {
    for (const std::uint32_t i : interface.due) {
        VirtualRouter& vr = interface.virtual_routers[i];
        if (vr.queued.announce_addresses && vr.election.state == State::Active)
            for (const net::Frame& announcement : vr.announcements)
                interface.announcements.add(announcement, i);
        vr.queued = {};
    }
    interface.due.clear();
    interface.announcements.flush(interface.socket.fd(), [](std::uint32_t) {});
}

void ProtocolLoop::note_sending(std::uint32_t index, int error) {
    ManagedInterface& interface = *interfaces_[index];
    const bool fails = error != 0;
    if (fails == interface.sending_fails) return;
    interface.sending_fails = fails;
    if (fails)
        pending_.emplace_back(SendingFails{index, error});
    else
        pending_.emplace_back(SendingWorks{index});
}

void ProtocolLoop::report() {
    if (pending_.empty()) return;
    for (const Notice& notice : pending_) notices_.post(notice);
    notices_.ring();
    pending_.clear();
}

void ProtocolLoop::arm_timer() {
    TimePoint next = protocol::kNever;
    for_each_interface([&](std::uint32_t, const ManagedInterface& interface) {
        for (const TimePoint timer : interface.timers) next = std::min(next, timer);
        if (interface.starts_at != TimePoint{}) next = std::min(next, interface.starts_at);
    });
    next = std::min(next, next_announcement_);
    if (active_elections_ > 0)
        next = std::min(next, beaten_ + std::chrono::nanoseconds(guardian::kHeartbeatNs));
    // Moved by what came of sending: the others go along at once.
    if (std::any_of(groups_.begin(), groups_.end(), [](const SyncGroup& group) { return group.disturbed; }))
        next = beaten_;
    if (next == armed_) return;
    armed_ = next;
    itimerspec when{};
    if (next != protocol::kNever) {
        const auto since_boot = next.time_since_epoch();
        const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(since_boot);
        when.it_value = {seconds.count(), (since_boot - seconds).count()};
    }
    timerfd_settime(timer_.get(), TFD_TIMER_ABSTIME, &when, nullptr);
}

}  // namespace vrrp_xdp::controller
