// SPDX-License-Identifier: BSD-2-Clause
#include "controller/protocol_loop.hpp"

#include <sys/epoll.h>
#include <sys/timerfd.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "controller/realtime.hpp"
#include "net/boot_clock.hpp"

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

IpAddress source_of(const vrrp_xdp_event& event) {
    return IpAddress::from_bytes(std::span(event.source).first(event.family == VRRP_XDP_IPV4 ? 4 : 16));
}

}  // namespace

Result<ProtocolLoop> ProtocolLoop::make(const Ports& ports, net::InterfaceMonitor monitor, Commands& commands,
                                        Notices& notices) {
    UniqueFd epoll(epoll_create1(EPOLL_CLOEXEC));
    UniqueFd timer(timerfd_create(CLOCK_BOOTTIME, TFD_NONBLOCK | TFD_CLOEXEC));
    if (!epoll || !timer) return system_failure("making the event loop");
    std::vector<ManagedPort*> working;
    for (const auto& port : ports) working.push_back(port.get());
    ProtocolLoop loop(std::move(working), std::move(monitor), commands, notices, std::move(epoll),
                      std::move(timer));

    std::vector<int> sources{loop.timer_.get(), loop.monitor_.event_fd(), commands.event_fd()};
    for (const auto& port : ports) sources.push_back(port->dataplane.event_fd());
    for (const int source : sources)
        if (auto watched = loop.watch(source); !watched) return tl::unexpected(watched.error());
    return loop;
}

ProtocolLoop::ProtocolLoop(std::vector<ManagedPort*> ports, net::InterfaceMonitor monitor, Commands& commands,
                           Notices& notices, UniqueFd epoll, UniqueFd timer)
    : ports_(std::move(ports)),
      open_ports_(ports_.size()),
      monitor_(std::move(monitor)),
      commands_(commands),
      notices_(notices),
      epoll_(std::move(epoll)),
      timer_(std::move(timer)) {
    std::size_t routers = 0;
    for_each_port([&](std::uint32_t, const ManagedPort& port) { routers += port.virtual_routers.size(); });
    pending_.reserve(4 * routers + 64);
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
    if (!schedule_realtime().empty()) pending_.emplace_back(NotRealtime{});
    for_each_port([this](std::uint32_t index, ManagedPort&) { follow_interface(index, Cause::Startup); });
    send();
    report();
    arm_timer();
    while (open_ports_ > 0) turn(wait());
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
    // What was heard comes before what has expired: an advertisement that waited for us has put the timer
    // off.
    hear_advertisements();
    if (ready.interfaces) follow_interfaces();
    expire_timers();
    if (ready.commands) obey_commands();
    send();
    report();
    arm_timer();
}

void ProtocolLoop::hear_advertisements() {
    for_each_port([this](std::uint32_t index, ManagedPort& port) {
        port.dataplane.consume_events([this, index](const vrrp_xdp_event& event) { hear(index, event); });
    });
}

void ProtocolLoop::hear(std::uint32_t index, const vrrp_xdp_event& event) {
    if (event.slot >= ports_[index]->virtual_routers.size()) return;
    const RouterId id{index, event.slot};
    if (event.type == VRRP_XDP_ADVERTISEMENT) hear_advertisement(id, event);
    if (event.type == VRRP_XDP_CLAIM) hear_claim(id, event);
}

void ProtocolLoop::hear_advertisement(RouterId id, const vrrp_xdp_event& event) {
    VirtualRouter& vr = router(id);
    const IpAddress source = source_of(event);
    // The XDP program lets no other destination or TTL through.
    const protocol::Envelope envelope{source, protocol::advertisement_group(source.family()), 255};
    const auto advertisement = protocol::parse(std::span(event.message).first(event.length), envelope);
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
    note_differences(id, *advertisement);

    // A Backup Router's patience counts from the arrival. An Active one lives by the clock: its lease may
    // have run out while the advertisement waited.
    const TimePoint now = vr.election.state == State::Active ? net::boot_now() : received;
    apply(id, AdvertisementReceived{advertisement->priority, source, advertisement->interval}, now);
}

void ProtocolLoop::note_differences(RouterId id, const protocol::Advertisement& advertisement) {
    VirtualRouter& vr = router(id);
    const bool same_interval = advertisement.interval == vr.config.advertise_interval;
    if (!same_interval) {
        ++vr.statistics.interval_errors;
        if (!vr.interval_differs)
            pending_.emplace_back(IntervalDiffers{id, vr.heard, advertisement.interval});
    }
    vr.interval_differs = !same_interval;

    const bool same_addresses = advertisement.addresses.holds_exactly(vr.config.virtual_addresses);
    if (!same_addresses) {
        ++vr.statistics.address_list_errors;
        if (!vr.address_list_differs) pending_.emplace_back(AddressListDiffers{id, vr.heard});
    }
    vr.address_list_differs = !same_addresses;
}

void ProtocolLoop::hear_claim(RouterId id, const vrrp_xdp_event& event) {
    AddressClaimed claim{id, source_of(event), {}};
    std::memcpy(claim.by.bytes.data(), event.source_mac, claim.by.bytes.size());
    pending_.emplace_back(claim);
}

void ProtocolLoop::follow_interfaces() {
    monitor_.update();
    for_each_port([this](std::uint32_t index, ManagedPort&) { follow_interface(index, Cause::InterfaceUp); });
}

void ProtocolLoop::follow_interface(std::uint32_t index, Cause up) {
    ManagedPort& port = *ports_[index];
    const auto state = monitor_.state_of(port.interface_name);
    // An interface that was deleted and made again is another one: nothing of ours is attached to it.
    const bool running = state && state->index == port.interface_index && state->running;
    const auto address = state ? state->primary_address() : std::nullopt;
    const bool operational = running && address;

    if (address)
        for (VirtualRouter& vr : port.virtual_routers)
            if (vr.primary_address != address) vr.set_primary_address(*address);
    if (operational == port.operational) return;
    port.operational = operational;
    if (operational)
        apply_to_all(index, protocol::Startup{up});
    else
        apply_to_all(index, protocol::Shutdown{running ? Cause::PrimaryAddressGone : Cause::InterfaceDown});
}

void ProtocolLoop::obey_commands() {
    commands_.drain([this](const Command& command) {
        if (const auto* snapshot = std::get_if<TakeSnapshot>(&command)) take_snapshot(*snapshot->into);
        if (const auto* left = std::get_if<Release>(&command)) release(left->port);
    });
}

void ProtocolLoop::take_snapshot(Snapshot& into) {
    for_each_port([&](std::uint32_t index, const ManagedPort& port) {
        for (std::size_t slot = 0; slot < port.virtual_routers.size(); ++slot)
            into[index][slot] = port.virtual_routers[slot].snapshot();
    });
    pending_.emplace_back(SnapshotTaken{});
}

void ProtocolLoop::release(std::uint32_t index) {
    if (ports_[index] == nullptr) return;
    apply_to_all(index, protocol::Shutdown{});
    send();
    unwatch(ports_[index]->dataplane.event_fd());
    ports_[index] = nullptr;
    --open_ports_;
    pending_.emplace_back(Released{index});
}

void ProtocolLoop::expire_timers() {
    const TimePoint now = net::boot_now();
    for_each_port([&](std::uint32_t index, const ManagedPort& port) {
        for (std::uint32_t slot = 0; slot < port.timers.size(); ++slot)
            if (port.timers[slot] <= now) apply({index, slot}, protocol::TimerExpired{}, now);
    });
}

void ProtocolLoop::apply_to_all(std::uint32_t index, const protocol::Event& event) {
    const TimePoint now = net::boot_now();
    for (std::uint32_t slot = 0; slot < ports_[index]->virtual_routers.size(); ++slot)
        apply({index, slot}, event, now);
}

void ProtocolLoop::apply(RouterId id, const protocol::Event& event, TimePoint now) {
    VirtualRouter& vr = router(id);
    if (!vr.primary_address) return;  // it never started
    const protocol::Step step = protocol::step(vr.parameters(), vr.election, event, now);
    const protocol::Election before = vr.election;
    vr.election = step.election;

    // The lease first: from this store on the data plane answers, or no longer does.
    ManagedPort& port = *ports_[id.port];
    if (vr.election.lease != before.lease) port.dataplane.store_lease(id.slot, vr.election.lease);
    port.timers[id.slot] = vr.election.timer;
    port.queue(id.slot, step.actions);

    if (vr.election.state == before.state) return;
    vr.since = now;
    if (vr.election.state == State::Active) ++vr.statistics.master_transitions;
    pending_.emplace_back(Transition{id, before.state, vr.election.state, vr.election.cause, vr.heard});
}

/// All advertisements before any announcement: other routers must know first.
void ProtocolLoop::send() {
    for_each_port([this](std::uint32_t index, const ManagedPort& port) {
        if (!port.due.empty()) send_advertisements(index);
    });
    for_each_port([this](std::uint32_t, ManagedPort& port) {
        if (!port.due.empty()) send_announcements(port);
    });
}

void ProtocolLoop::send_advertisements(std::uint32_t index) {
    ManagedPort& port = *ports_[index];
    for (const std::uint32_t slot : port.due) {
        VirtualRouter& vr = port.virtual_routers[slot];
        if (vr.queued.say_farewell) port.advertisements.add(vr.farewell, slot | kFarewell);
        if (vr.queued.advertise && vr.election.state == State::Active)
            port.advertisements.add(vr.advertisement, slot);
    }
    if (port.advertisements.empty()) return;
    const TimePoint at = net::boot_now();
    const int error = port.advertisements.flush(port.socket, [&](std::uint32_t tag) {
        const std::uint32_t slot = tag & ~kFarewell;
        Statistics& statistics = port.virtual_routers[slot].statistics;
        ++statistics.advertisement_sent;
        if ((tag & kFarewell) != 0)
            ++statistics.priority_zero_pkts_sent;
        else
            apply({index, slot}, AdvertisementSent{at}, at);
    });
    note_sending(index, error);
}

void ProtocolLoop::send_announcements(ManagedPort& port) {
    for (const std::uint32_t slot : port.due) {
        VirtualRouter& vr = port.virtual_routers[slot];
        if (vr.queued.announce_addresses && vr.election.state == State::Active)
            for (const net::Frame& announcement : vr.announcements)
                port.announcements.add(announcement, slot);
        vr.queued = {};
    }
    port.due.clear();
    port.announcements.flush(port.socket, [](std::uint32_t) {});
}

void ProtocolLoop::note_sending(std::uint32_t index, int error) {
    ManagedPort& port = *ports_[index];
    const bool fails = error != 0;
    if (fails) ++port.send_errors;
    if (fails == port.sending_fails) return;
    port.sending_fails = fails;
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
    for_each_port([&](std::uint32_t, const ManagedPort& port) {
        for (const TimePoint timer : port.timers) next = std::min(next, timer);
    });
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
