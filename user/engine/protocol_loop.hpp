// SPDX-License-Identifier: BSD-2-Clause
// The real-time thread: joins the state machine with the data plane, the wire, the timers and the interfaces.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/fencing_plan.hpp"
#include "engine/managed_interface.hpp"
#include "engine/messages.hpp"
#include "protocol/sync_group.hpp"
#include "support/unique_fd.hpp"

namespace vrrp_xdp::engine {

/// Virtual Routers that move together.
struct SyncGroup {
    std::string name;
    std::vector<elections::RouterId> members;
    protocol::GroupNews news;
    /// A member has moved or begins to leave, or what it knows of its rivals has changed.
    bool disturbed = false;
};

/// It waits in one place, for advertisements, timers, interfaces and commands alike, and each turn goes
/// hear -> decide -> lease -> advertise -> announce -> report. Nothing before the report allocates, locks or
/// logs.
class ProtocolLoop {
  public:
    /// An interface may go once it was released; until then all of them outlive the loop.
    static Result<ProtocolLoop> make(const ManagedInterfaces& interfaces, net::InterfaceMonitor monitor,
                                     FencingPlan& fencing_plan, Commands& commands, Notices& notices);

    /// Runs until the last interface was released.
    void run();

  private:
    /// Whose a slot is. election: as events of it name it.
    struct SlotOwner {
        elections::RouterId router;
        vrrp_xdp_vr_key election;
    };
    /// A MAC address that somebody claims virtual addresses for.
    struct Claimant {
        protocol::MacAddress mac;
        protocol::TimePoint told{};
    };
    /// A port that interfaces share, and whose its slots are.
    struct SharedPort {
        std::shared_ptr<dataplane::AttachedPort> port;
        std::vector<std::optional<SlotOwner>> owners;  ///< by slot
        /// All that came in before has been heard; kNever if nothing waits in the ring.
        protocol::TimePoint heard_until = protocol::kNever;
        protocol::TimePoint last_event{};
        std::array<Claimant, 8> claimants{};  ///< told last
    };

    ProtocolLoop(const ManagedInterfaces& interfaces, net::InterfaceMonitor monitor,
                 FencingPlan& fencing_plan, Commands& commands, Notices& notices, UniqueFd epoll,
                 UniqueFd timer);
    Result<void> watch(int fd) const;
    void unwatch(int fd) const;

    /// Which of the sources that cost a system call to look at have something to say.
    struct Ready {
        bool interfaces = false;
        bool commands = false;
    };
    Ready wait();
    void turn(Ready ready);

    /// The guardian ends what is Active here when nothing moved for too long.
    void notice_fences();
    void receive_advertisements();
    /// Until when nothing that came in for the interface still waits to be heard.
    protocol::TimePoint heard_until(const ManagedInterface& interface) const;
    void hear(SharedPort& port, const vrrp_xdp_event& event);
    void receive_advertisement(elections::RouterId id, const vrrp_xdp_event& event);
    /// Returns what differs, enum vrrp_xdp_difference.
    std::uint64_t note_differences(elections::RouterId id, const protocol::Advertisement& advertisement);
    void note_signer(elections::RouterId id, const elections::Signer& signer);
    void receive_claim(SharedPort& port, elections::RouterId id, const vrrp_xdp_event& event);
    void start(std::uint32_t index, protocol::Cause up);
    /// What is left of a lease is adopted by now, or nobody's.
    void drop_leases(std::uint32_t index);
    void follow_interfaces();
    /// Asks the kernel for everything, for what was heard is not what it has.
    void look_again();
    /// changed: indexes, sorted.
    void follow(const std::vector<unsigned>& changed);
    /// up: what to call it if the interface works now and did not before.
    void follow_interface(std::uint32_t index, protocol::Cause up);
    void follow_address(elections::RouterId id, const std::optional<net::InterfaceState>& state,
                        protocol::Cause up);
    /// Starts or stops the election where that is called for. up, down: what to call it.
    void follow_ability(elections::RouterId id, protocol::Cause up, protocol::Cause down);
    void begin(elections::RouterId id);
    void adopt(elections::RouterId id);
    /// Of an instance that goes on where another one was, nothing waits.
    void waive_startup_delay();
    void end_startup_delay();
    void execute_commands();
    void expire_timers();
    void put_off_timers(std::uint32_t index, protocol::TimePoint now);
    void expire(elections::RouterId id, protocol::TimePoint now);

    // In announcer.cpp.
    /// Whether to tell hosts where the addresses are; if so, they are told again later, too.
    bool begin_announcing(elections::VirtualRouter& vr, bool took_over, protocol::TimePoint now);
    void announce_again();

    // Sync groups, in sync_groups.cpp.
    void form_groups();
    /// It is in none any more, in a configuration that it has just gone over to.
    void go_alone(elections::RouterId id);
    static void note_news(SyncGroup& group, const protocol::Election& before, const protocol::Step& step);
    /// Where a member has moved, moves the others.
    void settle_groups();
    void settle(SyncGroup& group);
    void move(SyncGroup& group, protocol::GroupMove how, protocol::TimePoint now);
    /// The members as they are now. Lasts until the next call.
    std::span<const protocol::GroupMember> view(const SyncGroup& group);
    protocol::GroupMember view(elections::RouterId id);
    /// Whether its sync group does not let it take over yet.
    bool waits_for_group(elections::RouterId id, protocol::TimePoint now);
    void disturb_groups(std::uint32_t index);
    void leave_groups(std::uint32_t index);

    /// Whether the event was an advertisement that is followed from now on.
    bool apply(elections::RouterId id, const protocol::Event& event, protocol::TimePoint now);
    void note_transition(elections::RouterId id, const protocol::Election& before, protocol::TimePoint now);
    void apply_to_all(std::uint32_t index, const protocol::Event& event);
    void take_snapshots();
    void leave(std::optional<std::uint32_t> which);
    void release_who_has_left();
    void release(std::uint32_t index);
    void hand_over(std::uint32_t index);
    void suspend(std::uint32_t index);
    void resume(const Resume& command);
    void set_effect(const SetEffect& condition);
    void set_priority(elections::RouterId id, protocol::Priority priority);

    // reconfigure.cpp
    /// All of it at once: nobody sees half of another configuration. An election that goes on neither waits
    /// nor starts again.
    void reconfigure(const Reconfiguration& to);
    /// Returns what there was in each place.
    std::vector<ManagedInterface*> bring_in(const Reconfiguration& to);
    void leave_routers_missing_in(std::uint32_t index, const ManagedInterface& next);
    static void carry_over(const ManagedInterface& before, ManagedInterface& next);
    /// before: null if nobody was there.
    void go_on(std::uint32_t index, const ManagedInterface* before);
    void change_parameters(elections::RouterId id, const elections::VirtualRouter& before);
    /// What is heard for the interface belongs to nobody.
    void forget(std::uint32_t index);

    /// The ordinary thread's from now on.
    void let_go(std::uint32_t index);
    /// Where what is heard there belongs.
    Result<void> take_in(std::uint32_t index);

    void send();
    void send_advertisements(std::uint32_t index);
    /// An advertisement of its own has left. at: taken before it was handed over.
    void note_sent(elections::RouterId id, protocol::TimePoint at);
    /// What was handed over and has not left.
    void note_unsent(std::uint32_t index);
    static void send_announcements(ManagedInterface& interface);
    void note_lateness();
    void note_sending(std::uint32_t index, int error);
    void report();
    bool deliver(const Notice& notice, std::size_t kept);
    void arm_timer();

    /// Calls visit(index, interface) for every interface that is still ours.
    template <typename Visit>
    void for_each_interface(Visit&& visit) {
        for (std::uint32_t i = 0; i < interfaces_.size(); ++i)
            if (interfaces_[i] != nullptr) visit(i, *interfaces_[i]);
    }
    elections::VirtualRouter& router(elections::RouterId id) {
        return interfaces_[id.interface]->virtual_routers[id.router];
    }

    std::vector<ManagedInterface*> interfaces_;  ///< null once released, and while suspended
    std::vector<bool> suspended_;
    bool reconciled_ = true;  ///< false from reconfigure() until the ordinary thread has followed
    std::vector<SharedPort> ports_;
    bool ended_ = false;
    net::InterfaceMonitor monitor_;
    FencingPlan* fencing_plan_;
    Commands& commands_;
    Notices& notices_;
    UniqueFd epoll_;
    UniqueFd timer_;
    protocol::TimePoint armed_ = protocol::kNever;
    protocol::TimePoint last_heartbeat_{};  ///< when the guardian was last told that all is well
    std::size_t active_elections_ = 0;
    bool has_backlog_ = false;            ///< events wait that this turn left for the next one
    std::vector<Notice> pending_;         ///< of this turn; its memory is kept
    std::size_t kept_at_most_ = 0;        ///< of them for the next turn
    std::vector<std::size_t> takeovers_;  ///< places there, until they were sent for
    protocol::TimePoint next_announcement_ = protocol::kNever;  ///< at the earliest
    std::vector<SyncGroup> groups_;
    std::vector<protocol::GroupMember> view_;  ///< its memory is kept
};

}  // namespace vrrp_xdp::engine
