// SPDX-License-Identifier: BSD-2-Clause
#include "controller/journal.hpp"

#include <spdlog/spdlog.h>

#include <system_error>

#include "controller/names.hpp"

namespace vrrp_xdp::controller {
namespace {

using protocol::Cause;

/// Writes one kind of notice after the other; those that are between the threads alone are passed over.
class Writer {
  public:
    explicit Writer(const ManagedInterfaces& interfaces) : interfaces_(interfaces) {}

    void operator()(const Transition& transition) const {
        const bool is_fault =
            transition.cause == Cause::InterfaceDown || transition.cause == Cause::PrimaryAddressGone ||
            transition.cause == Cause::DataPlaneGone || transition.cause == Cause::Faulted ||
            transition.cause == Cause::LeaseExpired || transition.cause == Cause::Fenced;
        const auto level = is_fault ? spdlog::level::warn : spdlog::level::info;
        spdlog::log(level, "{}: {} -> {}: {}", name(transition.router), to_string(transition.from),
                    to_string(transition.to), reason(transition));
    }

    void operator()(const AddressClaimed& claim) const {
        spdlog::warn("{}: {} claims the virtual address {}; find that host and give it another address",
                     name(claim.router), claim.by.to_string(), claim.address->to_string());
    }

    void operator()(const AddressListDiffers& differs) const {
        spdlog::warn("{}: {} advertises other virtual addresses than are configured here",
                     name(differs.router), differs.heard->source.to_string());
    }

    void operator()(const IntervalDiffers& differs) const {
        const auto& config = config_of(differs.router);
        spdlog::warn("{}: {} advertises an interval of {}, configured here is {}; {}", name(differs.router),
                     differs.heard->source.to_string(), to_string(differs.theirs),
                     to_string(config.advertise_interval),
                     config.version == protocol::Version::V2 ? "version 2 ignores it: make them equal"
                                                             : "a Backup Router follows the Active one's");
    }

    void operator()(const SecondOwner& second) const {
        spdlog::warn("{}: {} advertises priority 255 too; one address has one owner, lower one priority",
                     name(second.router), second.heard->source.to_string());
    }

    void operator()(const SendingFails& failing) const {
        spdlog::warn("{}: sending fails: {}; leases run out unless it works again",
                     interface(failing.interface).name, std::system_category().message(failing.error));
    }

    void operator()(const SendingWorks& working) const {
        spdlog::info("{}: sending works again", interface(working.interface).name);
    }

    void operator()(const MacChanged& changed) const {
        spdlog::info("{}: speaks from and answers with {} now, as its interface does", name(changed.router),
                     changed.mac.to_string());
    }

    void operator()(const NotRealtime& missing) const {
        spdlog::warn(
            "no real-time scheduling ({}): takeovers may be late while the CPU is busy. Run as root or with "
            "CAP_SYS_NICE",
            std::system_category().message(missing.error));
    }

    void operator()(const SnapshotTaken&) const {}
    void operator()(const Released&) const {}
    void operator()(const HandedOver&) const {}
    void operator()(const Suspended&) const {}
    void operator()(const Reconfigured&) const {}

  private:
    const ManagedInterface& interface(std::uint32_t index) const { return *interfaces_[index]; }
    const config::VirtualRouter& config_of(RouterId id) const {
        return interface(id.interface).virtual_routers[id.router].config;
    }
    std::string name(RouterId id) const {
        return fmt::format("{} vrid {} {}", interface(id.interface).name, config_of(id).vrid.value(),
                           to_string(config_of(id).family()));
    }

    static std::string reason(const Transition& transition) {
        switch (transition.cause) {
            case Cause::None:
                break;
            case Cause::Startup:
                return "started";
            case Cause::Adopted:
                return "the instance before was Active, and its lease still lasts";
            case Cause::Shutdown:
                return "asked to leave";
            case Cause::InterfaceUp:
                return "the interface works again";
            case Cause::InterfaceDown:
                return "the interface is down, or has lost its carrier";
            case Cause::PrimaryAddressGone:
                return "the interface has no address to send from";
            case Cause::DataPlaneGone:
                return "what answers for it is no longer attached to the interface";
            case Cause::Faulted:
                return "a tracker says that it cannot serve";
            case Cause::Recovered:
                return "its trackers say that it can serve again";
            case Cause::GroupFaulted:
                return "another one of its sync group cannot serve";
            case Cause::GroupRecovered:
                return "all of its sync group can serve again";
            case Cause::GroupActive:
                return "goes with its sync group, which takes over";
            case Cause::GroupBackup:
                return "goes with its sync group, which yields";
            case Cause::ActiveDownTimer:
                if (!transition.heard) return "no Active Router was heard";
                if (transition.heard->priority == 0)
                    return transition.heard->source.to_string() + " has left";
                return transition.heard->source.to_string() + " is no longer heard";
            case Cause::HigherPriority:
                return fmt::format("{} advertises priority {}", transition.heard->source.to_string(),
                                   transition.heard->priority);
            case Cause::LeaseExpired:
                return "woke too late or could not send, and had stopped answering; listening first";
            case Cause::Fenced:
                return "woke too late and the guardian had ended it; listening first";
        }
        return "unknown";
    }

    const ManagedInterfaces& interfaces_;
};

}  // namespace

void write_to_journal(const Notice& notice, const ManagedInterfaces& interfaces) {
    std::visit(Writer(interfaces), notice);
}

}  // namespace vrrp_xdp::controller
