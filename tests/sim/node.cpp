// SPDX-License-Identifier: BSD-2-Clause
#include "node.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

namespace vrrp_xdp::sim {

using namespace protocol;

namespace {

constexpr std::array<std::uint8_t, 4> kVirtualAddress{192, 0, 2, 254};
constexpr std::size_t kEthernetBytes = 14;

unsigned index_of(std::size_t router) { return static_cast<unsigned>(router + 1); }

/// Returns what stands behind the IPv4 header of a frame.
Bytes message_of(const net::Frame& frame) {
    const std::size_t header = 4 * (frame[kEthernetBytes] & 0xfU);
    return {frame.begin() + static_cast<std::ptrdiff_t>(kEthernetBytes + header), frame.end()};
}

}  // namespace

Node::Node(World& world, std::vector<std::size_t> routers, std::string sync_group)
    : world_(world),
      routers_(std::move(routers)),
      sync_group_(std::move(sync_group)),
      drained_(routers_.size()),
      configured_(routers_.size()) {}

std::uint32_t Node::place_of(std::size_t router) const {
    return static_cast<std::uint32_t>(std::find(routers_.begin(), routers_.end(), router) - routers_.begin());
}

std::unique_ptr<elections::Interface> Node::make_interface(std::size_t router) const {
    const Parameters& own = world_.routers_[router].parameters;
    const std::uint32_t place = place_of(router);
    config::VirtualRouter config{.vrid = *Vrid::from(10),
                                 .priority = configured_[place].value_or(own.priority)};
    config.version = own.version;
    config.advertise_interval = own.advertise_interval;
    config.preempt = own.preempt;
    config.preempt_delay = own.preempt_delay;
    config.sync_group = sync_group_;
    config.source_address = own.primary_address;
    config.checksum = own.version == Version::V2 ? ChecksumForm::PseudoHeader : world_.fate_.checksum_form();
    config.virtual_addresses = {IpAddress::from_bytes(kVirtualAddress)};
    std::vector<elections::VirtualRouter> routers;
    routers.emplace_back(std::move(config));
    routers.back().drained = drained_[place];
    routers.back().set_priority(routers.back().own_priority());
    auto interface = std::make_unique<elections::Interface>("eth" + std::to_string(router), index_of(router),
                                                            std::move(routers));
    interface->data_plane = &world_.ports_[router];
    interface->slots = {0};
    return interface;
}

bool Node::is(bool Router::*what) const { return world_.routers_[routers_.front()].*what; }

void Node::set(bool Router::*what, bool value) {
    for (const std::size_t router : routers_) world_.routers_[router].*what = value;
}

void Node::start() {
    stops_with_timer = false;
    if (is_running() && (!is(&Router::stopping) || is(&Router::stalled))) return;
    if (is_running()) return hand_over();
    begin();
}

void Node::hand_over() {
    if (!is_running() || is(&Router::stalled)) return;
    for (std::uint32_t i = 0; i < routers_.size(); ++i) commands_.push_back(elections::HandOver{i});
    set(&Router::stopping, false);
    turn();
    end();
    begin();
}

void Node::begin() {
    ++incarnation_;
    released_ = 0;
    interfaces_.clear();
    std::vector<elections::Interface*> all;
    for (const std::size_t router : routers_) {
        world_.ports_[router].drop_events();
        interfaces_.push_back(make_interface(router));
        if (startup_delay_ != Duration{}) interfaces_.back()->starts_at = now() + startup_delay_;
        all.push_back(interfaces_.back().get());
        world_.routers_[router].election = {};
    }
    set(&Router::running, true);
    set(&Router::stopping, false);
    startup_delay_ = {};
    queued_.assign(routers_.size(), {});
    plan_.assign(routers_.size(), {});
    elections::Host& host = *this;
    elections_ = std::make_unique<elections::Elections>(host, std::move(all));
    elections_->watch(this);
    static_cast<void>(elections_->open());
    elections_->begin();
    for (std::size_t i = 0; i < routers_.size(); ++i)
        world_.routers_[routers_[i]].lease = world_.ports_[routers_[i]].lease();
    after_turn();
}

void Node::stop() {
    if (!is_running() || is(&Router::stalled) || is(&Router::stopping)) return;
    stops_with_timer = false;
    set(&Router::stopping, true);
    commands_.push_back(elections::Leave{});
    turn();
}

void Node::crash() {
    if (!is_running()) return;
    end();
    for (const std::size_t router : routers_) world_.routers_[router].orphaned = world_.holds_lease(router);
}

/// The process is gone; what its maps and its guardian have stays.
void Node::end() {
    elections_.reset();
    interfaces_.clear();
    retired_.clear();
    commands_.clear();
    changed_.clear();
    armed_.reset();
    ++incarnation_;
    for (const auto flag : {&Router::running, &Router::stalled, &Router::stopping}) set(flag, false);
    for (const std::size_t router : routers_) world_.routers_[router].election = {};
}

void Node::resume() {
    set(&Router::stalled, false);
    wake();
}

void Node::fence() {
    for (std::size_t i = 0; i < plan_.size(); ++i) {
        FencingEntry& entry = plan_[i];
        const std::size_t router = routers_[i];
        if (!entry.valid) continue;
        if (!world_.holds_lease(router) || entry.given_up == world_.ports_[router].lease()) continue;
        const bool says_farewell = !entry.farewell.empty();
        if (says_farewell)
            world_.ports_[router].give_up(now(), world_.routers_[router].parameters.advertise_interval);
        entry.given_up = world_.routers_[router].lease = world_.ports_[router].lease();
        world_.routers_[router].orphaned = true;
        if (says_farewell) world_.transmit(router, entry.farewell);
    }
}

void Node::set_priority(std::size_t router, Priority priority) {
    if (!is_running()) return;
    commands_.push_back(elections::SetEffect{.router = {place_of(router), 0}, .priority = priority});
    wake();
}

void Node::drain(std::size_t router, bool drained) {
    const std::uint32_t place = place_of(router);
    if (drained_[place] == drained) return;
    drained_[place] = drained;
    if (!configured_[place]) configured_[place] = world_.routers_[router].parameters.priority;
    if (!is_running()) return;
    commands_.push_back(
        elections::SetEffect{.router = {place, 0}, .priority = *configured_[place], .drained = drained});
    wake();
}

/// In one turn, as the ordinary thread has prepared all of it.
void Node::reload(std::size_t router, Priority priority) {
    if (!is_running() || is(&Router::stalled) || is(&Router::stopping) || !retired_.empty()) return;
    const std::uint32_t place = place_of(router);
    world_.routers_[router].parameters.priority = priority;
    auto next = make_interface(router);
    next->virtual_routers.front().mac = interfaces_[place]->virtual_routers.front().mac;
    next->virtual_routers.front().interface_mac = interfaces_[place]->virtual_routers.front().interface_mac;
    if (interfaces_[place]->virtual_routers.front().primary_address)
        next->virtual_routers.front().set_source(world_.routers_[router].parameters.primary_address,
                                                 next->virtual_routers.front().mac);
    reconfiguration_ = {};
    reconfiguration_.parts.resize(routers_.size());
    reconfiguration_.parts[place].next = next.get();
    retired_.push_back(std::exchange(interfaces_[place], std::move(next)));
    commands_.push_back(elections::Reconfigure{&reconfiguration_});
    commands_.push_back(elections::Reconciled{});
    turn();
    retired_.clear();
}

void Node::interface_changed(std::size_t router) {
    changed_.insert(index_of(router));
    wake();
}

void Node::wake() {
    if (is_running() && !is(&Router::stalled)) turn();
}

void Node::turn() {
    elections_->turn({.interfaces = !changed_.empty(), .commands = !commands_.empty()});
    after_turn();
}

void Node::after_turn() {
    for (const elections::Notice& notice : std::exchange(elections_->notices(), {}))
        if (std::holds_alternative<elections::Released>(notice)) ++released_;
    if (is(&Router::stopping) && released_ >= routers_.size()) return end();
    schedule();
}

void Node::schedule() {
    TimePoint due = elections_->schedule();
    if (elections_->has_backlog() || !commands_.empty()) due = now();
    if (due == kNever || armed_ == due) return;
    armed_ = due;
    world_.at(std::max(due, now()) + world_.fate_.latency(world_.latency),
              [this, due, incarnation = incarnation_] {
                  if (incarnation_ != incarnation || armed_ != due) return;
                  armed_.reset();
                  wake();
              });
}

void Node::add_to(Digest& digest, std::size_t router) const {
    const std::size_t place = place_of(router);
    const bool known = place < plan_.size();
    digest.add(known && plan_[place].valid);
    digest.add(known && !plan_[place].farewell.empty());
}

vrrp_xdp_vr_key Node::election_of(std::size_t router) const {
    return interfaces_[place_of(router)]->election(0);
}

std::optional<net::InterfaceState> Node::state_of(unsigned interface_index) const {
    const std::size_t router = interface_index - 1;
    net::InterfaceState state;
    state.index = interface_index;
    state.name = "eth" + std::to_string(router);
    state.running = world_.routers_[router].able;
    state.ethernet = true;
    state.mtu = 1500;
    state.mac.bytes = {2, 0, 0, 0, 0, static_cast<std::uint8_t>(interface_index)};
    state.addresses = {world_.routers_[router].parameters.primary_address};
    return state;
}

std::vector<unsigned> Node::changed_interfaces() {
    const auto changed = std::exchange(changed_, {});
    return {changed.begin(), changed.end()};
}

void Node::take_commands(const CommandHandler& handler, std::size_t at_most) {
    for (; at_most > 0 && !commands_.empty(); --at_most) {
        const elections::Command command = commands_.front();
        commands_.pop_front();
        handler(command);
    }
}

void Node::add(elections::RouterId router, const net::Outgoing& packet, std::uint32_t tag) {
    queued_[router.interface].push_back({message_of(packet.bytes), tag});
}

int Node::send(std::uint32_t interface, const Sent& sent) {
    int error = 0;
    for (const Queued& packet : std::exchange(queued_[interface], {})) {
        if (world_.transmit(routers_[interface], packet.message))
            sent(packet.tag);
        else
            error = ENOBUFS;
    }
    return error;
}

void Node::farewells_changed(elections::RouterId router) noexcept {
    plan_[router.interface] = {
        .valid = true,
        .farewell = message_of(
            elections_->interface(router.interface)->virtual_routers.front().farewells.front().bytes)};
}

void Node::farewell_said(elections::RouterId router) noexcept { plan_[router.interface].farewell.clear(); }

void Node::elections_ended(std::uint32_t interface) noexcept { plan_[interface] = {}; }

void Node::reconfigured(const elections::Reconfiguration&) {
    for (std::uint32_t i = 0; i < routers_.size(); ++i)
        if (const auto* interface = elections_->interface(i);
            interface != nullptr && interface->virtual_routers.front().primary_address)
            farewells_changed({i, 0});
}

void Node::stepped(elections::RouterId router, const Parameters& parameters, const Election& before,
                   const Event& event, const Step& step) {
    world_.stepped(routers_[router.interface], parameters, before, event, step);
}

}  // namespace vrrp_xdp::sim
