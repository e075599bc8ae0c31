// SPDX-License-Identifier: BSD-2-Clause
#include "maintenance/drain_list.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <set>
#include <utility>

namespace vrrp_xdp::maintenance {
namespace {

const DrainRecord* find(const std::vector<DrainRecord>& records, const std::optional<protocol::Vrid>& vrid) {
    const auto found = std::find_if(records.begin(), records.end(),
                                    [&](const DrainRecord& each) { return each.vrid == vrid; });
    return found == records.end() ? nullptr : &*found;
}

}  // namespace

Scope scope_of(const Words& words, const Members& all) {
    const auto is_meant = [&](const Member& each) {
        return words.interface.value_or(each.interface) == each.interface &&
               words.vrid.value_or(each.vrid) == each.vrid;
    };
    std::set<std::string> interfaces;
    std::set<std::string> groups;
    for (const Member& each : all)
        if (is_meant(each)) {
            interfaces.insert(each.interface);
            if (!each.sync_group.empty()) groups.insert(each.sync_group);
        }
    Scope scope;
    for (const Member& each : all)
        if (is_meant(each) || groups.contains(each.sync_group)) scope.members.push_back(each);
    if (!words.vrid) scope.wholly.assign(interfaces.begin(), interfaces.end());
    return scope;
}

Result<void> DrainList::keep(Records next) {
    const Records before = std::exchange(records_, std::move(next));
    for (const auto& [interface, records] : records_) {
        const auto was = before.find(interface);
        if (was != before.end() && was->second == records) continue;
        auto written = write_drains(interface, records);
        if (written) continue;
        for (const auto& [each, earlier] : before) static_cast<void>(write_drains(each, earlier));
        records_ = before;
        return written;
    }
    return {};
}

const std::vector<DrainRecord>& DrainList::records_of(const std::string& interface) {
    if (const auto known = records_.find(interface); known != records_.end()) return known->second;
    auto read = read_drains(interface);
    if (!read) spdlog::error("{}; {}", read.error().what, read.error().hint);
    std::vector<DrainRecord>& records = records_[interface];
    if (read) records = std::move(*read);
    const auto now = std::chrono::system_clock::now();
    std::erase_if(records, [&](const DrainRecord& each) { return each.until && *each.until <= now; });
    return records;
}

const DrainRecord* DrainList::own_record_of(const Member& member) {
    const std::vector<DrainRecord>& records = records_of(member.interface);
    const DrainRecord* const own = find(records, member.vrid);
    return own != nullptr ? own : find(records, std::nullopt);
}

const DrainRecord* DrainList::record_of(const Member& member, const Members& all) {
    if (const DrainRecord* const own = own_record_of(member)) return own;
    if (member.sync_group.empty()) return nullptr;
    for (const Member& each : all)
        if (each.sync_group == member.sync_group)
            if (const DrainRecord* const record = own_record_of(each)) return record;
    return nullptr;
}

DrainList::Records DrainList::without(Records records, const Scope& scope) {
    for (const std::string& interface : scope.wholly) records[interface].clear();
    for (const Member& member : scope.members)
        std::erase_if(records[member.interface],
                      [&](const DrainRecord& each) { return each.vrid == member.vrid; });
    return records;
}

DrainList::Records DrainList::with(Records records, const Scope& scope, DrainRecord record) {
    records = without(std::move(records), scope);
    record.vrid.reset();
    for (const std::string& interface : scope.wholly) records[interface].push_back(record);
    for (const Member& member : scope.members) {
        std::vector<DrainRecord>& of_interface = records[member.interface];
        const bool is_wholly =
            std::find(scope.wholly.begin(), scope.wholly.end(), member.interface) != scope.wholly.end();
        if (is_wholly || find(of_interface, member.vrid) != nullptr) continue;
        record.vrid = member.vrid;
        of_interface.push_back(record);
    }
    return records;
}

DrainList::Records DrainList::without_expired(Records records, DrainRecord::Time now) {
    for (auto& [interface, list] : records)
        std::erase_if(list, [&](const DrainRecord& each) { return each.until && *each.until <= now; });
    return records;
}

std::optional<DrainRecord::Time> DrainList::first_expiry() const {
    std::optional<DrainRecord::Time> first;
    for (const auto& [interface, list] : records_)
        for (const DrainRecord& each : list)
            if (each.until && (!first || *each.until < *first)) first = each.until;
    return first;
}

}  // namespace vrrp_xdp::maintenance
