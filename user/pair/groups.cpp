// SPDX-License-Identifier: BSD-2-Clause
#include "pair/groups.hpp"

#include <set>
#include <string>
#include <utility>

namespace vrrp_xdp::pair {
namespace {

using Members = std::set<std::size_t>;

/// The pairs that move with this one on a side, itself among them.
Members members_with(std::size_t pair, std::size_t side, const std::vector<Pair>& pairs) {
    const std::string& group = pairs[pair][side].config->sync_group;
    Members members{pair};
    for (std::size_t i = 0; i < pairs.size() && !group.empty(); ++i)
        if (pairs[i][side].config->sync_group == group) members.insert(i);
    return members;
}

/// "sync-group: wan, with eth1 vrid 20 IPv4"
std::string spelt(std::size_t pair, std::size_t side, const Members& members,
                  const std::vector<Pair>& pairs) {
    const std::string& group = pairs[pair][side].config->sync_group;
    if (group.empty()) return "no sync-group: it moves alone";
    std::string text = "sync-group: " + group;
    const char* separator = ", with ";
    for (const std::size_t each : members) {
        if (each == pair) continue;
        text += std::exchange(separator, ", ");
        text += subject_of(*pairs[each][side].interface, *pairs[each][side].config);
    }
    return text;
}

}  // namespace

void compare_groups(const std::vector<Pair>& pairs, std::vector<Finding>& findings) {
    Members told;
    for (std::size_t i = 0; i < pairs.size(); ++i) {
        const Members members[2] = {members_with(i, 0, pairs), members_with(i, 1, pairs)};
        if (members[0] == members[1] || told.contains(i)) continue;
        Finding finding{Severity::Mistake,
                        subject_of(*pairs[i][0].interface, *pairs[i][0].config),
                        "sync-group",
                        "the Virtual Routers that move together differ: after a failure one router could be "
                        "Active for a part of them, and the other one for the rest",
                        {}};
        for (std::size_t side = 0; side < 2; ++side) {
            told.insert(members[side].begin(), members[side].end());
            finding.said.push_back(
                {pairs[i][side].origin->of("sync-group"), spelt(i, side, members[side], pairs)});
        }
        findings.push_back(std::move(finding));
    }
}

}  // namespace vrrp_xdp::pair
