// SPDX-License-Identifier: BSD-2-Clause
#include "reporting/log_lines.hpp"

#include <spdlog/fmt/fmt.h>

#include <system_error>
#include <utility>

#include "protocol/text.hpp"
#include "status/cause.hpp"

namespace vrrp_xdp::reporting {
namespace {

/// Puts one kind of notice after the other into words; those that are between the threads alone have none.
class Writer {
  public:
    using Words = std::optional<LogLine>;

    explicit Writer(const engine::ManagedInterfaces& interfaces) : interfaces_(interfaces) {}

    Words operator()(const elections::Transition& transition) const {
        const bool is_fault = status::text_of(transition.cause).severity == status::Severity::Fault;
        const auto level = is_fault ? spdlog::level::warn : spdlog::level::info;
        const auto lateness = transition.lateness ? fmt::format("; {:.3f} ms late",
                                                                protocol::milliseconds(*transition.lateness))
                                                  : "";
        const bool serves = transition.drained && transition.to == protocol::State::Active;
        return line(level, "{}: {} -> {}: {}{}{}", name(transition.router), to_string(transition.from),
                    to_string(transition.to), reason(transition),
                    serves ? "; it is drained, and serves until another router takes over" : "", lateness);
    }

    Words operator()(const elections::Leaving& leaving) const {
        if (leaving.drained)
            return line(
                spdlog::level::info,
                "{}: drained; sent a farewell (priority 0), and answers until it hears another router",
                name(leaving.router));
        return line(spdlog::level::info,
                    "{}: leaving; sent a farewell (priority 0), and answers until it hears another router, "
                    "for at most {}",
                    name(leaving.router), protocol::to_string(leaving.longest));
    }

    Words operator()(const elections::NobodyTookOver& alone) const {
        return line(spdlog::level::warn,
                    "{}: no other router has taken over; it goes on as the Active Router",
                    name(alone.router));
    }

    Words operator()(const elections::AddressClaimed& claim) const {
        return line(spdlog::level::warn,
                    "{}: {} claims the virtual address {}; find that host and give it another address",
                    name(claim.router), claim.by.to_string(), claim.address->to_string());
    }

    Words operator()(const elections::AddressListDiffers& differs) const {
        const bool is_refused = differs.version == protocol::Version::V2 && differs.heard->priority != 255;
        return line(spdlog::level::warn,
                    "{}: {} advertises other virtual addresses than those configured here{}",
                    name(differs.router), differs.heard->source.to_string(),
                    is_refused ? "; version 2 ignores such advertisements: make the addresses equal" : "");
    }

    Words operator()(const elections::VridInUse& used) const {
        return line(spdlog::level::warn,
                    "{}: {} uses this VRID for other virtual addresses, but two routers cannot share a "
                    "virtual MAC; change the vrid of one, or configure the same addresses on both",
                    name(used.router), used.heard->source.to_string());
    }

    Words operator()(const elections::IntervalDiffers& differs) const {
        const auto& config = config_of(differs.router);
        return line(spdlog::level::warn, "{}: {} advertises an interval of {}, but {} is configured here; {}",
                    name(differs.router), differs.heard->source.to_string(),
                    protocol::to_string(differs.theirs), protocol::to_string(config.advertise_interval),
                    config.version == protocol::Version::V2
                        ? "version 2 ignores such advertisements: make the intervals equal"
                        : "a Backup Router uses the Active Router's interval");
    }

    Words operator()(const elections::SecondOwner& second) const {
        return line(
            spdlog::level::warn,
            "{}: {} also advertises priority 255; an address has only one owner: lower one of the priorities",
            name(second.router), second.heard->source.to_string());
    }

    Words operator()(const elections::RivalActive& rival) const {
        return line(spdlog::level::warn,
                    "{}: {} advertises priority {} while this router is Active with {}; it does not hear "
                    "this router, or "
                    "refuses what it hears: see 'vrrp-xdp stats' there, and what lies between the two",
                    name(rival.router), rival.heard->source.to_string(), rival.heard->priority,
                    config_of(rival.router).priority.value());
    }

    Words operator()(const elections::UnknownPeer& unknown) const {
        return line(spdlog::level::warn,
                    "{}: ignores advertisements for this VRID from an address that is not in unicast-peers; "
                    "add the source address of the other router, or set its source-address to the listed one",
                    name(unknown.router));
    }

    Words operator()(const engine::SendingFails& failing) const {
        return line(spdlog::level::warn, "{}: sending fails: {}; leases expire unless it works again",
                    interface(failing.interface).name, std::system_category().message(failing.error));
    }

    Words operator()(const engine::SendingWorks& working) const {
        return line(spdlog::level::info, "{}: sending works again", interface(working.interface).name);
    }

    Words operator()(const elections::PeerSigns& signs) const {
        return line(spdlog::level::warn,
                    "{}: {} signs its advertisements with key {}, which this router does not verify. Set "
                    "signed-advertisements: refuse to ignore such advertisements",
                    name(signs.router), signs.heard->source.to_string(), signs.key);
    }

    Words operator()(const elections::MacChanged& changed) const {
        if (config_of(changed.router).virtual_mac) return std::nullopt;
        return line(spdlog::level::info, "{}: now uses {}, the new MAC of its interface",
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
        std::optional<status::Heard> heard;
        if (transition.heard) heard = {transition.heard->source, transition.heard->priority};
        return status::reason_of(transition.cause, heard,
                                 transition.preempts ? status::Preempts::Yes : status::Preempts::No);
    }

    const engine::ManagedInterfaces& interfaces_;
};

}  // namespace

std::optional<LogLine> log_line(const engine::Notice& notice, const engine::ManagedInterfaces& interfaces) {
    return std::visit(Writer(interfaces), notice);
}

}  // namespace vrrp_xdp::reporting
