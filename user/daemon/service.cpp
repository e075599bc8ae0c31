// SPDX-License-Identifier: BSD-2-Clause
#include "daemon/service.hpp"

#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <asio/io_context.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <asio/signal_set.hpp>
#include <asio/steady_timer.hpp>
#include <chrono>
#include <csignal>
#include <map>
#include <system_error>
#include <thread>

#include "control/control_socket.hpp"
#include "daemon/command_queue.hpp"
#include "daemon/events.hpp"
#include "daemon/guardian.hpp"
#include "daemon/hooks.hpp"
#include "daemon/instance_status.hpp"
#include "daemon/missing_interfaces.hpp"
#include "daemon/observers.hpp"
#include "daemon/port_handover.hpp"
#include "daemon/reload.hpp"
#include "daemon/reload_report.hpp"
#include "daemon/trackers.hpp"
#include "daemon/unknown_peers.hpp"
#include "dataplane/port_lock.hpp"
#include "engine/advertisement_mtu.hpp"
#include "engine/fencing_plan.hpp"
#include "engine/messages.hpp"
#include "engine/placement.hpp"
#include "engine/protocol_loop.hpp"
#include "engine/realtime.hpp"
#include "net/boot_clock.hpp"
#include "net/device.hpp"
#include "protocol/text.hpp"
#include "reconciler/reattach.hpp"
#include "reconciler/reconciler.hpp"
#include "status/json.hpp"

namespace vrrp_xdp::daemon {
namespace {

using nlohmann::json;

// Commands come from people; notices may come in a burst, several from every Virtual Router at once.
constexpr std::size_t kCommandCapacity = 256;
constexpr std::size_t kNoticeCapacity = 65536;

/// So long may something differ from what must be true before it is noticed, if the kernel does not tell.
constexpr std::chrono::milliseconds kLookInterval(250);

/// From one attempt to attach to an interface that has come to the next.
constexpr std::chrono::seconds kArrivalPause(2);

/// From one look that the kernel asks for to the next: changes come in bursts.
constexpr std::chrono::milliseconds kLookPause(20);

/// From one start of a guardian to the next, should it end by itself.
constexpr std::chrono::seconds kGuardianPause(1);

/// So long may the hooks of the last transitions take before the program ends without them.
constexpr std::chrono::seconds kLastHooks(8);

/// What else has to be done for a stop takes much less.
constexpr std::chrono::seconds kLastSteps(2);

/// The ordinary thread: the control sockets, the journal and signals. It may wait; the protocol thread may
/// not.
class Service {
  public:
    Service()
        : commands_(kCommandCapacity),
          command_queue_(io_, commands_),
          notices_(kNoticeCapacity),
          guardian_timer_(io_),
          look_timer_(io_),
          look_pause_(io_),
          kernel_ready_(io_),
          observers_(
              io_, interfaces_, [this](Then then) { with_snapshots(std::move(then)); },
              [this] { return missing_.statuses(); }),
          hooks_(io_, [this](const auto& interface, const auto& router,
                             const auto& what) { events_.tell_failed_hook(interface, router, what); }),
          last_steps_timer_(io_),
          notices_ready_(io_),
          signals_(io_, SIGTERM, SIGINT, SIGUSR1),
          hangup_(io_, SIGHUP) {}

    Result<void> open(config::Config config, config::Source source, const ServiceOptions& options) {
        config_ = std::move(config);
        source_ = std::move(source);
        if (auto named = engine::use_kernel_names(config_); !named) return named;
        mode_ = options.mode;
        on_missing_ = options.on_missing;
        if (options.metrics)
            if (auto served = observers_.serve_metrics(*options.metrics, options.version); !served)
                return served;
        auto monitor = net::InterfaceMonitor::open();
        if (!monitor) return tl::unexpected(monitor.error());
        const auto plan = engine::plan_ports(config_, *monitor, mode_, on_missing_);
        if (!plan) return tl::unexpected(plan.error());
        warn_of_large_advertisements(plan->ports);
        if (auto opened = open(plan->ports); !opened) return opened;
        if (auto waiting = missing_.set(plan->missing); !waiting) return waiting;
        if (auto configured = hooks_.configure(config_); !configured) return configured;
        if (auto tracking = track(); !tracking) return tracking;
        std::vector<const engine::ManagedInterface*> heirs;
        for (const auto& interface : interfaces_) heirs.push_back(interface.get());
        auto fencing_plan = engine::FencingPlan::make(heirs);
        if (!fencing_plan) return tl::unexpected(fencing_plan.error());
        for (std::size_t i = 0; i < heirs.size(); ++i)
            interfaces_[i]->fencing_entries = fencing_plan->entries_of(i);
        fencing_plan_ = std::make_unique<engine::FencingPlan>(std::move(*fencing_plan));
        auto kernel = net::InterfaceMonitor::open();
        if (!kernel) return tl::unexpected(kernel.error());
        reconciler_.emplace(std::move(*kernel), [this] { command(engine::LookAgain{}); });
        auto loop =
            engine::ProtocolLoop::make(interfaces_, std::move(*monitor), *fencing_plan_, commands_, notices_);
        if (!loop) return tl::unexpected(loop.error());
        loop_.emplace(std::move(*loop));
        reattacher_.emplace(plan->ports);
        return start_guardian();
    }

    void run() {
        notices_ready_.assign(notices_.event_fd());
        wait_for_notices();
        kernel_ready_.assign(reconciler_->event_fd());
        look_regularly();
        wait_for_kernel();
        observers_.begin();
        wait_for_signal();
        wait_for_hangup();
        std::thread protocol([this] { loop_->run(); });
        io_.run();
        protocol.join();
        notices_ready_.release();
        kernel_ready_.release();
    }

  private:
    /// All that takes its time before any running instance stops.
    Result<void> open(const std::vector<engine::PortPlan>& plans) {
        std::vector<PortHandover> handovers;
        for (const engine::PortPlan& plan : plans) {
            auto takeover = PortHandover::prepare(plan);
            if (!takeover) return tl::unexpected(takeover.error());
            handovers.push_back(std::move(*takeover));
        }
        for (PortHandover& takeover : handovers)
            if (auto opened = open(takeover); !opened) return opened;
        return {};
    }

    Result<void> open(PortHandover& takeover) {
        const bool goes_on = takeover.has_predecessor();
        auto opened = takeover.complete();
        if (!opened) return tl::unexpected(opened.error());
        if (!goes_on && config_.startup_delay != protocol::Duration{}) delay(*opened);
        for (auto& interface : *opened) {
            if (auto listening = listen(interfaces_.size(), interface->name); !listening) return listening;
            interfaces_.push_back(std::move(interface));
        }
        const engine::ManagedInterface& last = *interfaces_.back();
        const std::string& reason = last.port->mode_reason();
        spdlog::info("{}: attached in {} mode{}{}", last.port_name, to_string(last.port->mode()),
                     reason.empty() ? "" : ": ", reason);
        if (const std::string& warning = last.port->mode_warning(); !warning.empty())
            spdlog::warn("{}: {}", last.port_name, warning);
        tell_of_lost_carrier(last);
        return {};
    }

    /// Some drivers reset their card for a native program, and it negotiates with its switch anew.
    static void tell_of_lost_carrier(const engine::ManagedInterface& interface) {
        const auto device = net::device_of(interface.port_index);
        if (!device || device->carrier) return;
        const bool native = interface.port->mode() == dataplane::Mode::Native;
        spdlog::info("{}: has no carrier now{}; elections begin when it has", interface.port_name,
                     native ? ", as after the reset that some drivers need for native XDP" : "");
    }

    static void warn_of_large_advertisements(const std::vector<engine::PortPlan>& plans) {
        for (const engine::PortPlan& plan : plans)
            for (const engine::PlacedInterface& placed : plan.interfaces)
                for (const config::VirtualRouter& router : placed.config.virtual_routers)
                    if (const auto wrong = engine::too_large_for(router, placed.state.mtu))
                        spdlog::warn("{}: {}", placed.config.name, *wrong);
    }

    Result<void> track() {
        auto conditions = Trackers::start(
            io_, config_.trackers, interfaces_,
            [this](const engine::SetEffect& condition) { command(condition); },
            [this](const Trackers::Change& change) { events_.tell(change); });
        if (!conditions) return tl::unexpected(conditions.error());
        trackers_ = std::move(*conditions);
        trackers_->set_broken_groups(sync_groups_of(missing_.configurations()));
        for (const auto& interface : interfaces_) trackers_->prepare(*interface);
        return {};
    }

    /// The switch, its neighbours and routing may need a while to be ready for this router.
    void delay(const engine::ManagedInterfaces& opened) const {
        for (const auto& interface : opened) interface->starts_at = net::boot_now() + config_.startup_delay;
        spdlog::info("{}: no election begins before startup-delay is over, {}", opened.front()->port_name,
                     protocol::to_string(config_.startup_delay));
    }

    Result<void> start_guardian() {
        guardian_started_ = std::chrono::steady_clock::now();
        auto started = Guardian::start(io_, *fencing_plan_, [this](const std::string& how) {
            spdlog::warn("the guardian {}; starting another", how);
            restart_guardian();
        });
        if (!started) return tl::unexpected(started.error());
        guardian_ = std::move(*started);
        return {};
    }

    /// At once, but not more than once a second.
    void restart_guardian() {
        guardian_timer_.expires_at(guardian_started_ + kGuardianPause);
        guardian_timer_.async_wait([this](const asio::error_code& error) {
            if (error) return;
            if (const auto started = start_guardian(); !started) {
                spdlog::warn("{}; trying again", started.error().what);
                restart_guardian();
            }
        });
    }

    /// Every now and then: whether all is as it must be.
    void look_regularly() {
        look_timer_.expires_after(kLookInterval);
        look_timer_.async_wait([this](const asio::error_code& error) {
            if (error) return;
            reconcile();
            for (const auto& interface : interfaces_)
                if (interface) interface->port->follow_leases(net::boot_now());
            look_regularly();
        });
    }

    /// And when the kernel tells of a change.
    void wait_for_kernel() {
        kernel_ready_.async_wait(asio::posix::stream_descriptor::wait_read,
                                 [this](const asio::error_code& e) {
                                     if (e) return;
                                     reconcile();
                                     look_pause_.expires_after(kLookPause);
                                     look_pause_.async_wait([this](const asio::error_code& error) {
                                         if (!error) wait_for_kernel();
                                     });
                                 });
    }

    void reconcile() {
        reconciler_->look(interfaces_, [this](std::uint32_t i) { return reattacher_->is_suspended(i); });
        for (const std::uint32_t lost : reattacher_->find_lost(interfaces_, *reconciler_))
            command(engine::Suspend{lost});
        if (!reload_)
            resume(reattacher_->attach_again(interfaces_, reconciler_->kernel(), reconciler_->programs()));
        if (!reload_) attach_to_arrived();
        for (const elections::RouterId id : unknown_peers_.look(interfaces_))
            events_.tell(elections::UnknownPeer{id});
    }

    /// As a reload would, of a file that says nothing else than before. What was detached stays so.
    void attach_to_arrived() {
        const auto arrived = missing_.arrived();
        const auto now = std::chrono::steady_clock::now();
        if (arrived.empty() || is_leaving() || now < next_attempt_) return;
        next_attempt_ = now + kArrivalPause;
        config::Config wanted = config_;
        std::erase_if(wanted.interfaces, [this](const config::Interface& each) {
            return !missing_.contains(each.name) &&
                   std::none_of(interfaces_.begin(), interfaces_.end(), [&](const auto& interface) {
                       return interface && interface->name == each.name;
                   });
        });
        if (auto named = engine::use_kernel_names(wanted); !named) return;
        const Differences differences = compare(config_, wanted, interfaces_);
        if (auto started = start_reload(differences, wanted); !started) {
            if (std::exchange(arrival_failure_, started.error().what) != started.error().what)
                spdlog::warn("{}: not attached: {}{}{}; trying again", *arrived.begin(), started.error().what,
                             started.error().hint.empty() ? "" : "; ", started.error().hint);
            return;
        }
        arrival_failure_.clear();
        next_attempt_ = {};
        reloader_ = [](const json&) {};
    }

    /// What waits for its interface is asked at a socket of its own.
    void answer_for_missing(const std::string& name, const std::string& request,
                            control::ControlSocket::Respond respond) {
        if (request == "reload") return reload(std::move(respond));
        if (request == "status-all") return tell_of_all(std::move(respond));
        if (request == "serving") return respond({{"port", ""}, {"pid", getpid()}});
        const bool leaves = request == "detach" || request == "hand-over";
        if (!leaves || reload_)
            return respond({{"error", leaves ? "a reload is under way" : "unknown request " + request}});
        missing_.drop(name);
        spdlog::info("{}: detached before it came", name);
        trackers_->set_broken_groups(sync_groups_of(missing_.configurations()));
        trackers_->renew(config_.trackers);
        respond(request == "detach" ? json{{"detached", name}} : json{{"handed-over", true}});
        if (all_released()) end();
    }

    void resume(const std::vector<std::uint32_t>& whole) {
        if (whole.empty()) return;
        guardian_.reset();  // it knows neither the new maps nor the new sockets
        for (const std::uint32_t i : whole)
            engine::write_entries(*interfaces_[i], interfaces_[i]->fencing_entries);
        if (const auto started = start_guardian(); !started) restart_guardian();
        for (const std::uint32_t i : whole) {
            command(engine::Resume{i, interfaces_[i].get()});
            trackers_->tell(i);
        }
    }

    void note_suspended(std::uint32_t index) {
        reattacher_->note_suspended(index);
        interfaces_[index]->take_snapshots();
    }

    Result<void> listen(std::size_t index, const std::string& name) {
        auto socket = control::ControlSocket::listen(
            io_, name, sessions_, [this, index](const std::string& request, auto respond, auto stream) {
                const auto interface = static_cast<std::uint32_t>(index);
                if (request == "events" && runs(interface) && events_.has_room())
                    events_.subscribe(interface, std::move(stream));
                else
                    answer(interface, request, std::move(respond));
            });
        if (!socket) return tl::unexpected(socket.error());
        sockets_.push_back(std::move(*socket));
        detachers_.emplace_back();
        return {};
    }

    /// Who connected before an interface was released, or before a reload failed, may ask after it.
    bool runs(std::uint32_t interface) const {
        return interface < interfaces_.size() && interfaces_[interface] != nullptr;
    }

    void answer(std::uint32_t interface, const std::string& request,
                control::ControlSocket::Respond respond) {
        if (!runs(interface)) {
            respond({{"error", "just detached"}});
        } else if (request == "events") {
            respond({{"error", "too many listen to events already"}});
        } else if (request == "status") {
            with_snapshots([this, interface, respond = std::move(respond)] {
                if (runs(interface))
                    respond(to_json(whole_status(interface)));
                else
                    respond({{"error", "just detached"}});
            });
        } else if (request == "status-all") {
            tell_of_all(std::move(respond));
        } else if (request == "reload") {
            reload(std::move(respond));
        } else if (request == "detach") {
            detachers_[interface].push_back(std::move(respond));
            command(engine::Leave{interface});
        } else if (request == "serving") {
            respond(serving(interfaces_, *interfaces_[interface]));
        } else if (request == "hand-over") {
            if (reattacher_->is_suspended(interface))
                return respond({{"error", "it is just attaching again"}});
            successors_[interface] = std::move(respond);
            // A successor that has it in its configuration attaches to it itself.
            for (std::uint32_t i = 0; i < interfaces_.size(); ++i)
                if (interfaces_[i] && interfaces_[i]->port == interfaces_[interface]->port &&
                    reattacher_->is_suspended(i))
                    command(engine::Release{i});
            command(engine::HandOver{interface});
        } else {
            respond({{"error", "unknown request " + request}});
        }
    }

    /// The first one asks for a stop, the second one is in a hurry.
    void wait_for_signal() {
        signals_.async_wait([this](const asio::error_code& error, int signal) {
            if (error) return;
            if (std::exchange(is_stopping_, true))
                release_all();
            else
                stop(signal);
            wait_for_signal();
        });
    }

    void stop(int signal) {
        observers_.manager().is_stopping(longest_stop());
        missing_.clear();
        if (all_released()) return end();
        if (signal == SIGUSR1)
            leave_all_in_place();
        else
            command(engine::Leave{});
    }

    /// An Active Router that nobody takes the place of waits for one interval.
    std::chrono::microseconds longest_stop() const {
        protocol::Duration longest{};
        for (const auto& interface : interfaces_)
            if (interface)
                for (const elections::VirtualRouter& router : interface->virtual_routers)
                    longest = std::max(longest, router.config.advertise_interval);
        return std::chrono::ceil<std::chrono::microseconds>(longest + kLastHooks + kLastSteps);
    }

    void wait_for_hangup() {
        hangup_.async_wait([this](const asio::error_code& error, int) {
            if (error) return;
            reload([](const json&) {});
            wait_for_hangup();
        });
    }

    /// One that is asked for during another is done after it: the file may have changed since it was read.
    void reload(control::ControlSocket::Respond answer) {
        if (reload_) return next_reloaders_.push_back(std::move(answer));
        observers_.manager().is_reloading();
        auto respond = [this, answer = std::move(answer)](const json& what) {
            observers_.manager().is_ready();
            answer(what);
        };
        auto wanted = config::load(source_);
        if (!wanted) return respond(tell_mistakes(source_.file, wanted.error()));
        if (auto named = engine::use_kernel_names(*wanted); !named)
            return respond(tell_refusal(named.error()));
        const auto differences = compare(config_, *wanted, interfaces_);
        if (auto known = check_users(*wanted); !known) return respond(tell_refusal(known.error()));
        if (differences.empty()) {
            config_ = *wanted;
            renew_hooks(config_);
            missing_.clear();
            trackers_->set_broken_groups({});
            trackers_->renew(config_.trackers);
            return respond(tell_reload(source_.file, differences, {}));
        }
        if (auto started = start_reload(differences, *wanted); !started)
            return respond(tell_refusal(started.error()));
        reloader_ = std::move(respond);
    }

    bool is_leaving() const {
        return is_stopping_ || !successors_.empty() ||
               std::any_of(detachers_.begin(), detachers_.end(),
                           [](const auto& each) { return !each.empty(); });
    }

    /// Nothing has changed unless all that may fail is done.
    Result<void> start_reload(const Differences& differences, const config::Config& wanted) {
        if (is_leaving()) return failure("an interface is just being released", "try again");
        if (wanted.interfaces.empty())
            return failure(source_.file + " says nothing about the interfaces that 'attach' was told to run",
                           "end this instance with 'vrrp-xdp detach', or run attach again");
        auto prepared = Reload::prepare(differences, wanted, mode_, on_missing_, interfaces_, *reattacher_);
        if (!prepared) return tl::unexpected(prepared.error());
        const std::size_t before = interfaces_.size();
        const auto missing = missing_.configurations();
        for (const std::string& name : (*prepared)->beginning()) {
            missing_.drop(name);  // it has come, and its socket takes the place of that one
            if (auto listening = listen(sockets_.size(), name); !listening) {
                sockets_.resize(before);
                detachers_.resize(before);
                static_cast<void>(missing_.set(missing));
                return listening;
            }
        }
        reload_ = std::move(*prepared);
        guardian_timer_.cancel();
        guardian_.reset();    // it knows neither the new maps nor the new sockets
        renew_hooks(wanted);  // before anything enters its first state
        trackers_->set_broken_groups(sync_groups_of(reload_->missing()));
        for (engine::ManagedInterface* each : reload_->prepared()) trackers_->prepare(*each);
        command(engine::Reconfigure{&reload_->begin(interfaces_)});
        return {};
    }

    void renew_hooks(const config::Config& wanted) {
        if (const auto configured = hooks_.configure(wanted); !configured)
            spdlog::error("{}; the hooks before go on", configured.error().what);
    }

    void finish_reload() {
        command(engine::Reconciled{});
        fencing_plan_ = reload_->finish(interfaces_, *reattacher_);
        config_ = reload_->wanted();
        if (auto waiting = missing_.set(reload_->missing()); !waiting)
            spdlog::error("{}; not waiting for it", waiting.error().what);
        trackers_->renew(config_.trackers);
        if (const auto started = start_guardian(); !started) restart_guardian();
        // Once it is known what has become of those that it was about.
        with_snapshots([this, respond = std::exchange(reloader_, {}), differences = reload_->differences()] {
            respond(tell_reload(source_.file, differences, idle_group_members(interfaces_)));
        });
        reload_.reset();
        if (next_reloaders_.empty()) return;
        reload([asked = std::exchange(next_reloaders_, {})](const json& what) {
            for (const auto& respond : asked) respond(what);
        });
    }

    void command(const engine::Command& what) { command_queue_.send(what); }

    void release_all() {
        for (std::uint32_t i = 0; i < interfaces_.size(); ++i)
            if (interfaces_[i]) command(engine::Release{i});
    }

    /// For the next instance to go on where this one was, should it come before the leases run out. Nobody
    /// can be given what is just attaching again.
    void leave_all_in_place() {
        for (std::uint32_t i = 0; i < interfaces_.size(); ++i) {
            if (!interfaces_[i]) continue;
            if (reattacher_->is_suspended(i))
                command(engine::Release{i});
            else
                command(engine::HandOver{i});  // of one port, the first is for all
        }
    }

    void wait_for_notices() {
        notices_ready_.async_wait(asio::posix::stream_descriptor::wait_read,
                                  [this](const asio::error_code& error) {
                                      if (error) return;
                                      notices_.drain([this](const engine::Notice& notice) { take(notice); });
                                      tell_left_out();
                                      wait_for_notices();
                                      if (all_released()) end();
                                  });
    }

    void tell_left_out() {
        const std::uint64_t left_out = notices_.left_out();
        if (left_out == told_left_out_) return;
        spdlog::warn("{} reports came faster than they could be told, and were left out",
                     left_out - std::exchange(told_left_out_, left_out));
    }

    void end() {
        if (std::exchange(is_ended_, true)) return;
        command(engine::End{});
        signals_.cancel();
        hangup_.cancel();
        look_timer_.cancel();
        look_pause_.cancel();
        kernel_ready_.cancel();
        guardian_timer_.cancel();
        guardian_.reset();
        if (has_left_elections_) return end_after_hooks();
        // The leases run, and whoever is to go on with them may wait for our end.
        hooks_.leave_to_successor();
        end_after_answers();
    }

    void end_after_hooks() {
        last_steps_timer_.expires_after(kLastHooks);
        last_steps_timer_.async_wait([this](const asio::error_code& error) {
            if (!error) end_after_answers();
        });
        hooks_.when_idle([this] { end_after_answers(); });
    }

    /// Who asked for the end, or was asking meanwhile, still hears of it.
    void end_after_answers() {
        last_steps_timer_.expires_after(kLastSteps);
        last_steps_timer_.async_wait([this](const asio::error_code& error) {
            if (!error) io_.stop();
        });
        sessions_.when_flushed([this] { io_.stop(); });
    }

    bool all_released() const {
        return missing_.empty() && std::all_of(interfaces_.begin(), interfaces_.end(),
                                               [](const auto& interface) { return interface == nullptr; });
    }

    void take(const engine::Notice& notice) {
        events_.tell(notice);
        if (std::holds_alternative<engine::SnapshotTaken>(notice)) take_snapshots();
        if (const auto* moved = std::get_if<elections::Transition>(&notice)) {
            reconciler_->follow_addresses(*interfaces_[moved->router.interface]);
            interfaces_[moved->router.interface]->port->follow_leases(net::boot_now());
            run_hooks(*moved);
        }
        observers_.note(notice);
        if (const auto* released = std::get_if<engine::Released>(&notice)) detach(released->interface);
        if (const auto* handed = std::get_if<engine::HandedOver>(&notice)) hand_over(handed->interface);
        if (const auto* suspended = std::get_if<engine::Suspended>(&notice))
            note_suspended(suspended->interface);
        if (std::holds_alternative<engine::Reconfigured>(notice)) finish_reload();
        if (const auto* changed = std::get_if<elections::MacChanged>(&notice)) {
            const engine::ManagedInterface& interface = *interfaces_[changed->router.interface];
            interface.port->set_interface(interface.slots[changed->router.router], interface.index,
                                          changed->mac);
        }
    }

    void run_hooks(const elections::Transition& transition) {
        const elections::RouterId id = transition.router;
        const engine::ManagedInterface& interface = *interfaces_[id.interface];
        hooks_.run({interface.name, interface.virtual_routers[id.router].config, transition.from,
                    transition.to, transition.cause, trackers_->priority(id)});
    }

    using Then = Observers::Then;
    /// One copy serves all who wait; the next one is asked for when that has come.
    void with_snapshots(Then then) {
        waiting_.push_back(std::move(then));
        if (waiting_.size() == 1) command(engine::TakeSnapshot{});
    }

    void take_snapshots() {
        for (const Then& then : std::exchange(waiting_, {})) then();
    }

    status::Interface whole_status(std::uint32_t index) const {
        status::Interface status = status_of(*interfaces_[index]);
        status.running->reconciler = reconciler_->report(index);
        for (std::uint32_t i = 0; i < status.virtual_routers.size(); ++i)
            status.virtual_routers[i].running->trackers = trackers_->status_of({index, i});
        return status;
    }

    /// At whichever socket it was asked.
    void tell_of_all(control::ControlSocket::Respond respond) {
        with_snapshots([this, respond = std::move(respond)] {
            std::vector<status::Interface> all = missing_.statuses();
            for (std::uint32_t i = 0; i < interfaces_.size(); ++i)
                if (interfaces_[i]) all.push_back(whole_status(i));
            respond(to_json(all));
        });
    }

    void detach(std::uint32_t index) {
        const engine::ManagedInterface& interface = *interfaces_[index];
        const std::string name = interface.name;
        // What else comes in at the port goes on; without these keys it passes this interface's frames
        // untouched.
        for (std::uint32_t i = 0; i < interface.virtual_routers.size(); ++i)
            interface.port->withdraw(interface.slots[i]);
        has_left_elections_ = true;
        sockets_[index].reset();
        events_.end(index);
        interfaces_[index].reset();
        spdlog::info("{}: detached", name);
        for (const auto& respond : std::exchange(detachers_[index], {})) respond({{"detached", name}});
    }

    /// Everything at the port stays as it is but for us.
    void hand_over(std::uint32_t asked) {
        has_left_elections_ = false;
        const auto successor = successors_.extract(asked);
        const auto port = interfaces_[asked]->port;
        port->leave_in_place();
        engine::ManagedInterfaces left;
        for (std::uint32_t i = 0; i < interfaces_.size(); ++i) {
            if (!interfaces_[i] || interfaces_[i]->port != port) continue;
            spdlog::info(
                "{}: {}", interfaces_[i]->name,
                successor ? "handed over to another instance" : "left as it is for the next instance");
            for (const auto& respond : std::exchange(detachers_[i], {}))
                respond({{"detached", interfaces_[i]->name}});
            sockets_[i].reset();
            events_.end(i);
            interfaces_[i]->port_lock.reset();
            left.push_back(std::move(interfaces_[i]));
        }
        // Before our sockets close, which takes milliseconds: the leases run. It is on its way at once.
        if (successor) successor.mapped()({{"handed-over", true}});
    }

    config::Config config_;
    config::Source source_;
    dataplane::Mode mode_ = dataplane::Mode::Auto;
    engine::OnMissing on_missing_ = engine::OnMissing::Wait;
    asio::io_context io_;
    engine::Commands commands_;
    CommandQueue command_queue_;
    engine::Notices notices_;
    std::uint64_t told_left_out_ = 0;       ///< of the notices
    engine::ManagedInterfaces interfaces_;  ///< null once released; those of one port stand together
    control::ControlSocket::Sessions sessions_;
    std::vector<std::unique_ptr<control::ControlSocket>> sockets_;
    MissingInterfaces missing_{io_, sessions_, [this](const auto& name, const auto& request, auto respond) {
                                   answer_for_missing(name, request, std::move(respond));
                               }};
    std::chrono::steady_clock::time_point next_attempt_{};  ///< to attach to one that has come
    std::string arrival_failure_;                           ///< as told last
    std::unique_ptr<engine::FencingPlan> fencing_plan_;
    std::unique_ptr<Guardian> guardian_;
    asio::steady_timer guardian_timer_;
    std::chrono::steady_clock::time_point guardian_started_;
    std::optional<engine::ProtocolLoop> loop_;
    std::optional<reconciler::Reattacher> reattacher_;
    std::optional<reconciler::Reconciler> reconciler_;
    UnknownPeers unknown_peers_;
    asio::steady_timer look_timer_;
    asio::steady_timer look_pause_;
    asio::posix::stream_descriptor kernel_ready_;
    std::vector<Then> waiting_;  ///< for the snapshots
    Observers observers_;
    Events events_{interfaces_};
    Hooks hooks_;
    asio::steady_timer last_steps_timer_;
    std::unique_ptr<Trackers> trackers_;
    std::vector<std::vector<control::ControlSocket::Respond>> detachers_;
    std::map<std::uint32_t, control::ControlSocket::Respond>
        successors_;  ///< by the interface that they asked at
    asio::posix::stream_descriptor notices_ready_;
    bool is_stopping_ = false;
    bool is_ended_ = false;
    bool has_left_elections_ = true;  ///< at what ended last: it was not handed over
    asio::signal_set signals_;
    asio::signal_set hangup_;
    std::unique_ptr<Reload> reload_;  ///< while the protocol thread is at it
    control::ControlSocket::Respond reloader_;
    std::vector<control::ControlSocket::Respond> next_reloaders_;  ///< who have asked since it began
};

}  // namespace

Result<void> serve(config::Config config, config::Source source, const ServiceOptions& options) {
    if (const int error = engine::lock_memory(); error != 0)
        spdlog::warn(
            "memory is not locked ({}): a takeover may wait for the disk. Run as root or with CAP_IPC_LOCK",
            std::system_category().message(error));
    Service service;
    if (auto opened = service.open(std::move(config), std::move(source), options); !opened) return opened;
    service.run();
    return {};
}

}  // namespace vrrp_xdp::daemon
