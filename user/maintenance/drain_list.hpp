// SPDX-License-Identifier: BSD-2-Clause
// Which Virtual Routers are drained, by what the operator has said, and what he means by it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "maintenance/drain_records.hpp"
#include "protocol/types.hpp"

namespace vrrp_xdp::maintenance {

/// A Virtual Router of the instance.
struct Member {
    std::string interface;
    protocol::Vrid vrid;
    protocol::Family family;
    std::string sync_group;  ///< empty if it is in none
};
using Members = std::vector<Member>;

/// What the operator says.
struct Words {
    std::optional<std::string> interface {};  ///< nothing for all of them
    std::optional<protocol::Vrid> vrid{};     ///< nothing for all of the interface, and what comes to it
};

/// What he means by it.
struct Scope {
    Members members;                  ///< with the others of their sync groups
    std::vector<std::string> wholly;  ///< interfaces
};

Scope scope_of(const Words& words, const Members& all);

/// What is kept of each interface on disk is read when it is asked for first. A sync group is drained as a
/// whole.
class DrainList {
  public:
    using Records = std::map<std::string, std::vector<DrainRecord>>;  ///< by interface

    /// What is known by now: of every interface that was asked about.
    const Records& records() const { return records_; }
    /// Takes these in place of it, but does not write them.
    void assume(Records records) { records_ = std::move(records); }
    /// Takes these in place of it, and writes what differs. Nothing has changed if it fails.
    Result<void> keep(Records next);

    /// Returns why it is drained; null if it is not. all: those that may be of its sync group.
    const DrainRecord* record_of(const Member& member, const Members& all);
    /// The same, whatever becomes of the others of its sync group.
    const DrainRecord* own_record_of(const Member& member);

    /// Returns what is left of records if the operator no longer has drained that.
    static Records without(Records records, const Scope& scope);
    /// Returns records with that, too, each for the reason of this one.
    static Records with(Records records, const Scope& scope, DrainRecord record);
    static Records without_expired(Records records, DrainRecord::Time now);
    /// Returns when the first of them expires; nothing if none does.
    std::optional<DrainRecord::Time> first_expiry() const;

  private:
    const std::vector<DrainRecord>& records_of(const std::string& interface);

    Records records_;
};

}  // namespace vrrp_xdp::maintenance
