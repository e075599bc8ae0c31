// SPDX-License-Identifier: BSD-2-Clause
#include "daemon/log_lines.hpp"

#include <spdlog/fmt/fmt.h>

#include <system_error>
#include <utility>

#include "protocol/text.hpp"

namespace vrrp_xdp::daemon {
namespace {

using protocol::Cause;

/// Puts one kind of notice after the other into words; those that are between the threads alone have none.
class Writer {
  public:
    using Words = std::optional<LogLine>;

    explicit Writer(const engine::ManagedInterfaces& interfaces) : interfaces_(interfaces) {}

    Words operator()(const elections::Transition& transition) const {
        const bool is_fault = transition.cause == Cause::InterfaceDown ||
                              transition.cause == Cause::PrimaryAddressGone ||
                              transition.cause == Cause::DataPlaneGone ||
                              transition.cause == Cause::Faulted || transition.cause == Cause::LeaseExpired ||
                              transition.cause == Cause::Fenced || transition.cause == Cause::SendingFailed;
        const auto level = is_fault ? spdlog::level::warn : spdlog::level::info;
        const auto lateness = transition.lateness ? fmt::format("; {:.3f} ms late",
                                                                protocol::milliseconds(*transition.lateness))
                                                  : "";
        return line(level, "{}: {} -> {}: {}{}", name(transition.router), to_string(transition.from),
                    to_string(transition.to), reason(transition), lateness);
    }

    Words operator()(const elections::Leaving& leaving) const {
        return line(
            spdlog::level::info,
            "{}: leaving; has said farewell, and answers until it hears another router, for {} at most",
            name(leaving.router), protocol::to_string(leaving.longest));
    }

    Words operator()(const elections::AddressClaimed& claim) const {
        return line(spdlog::level::warn,
                    "{}: {} claims the virtual address {}; find that host and give it another address",
                    name(claim.router), claim.by.to_string(), claim.address->to_string());
    }

    Words operator()(const elections::AddressListDiffers& differs) const {
        const bool is_refused = differs.version == protocol::Version::V2 && differs.heard->priority != 255;
        return line(spdlog::level::warn,
                    "{}: {} advertises other virtual addresses than are configured here{}",
                    name(differs.router), differs.heard->source.to_string(),
                    is_refused ? "; version 2 ignores it: make them equal" : "");
    }

    Words operator()(const elections::VridInUse& used) const {
        return line(
            spdlog::level::warn,
            "{}: {} has this VRID for other virtual addresses, and both cannot have one virtual MAC; give "
            "one of the two another vrid, or both the same addresses",
            name(used.router), used.heard->source.to_string());
    }

    Words operator()(const elections::IntervalDiffers& differs) const {
        const auto& config = config_of(differs.router);
        return line(spdlog::level::warn, "{}: {} advertises an interval of {}, configured here is {}; {}",
                    name(differs.router), differs.heard->source.to_string(),
                    protocol::to_string(differs.theirs), protocol::to_string(config.advertise_interval),
                    config.version == protocol::Version::V2 ? "version 2 ignores it: make them equal"
                                                            : "a Backup Router follows the Active one's");
    }

    Words operator()(const elections::SecondOwner& second) const {
        return line(spdlog::level::warn,
                    "{}: {} advertises priority 255 too; one address has one owner, lower one priority",
                    name(second.router), second.heard->source.to_string());
    }

    Words operator()(const elections::UnknownPeer& unknown) const {
        return line(
            spdlog::level::warn,
            "{}: somebody advertises for this VRID from an address that is none of the unicast-peers, "
            "and is not heard; list the address that the other router sends from, or give that router "
            "the listed one with its source-address",
            name(unknown.router));
    }

    Words operator()(const engine::SendingFails& failing) const {
        return line(spdlog::level::warn, "{}: sending fails: {}; leases run out unless it works again",
                    interface(failing.interface).name, std::system_category().message(failing.error));
    }

    Words operator()(const engine::SendingWorks& working) const {
        return line(spdlog::level::info, "{}: sending works again", interface(working.interface).name);
    }

    Words operator()(const elections::PeerSigns& signs) const {
        return line(spdlog::level::warn,
                    "{}: {} signs its advertisements, key {}; this router does not verify them. Set "
                    "signed-advertisements: refuse to hear nobody who signs",
                    name(signs.router), signs.heard->source.to_string(), signs.key);
    }

    Words operator()(const elections::MacChanged& changed) const {
        if (config_of(changed.router).virtual_mac) return std::nullopt;
        return line(spdlog::level::info, "{}: speaks from and answers with {} now, as its interface does",
                    name(changed.router), changed.mac.to_string());
    }

    Words operator()(const engine::NotRealtime& missing) const {
        return line(
            spdlog::level::warn,
            "no real-time scheduling ({}): takeovers may be late while the CPU is busy. Run as root or with "
            "CAP_SYS_NICE",
            std::system_category().message(missing.error));
    }

    Words operator()(const engine::SnapshotTaken&) const { return std::nullopt; }
    Words operator()(const engine::Released&) const { return std::nullopt; }
    Words operator()(const engine::HandedOver&) const { return std::nullopt; }
    Words operator()(const engine::Suspended&) const { return std::nullopt; }
    Words operator()(const engine::Reconfigured&) const { return std::nullopt; }

  private:
    template <typename... Arguments>
    static LogLine line(spdlog::level::level_enum level, fmt::format_string<Arguments...> format,
                        Arguments&&... arguments) {
        return {level, fmt::format(format, std::forward<Arguments>(arguments)...)};
    }

    const engine::ManagedInterface& interface(std::uint32_t index) const { return *interfaces_[index]; }
    const config::VirtualRouter& config_of(elections::RouterId id) const {
        return interface(id.interface).virtual_routers[id.router].config;
    }
    std::string name(elections::RouterId id) const {
        return fmt::format("{} vrid {} {}", interface(id.interface).name, config_of(id).vrid.value(),
                           to_string(config_of(id).family()));
    }

    static std::string reason(const elections::Transition& transition) {
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
                return "what answers for it is no longer attached to the interface, or is not run there";
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
                if (transition.preempts)
                    return fmt::format("preempts {}, which advertises priority {}",
                                       transition.heard->source.to_string(), transition.heard->priority);
                return transition.heard->source.to_string() + " is no longer heard";
            case Cause::HigherPriority:
                return fmt::format("{} advertises priority {}", transition.heard->source.to_string(),
                                   transition.heard->priority);
            case Cause::LeaseExpired:
                return "woke too late or could not send, and had stopped answering; listening first";
            case Cause::Fenced:
                return "woke too late and the guardian had ended it; listening first";
            case Cause::SendingFailed:
                return "its first advertisement did not leave, so no other router would have yielded; it "
                       "takes over once one does";
        }
        return "unknown";
    }

    const engine::ManagedInterfaces& interfaces_;
};

}  // namespace

std::optional<LogLine> log_line(const engine::Notice& notice, const engine::ManagedInterfaces& interfaces) {
    return std::visit(Writer(interfaces), notice);
}

}  // namespace vrrp_xdp::daemon
