// SPDX-License-Identifier: BSD-2-Clause
// The protocol loop's ears: what the data plane hands over, and what follows from it.
#include <algorithm>
#include <cstring>

#include "engine/protocol_loop.hpp"
#include "net/boot_clock.hpp"
#include "protocol/timers.hpp"

namespace vrrp_xdp::engine {
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

void ProtocolLoop::receive_advertisements() {
    has_backlog_ = false;
    for (SharedPort& shared : ports_) {
        const auto remainder = shared.port->consume_events(
            [&](const vrrp_xdp_event& event) { hear(shared, event); }, kEventsPerTurn);
        const bool all_heard = remainder == dataplane::Port::Remainder::None;
        shared.heard_until = all_heard ? protocol::kNever : shared.last_event;
        has_backlog_ |= !all_heard;
    }
}

TimePoint ProtocolLoop::heard_until(const ManagedInterface& interface) const {
    if (!has_backlog_) return protocol::kNever;
    const auto shared = std::find_if(ports_.begin(), ports_.end(),
                                     [&](const SharedPort& each) { return each.port == interface.port; });
    return shared->heard_until;
}

void ProtocolLoop::hear(SharedPort& port, const vrrp_xdp_event& event) {
    port.last_event = TimePoint{protocol::Duration(event.received_ns)};
    if (event.slot >= port.owners.size()) return;
    const std::optional<SlotOwner>& owner = port.owners[event.slot];
    // A reload may have given the slot to another election while the event waited.
    if (!owner || !is_same(owner->election, event.election)) return;
    const elections::RouterId id = owner->router;
    if (interfaces_[id.interface] == nullptr) return;
    if (event.type == VRRP_XDP_ADVERTISEMENT) receive_advertisement(id, event);
    if (event.type == VRRP_XDP_CLAIM) receive_claim(port, id, event);
}

void ProtocolLoop::receive_advertisement(elections::RouterId id, const vrrp_xdp_event& event) {
    elections::VirtualRouter& vr = router(id);
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
    vr.heard = elections::Heard{source, advertisement->priority, received};
    if (advertisement->priority == 0) ++vr.statistics.priority_zero_pkts_rcvd;
    if (vr.config.priority.is_owner() && advertisement->priority == 255 &&
        is_due(vr.second_owner_told, received))
        pending_.emplace_back(elections::SecondOwner{id, vr.heard});
    const std::uint64_t differences = note_differences(id, *advertisement);
    if (advertisement->signing_key) note_signer(id, {source, *advertisement->signing_key});

    if (is_refused(*advertisement, differences)) return;

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

std::uint64_t ProtocolLoop::note_differences(elections::RouterId id,
                                             const protocol::Advertisement& advertisement) {
    elections::VirtualRouter& vr = router(id);
    std::uint64_t differences = 0;
    if (advertisement.interval != protocol::interval_on_the_wire(vr.config.advertise_interval)) {
        differences |= VRRP_XDP_OTHER_INTERVAL;
        ++vr.statistics.interval_errors;
        if (is_due(vr.interval_told, vr.heard->at))
            pending_.emplace_back(elections::IntervalDiffers{id, vr.heard, advertisement.interval});
    }
    const auto overlap = vr.addresses.compare(advertisement.addresses);
    if (overlap != Overlap::All) {
        differences |= VRRP_XDP_OTHER_ADDRESSES;
        ++vr.statistics.address_list_errors;
        const bool never_active = vr.statistics.master_transitions == 0 && vr.election.state != State::Active;
        if (never_active && overlap == Overlap::None) {
            if (!std::exchange(vr.vrid_in_use_told, true))
                pending_.emplace_back(elections::VridInUse{id, vr.heard});
        } else if (is_due(vr.address_list_told, vr.heard->at)) {
            pending_.emplace_back(elections::AddressListDiffers{id, vr.heard, advertisement.version});
        }
    }
    return differences;
}

void ProtocolLoop::note_signer(elections::RouterId id, const elections::Signer& signer) {
    elections::VirtualRouter& vr = router(id);
    if (std::exchange(vr.signer, signer) != signer && is_due(vr.signer_told, vr.heard->at))
        pending_.emplace_back(elections::PeerSigns{id, vr.heard, signer.key});
}

/// A host that claims one virtual address often claims all of a port's: it is told of once a minute, and so
/// are a few others beside it.
void ProtocolLoop::receive_claim(SharedPort& port, elections::RouterId id, const vrrp_xdp_event& event) {
    elections::AddressClaimed claim{id, source_of(event), {}};
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
    pending_.emplace_back(claim);
}

}  // namespace vrrp_xdp::engine
