// SPDX-License-Identifier: BSD-2-Clause
#include "keepalived/sync_group.hpp"

#include <set>
#include <string_view>

#include "config/text.hpp"
#include "directives/numbers.hpp"
#include "keepalived/left_out.hpp"
#include "keepalived/names.hpp"
#include "keepalived/notify.hpp"

namespace vrrp_xdp::keepalived {
namespace {

/// keepalived takes all words of a line as names.
void read_members(const Directive& directive, SyncGroup& group, std::set<std::string>& taken, Notes& notes) {
    for (const Directive& line : directive.children) {
        for (const std::string& name : line.words) {
            if (taken.insert(name).second) {
                group.members.push_back(name);
            } else {
                notes.left_out(line.place, "member " + config::quoted(name), "it is already in a sync group");
            }
        }
    }
}

SyncGroup read_sync_group(const Directive& block, std::set<std::string>& taken, Notes& notes) {
    SyncGroup group{std::string(block.argument()), block.place};
    for (const Directive& directive : block.children) {
        if (directive.name() == "group") {
            if (!group.members.empty())
                notes.left_out(directive,
                               "keepalived also ignores it because another one is defined before it");
            else
                read_members(directive, group, taken, notes);
        } else if (directive.name() == "sync_group_tracking_weight" ||
                   directive.name() == "global_tracking") {
            group.has_weights_of_members = true;
        } else if (directive.name() == "smtp_alert") {
            group.mails = flag_in(directive.argument());
        } else if (is_notify(directive)) {
            group.notify.push_back(directive);
        } else if (const auto tracked = tracked_by(directive)) {
            for (const Directive& line : directive.children) group.tracks.push_back({*tracked, line, true});
        } else {
            tell_left_out(directive, Scope::SyncGroup, notes);
        }
    }
    return group;
}

}  // namespace

std::vector<SyncGroup> read_sync_groups(const std::vector<Directive>& file, Notes& notes) {
    std::vector<SyncGroup> groups;
    std::set<std::string> names;
    std::set<std::string> taken;
    for (const Directive& block : file) {
        if (block.name() != "vrrp_sync_group" || !has_name_of_its_own(block, names, notes)) continue;
        groups.push_back(read_sync_group(block, taken, notes));
    }
    return groups;
}

}  // namespace vrrp_xdp::keepalived
