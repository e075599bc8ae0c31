// SPDX-License-Identifier: BSD-2-Clause
// What an instance says of its interfaces and Virtual Routers, and what is known of them once it is dead.
// Filled by daemon/instance_status.hpp and inspection/pinned_status.hpp; JSON is made of it in
// status/json.hpp.
//
// A text that is not known, or is not there, is empty. Points in time are texts: ISO 8601 in UTC.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "protocol/types.hpp"
#include "status/cause.hpp"
#include "status/counters.hpp"
#include "status/gaps.hpp"

namespace vrrp_xdp::status {

/// A tracker as a Virtual Router has it.
struct Tracker {
    /// While it is down, the Virtual Router is in Initialize.
    struct Fault {
        friend bool operator==(const Fault&, const Fault&) = default;
    };
    /// While it is down, this is added to the priority: a number below 0.
    struct Weight {
        int added;
        friend bool operator==(const Weight&, const Weight&) = default;
    };
    /// What it has found is added to the priority.
    struct AddValue {
        friend bool operator==(const AddValue&, const AddValue&) = default;
    };
    enum class State : std::uint8_t { Unknown, Up, Down };

    std::string name{};
    std::variant<Fault, Weight, AddValue> effect{};
    State state = State::Unknown;
    std::string detail{};                 ///< why it is up, down or unknown
    std::optional<std::int64_t> value{};  ///< of AddValue, once it is known

    friend bool operator==(const Tracker&, const Tracker&) = default;
};

/// What must be true of an interface in the kernel: docs/design/reconciler.md.
struct ReconcilerItem {
    std::string name{};
    std::string must{};     ///< what must be true, as a sentence
    std::string differs{};  ///< what does, to stand behind the interface's name
    unsigned mended = 0;    ///< how often

    friend bool operator==(const ReconcilerItem&, const ReconcilerItem&) = default;
};

/// A router that signs its advertisements.
struct SigningPeer {
    protocol::IpAddress address;
    std::uint8_t key;

    friend bool operator==(const SigningPeer&, const SigningPeer&) = default;
};

/// What only a running controller knows of a Virtual Router.
struct RunningRouter {
    protocol::Version version = protocol::Version::V3;
    bool also_version_2 = false;
    protocol::State state = protocol::State::Initialize;
    protocol::Cause cause = protocol::Cause::None;
    bool leaving = false;  ///< Active, and has sent a farewell
    bool is_owner = false;
    std::uint8_t priority = 0;            ///< as configured
    std::uint8_t effective_priority = 0;  ///< what trackers have made of it
    bool preempt = false;
    protocol::Duration advertise_interval{};
    std::string sync_group{};
    std::string since{};        ///< the last transition
    std::string up_datetime{};  ///< the same, unless in Initialize
    std::optional<protocol::Duration> skew_time{};
    std::optional<protocol::Duration> active_down_interval{};
    std::optional<protocol::Duration> preempts_in{};  ///< while preempt-delay runs
    std::optional<protocol::Duration> takeover_lateness{};
    std::optional<protocol::IpAddress> primary_address{};
    std::optional<Heard> heard{};
    std::optional<SigningPeer> signing_peer{};
    std::optional<std::vector<Tracker>> trackers{};
    bool drained = false;         ///< it takes over only where nobody else does
    std::string drained_until{};  ///< empty where it is until the operator says otherwise
    std::string drain_reason{};   ///< the operator's

    friend bool operator==(const RunningRouter&, const RunningRouter&) = default;
};

struct VirtualRouter {
    std::uint8_t vrid = 0;
    protocol::Family family = protocol::Family::Ipv4;
    protocol::MacAddress virtual_mac{};
    std::vector<protocol::IpAddress> virtual_addresses{};
    RouterCounters counters{};
    std::optional<Gaps> gaps{};  ///< between advertisements of the followed router, unless there was none
    /// How long the data plane still answers: of an Active Router, and of every one of a dead instance.
    std::optional<protocol::Duration> lease_remaining{};
    std::optional<protocol::Duration> heard_ago{};  ///< when another router was last heard
    std::string vlan{};                             ///< of a dead instance's alone
    std::string lease_end{};                        ///< likewise
    std::optional<RunningRouter> running{};         ///< nothing of a dead instance's

    friend bool operator==(const VirtualRouter&, const VirtualRouter&) = default;
};

/// What only a running instance knows of an interface.
struct RunningInterface {
    std::string mode{};         ///< of XDP; "none" of an interface that is not there
    std::string mode_reason{};  ///< why not another
    std::string waiting{};      ///< for what, if the interface is not there
    bool sending_fails = false;
    std::optional<std::vector<ReconcilerItem>> reconciler{};

    friend bool operator==(const RunningInterface&, const RunningInterface&) = default;
};

struct Interface {
    std::string name{};
    std::string port{};  ///< where its frames come in: its own name, or what its VLAN is on
    std::string pins{};  ///< their directory
    std::optional<std::int64_t> pid{};
    std::optional<PortCounters> counters{};
    std::optional<std::vector<protocol::MacAddress>> filter_entries{};  ///< of a dead instance's alone
    std::string error{};                        ///< why what a dead instance left cannot be read
    std::string hint{};                         ///< what to do about that
    std::optional<RunningInterface> running{};  ///< nothing of a dead instance's
    std::vector<VirtualRouter> virtual_routers{};

    friend bool operator==(const Interface&, const Interface&) = default;
};

}  // namespace vrrp_xdp::status
