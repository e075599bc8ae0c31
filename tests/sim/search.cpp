// SPDX-License-Identifier: BSD-2-Clause
#include "search.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <iostream>
#include <limits>
#include <sstream>
#include <unordered_map>
#include <utility>

#include "node.hpp"
#include "properties.hpp"
#include "protocol/timers.hpp"
#include "world.hpp"

namespace vrrp_xdp::sim {

using namespace protocol;

namespace {

constexpr TimePoint kStart = TimePoint(std::chrono::hours(1));
constexpr Duration kForever = std::chrono::hours(1);
constexpr int kElection = 5;       ///< intervals until the routers that have started agree
constexpr int kLongest = 1000;     ///< intervals of a schedule that never repeats itself
constexpr int kLongestStall = 5;   ///< in intervals: what comes in waits, and states never repeat
constexpr int kLongestTrace = 12;  ///< in intervals, from the last difference

/// Where a schedule differs from the one in which nothing happens: at which choice, and what it is instead.
struct Difference {
    std::uint32_t place;
    std::uint32_t choice;
};
using Differences = std::vector<Difference>;

enum class Act { Nothing, Lose, Delay, ComeBack, Crash, Stall, Stop, Cut, Start, Resume, Fence, Uncut };

struct Option {
    Act act = Act::Nothing;
    std::size_t router = 0;
    std::size_t to = 0;  ///< of a link
};

/// What ends a disturbance is for nothing.
unsigned cost_of(Act act) { return act != Act::Nothing && act < Act::Start ? 1 : 0; }

std::string text_of(const Option& option) {
    static constexpr std::array names{"nothing", "lose", "delay", "comes back", "crash", "stall",
                                      "stop",    "cut",  "start", "resume",     "fence", "mend"};
    std::string text = names[static_cast<std::size_t>(option.act)];
    text += " " + std::to_string(option.router);
    if (option.to != option.router) text += " -> " + std::to_string(option.to);
    return text;
}

/// What the rest of a schedule is without another disturbance, from a state on.
struct Future {
    unsigned left = 0;        ///< disturbances, when the state was seen first
    Duration unsettled{};     ///< until exactly one answers for good
    Duration together_now{};  ///< how long two answer yet
    Duration together{};      ///< the longest that two ever answer
};

struct Visit {
    std::uint64_t state;
    TimePoint time;
    std::size_t answering;
    Duration allowed;  ///< until exactly one answers; kForever if nobody can
    bool is_cut;       ///< some link, in one direction
};

class Search;

/// One schedule.
class Run final : private Fate {
  public:
    Run(Search& search, const Differences& differences, bool prints = false);
    void run();

    std::optional<std::string> violation() const;
    std::size_t instants() const { return visits_.size(); }
    const std::vector<std::string>& acts() const { return acts_; }

  private:
    ChecksumForm checksum_form() override { return ChecksumForm::PseudoHeader; }
    bool comes_back(std::size_t router) override;
    bool is_doubled(const Network&) override { return false; }
    std::optional<Duration> delay(std::size_t from, std::size_t to, const Bytes& message,
                                  const Network&) override;
    std::optional<Bytes> damaged(const Bytes&, const Network&) override { return std::nullopt; }
    Duration latency(Duration) override { return {}; }

    struct Frame {
        std::size_t from;
        std::size_t to;
        std::uint8_t priority;
        TimePoint arrival;
    };

    Option choose(std::vector<Option> options);
    std::vector<Option> acts_at_an_instant() const;
    void act(const Option& option);
    void end_stalls();
    void check_service();
    TimePoint next_instant() const;
    std::uint64_t digest_at(TimePoint reference) const;
    /// Notes the state. Returns whether it is a new one.
    bool visit();
    void look_back(Future future);
    void judge(const Visit& visit, const Future& future);

    Search& search_;
    const Bound& bound_;
    const Differences& differences_;
    bool prints_;
    std::vector<std::vector<bool>> cut_;
    std::vector<Frame> under_way_;
    std::vector<TimePoint> dead_since_;
    std::uint32_t place_ = 0;
    std::size_t used_ = 0;  ///< of the differences
    unsigned left_;
    TimePoint last_difference_{};
    std::vector<Visit> visits_;
    std::vector<std::string> acts_;
    std::optional<std::string> violation_;
    bool is_served_ = false;  ///< somebody has answered
    World world_;
    Conduct conduct_;
    Departure departure_;
    Answering answering_;
    Audible audible_;
    Standing standing_;
    Exclusion exclusion_;
    Trace trace_;
};

class Search {
  public:
    explicit Search(const Bound& bound)
        : bound_(bound),
          interval_(bound.routers.front().advertise_interval),
          waiting_(bound.disturbances + 1) {}

    Found run() {
        waiting_.back().emplace_back();
        // Those with the most disturbances left first: no state is then met again with more.
        for (unsigned left = bound_.disturbances + 1; left-- > 0;) {
            while (!waiting_[left].empty()) {
                const Differences differences = std::move(waiting_[left].back());
                waiting_[left].pop_back();
                if (!run(differences)) return found_;
            }
        }
        found_.states = futures_.size();
        return found_;
    }

  private:
    friend class Run;

    bool run(const Differences& differences) {
        Run one(*this, differences);
        one.run();
        ++found_.schedules;
        found_.longest = std::max(found_.longest, one.instants());
        if (!one.violation()) return true;
        found_.states = futures_.size();
        std::ostringstream text;
        text << *one.violation() << "\nafter";
        for (const std::string& act : one.acts()) text << "\n  " << act;
        found_.violation = text.str();
        Run(*this, differences, true).run();
        return false;
    }

    const Bound& bound_;
    Duration interval_;
    std::vector<std::vector<Differences>> waiting_;  ///< by the disturbances left
    std::unordered_map<std::uint64_t, Future> futures_;
    Found found_;
};

Run::Run(Search& search, const Differences& differences, bool prints)
    : search_(search),
      bound_(search.bound_),
      differences_(differences),
      prints_(prints),
      cut_(bound_.routers.size(), std::vector<bool>(bound_.routers.size())),
      dead_since_(bound_.routers.size()),
      left_(bound_.disturbances),
      world_(static_cast<Fate&>(*this), bound_.routers),
      standing_(bound_.routers.size()),
      exclusion_(bound_.routers.size(), usual_delay(bound_), search.interval_) {
    for (Observer* observer : {static_cast<Observer*>(&conduct_), static_cast<Observer*>(&departure_),
                               static_cast<Observer*>(&answering_), static_cast<Observer*>(&audible_),
                               static_cast<Observer*>(&standing_)})
        world_.watch(*observer);
    if (bound_.kind == Disturbances::OfRouters) world_.watch(exclusion_);
    if (prints_) world_.watch(trace_);
}

void Run::run() {
    world_.run_until(kStart);
    for (std::size_t router = 0; router < bound_.routers.size(); ++router) world_.start(router);
    while (!violation()) {
        const TimePoint before = world_.now();
        const std::uint64_t was = digest_at(before);
        const TimePoint now = next_instant();
        const bool always = world_.next() != now;
        if (now > kStart + kLongest * search_.interval_) violation_ = "states do not repeat";
        world_.run_until(now);
        std::erase_if(under_way_, [&](const Frame& frame) { return frame.arrival <= now; });
        // It woke only to announce its addresses once more.
        if (!always && digest_at(before) == was) continue;
        while (true) {
            if (violation()) break;
            end_stalls();
            check_service();
            if (!prints_ && used_ == differences_.size() && !visit()) return;
            const Option option = choose(acts_at_an_instant());
            if (option.act == Act::Nothing) break;
            act(option);
            world_.run_until(now);
        }
        if (used_ < differences_.size()) last_difference_ = now;
        if (prints_ && now > last_difference_ + kLongestTrace * search_.interval_) return;
    }
}

std::optional<std::string> Run::violation() const {
    if (violation_) return violation_;
    for (const Property* property :
         {static_cast<const Property*>(&conduct_), static_cast<const Property*>(&departure_),
          static_cast<const Property*>(&answering_), static_cast<const Property*>(&audible_),
          static_cast<const Property*>(&standing_), static_cast<const Property*>(&exclusion_)})
        if (property->violation()) return property->violation();
    return std::nullopt;
}

/// Of options that cannot be paid for none is there. Behind the last difference, what is not chosen here
/// waits for another schedule.
Option Run::choose(std::vector<Option> options) {
    std::erase_if(options, [&](const Option& option) { return cost_of(option.act) > left_; });
    const std::uint32_t place = place_++;
    std::uint32_t choice = 0;
    if (used_ < differences_.size()) {
        if (differences_[used_].place == place) choice = differences_[used_++].choice;
    } else if (!prints_) {
        for (std::uint32_t other = 1; other < options.size(); ++other) {
            Differences differences = differences_;
            differences.push_back({place, other});
            search_.waiting_[left_ - cost_of(options[other].act)].push_back(std::move(differences));
        }
    }
    const Option chosen = options[choice];
    left_ -= cost_of(chosen.act);
    if (choice == 0) return chosen;
    std::ostringstream text;
    text << std::chrono::duration<double, std::milli>(world_.now() - kStart).count()
         << " ms: " << text_of(chosen);
    acts_.push_back(text.str());
    if (prints_) std::cout << text.str() << '\n';
    return chosen;
}

bool Run::comes_back(std::size_t router) {
    if (bound_.kind == Disturbances::OfRouters) return false;
    return choose({{}, {Act::ComeBack, router, router}}).act != Act::Nothing;
}

std::optional<Duration> Run::delay(std::size_t from, std::size_t to, const Bytes& message, const Network&) {
    if (cut_[from][to]) return std::nullopt;
    Duration delay = usual_delay(bound_);
    if (from != to && bound_.kind == Disturbances::OfRoutersAndTheNetwork) {
        const Act act = choose({{}, {Act::Lose, from, to}, {Act::Delay, from, to}}).act;
        if (act == Act::Lose) return std::nullopt;
        if (act == Act::Delay) delay = late_delay(bound_);
    }
    under_way_.push_back({from, to, message[2], world_.now() + delay});
    return delay;
}

std::vector<Option> Run::acts_at_an_instant() const {
    std::vector<Option> options{{}};
    const auto add = [&](bool possible, Act act, std::size_t router, std::size_t to) {
        if (possible) options.push_back({act, router, to});
    };
    for (std::size_t router = 0; router < bound_.routers.size(); ++router) {
        const Router& self = world_.routers()[router];
        const auto add_own = [&](bool possible, Act act) { add(possible, act, router, router); };
        add_own(self.running, Act::Crash);
        add_own(self.running && !self.stalled, Act::Stall);
        add_own(self.running && !self.stalled && !self.stopping, Act::Stop);
        add_own(!self.running, Act::Start);
        add_own(self.stalled, Act::Resume);
        const bool dead = !self.running || self.stalled;
        const Duration passed = world_.now() - dead_since_[router];
        const bool in_time = self.stalled ? passed <= search_.interval_ / 2 : passed == Duration{};
        // At once when its controller dies, and when that does not move for 300 ms, or a little later.
        add_own(in_time && dead && world_.holds_lease(router) && world_.node(router).has_fence(router),
                Act::Fence);
        for (std::size_t to = 0; to < bound_.routers.size(); ++to) {
            if (to == router || bound_.kind == Disturbances::OfRouters) continue;
            add(!cut_[router][to], Act::Cut, router, to);
            add(cut_[router][to], Act::Uncut, router, to);
        }
    }
    return options;
}

void Run::act(const Option& option) {
    switch (option.act) {
        case Act::Crash:
            if (!world_.routers()[option.router].stalled) dead_since_[option.router] = world_.now();
            return world_.crash(option.router);
        case Act::Stall:
            dead_since_[option.router] = world_.now();
            return world_.stall(option.router);
        case Act::Stop:
            return world_.stop(option.router);
        case Act::Start:
            return world_.start(option.router);
        case Act::Resume:
            return world_.resume(option.router);
        case Act::Fence:
            return world_.fence(option.router);
        case Act::Cut:
            cut_[option.router][option.to] = true;
            return;
        case Act::Uncut:
            cut_[option.router][option.to] = false;
            return;
        default:
            return;
    }
}

void Run::end_stalls() {
    for (std::size_t router = 0; router < bound_.routers.size(); ++router)
        if (world_.routers()[router].stalled &&
            world_.now() >= dead_since_[router] + kLongestStall * search_.interval_)
            world_.resume(router);
}

/// Once the routers have elected one, its failure costs hosts nothing where the network delivers and another
/// router lives: its data plane goes on until its successor is heard.
void Run::check_service() {
    if (bound_.kind != Disturbances::OfRouters || bound_.disturbances != 1) return;
    bool answers = false;
    for (std::size_t router = 0; router < bound_.routers.size(); ++router) answers |= world_.answers(router);
    if (is_served_ && !answers) violation_ = "nobody answers";
    is_served_ |= answers && world_.now() > kStart + kElection * search_.interval_;
}

/// Something happens, a lease ends or begins to end at another router's word, or half an interval is over.
TimePoint Run::next_instant() const {
    const TimePoint now = world_.now();
    TimePoint next =
        std::min(world_.next(), bound_.halves == Halves::Too ? next_advertisement(now, search_.interval_ / 2)
                                                             : now + search_.interval_);
    for (std::size_t router = 0; router < bound_.routers.size(); ++router) {
        if (!world_.holds_lease(router)) continue;
        next = std::min(next, world_.routers()[router].lease);
        if (world_.port(router).firm() > now) next = std::min(next, world_.port(router).firm());
    }
    return next;
}

std::uint64_t Run::digest_at(TimePoint reference) const {
    Digest digest(reference);
    digest.add(static_cast<std::uint64_t>((reference.time_since_epoch() % search_.interval_).count()));
    for (std::size_t router = 0; router < bound_.routers.size(); ++router) {
        const Router& self = world_.routers()[router];
        const Election& election = self.election;
        digest.add((self.running ? 1U : 0U) | (self.stalled ? 2U : 0U) | (self.stopping ? 4U : 0U) |
                   (self.orphaned && world_.holds_lease(router) ? 8U : 0U) | (election.following ? 16U : 0U) |
                   (election.dismissed ? 32U : 0U) | (election.leaving ? 64U : 0U) |
                   (election.drains ? 128U : 0U));
        digest.add(static_cast<std::uint64_t>(election.state));
        digest.add(static_cast<std::uint64_t>(election.sending));
        // The timer is late for what was heard since.
        TimePoint timer = election.timer;
        if (election.following)
            timer =
                std::max(timer, world_.port(router).last_heard(0) +
                                    active_down_interval(self.parameters.version, self.parameters.priority,
                                                         election.active_adver_interval));
        self.stalled ? digest.add_future(timer) : digest.add_time(timer);
        if (self.stalled)
            digest.add_time(dead_since_[router]);
        else if (!self.running && world_.holds_lease(router))
            digest.add_since(dead_since_[router], world_.now() - Duration(1));
        digest.add_future(election.lease);
        world_.port(router).add_to(digest, self.running);
        world_.node(router).add_to(digest, router);
        for (const bool cut : cut_[router]) digest.add(cut);
    }
    for (const Frame& frame : under_way_) {
        digest.add(frame.from << 16U | frame.to << 8U | frame.priority);
        digest.add_time(frame.arrival);
    }
    standing_.add_to(digest, world_);
    if (bound_.kind == Disturbances::OfRouters) exclusion_.add_to(digest, world_);
    return digest.value();
}

bool Run::visit() {
    Visit here{digest_at(world_.now()), world_.now(), 0, kForever, false};
    Duration skew{};
    for (std::size_t router = 0; router < bound_.routers.size(); ++router) {
        const Router& self = world_.routers()[router];
        here.answering += world_.answers(router) ? 1 : 0;
        skew =
            std::max(skew, skew_time(self.parameters.version, self.parameters.priority, search_.interval_));
        if (self.running && !self.stopping) here.allowed = {};
    }
    for (const Router& router : world_.routers())
        if (router.stalled) here.allowed = kForever;
    for (const auto& row : cut_) here.is_cut |= std::find(row.begin(), row.end(), true) != row.end();
    if (here.is_cut) here.allowed = kForever;
    if (here.allowed != kForever) {
        here.allowed = 4 * search_.interval_ + skew + 8 * usual_delay(bound_);
        for (const Frame& frame : under_way_)
            here.allowed += frame.arrival - world_.now() > usual_delay(bound_) ? frame.arrival - world_.now()
                                                                               : Duration{};
    }
    visits_.push_back(here);
    const auto [known, is_new] = search_.futures_.try_emplace(here.state, Future{.left = left_});
    if (is_new) return true;
    const auto same = [&](const Visit& visit) { return visit.state == here.state; };
    const auto first = std::find_if(visits_.begin(), visits_.end() - 1, same);
    Future future = known->second;
    if (first != visits_.end() - 1) {  // it has come round
        const bool settled =
            std::all_of(first, visits_.end(), [](const Visit& visit) { return visit.answering == 1; });
        const bool together =
            std::all_of(first, visits_.end(), [](const Visit& visit) { return visit.answering > 1; });
        future = {.left = future.left,
                  .unsettled = settled ? Duration{} : kForever,
                  .together_now = together ? kForever : Duration{},
                  .together = together ? kForever : Duration{}};
    }
    look_back(future);
    return false;
}

/// Notes of each new state what follows it, and judges that.
void Run::look_back(Future future) {
    for (std::size_t i = visits_.size() - 1; i-- > 0;) {
        const Visit& visit = visits_[i];
        const Duration passed = visits_[i + 1].time - visit.time;
        const bool settles_later = future.unsettled > Duration{};
        future.unsettled = settles_later || visit.answering != 1
                               ? std::min(future.unsettled + passed, kForever)
                               : Duration{};
        future.together_now =
            visit.answering > 1 ? std::min(future.together_now + passed, kForever) : Duration{};
        future.together = std::max(future.together, future.together_now);
        future.left = search_.futures_[visit.state].left;
        search_.futures_[visit.state] = future;
        judge(visit, future);
    }
}

// A router's word ends the lease of one that is dead or held at once, or when its firm part, an interval, is
// over. Where the network delivers everything, nothing but a router's first advertisement can be under way
// while another answers too. Where it does not, two that live hear each other an interval after both began,
// and one that is dead is silenced by the first word behind the firm part of its lease.
void Run::judge(const Visit& visit, const Future& future) {
    Found& found = search_.found_;
    const auto milliseconds = [](Duration duration) {
        return std::to_string(std::chrono::duration<double, std::milli>(duration).count()) + " ms";
    };
    const std::string when = "from " + milliseconds(visit.time - kStart) + " on ";
    const bool is_faulty = bound_.kind == Disturbances::OfRoutersAndTheNetwork;
    if (!visit.is_cut) {
        found.together = std::max(found.together, future.together);
        const Duration longest = (is_faulty ? 2 * search_.interval_ : Duration{}) + 2 * usual_delay(bound_);
        if (future.together > longest)
            violation_ = when + "two answer, for " + milliseconds(future.together) + " at a time";
    }
    if (visit.allowed == kForever) return;
    found.unsettled = std::max(found.unsettled, future.unsettled);
    if (future.unsettled > visit.allowed)
        violation_ = when + "exactly one answers only after " + milliseconds(future.unsettled);
}

}  // namespace

Duration usual_delay(const Bound& bound) { return bound.routers.front().advertise_interval / 1024; }

Duration late_delay(const Bound& bound) { return bound.routers.front().advertise_interval * 5 / 4; }

Found search(const Bound& bound) { return Search(bound).run(); }

}  // namespace vrrp_xdp::sim
