// SPDX-License-Identifier: BSD-2-Clause
#include "pair/virtual_router.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "config/text.hpp"
#include "protocol/timers.hpp"

namespace vrrp_xdp::pair {
namespace {

using config::Checksum;
using config::spelt;
using config::VirtualRouter;
using protocol::Family;
using protocol::IpAddress;
using protocol::Version;

constexpr const char* both_active =
    ": neither router takes the other's advertisements, so both would be Active";

bool speaks(const VirtualRouter& router, Version version) {
    const auto versions = router.versions();
    return std::find(versions.begin(), versions.end(), version) != versions.end();
}

std::vector<IpAddress> advertised(const VirtualRouter& router) {
    const auto addresses = router.advertised_addresses();
    return {addresses.begin(), addresses.end()};
}

bool contains(const std::vector<IpAddress>& addresses, const IpAddress& address) {
    return std::find(addresses.begin(), addresses.end(), address) != addresses.end();
}

bool have_same_members(const std::vector<IpAddress>& a, const std::vector<IpAddress>& b) {
    return std::set(a.begin(), a.end()) == std::set(b.begin(), b.end());
}

/// Looks at one pair, a subject after the other.
class Comparer {
  public:
    Comparer(const Pair& pair, const std::array<Side, 2>& sides, std::vector<Finding>& findings)
        : pair_(pair), sides_(sides), findings_(findings) {}

    void compare() {
        if (!compare_versions()) return;  // they hear nothing of each other
        compare_intervals();
        compare_addresses();
        compare_unadvertised();
        compare_authentication();
        compare_checksums();
        compare_peers();
        compare_minimum_ttl();
        compare_priorities();
        compare_virtual_mac();
        compare_accept_mode();
    }

  private:
    const VirtualRouter& a() const { return *pair_[0].config; }
    const VirtualRouter& b() const { return *pair_[1].config; }

    Finding& add(Severity severity, std::string_view key, std::string message) {
        return findings_.emplace_back(Finding{
            severity, subject_of(*pair_[0].interface, a()), std::string(key), std::move(message), {}});
    }

    /// With what each side says under the key.
    void tell(Severity severity, std::string_view key, std::string message, const std::string& said_by_a,
              const std::string& said_by_b) {
        Finding& finding = add(severity, key, std::move(message));
        const std::string prefix = std::string(key) + ": ";
        finding.said = {{pair_[0].origin->of(key), prefix + said_by_a},
                        {pair_[1].origin->of(key), prefix + said_by_b}};
    }

    bool compare_versions() {
        const bool share = (speaks(a(), Version::V2) && speaks(b(), Version::V2)) ||
                           (speaks(a(), Version::V3) && speaks(b(), Version::V3));
        if (!share)
            tell(Severity::Mistake, "version", std::string("the versions differ") + both_active,
                 config::spelt_versions(a()), config::spelt_versions(b()));
        return share;
    }

    bool share_version_2() const { return speaks(a(), Version::V2) && speaks(b(), Version::V2); }
    bool share_version_3() const { return speaks(a(), Version::V3) && speaks(b(), Version::V3); }

    void compare_intervals() {
        const auto of_a = a().advertise_interval;
        const auto of_b = b().advertise_interval;
        if (of_a == of_b) return;
        const auto differ = [&](Severity severity, std::string why) {
            tell(severity, "advertise-interval", "the intervals differ: " + std::move(why),
                 config::spelt(of_a), config::spelt(of_b));
        };
        if (share_version_2() && !share_version_3())
            // RFC 3768 §7.1
            differ(Severity::Mistake,
                   "version 2 discards an advertisement with another interval than its own, so both routers "
                   "would be Active");
        else if (protocol::interval_on_the_wire(of_a) == protocol::interval_on_the_wire(of_b))
            differ(
                Severity::Mistake,
                "an advertisement says 10ms for both, so that the faster router loses patience between two "
                "advertisements of the slower one, and takes over again and again");
        else
            // RFC 9568 §6.4.2
            differ(Severity::Warning,
                   "a Backup Router waits as long as the Active Router's interval asks for, so that how fast "
                   "it takes over depends on which of them fails");
    }

    /// Whether one of them drops an advertisement with other addresses than its own.
    bool judges_addresses() const {
        return !share_version_3() || sides_[0].is_keepalived || sides_[1].is_keepalived;
    }

    void compare_addresses() {
        const std::vector<IpAddress> of_a = advertised(a());
        const std::vector<IpAddress> of_b = advertised(b());
        if (of_a == of_b) return;
        if (have_same_members(of_a, of_b)) {
            tell(Severity::Warning, "virtual-addresses",
                 "the order of the addresses differs: a router of another make may compare the lists as they "
                 "stand",
                 spelt(of_a), spelt(of_b));
            return;
        }
        std::string message = "the addresses differ: ";
        message += judges_addresses()
                       ? "a router discards an advertisement with other addresses than its own, "
                         "so both would be Active"
                       : "an address that only one router has goes away with it";
        Finding& finding = add(Severity::Mistake, "virtual-addresses", std::move(message));
        finding.said = {said_of_addresses(0), said_of_addresses(1)};
    }

    void compare_unadvertised() {
        const auto unadvertised = [](const VirtualRouter& router) {
            const auto addresses = router.unadvertised_addresses();
            return std::vector<IpAddress>(addresses.begin(), addresses.end());
        };
        if (have_same_members(unadvertised(a()), unadvertised(b()))) return;
        tell(Severity::Mistake, "unadvertised-addresses",
             "the addresses that are not advertised differ: one that only one router has goes away with it",
             spelt(unadvertised(a())), spelt(unadvertised(b())));
    }

    /// What only this side has, and all that it has where that is nothing.
    Said said_of_addresses(std::size_t side) const {
        const std::vector<IpAddress> addresses = advertised(*pair_[side].config);
        const std::vector<IpAddress> others = advertised(*pair_[1 - side].config);
        std::optional<config::Place> first;
        std::string text;
        for (std::size_t i = 0; i < addresses.size(); ++i) {
            if (contains(others, addresses[i])) continue;
            if (!first) first = pair_[side].origin->of("virtual-addresses", i);
            text += (text.empty() ? "only here: " : ", ") + addresses[i].to_string();
        }
        if (first) return {*first, std::move(text)};
        return {pair_[side].origin->of("virtual-addresses"), "virtual-addresses: " + spelt(addresses)};
    }

    /// What is said of secrets does not show them.
    void compare_authentication() {
        if (!share_version_2() || a().authentication == b().authentication) return;
        const auto said = [](const VirtualRouter& router) {
            return router.authentication ? "a secret, which is not shown" : "none";
        };
        tell(Severity::Mistake, "authentication",
             std::string(a().authentication && b().authentication ? "the secrets differ"
                                                                  : "only one router authenticates") +
                 both_active,
             said(a()), said(b()));
    }

    void compare_checksums() {
        if (a().family() == Family::Ipv6 || !share_version_3() || a().checksum == b().checksum) return;
        const bool with_keepalived = sides_[0].is_keepalived || sides_[1].is_keepalived;
        const auto said = [](const VirtualRouter& router) {
            return router.checksum == Checksum::PseudoHeader ? "pseudo-header" : "message-only";
        };
        tell(with_keepalived ? Severity::Mistake : Severity::Warning, "checksum",
             with_keepalived
                 ? "the checksums differ: keepalived discards the form that it does not send itself, so both "
                   "routers would be Active"
                 : "the checksums differ: vrrp-xdp takes both forms, other routers of the VRID may not",
             said(a()), said(b()));
    }

    void compare_peers() {
        const auto& of_a = a().unicast_peers;
        const auto& of_b = b().unicast_peers;
        if (of_a.empty() && of_b.empty()) return;
        if (of_a.empty() || of_b.empty()) {
            const auto said = [](const VirtualRouter& router) {
                return router.unicast_peers.empty() ? "none, multicast" : spelt(router.unicast_peers);
            };
            tell(Severity::Mistake, "unicast-peers",
                 std::string(
                     "one router advertises to unicast peers, and the other one to the multicast group") +
                     both_active,
                 said(a()), said(b()));
            return;
        }
        if (have_same_members(of_a, of_b)) {
            tell(Severity::Mistake, "unicast-peers",
                 "both name the same peers: each router names the addresses of the other ones, and not its "
                 "own",
                 spelt(of_a), spelt(of_b));
            return;
        }
        for (const std::size_t side : {0U, 1U}) tell_unnamed_peer(side);
    }

    /// A side whose address is known, and that the other one does not name.
    void tell_unnamed_peer(std::size_t side) {
        const auto& source = pair_[side].config->source_address;
        const Router& other = pair_[1 - side];
        if (!source || contains(other.config->unicast_peers, *source)) return;
        Finding& finding =
            add(Severity::Mistake, "unicast-peers",
                sides_[1 - side].name + " does not name the address that " + sides_[side].name +
                    " advertises from: it hears nothing from there, so both would be Active");
        finding.said = {
            {pair_[side].origin->of("source-address"), "source-address: " + source->to_string()},
            {other.origin->of("unicast-peers"), "unicast-peers: " + spelt(other.config->unicast_peers)}};
        if (side == 1) std::swap(finding.said[0], finding.said[1]);
    }

    /// Advertisements leave with 255 on both sides, and cross as many routers on either way. keepalived asks
    /// for 1 by default, whatever the path is.
    void compare_minimum_ttl() {
        const auto of_a = a().minimum_ttl;
        const auto of_b = b().minimum_ttl;
        if (of_a == of_b || a().unicast_peers.empty() || b().unicast_peers.empty()) return;
        const std::size_t lower = of_a < of_b ? 0 : 1;
        const int least = std::min(of_a, of_b);
        if (sides_[lower].is_keepalived && least == 1) return;
        const int hops = 255 - least;
        tell(Severity::Warning, "minimum-ttl",
             sides_[lower].name + " expects up to " + std::to_string(hops) +
                 (hops == 1 ? " router" : " routers") + " between the two, and " + sides_[1 - lower].name +
                 " discards what has crossed " + (255 - std::max(of_a, of_b) == 0 ? "any" : "as many"),
             std::to_string(of_a), std::to_string(of_b));
    }

    void compare_priorities() {
        if (a().priority != b().priority) return;
        const std::string value = std::to_string(a().priority.value());
        if (a().priority.is_owner())
            tell(Severity::Mistake, "priority",
                 "both own the addresses: a router with priority 255 is Active as soon as it starts, "
                 "whoever else is",
                 value, value);
        else
            // RFC 9568 §6.4.3
            tell(Severity::Warning, "priority",
                 "the priorities are equal: which router is Active depends on which one started first, or on "
                 "their addresses",
                 value, value);
    }

    void compare_virtual_mac() {
        if (a().virtual_mac == b().virtual_mac) return;
        tell(Severity::Warning, "virtual-mac",
             "only one router has the virtual MAC: at each switchover every host has to learn another MAC, "
             "and "
             "what it sends until then is lost",
             spelt(a().virtual_mac), spelt(b().virtual_mac));
    }

    void compare_accept_mode() {
        if (a().accept_mode == b().accept_mode || a().priority.is_owner() || b().priority.is_owner()) return;
        tell(
            Severity::Warning, "accept-mode",
            "only one router takes packets to the virtual addresses themselves: pings and services end while "
            "the other one is Active",
            spelt(a().accept_mode), spelt(b().accept_mode));
    }

    const Pair& pair_;
    const std::array<Side, 2>& sides_;
    std::vector<Finding>& findings_;
};

}  // namespace

void compare_routers(const Pair& pair, const std::array<Side, 2>& sides, std::vector<Finding>& findings) {
    Comparer(pair, sides, findings).compare();
}

}  // namespace vrrp_xdp::pair
