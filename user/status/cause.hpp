// SPDX-License-Identifier: BSD-2-Clause
// What a cause is called and what there is to say of it, in one table: a cause without a row does not
// compile.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "protocol/state_machine.hpp"

namespace vrrp_xdp::status {

enum class Severity : std::uint8_t { Ordinary, Fault };

struct CauseText {
    std::string_view name;        ///< in JSON and for hooks: RFC 8347's where it has one
    std::string_view yang_event;  ///< RFC 8347's identity behind "vrrp-event-"; "none" where it has none
    std::string_view in_log;      ///< why there was a transition; what was heard says more, see reason_of()
    std::string_view because;     ///< why a Virtual Router is in its state
    /// What ends Initialize, as a sentence. By default that the interface works.
    std::string_view remedy =
        "It starts when the interface is up, with a carrier and an address of its family: see 'ip link' and "
        "'ip address'.";
    Severity severity = Severity::Ordinary;
};

// Without a default, so that the compiler misses a cause that is forgotten.
constexpr CauseText text_of(protocol::Cause cause) {
    using protocol::Cause;
    switch (cause) {
        case Cause::None:
            return {.name = "none",
                    .yang_event = "none",
                    .in_log = "unknown",
                    .because = "it has not started",
                    .remedy =
                        "It starts when startup-delay is over, and the interface is up with a carrier "
                        "and an address of its family."};
        case Cause::Startup:
            return {.name = "startup", .yang_event = "startup", .in_log = "started", .because = "it started"};
        case Cause::Adopted:
            return {.name = "adopted",
                    .yang_event = "startup",
                    .in_log = "the previous instance was Active, and its lease is still valid",
                    .because = "the previous instance was Active, and its lease was still valid"};
        case Cause::Shutdown:
            return {.name = "shutdown",
                    .yang_event = "shutdown",
                    .in_log = "asked to stop",
                    .because = "it was asked to stop"};
        case Cause::InterfaceUp:
            return {.name = "interface-up",
                    .yang_event = "interface-up",
                    .in_log = "the interface works again",
                    .because = "the interface works again"};
        case Cause::InterfaceDown:
            return {.name = "interface-down",
                    .yang_event = "interface-down",
                    .in_log = "the interface is down, or has lost its carrier",
                    .because = "the interface is down, or has lost its carrier",
                    .remedy = "It starts when the interface is up and has a carrier: see 'ip link'.",
                    .severity = Severity::Fault};
        case Cause::PrimaryAddressGone:
            return {.name = "no-primary-ip-address",
                    .yang_event = "no-primary-ip-address",
                    .in_log = "the interface has no address to send from",
                    .because = "the interface has no address to send from",
                    .remedy = "It starts when the interface has an address of its family: see 'ip address'.",
                    .severity = Severity::Fault};
        case Cause::DataPlaneGone:
            return {
                .name = "data-plane-gone",
                .yang_event = "none",
                .in_log = "its program is no longer attached to the interface, or the driver does not run it",
                .because =
                    "its program is no longer attached to the interface, or the driver does not run it",
                .remedy = "It starts when the programs can be attached again: see the log for the reason.",
                .severity = Severity::Fault};
        case Cause::Faulted:
            return {.name = "faulted",
                    .yang_event = "none",
                    .in_log = "a tracker says that it cannot serve",
                    .because = "a tracker says that it cannot serve",
                    .remedy = "It starts when its trackers say that it can serve.",
                    .severity = Severity::Fault};
        case Cause::Recovered:
            return {.name = "recovered",
                    .yang_event = "none",
                    .in_log = "its trackers say that it can serve again",
                    .because = "its trackers say that it can serve again"};
        case Cause::GroupFaulted:
            return {.name = "group-faulted",
                    .yang_event = "none",
                    .in_log = "another member of its sync group cannot serve",
                    .because = "another member of its sync group cannot serve",
                    .remedy =
                        "It starts when all members of its sync group can serve: 'vrrp-xdp status' shows "
                        "which cannot."};
        case Cause::GroupRecovered:
            return {.name = "group-recovered",
                    .yang_event = "none",
                    .in_log = "all members of its sync group can serve again",
                    .because = "all members of its sync group can serve again"};
        case Cause::GroupActive:
            return {.name = "group-active",
                    .yang_event = "none",
                    .in_log = "its sync group takes over",
                    .because = "its sync group took over"};
        case Cause::GroupBackup:
            return {.name = "group-backup",
                    .yang_event = "none",
                    .in_log = "its sync group yields",
                    .because = "its sync group yielded"};
        case Cause::ActiveDownTimer:
            return {.name = "master-timeout",
                    .yang_event = "master-timeout",
                    .in_log = "no Active Router was heard",
                    .because = "no Active Router was heard any more"};
        case Cause::HigherPriority:
            return {.name = "higher-priority-master",
                    .yang_event = "higher-priority-backup",
                    .in_log = "a better router advertises",
                    .because = "a better router advertises"};
        case Cause::LeaseExpired:
            return {.name = "lease-expired",
                    .yang_event = "none",
                    .in_log = "its lease expired (delayed, or unable to send); now Backup",
                    .because = "its lease expired (delayed, or unable to send)",
                    .severity = Severity::Fault};
        case Cause::Fenced:
            return {
                .name = "fenced",
                .yang_event = "none",
                .in_log =
                    "was delayed, or unable to send, for so long that another router may be Active; now "
                    "Backup",
                .because = "it was delayed, or unable to send, for so long that another router may be Active",
                .severity = Severity::Fault};
        case Cause::SendingFailed:
            return {.name = "sending-failed",
                    .yang_event = "none",
                    .in_log =
                        "its first advertisement did not leave, so no other router would have yielded; "
                        "it takes over once one does",
                    .because = "the first advertisement of its takeover did not leave",
                    .severity = Severity::Fault};
        case Cause::Drained:
            return {.name = "drained",
                    .yang_event = "none",
                    .in_log = "drained; another router has taken over",
                    .because = "it was drained"};
    }
    return {.name = {}, .yang_event = "none", .in_log = "unknown", .because = "unknown"};
}

/// Returns the name of the cause in JSON and for hooks.
std::string name_of(protocol::Cause cause);

/// Returns the cause with that name, if there is one.
std::optional<protocol::Cause> cause_named(std::string_view name);

/// The router that was heard last, and what it advertised.
struct Heard {
    protocol::IpAddress source;
    std::uint8_t priority;

    friend bool operator==(const Heard&, const Heard&) = default;
};

/// Whether a takeover ends the time of an Active Router that was heard until then.
enum class Preempts : std::uint8_t { No, Yes };

/// Returns the reason of a transition, for the log.
std::string reason_of(protocol::Cause cause, const std::optional<Heard>& heard, Preempts preempts);

}  // namespace vrrp_xdp::status
