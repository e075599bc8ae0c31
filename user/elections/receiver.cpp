// SPDX-License-Identifier: BSD-2-Clause
#include "elections/receiver.hpp"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <iterator>
#include <utility>

#include "elections/router_set.hpp"
#include "protocol/timers.hpp"

namespace vrrp_xdp::elections {
namespace {

using Overlap = protocol::AddressSet::Overlap;
using protocol::AdvertisementReceived;
using protocol::IpAddress;
using protocol::State;
using protocol::TimePoint;

/// Of each port in a turn: others choose how many there are, and timers must not wait for all of them.
constexpr std::size_t kEventsPerTurn = 32;

/// A difference that stays is told again so often.
constexpr std::chrono::minutes kReminder(1);

/// Whether to tell it now; if so, notes that it was told.
bool is_due(TimePoint& told, TimePoint now) {
    if (told != TimePoint{} && now - told < kReminder) return false;
    told = now;
    return true;
}

bool is_same(const vrrp_xdp_vr_key& one, const vrrp_xdp_vr_key& other) {
    return std::memcmp(&one, &other, sizeof(one)) == 0;
}

std::size_t address_bytes(const vrrp_xdp_event& event) {
    return event.election.family == VRRP_XDP_IPV4 ? 4 : 16;
}

IpAddress source_of(const vrrp_xdp_event& event) {
    return IpAddress::from_bytes(std::span(event.source).first(address_bytes(event)));
}

IpAddress destination_of(const vrrp_xdp_event& event) {
    return IpAddress::from_bytes(std::span(event.destination).first(address_bytes(event)));
}

/// RFC 3768 section 7.1: version 2 may compare the addresses, and where they differ it must drop what does
/// not come from their owner. RFC 9568 has no such rule, and version 3 follows it.
bool is_refused(const protocol::Advertisement& advertisement, std::uint64_t differences) {
    return advertisement.version == protocol::Version::V2 && advertisement.priority != 255 &&
           (differences & VRRP_XDP_OTHER_ADDRESSES) != 0;
}

}  // namespace

void Receiver::take_in(std::uint32_t index) {
    const Interface& interface = *routers_.interface(index);
    if (!knows_port_of(index))
        ports_.push_back({.data_plane = interface.data_plane,
                          .owners = std::vector<std::optional<SlotOwner>>(VRRP_XDP_MAX_ELECTIONS)});
    auto& owners = std::find_if(ports_.begin(), ports_.end(), IsAt{interface.data_plane})->owners;
    for (std::uint32_t i = 0; i < interface.virtual_routers.size(); ++i)
        owners[interface.slots[i]] = SlotOwner{{index, i}, interface.election(i)};
}

bool Receiver::knows_port_of(std::uint32_t index) const {
    return std::any_of(ports_.begin(), ports_.end(), IsAt{routers_.interface(index)->data_plane});
}

void Receiver::forget(std::uint32_t index) {
    for (SharedPort& shared : ports_)
        for (std::optional<SlotOwner>& owner : shared.owners)
            if (owner && owner->router.interface == index) owner.reset();
}

void Receiver::drop_port(const dataplane::Port* port) { std::erase_if(ports_, IsAt{port}); }

void Receiver::receive() {
    has_backlog_ = false;
    for (SharedPort& shared : ports_) {
        const auto remainder = shared.data_plane->consume_events(
            [&](const vrrp_xdp_event& event) { receive(shared, event); }, kEventsPerTurn);
        const bool all_heard = remainder == dataplane::Port::Remainder::None;
        shared.heard_until = all_heard ? protocol::kNever : shared.last_event;
        has_backlog_ |= !all_heard;
    }
}

TimePoint Receiver::heard_until(const Interface& interface) const {
    if (!has_backlog_) return protocol::kNever;
    return std::find_if(ports_.begin(), ports_.end(), IsAt{interface.data_plane})->heard_until;
}

void Receiver::receive(SharedPort& port, const vrrp_xdp_event& event) {
    port.last_event = TimePoint{protocol::Duration(event.received_ns)};
    if (event.slot >= port.owners.size()) return;
    const std::optional<SlotOwner>& owner = port.owners[event.slot];
    // A reload may have given the slot to another election while the event waited.
    if (!owner || !is_same(owner->election, event.election)) return;
    const RouterId id = owner->router;
    if (routers_.interface(id.interface) == nullptr) return;
    if (event.type == VRRP_XDP_ADVERTISEMENT) {
        receive_advertisement(id, event);
        confirm_lease(id);
    }
    if (event.type == VRRP_XDP_CLAIM) receive_claim(port, id, event);
}

void Receiver::receive_advertisement(RouterId id, const vrrp_xdp_event& event) {
    VirtualRouter& vr = routers_.router(id);
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
    vr.heard = Heard{source, advertisement->priority, received};
    if (advertisement->priority == 0) ++vr.statistics.priority_zero_pkts_rcvd;
    if (vr.config.priority.is_owner() && advertisement->priority == 255 &&
        is_due(vr.second_owner_told, received))
        routers_.tell(SecondOwner{id, vr.heard});
    // Right after a takeover it is only late.
    const bool is_settled = received - vr.since > 3 * vr.config.advertise_interval;
    if (is_staying_active(vr.election) && advertisement->priority > 0 &&
        advertisement->priority < vr.priority.value() && is_settled && is_due(vr.rival_told, received))
        routers_.tell(RivalActive{id, vr.heard});
    const std::uint64_t differences = note_differences(id, *advertisement);
    if (advertisement->signing_key) note_signer(id, {source, *advertisement->signing_key});

    if (is_refused(*advertisement, differences)) return;

    // What waited until after a heartbeat of the router that is followed is outdated: a farewell
    // after which it came back, or another that was Active in between.
    const TimePoint heartbeat = routers_.interface(id.interface)->last_heard(id.router);
    if (vr.election.following && heartbeat >= received) {
        routers_.apply(id, protocol::ActiveHeard{heartbeat}, received);
        return;
    }

    // A Backup Router's patience counts from the arrival. An Active one lives by the clock: its lease may
    // have run out while the advertisement waited.
    const TimePoint now = vr.election.state == State::Active ? routers_.now() : received;
    // What XDP has stamped tells whether the router that is followed still speaks version 3.
    if (vr.config.also_version_2 && vr.election.following)
        routers_.apply(id, protocol::ActiveHeard{heartbeat}, now);
    const AdvertisementReceived what{advertisement->priority, source, advertisement->interval,
                                     advertisement->version};
    if (!routers_.apply(id, what, now)) return;
    vr.followed = vr.heard;
    const auto message = std::span(event.message).first(event.length);
    routers_.interface(id.interface)
        ->expect(id.router, protocol::digest(source, message), differences, received);
}

/// The data plane takes any valid advertisement for a rival's word: this router's own that the network
/// reflects, which silences a lease that is not firm yet, and what version 2 drops for its interval or its
/// addresses (RFC 3768 §7.1), which may be of a higher priority. Where it is answered, that makes the lease
/// firm. One that is drained would be a Backup Router by now, had it been its successor's.
void Receiver::confirm_lease(RouterId id) {
    const VirtualRouter& vr = routers_.router(id);
    Interface& interface = *routers_.interface(id.interface);
    const bool serves = is_staying_active(vr.election) || vr.election.drains;
    if (serves && !vr.queued.advertise && interface.is_succeeded(id.router))
        interface.store_firm(id.router, routers_.now());
}

std::uint64_t Receiver::note_differences(RouterId id, const protocol::Advertisement& advertisement) {
    VirtualRouter& vr = routers_.router(id);
    std::uint64_t differences = 0;
    if (advertisement.interval != protocol::interval_on_the_wire(vr.config.advertise_interval)) {
        differences |= VRRP_XDP_OTHER_INTERVAL;
        ++vr.statistics.interval_errors;
        if (is_due(vr.interval_told, vr.heard->at))
            routers_.tell(IntervalDiffers{id, vr.heard, advertisement.interval});
    }
    const auto overlap = vr.addresses.compare(advertisement.addresses);
    if (overlap != Overlap::All) {
        differences |= VRRP_XDP_OTHER_ADDRESSES;
        ++vr.statistics.address_list_errors;
        const bool never_active = vr.statistics.master_transitions == 0 && vr.election.state != State::Active;
        if (never_active && overlap == Overlap::None) {
            if (!std::exchange(vr.vrid_in_use_told, true)) routers_.tell(VridInUse{id, vr.heard});
        } else if (is_due(vr.address_list_told, vr.heard->at)) {
            routers_.tell(AddressListDiffers{id, vr.heard, advertisement.version});
        }
    }
    return differences;
}

void Receiver::note_signer(RouterId id, const Signer& signer) {
    VirtualRouter& vr = routers_.router(id);
    if (std::exchange(vr.signer, signer) != signer && is_due(vr.signer_told, vr.heard->at))
        routers_.tell(PeerSigns{id, vr.heard, signer.key});
}

/// A host that claims one virtual address often claims all of a port's: it is reported once a minute, and so
/// are a few others beside it.
void Receiver::receive_claim(SharedPort& port, RouterId id, const vrrp_xdp_event& event) {
    AddressClaimed claim{id, source_of(event), {}};
    std::memcpy(claim.by.bytes.data(), event.source_mac, claim.by.bytes.size());
    auto& claimants = port.claimants;
    auto* claimant = std::find_if(claimants.begin(), claimants.end(),
                                  [&](const Claimant& each) { return each.mac == claim.by; });
    if (claimant == claimants.end())
        claimant = std::min_element(
            claimants.begin(), claimants.end(),
            [](const Claimant& one, const Claimant& other) { return one.told < other.told; });
    if (!is_due(claimant->told, port.last_event)) return;
    claimant->mac = claim.by;
    routers_.tell(claim);
}

}  // namespace vrrp_xdp::elections
