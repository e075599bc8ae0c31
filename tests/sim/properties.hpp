// SPDX-License-Identifier: BSD-2-Clause
// What must be true of every schedule, each watched by its own observer.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "digest.hpp"
#include "world.hpp"

namespace vrrp_xdp::sim {

/// Keeps the first thing that went wrong; later ones are mostly its consequences.
class Property : public Observer {
  public:
    const std::optional<std::string>& violation() const { return violation_; }

  protected:
    void violated(const World& world, const std::string& what);

  private:
    std::optional<std::string> violation_;
};

/// A router's own manners, whatever the network does:
/// - it sends only while its lease runs, or in the step that makes it Active again;
/// - an advertisement that is discarded changes nothing and makes it say nothing;
/// - Active and lease go together.
class Conduct : public Property {
  public:
    void stepped(const World&, std::size_t, const Router&, const protocol::Event&,
                 const protocol::Step&) override;
};

/// Whoever leaves says so, and keeps his lease, for which an advertisement of his stands,
/// - until he hears another router, or has to end at once,
/// - for an interval at most, and never for longer than he had it before;
/// meanwhile he says nothing.
/// Whoever is drained does the same, but keeps his whole lease, is a Backup Router from when he hears another
/// router, and goes on two intervals after his farewell if he hears none.
class Departure : public Property {
  public:
    void stepped(const World&, std::size_t, const Router&, const protocol::Event&,
                 const protocol::Step&) override;
    void transmitted(const World&, std::size_t, std::uint8_t, bool) override;
    std::size_t successors() const { return successors_; }
    std::size_t lonely() const { return lonely_; }
    std::size_t unknown() const { return unknown_; }
    std::size_t drained() const { return drained_; }
    std::size_t went_on() const { return went_on_; }

  private:
    void begun(const World&, std::size_t router, const Router& before, const protocol::Step&);
    void drains(const World&, std::size_t router, const Router& before, const protocol::Event&,
                const protocol::Step&);

    std::map<std::size_t, bool> spoke_;  ///< since it became Active
    std::size_t successors_ = 0;         ///< how often one was heard
    std::size_t lonely_ = 0;             ///< how often none was
    std::size_t unknown_ = 0;            ///< how often nobody knew of it yet
    std::size_t drained_ = 0;            ///< how often one that was drained has handed over
    std::size_t went_on_ = 0;            ///< how often nobody took over from one
};

/// Never two that answer, where every router has the same interval and every frame arrives within max_delay:
/// at most half the shortest Skew_Time, and less than half of what two priorities differ in it.
///
/// VRRP itself makes exceptions. A router may take over while another answers
/// - if it preempts: lower priorities are no reason to wait (RFC 9568 §6.4.2), and the owner never waits
///   (§6.4.1);
/// - if the other's first advertisement has not had the time to arrive: nobody can know of it. Two routers
///   that started, or lost patience, within max_delay meet so (§6.1, Skew_Time of equal priorities), and
///   so does a router whose first advertisement does not leave, for as long as its provisional lease;
/// - if a farewell left within max_delay of the other's first advertisement, or before its sender could know
///   of the other: what the other says to it may arrive first, and behind a farewell nobody waits longer than
///   Skew_Time, whoever sent it (§6.4.2);
/// - if the other is dead or held, and the firm part of its lease is over: the first advertisement ends it.
/// Whoever leaves answers beside his successor until he hears him.
///
/// The two then find out by one advertisement, or by its answer if the worse one spoke last (§6.4.3): both
/// answer for no more than two delays from when both are well, that is scheduled, alive and able to send.
/// One that is not answers no longer than until the firm part of its lease is over, an interval, and the next
/// advertisement has arrived.
class Exclusion : public Property {
  public:
    Exclusion(std::size_t routers, Duration max_delay, Duration interval);
    void advanced(const World&) override;
    void delivered(const World&, std::size_t) override;
    void stepped(const World&, std::size_t, const Router&, const protocol::Event&,
                 const protocol::Step&) override;
    void transmitted(const World&, std::size_t, std::uint8_t, bool) override;
    void resumed(const World&, std::size_t) override;
    std::size_t overlaps() const { return overlaps_; }
    /// Adds what decides over violations from now on.
    void add_to(Digest& digest, const World&) const;

  private:
    struct Record {
        std::optional<TimePoint> first_left{};  ///< of the advertisements of the present time as Active
        std::optional<TimePoint> farewell{};    ///< the last one that left
        Duration before_farewell{};             ///< from the first advertisement to it
        bool leaves = false;                    ///< it has sent a farewell since it became Active
        bool send_failing = false;
        TimePoint well_since{};
    };
    bool is_well(const World&, std::size_t router) const;
    bool farewell_crossed(const World&, std::size_t router, TimePoint first_left) const;
    void check_takeover(const World&, std::size_t router);
    /// A router's shared times end here, for others to begin.
    void close_all(const World&, std::size_t router);
    void close(const World&, std::pair<std::size_t, std::size_t>, TimePoint started, TimePoint ended);
    void update(const World&);

    Duration max_delay_;
    Duration interval_;
    std::vector<Record> records_;
    std::map<std::pair<std::size_t, std::size_t>, TimePoint> open_;  ///< who shares since when
    std::size_t overlaps_ = 0;
};

/// No lease is longer than what stands for it: four intervals from the last advertisement of its router that
/// left, or one from its farewell or its takeover.
class Standing : public Property {
  public:
    explicit Standing(std::size_t routers) : latest_(routers) {}
    void advanced(const World&) override;
    void stepped(const World&, std::size_t, const Router&, const protocol::Event&,
                 const protocol::Step&) override;
    void transmitted(const World&, std::size_t, std::uint8_t, bool) override;
    void add_to(Digest& digest, const World&) const;

  private:
    std::vector<TimePoint> latest_;  ///< by router: no lease of it ends later
};

/// Nobody is Active, for however short a time, before an advertisement of his takeover has left.
class Audible : public Property {
  public:
    void advanced(const World&) override;
    void stepped(const World&, std::size_t, const Router&, const protocol::Event&,
                 const protocol::Step&) override;
    void transmitted(const World&, std::size_t, std::uint8_t, bool) override;
    std::size_t refused() const { return refused_; }

  private:
    std::vector<bool> silent_;
    std::size_t refused_ = 0;  ///< how many advertisements did not leave
};

/// Who is Active, is scheduled and can send answers its hosts: whatever it hears that it does not yield to,
/// its own words above all, silences its data plane for no longer than it takes to say so.
class Answering : public Property {
  public:
    void advanced(const World&) override;
};

/// From the first moment in which a router answers, there is none in which nobody does, for however short a
/// time.
class Served : public Property {
  public:
    void advanced(const World&) override;

  private:
    bool begun_ = false;
};

/// From a time on exactly one router is Active, always the same and without a gap.
class Settled : public Property {
  public:
    explicit Settled(TimePoint from) : from_(from) {}
    void advanced(const World&) override;
    std::optional<std::size_t> active() const { return active_; }

  private:
    TimePoint from_;
    std::optional<std::size_t> active_;
};

/// What happened, to see that the schedules reach what they are meant to reach, and a number that differs
/// when anything does.
class Tally : public Observer {
  public:
    void stepped(const World&, std::size_t, const Router&, const protocol::Event&,
                 const protocol::Step&) override;
    void rejected(const World&, std::size_t) override { ++rejected_; }
    void heard_itself(const World&, std::size_t) override { ++own; }

    std::map<protocol::Cause, std::size_t> causes{};
    std::map<protocol::Discard, std::size_t> discards{};
    std::size_t own = 0;  ///< advertisements that came back
    std::size_t rejected_count() const { return rejected_; }
    std::uint64_t fingerprint() const { return fingerprint_; }

  private:
    std::size_t rejected_ = 0;
    std::uint64_t fingerprint_ = 14695981039346656037ULL;
};

/// Prints each step, for who replays a seed.
class Trace : public Observer {
  public:
    void stepped(const World&, std::size_t, const Router&, const protocol::Event&,
                 const protocol::Step&) override;
    void transmitted(const World&, std::size_t, std::uint8_t, bool) override;
};

}  // namespace vrrp_xdp::sim
