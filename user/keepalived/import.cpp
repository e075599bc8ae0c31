// SPDX-License-Identifier: BSD-2-Clause
#include "keepalived/import.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <set>
#include <string_view>
#include <utility>

#include "config/text.hpp"
#include "directives/source.hpp"
#include "keepalived/globals.hpp"
#include "keepalived/instance.hpp"
#include "keepalived/left_out.hpp"
#include "keepalived/names.hpp"
#include "keepalived/notes.hpp"
#include "keepalived/notify.hpp"
#include "keepalived/places.hpp"
#include "keepalived/signing.hpp"
#include "keepalived/sync_group.hpp"
#include "keepalived/tracking.hpp"
#include "keepalived/translation.hpp"

namespace vrrp_xdp::keepalived {
namespace {

using config::VirtualRouter;

// Blocks that are read before the instances, as these refer to them wherever they stand.
constexpr std::array<std::string_view, 6> read_before = {
    "global_defs", "vrrp_script", "track_file", "vrrp_track_process", "vrrp_track_file", "vrrp_sync_group"};

/// Turns the blocks of a file into a configuration, one after the other.
class Importer {
  public:
    Importer(const std::vector<Directive>& file, const Host& host, Notes& notes)
        : notes_(notes),
          globals_(read_globals(file, host, notes)),
          groups_(read_sync_groups(file, notes)),
          trackers_(file, globals_, notes) {
        for (const Directive& block : file) read_block(block);
        result_.instances = instances_.size();
        for (const Instance& instance : instances_) import_instance(instance);
        for (const SyncGroup& group : groups_) join(group);
        result_.config.startup_delay = globals_.startup_delay;
        result_.config.trackers = std::move(trackers_).used();
    }

    Import result() && { return std::move(result_); }

  private:
    /// Where the Virtual Router stands that an instance became.
    struct Location {
        std::string instance;
        std::size_t interface;
        std::size_t router;
    };

    void read_block(const Directive& block) {
        if (std::find(read_before.begin(), read_before.end(), block.name()) != read_before.end()) return;
        if (block.name() != "vrrp_instance") return tell_left_out(block, Scope::File, notes_);
        if (has_name_of_its_own(block, names_, notes_)) instances_.push_back(read_instance(block, notes_));
    }

    void import_instance(const Instance& instance) {
        const SyncGroup* const group = group_of(instance);
        auto translation =
            translate(instance, {globals_, group, has_owner(group), trackers_, taken_, notes_});
        if (translation)
            add(instance, std::move(*translation), group);
        else
            result_.left_out.push_back({instance.name, translation.error(), instance.place});
    }

    bool has_owner(const SyncGroup* group) const {
        return std::any_of(instances_.begin(), instances_.end(), [&](const Instance& each) {
            return group != nullptr && group_of(each) == group && priority_of(each).is_owner();
        });
    }

    const SyncGroup* group_of(const Instance& instance) const {
        for (const SyncGroup& group : groups_) {
            const auto& members = group.members;
            if (std::find(members.begin(), members.end(), instance.name) != members.end()) return &group;
        }
        return nullptr;
    }

    /// Puts a Virtual Router to the others of its interface.
    void add(const Instance& instance, Translation translation, const SyncGroup* group) {
        std::vector<config::Interface>& interfaces = result_.config.interfaces;
        const std::string& name = instance.interface->value;
        auto found = std::find_if(interfaces.begin(), interfaces.end(),
                                  [&](const config::Interface& each) { return each.name == name; });
        if (found == interfaces.end()) {
            found = interfaces.insert(found, {name, {}});
            result_.origins.emplace_back();
        }
        const auto at = static_cast<std::size_t>(found - interfaces.begin());
        locations_.push_back({instance.name, at, found->virtual_routers.size()});
        auto places =
            places_of(instance, translation.router, group ? std::optional(group->place) : std::nullopt);
        found->virtual_routers.push_back(std::move(translation.router));
        result_.origins[at].push_back({"vrrp_instance " + instance.name + ", " + instance.place.to_string(),
                                       std::move(translation.about_priority), std::move(places)});
    }

    std::vector<VirtualRouter*> members_of(const SyncGroup& group) {
        std::vector<VirtualRouter*> members;
        for (const std::string& name : group.members) {
            const auto found = std::find_if(locations_.begin(), locations_.end(),
                                            [&](const Location& each) { return each.instance == name; });
            if (found == locations_.end()) {
                notes_.left_out(group.place, "member " + config::quoted(name), "it has no Virtual Router");
            } else {
                members.push_back(
                    &result_.config.interfaces[found->interface].virtual_routers[found->router]);
            }
        }
        return members;
    }

    void join(const SyncGroup& group) {
        const std::vector<VirtualRouter*> members = members_of(group);
        if (members.empty()) return;
        // As they move together, the first one speaks for all.
        std::vector<config::Hook> hooks =
            hooks_of(group.notify, group.mails, {"GROUP", group.name}, globals_, notes_);
        std::move(hooks.begin(), hooks.end(), std::back_inserter(members.front()->hooks));
        if (!can_move_together(group, members)) {
            if (!group.notify.empty())
                notes_.differs(group.place, "the scripts of vrrp_sync_group " + config::quoted(group.name) +
                                                " follow only its first member");
            return;
        }
        const std::string name = name_from(group.name, group_names_);
        for (VirtualRouter* const member : members) member->sync_group = name;
    }

    bool can_move_together(const SyncGroup& group, const std::vector<VirtualRouter*>& members) {
        const std::string name = "vrrp_sync_group " + config::quoted(group.name);
        if (members.size() < 2) {
            notes_.left_out(group.place, name, "a group has at least two Virtual Routers");
            return false;
        }
        const VirtualRouter& first = *members.front();
        const bool alike = std::all_of(members.begin(), members.end(), [&](const VirtualRouter* each) {
            return each->priority == first.priority && each->preempt == first.preempt &&
                   each->preempt_delay == first.preempt_delay;
        });
        if (!alike) {
            notes_.left_out(group.place, name,
                            "its members differ in priority, nopreempt or preempt_delay: make them equal on "
                            "both routers, and set the same `sync-group` for each Virtual Router");
        }
        return alike;
    }

    Notes& notes_;
    Globals globals_;
    std::vector<SyncGroup> groups_;
    Trackers trackers_;
    Taken taken_;
    Import result_;
    std::vector<Instance> instances_;
    std::vector<Location> locations_;
    std::set<std::string> names_;        ///< of instances
    std::set<std::string> group_names_;  ///< of groups that are carried over
};

}  // namespace

tl::expected<Import, std::vector<Remark>> import_file(const std::string& file, const std::string& config_id,
                                                      const Files& files, const Host& host,
                                                      const Limits& limits) {
    auto source = read_source(file, config_id, files, limits);
    if (!source) return tl::unexpected(std::move(source.error()));
    if (auto refusals = refusals_of_signing(source->directives); !refusals.empty())
        return tl::unexpected(std::move(refusals));

    Notes notes;
    for (Remark& remark : source->remarks) notes.differs(remark.place, std::move(remark.text));
    Import import = Importer(source->directives, host, notes).result();
    const bool is_empty = import.config.interfaces.empty();
    if (is_empty) notes.differs({file, 0}, "there is no vrrp_instance that can be carried over");
    import.remarks = std::move(notes).in_order();
    if (is_empty) return tl::unexpected(std::vector<Remark>(import.remarks.begin(), import.remarks.end()));
    return import;
}

std::string summary_of(const Import& import) {
    std::string text = std::to_string(import.instances - import.left_out.size()) + " of " +
                       std::to_string(import.instances) + " instances carried over";
    std::string names;
    for (std::size_t at = 0; at < import.left_out.size(); ++at) {
        const LeftOutInstance& each = import.left_out[at];
        names += names.empty() ? "; not carried over: " : ", ";
        names += each.name;
        // A reason that several share stands behind the last of them.
        if (at + 1 == import.left_out.size() || import.left_out[at + 1].why != each.why)
            names += " (" + each.why + ')';
    }
    return text + names;
}

}  // namespace vrrp_xdp::keepalived
