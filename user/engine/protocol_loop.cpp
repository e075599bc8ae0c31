// SPDX-License-Identifier: BSD-2-Clause
#include "engine/protocol_loop.hpp"

#include <sys/epoll.h>
#include <sys/timerfd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "engine/realtime.hpp"
#include "engine/reconfiguration.hpp"
#include "net/boot_clock.hpp"

namespace vrrp_xdp::engine {
namespace {

using elections::RouterId;
using protocol::TimePoint;

/// What is kept for an ordinary thread that is far behind is tried again so often.
constexpr std::chrono::milliseconds kNoticeRetry(10);

/// What becomes of a notice that finds the mailbox full.
enum class Importance : std::uint8_t {
    Repeated,           ///< told again if it stays so: left out, and counted
    Told,               ///< kept for later, unless too many are
    MissingInterfaces,  ///< somebody waits for it: kept whatever it costs
};

template <typename... Kinds>
bool is_one_of(const Notice& notice) {
    return (std::holds_alternative<Kinds>(notice) || ...);
}

Importance importance_of(const Notice& notice) {
    if (is_one_of<elections::AddressClaimed, elections::AddressListDiffers, elections::IntervalDiffers,
                  elections::SecondOwner, elections::VridInUse, elections::PeerSigns, elections::RivalActive>(
            notice))
        return Importance::Repeated;
    if (is_one_of<SnapshotTaken, Released, HandedOver, Suspended, Reconfigured, elections::MacChanged>(
            notice))
        return Importance::MissingInterfaces;
    return Importance::Told;
}

std::vector<elections::Interface*> pointers_to(const ManagedInterfaces& interfaces) {
    std::vector<elections::Interface*> all;
    for (const auto& interface : interfaces) all.push_back(interface.get());
    return all;
}

}  // namespace

Result<std::unique_ptr<ProtocolLoop>> ProtocolLoop::make(const ManagedInterfaces& interfaces,
                                                         net::InterfaceMonitor monitor,
                                                         FencingPlan& fencing_plan, Commands& commands,
                                                         Notices& notices) {
    UniqueFd epoll(epoll_create1(EPOLL_CLOEXEC));
    UniqueFd timer(timerfd_create(CLOCK_BOOTTIME, TFD_NONBLOCK | TFD_CLOEXEC));
    if (!epoll || !timer) return system_failure("creating the event loop");
    std::unique_ptr<ProtocolLoop> loop(new ProtocolLoop(
        interfaces, std::move(monitor), fencing_plan, commands, notices, std::move(epoll), std::move(timer)));
    for (const int source : {loop->timer_.get(), loop->monitor_.event_fd(), commands.event_fd()})
        if (auto watched = loop->watch_fd(source); !watched) return tl::unexpected(watched.error());
    if (auto opened = loop->elections_.open(); !opened) return tl::unexpected(opened.error());
    return loop;
}

ProtocolLoop::ProtocolLoop(const ManagedInterfaces& interfaces, net::InterfaceMonitor monitor,
                           FencingPlan& fencing_plan, Commands& commands, Notices& notices, UniqueFd epoll,
                           UniqueFd timer)
    : monitor_(std::move(monitor)),
      fencing_plan_(&fencing_plan),
      commands_(commands),
      notices_(notices),
      epoll_(std::move(epoll)),
      timer_(std::move(timer)),
      elections_(*this, pointers_to(interfaces)) {
    std::size_t routers = 0;
    for (const auto& interface : interfaces) routers += interface->virtual_routers.size();
    kept_at_most_ = 2 * routers + 32;
    elections_.notices().reserve(2 * kept_at_most_);
}

Result<void> ProtocolLoop::watch_fd(int fd) const {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = fd;
    if (epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) != 0)
        return system_failure("watching an event source");
    return {};
}

Result<void> ProtocolLoop::watch(std::uint32_t index) {
    return watch_fd(interface(index).port->elections().event_fd());
}

void ProtocolLoop::unwatch(std::uint32_t index) {
    epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, interface(index).port->elections().event_fd(), nullptr);
}

void ProtocolLoop::run() {
    if (const int error = schedule_realtime(); error != 0)
        elections_.notices().emplace_back(NotRealtime{error});
    elections_.begin();
    report();
    arm_timer();
    while (!ended_) {
        elections_.turn(wait());
        report();
        arm_timer();
    }
}

elections::Ready ProtocolLoop::wait() {
    std::array<epoll_event, 16> events{};
    const int forever = -1;
    const int count =
        epoll_wait(epoll_.get(), events.data(), events.size(), elections_.has_backlog() ? 0 : forever);
    elections::Ready ready;
    for (int i = 0; i < count; ++i) {
        const int source = events[static_cast<std::size_t>(i)].data.fd;
        if (source == monitor_.event_fd()) ready.interfaces = true;
        if (source == commands_.event_fd()) ready.commands = true;
    }
    return ready;
}

void ProtocolLoop::report() {
    std::vector<Notice>& pending = elections_.notices();
    if (pending.empty()) return;
    std::size_t kept = 0;
    for (const Notice& notice : pending)
        if (!deliver(notice, kept)) pending[kept++] = notice;
    notices_.ring();
    pending.resize(kept);
}

/// kept: how many have to wait for the next turn already. Those behind them follow in order.
bool ProtocolLoop::deliver(const Notice& notice, std::size_t kept) {
    const Importance importance = importance_of(notice);
    const bool has_room = kept == 0 && (importance != Importance::Repeated || !notices_.is_half_full());
    if (has_room && notices_.post(notice)) return true;
    if (importance == Importance::MissingInterfaces ||
        (importance == Importance::Told && kept < kept_at_most_))
        return false;
    notices_.note_left_out();
    return true;
}

void ProtocolLoop::arm_timer() {
    TimePoint next = elections_.schedule();
    if (!elections_.notices().empty()) next = std::min(next, elections_.last_turn() + kNoticeRetry);
    if (elections_.any_is_active())
        next = std::min(next, elections_.last_turn() + std::chrono::nanoseconds(guardian::kHeartbeatNs));
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

TimePoint ProtocolLoop::now() const { return net::boot_now(); }

std::optional<net::InterfaceState> ProtocolLoop::state_of(unsigned interface_index) const {
    return monitor_.state_of(interface_index);
}

std::vector<unsigned> ProtocolLoop::changed_interfaces() { return monitor_.update(); }

void ProtocolLoop::refresh_interfaces() { static_cast<void>(monitor_.refresh()); }

void ProtocolLoop::take_commands(const CommandHandler& handler, std::size_t at_most) {
    commands_.drain(
        [&](const Command& command) {
            if (std::holds_alternative<End>(command))
                ended_ = true;
            else
                handler(command);
        },
        at_most);
}

void ProtocolLoop::add(RouterId router, const net::Outgoing& packet, std::uint32_t tag) {
    interface(router.interface).batch_of(router.router).add(packet, tag);
}

int ProtocolLoop::send(std::uint32_t index, const Sent& sent) {
    return interface(index).flush_advertisements(sent);
}

void ProtocolLoop::announce(RouterId router, const net::Frame& announcement) {
    interface(router.interface).announcements.add(announcement, router.router);
}

void ProtocolLoop::send_announcements(std::uint32_t index) {
    ManagedInterface& from = interface(index);
    from.announcements.flush(from.socket.fd(), [](std::uint32_t) {});
}

void ProtocolLoop::heartbeat(TimePoint now) noexcept { fencing_plan_->beat(now); }

void ProtocolLoop::farewells_changed(RouterId router) noexcept {
    ManagedInterface& of = interface(router.interface);
    set_farewells(of.fencing_entries[router.router], of.virtual_routers[router.router].farewells);
}

void ProtocolLoop::farewell_said(RouterId router) noexcept {
    drop_farewells(interface(router.interface).fencing_entries[router.router]);
}

void ProtocolLoop::elections_ended(std::uint32_t index) noexcept {
    for (guardian::FencingEntry& entry : interface(index).fencing_entries) void_entry(entry);
}

void ProtocolLoop::reconfigured(const elections::Reconfiguration& to) {
    const auto& wanted = static_cast<const Reconfiguration&>(to);
    fencing_plan_ = wanted.fencing_plan;
    fencing_plan_->beat(now());
    for (std::uint32_t i = 0; i < wanted.fencing_entries.size(); ++i) {
        if (elections_.interface(i) == nullptr) continue;
        interface(i).fencing_entries = wanted.fencing_entries[i];
        for (std::uint32_t j = 0; j < interface(i).virtual_routers.size(); ++j) farewells_changed({i, j});
    }
}

}  // namespace vrrp_xdp::engine
