// SPDX-License-Identifier: BSD-2-Clause
// The state machine of RFC 9568 §6.4 as a pure function: (parameters, election, event, now) -> (election,
// actions).
//
// Being Active is a lease, a deadline after which the data plane stops answering by itself. It is part of the
// state here, so that what is proven of this function is proven of the lease.
#pragma once

#include <cstdint>
#include <optional>
#include <variant>

#include "protocol/types.hpp"

namespace vrrp_xdp::protocol {

enum class State : std::uint8_t { Initialize, Backup, Active };

/// What brought an election into its state.
enum class Cause : std::uint8_t {
    None,
    Startup,
    Adopted,  ///< the instance before this one was Active, and its lease still lasts
    Shutdown,
    InterfaceUp,
    InterfaceDown,
    PrimaryAddressGone,
    DataPlaneGone,    ///< the programs are no longer on the interface
    Faulted,          ///< a condition of the operator's for taking part at all no longer holds
    Recovered,        ///< it holds again
    GroupFaulted,     ///< another election of its sync group cannot take part
    GroupRecovered,   ///< all of them can again
    GroupActive,      ///< another election of its sync group has taken over
    GroupBackup,      ///< another election of its sync group is no longer Active
    ActiveDownTimer,  ///< no Active Router was heard for Active_Down_Interval, or it sent a farewell
    HigherPriority,   ///< a better router advertises
    LeaseExpired,     ///< moves too late: the data plane has stopped answering already
    Fenced,           ///< moves too late: the guardian has given it up, or another router was heard
    SendingFailed,    ///< the first advertisement of a takeover did not leave
    Drained,          ///< the operator has had it hand over to another router
};

/// What the operator configured, and the interface's own address.
struct Parameters {
    Version version;
    Priority priority;
    Duration advertise_interval;
    bool preempt;
    IpAddress primary_address;
    Duration preempt_delay{};  ///< how long a worse Active Router is left alone, from when it is heard first
    bool also_version_2 = false;  ///< version 3, and version 2 beside it (RFC 9568 §8.4)

    friend bool operator==(const Parameters&, const Parameters&) = default;
};

inline constexpr TimePoint kNever = TimePoint::max();
inline constexpr TimePoint kNoLease = TimePoint{};

/// What became of an election's last advertisement. Who cannot be heard must not take over: a healthy Active
/// Router would go on beside it.
enum class Sending : std::uint8_t {
    Works,
    Fails,    ///< it did not leave: a Backup Router tries one before it takes over
    Trying,   ///< a Backup Router's that tries: it takes over once this one has left
    Pending,  ///< the first one of a takeover: what became of it is not known yet
};

struct Election {
    State state = State::Initialize;
    Cause cause = Cause::None;
    Duration active_adver_interval{};  ///< the Active Router's, learned by a Backup in version 3
    TimePoint timer = kNever;          ///< Adver_Timer when Active, Active_Down_Timer when Backup
    TimePoint lease = kNoLease;        ///< the data plane answers before this; kNoLease unless Active
    bool following = false;            ///< a Backup Router that has heard its Active Router
    bool dismissed = false;            ///< the last that a Backup Router has heard is a farewell
    TimePoint preempts_at = kNever;    ///< when a Backup Router stops to follow a worse one
    /// Of a Backup Router that also hears version 2: whom it follows in version 3, and when it heard that
    /// last.
    std::optional<IpAddress> version_3_from{};
    TimePoint version_3_at{};
    bool follows_version_2 = false;  ///< its Active Router speaks nothing else
    bool leaving = false;  ///< an Active Router that has sent a farewell, and waits for its successor
    bool drains = false;   ///< it is leaving, and will be a Backup Router then
    Sending sending = Sending::Works;
    /// Until then only a better router's word ends the lease in the data plane; after it, any other router's
    /// does. kNoLease where what the data plane has is left as it is.
    TimePoint firm = kNoLease;

    friend bool operator==(const Election&, const Election&) = default;
};

/// Returns whether it is the Active Router and means to remain it.
constexpr bool is_staying_active(const Election& election) {
    return election.state == State::Active && !election.leaving;
}

/// Returns whether it may advertise: as the Active Router, or to see whether an advertisement of its leaves.
constexpr bool may_advertise(const Election& election) {
    return is_staying_active(election) || election.sending == Sending::Trying;
}

/// Returns the version whose Skew_Time a Backup Router waits, like others that hear the same Active Router.
/// configured: its version without version 2 beside it.
constexpr Version version_of(Version configured, const Election& election) {
    return election.follows_version_2 ? Version::V2 : configured;
}

struct Startup {
    Cause cause = Cause::Startup;
};
/// Startup after another instance, which has ended without a farewell. lease: what it left in the data plane,
/// kNoLease if nothing. While that lasts, this router is Active already, and nobody else may be.
struct Adopted {
    TimePoint lease;
};
/// The end, at once: it cannot serve any more.
struct Shutdown {
    Cause cause = Cause::Shutdown;
};
/// The end of one that can still serve. An Active Router sends a farewell, and is there for its hosts until
/// it hears its successor, or until every Backup Router's Skew_Time is over.
struct Leave {
    Cause cause = Cause::Shutdown;
};
struct TimerExpired {};
/// A valid advertisement for this Virtual Router.
struct AdvertisementReceived {
    std::uint8_t priority;
    IpAddress source;
    Duration interval;
    Version version = Version::V3;  ///< void unless the Virtual Router speaks both
};
/// The Active Router that is followed has sent the very advertisement again that it was followed for. Nobody
/// has to be told at once: the timer is late for it, never early. at: when it last came in.
struct ActiveHeard {
    TimePoint at;
};
/// An advertisement of ours really left. at: taken before it was handed over, so never later than any
/// arrival.
struct AdvertisementSent {
    TimePoint at;
};
/// The advertisement that was to leave did not: the queue is full, the packet too large, the way gone.
struct AdvertisementFailed {};
/// The lease is no longer this router's: its guardian has sent a farewell for it, or it comes to move later
/// than other routers wait, and one of them was heard. What is left of the lease stays in the data plane,
/// where the successor's first word ends it.
struct LeaseTaken {};
/// The priority or the interval is another one from now on, and so is what advertisements say. before: what
/// the last step was taken with.
struct ParametersChanged {
    Parameters before;
};
/// The priority is the lowest from now on, and Preempt_Mode is false. An Active Router sends a farewell,
/// serves its hosts until it hears its successor, and then is a Backup Router. If none is heard, it goes on.
/// before: what the last step was taken with.
struct Drain {
    Parameters before;
};
/// Another election of the sync group has taken over, and this one goes with it.
struct GroupTookOver {};
/// Another election of the sync group is no longer Active, and this one goes with it.
struct GroupYielded {};
/// The sync group does not take over yet. until: when to ask again.
struct GroupWaits {
    TimePoint until;
};
using Event = std::variant<Startup, Adopted, Shutdown, Leave, TimerExpired, AdvertisementReceived,
                           ActiveHeard, AdvertisementSent, AdvertisementFailed, LeaseTaken, ParametersChanged,
                           Drain, GroupTookOver, GroupYielded, GroupWaits>;

/// What the caller must do, in this order, after storing the lease if it changed.
struct Actions {
    bool advertise = false;
    bool say_farewell = false;  ///< advertise with priority 0
    bool announce_addresses =
        false;  ///< gratuitous ARP or unsolicited Neighbour Advertisement for each address

    friend bool operator==(const Actions&, const Actions&) = default;
};

/// Why a received advertisement changed nothing.
enum class Discard : std::uint8_t {
    Own,               ///< our own, looped back by the network
    IntervalMismatch,  ///< version 2 asks for equal intervals (RFC 3768 §7.1)
    NotRunning,        ///< Initialize hears nothing
    SaidInVersion3,    ///< version 2 of what the followed router says in version 3 as well (RFC 9568 §8.4)
};

struct Step {
    Election election;
    Actions actions;
    std::optional<Discard> discard;
    bool followed = false;  ///< the received advertisement: from now on its repetition is an ActiveHeard
};

/// Processes an event. For TimerExpired, now must not be before election.timer.
Step step(const Parameters& parameters, const Election& election, const Event& event, TimePoint now);

}  // namespace vrrp_xdp::protocol
