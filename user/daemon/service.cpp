// SPDX-License-Identifier: BSD-2-Clause
#include "daemon/service.hpp"

#include <spdlog/spdlog.h>

#include <asio/io_context.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <asio/signal_set.hpp>
#include <csignal>
#include <memory>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include "control/control_socket.hpp"
#include "daemon/captures.hpp"
#include "daemon/command_queue.hpp"
#include "daemon/drains.hpp"
#include "daemon/guardian_supervisor.hpp"
#include "daemon/missing_interfaces.hpp"
#include "daemon/reconcile_loop.hpp"
#include "daemon/reloader.hpp"
#include "daemon/request_handler.hpp"
#include "daemon/served_interfaces.hpp"
#include "daemon/shutdown.hpp"
#include "daemon/snapshots.hpp"
#include "daemon/startup.hpp"
#include "daemon/trackers.hpp"
#include "engine/fencing_plan.hpp"
#include "engine/messages.hpp"
#include "engine/protocol_loop.hpp"
#include "engine/realtime.hpp"
#include "history/recorder.hpp"
#include "hooks/hooks.hpp"
#include "reconciler/reattach.hpp"
#include "reporting/events.hpp"
#include "reporting/observers.hpp"

namespace vrrp_xdp::daemon {
namespace {

using control::ControlSocket;

// Commands come from people; notices may come in a burst, several from every Virtual Router at once.
constexpr std::size_t kCommandCapacity = 256;
constexpr std::size_t kNoticeCapacity = 65536;

/// The ordinary thread: the control sockets, the journal and signals. It may wait; the protocol thread may
/// not. Here its parts are joined, and each is given what the protocol thread reports.
class Service {
  public:
    Service()
        : commands_(kCommandCapacity),
          command_queue_(io_, commands_),
          notices_(kNoticeCapacity),
          missing_(io_, sessions_,
                   [this](const auto& name, const auto& request, auto respond) {
                       requests_->answer_for_missing(name, request, std::move(respond));
                   }),
          snapshots_(command_queue_),
          drains_({.io = io_,
                   .served = served_,
                   .missing = missing_,
                   .snapshots = snapshots_,
                   .tell = [this](std::uint32_t place) { trackers_->tell(place); },
                   .publish = [this](auto router, const char* event,
                                     const auto& what) { events_.tell_of(router, event, what); }}),
          guardian_(io_),
          observers_(
              io_, served_.all(), [this](auto then) { snapshots_.request(std::move(then)); },
              [this] { return missing_.statuses(); },
              [this](std::uint32_t place) { return requests_->whole_status(place); }),
          events_(served_.all()),
          hooks_(io_, [this](const auto& interface, const auto& router,
                             const auto& what) { events_.tell_failed_hook(interface, router, what); }),
          shutdown_({.io = io_,
                     .commands = command_queue_,
                     .served = served_,
                     .missing = missing_,
                     .events = events_,
                     .hooks = hooks_,
                     .manager = observers_.manager(),
                     .sessions = sessions_},
                    [this] { stop_work(); }),
          captures_(io_),
          notices_ready_(io_),
          hangup_(io_, SIGHUP) {}

    /// Before anything else, so that its history has all of it. A router does without one rather than not
    /// serve.
    void keep_history(const ServiceOptions& options) {
        if (options.state_directory.empty()) return;
        auto recorder = history::Recorder::begin(options.state_directory, options.version);
        if (!recorder) {
            const Error& error = recorder.error();
            spdlog::warn("no history is kept: {}{}{}", error.what, error.hint.empty() ? "" : "; ",
                         error.hint);
            return;
        }
        recorder_ = std::move(*recorder);
        events_.record_to(*recorder_);
    }

    Result<void> open(config::Config config, config::Source source, const ServiceOptions& options) {
        if (auto named = engine::use_kernel_names(config); !named) return named;
        if (options.metrics)
            if (auto served = observers_.serve_metrics(*options.metrics, options.version); !served)
                return served;
        auto monitor = net::InterfaceMonitor::open();
        if (!monitor) return tl::unexpected(monitor.error());
        const auto plan = engine::plan_ports(config, *monitor, options.mode, options.on_missing);
        if (!plan) return tl::unexpected(plan.error());
        warn_of_large_advertisements(plan->ports);
        if (auto opened = open_ports(plan->ports, config.startup_delay,
                                     [this](auto interface) { return add(std::move(interface)); });
            !opened)
            return opened;
        if (auto waiting = missing_.set(plan->missing); !waiting) return waiting;
        if (auto configured = hooks_.configure(config); !configured) return configured;
        if (auto tracking = track(config.trackers); !tracking) return tracking;
        if (auto planned = plan_fencing(); !planned) return planned;
        auto kernel = net::InterfaceMonitor::open();
        if (!kernel) return tl::unexpected(kernel.error());
        auto loop = engine::ProtocolLoop::make(served_.all(), std::move(*monitor), guardian_.plan(),
                                               commands_, notices_);
        if (!loop) return tl::unexpected(loop.error());
        loop_ = std::move(*loop);
        reattacher_.set_plans(plan->ports);
        join(std::move(config), {std::move(source), options.mode, options.on_missing}, std::move(*kernel));
        return guardian_.start();
    }

    /// For who opened it in vain.
    void record_failure(const Error& error) {
        if (recorder_)
            recorder_->record({{"event", "attach-failed"}, {"message", "attach has failed: " + error.what}});
    }

    void run() {
        notices_ready_.assign(notices_.event_fd());
        wait_for_notices();
        reconcile_loop_->begin();
        observers_.begin();
        shutdown_.wait_for_signal();
        wait_for_hangup();
        std::thread protocol([this] { loop_->run(); });
        io_.run();
        protocol.join();
        notices_ready_.release();
    }

  private:
    Result<std::unique_ptr<ControlSocket>> open_socket(std::uint32_t place, const std::string& name) {
        return ControlSocket::listen(
            io_, name, sessions_, [this, place](const auto& request, auto respond, auto stream) {
                requests_->answer(place, request, std::move(respond), std::move(stream));
            });
    }

    Result<void> add(std::unique_ptr<engine::ManagedInterface> interface) {
        auto socket = open_socket(served_.size(), interface->name);
        if (!socket) return tl::unexpected(socket.error());
        served_.add(std::move(interface), std::move(*socket));
        return {};
    }

    Result<void> track(const std::vector<config::Tracker>& trackers) {
        auto started = Trackers::start(
            io_, trackers, served_.all(),
            [this](const engine::SetEffect& effect) { command_queue_.send(effect); },
            [this](const reporting::TrackerChange& change) { events_.tell(change); },
            [this](const auto& interface, const auto& router) {
                return drains_.is_drained(interface, router);
            });
        if (!started) return tl::unexpected(started.error());
        trackers_ = std::move(*started);
        trackers_->set_broken_groups(sync_groups_of(missing_.configurations()));
        for (const auto& interface : served_.all()) trackers_->prepare(*interface);
        return {};
    }

    Result<void> plan_fencing() {
        std::vector<const engine::ManagedInterface*> interfaces;
        for (const auto& interface : served_.all()) interfaces.push_back(interface.get());
        auto plan = engine::FencingPlan::make(interfaces);
        if (!plan) return tl::unexpected(plan.error());
        for (std::uint32_t i = 0; i < served_.size(); ++i)
            served_.at(i).fencing_entries = plan->entries_of(i);
        guardian_.set_plan(std::make_unique<engine::FencingPlan>(std::move(*plan)));
        return {};
    }

    /// What can be made only now.
    void join(config::Config config, ConfigurationSource from, net::InterfaceMonitor kernel) {
        reloader_.emplace(
            Reloader::Parts{.commands = command_queue_,
                            .served = served_,
                            .missing = missing_,
                            .trackers = *trackers_,
                            .hooks = hooks_,
                            .guardian = guardian_,
                            .reattacher = reattacher_,
                            .snapshots = snapshots_,
                            .events = events_,
                            .manager = observers_.manager(),
                            .open_socket = [this](std::uint32_t place,
                                                  const auto& name) { return open_socket(place, name); },
                            .is_leaving = [this] { return shutdown_.is_under_way(); }},
            std::move(config), std::move(from));
        reconcile_loop_.emplace(ReconcileLoop::Parts{.io = io_,
                                                     .commands = command_queue_,
                                                     .served = served_,
                                                     .trackers = *trackers_,
                                                     .events = events_,
                                                     .guardian = guardian_,
                                                     .reattacher = reattacher_,
                                                     .reloader = *reloader_},
                                std::move(kernel));
        requests_.emplace(RequestHandler::Parts{.served = served_,
                                                .captures = captures_,
                                                .missing = missing_,
                                                .trackers = *trackers_,
                                                .drains = drains_,
                                                .events = events_,
                                                .snapshots = snapshots_,
                                                .reloader = *reloader_,
                                                .reconcile_loop = *reconcile_loop_,
                                                .shutdown = shutdown_});
    }

    void wait_for_hangup() {
        hangup_.async_wait([this](const asio::error_code& error, int) {
            if (error) return;
            reloader_->reload([](const nlohmann::json&) {});
            wait_for_hangup();
        });
    }

    void wait_for_notices() {
        notices_ready_.async_wait(asio::posix::stream_descriptor::wait_read,
                                  [this](const asio::error_code& error) {
                                      if (error) return;
                                      notices_.drain([this](const engine::Notice& notice) { take(notice); });
                                      tell_left_out();
                                      wait_for_notices();
                                      shutdown_.end_if_all_released();
                                  });
    }

    void tell_left_out() {
        const std::uint64_t left_out = notices_.left_out();
        if (left_out == told_left_out_) return;
        spdlog::warn("{} reports were dropped: they came faster than they could be written",
                     left_out - std::exchange(told_left_out_, left_out));
    }

    void take(const engine::Notice& notice) {
        events_.tell(notice);
        if (std::holds_alternative<engine::SnapshotTaken>(notice)) snapshots_.note_taken();
        if (const auto* moved = std::get_if<elections::Transition>(&notice)) {
            reconcile_loop_->note_transition(moved->router.interface);
            run_hooks(*moved);
        }
        observers_.note(notice);
        if (const auto* released = std::get_if<engine::Released>(&notice))
            shutdown_.note_released(released->interface);
        if (const auto* handed = std::get_if<engine::HandedOver>(&notice))
            shutdown_.note_handed_over(handed->interface);
        if (const auto* suspended = std::get_if<engine::Suspended>(&notice))
            reconcile_loop_->note_suspended(suspended->interface);
        if (std::holds_alternative<engine::Reconfigured>(notice)) reloader_->finish();
        if (const auto* changed = std::get_if<elections::MacChanged>(&notice)) {
            const engine::ManagedInterface& interface = served_.at(changed->router.interface);
            interface.port->set_interface(interface.slots[changed->router.router], interface.index,
                                          changed->mac);
        }
    }

    void run_hooks(const elections::Transition& transition) {
        const elections::RouterId id = transition.router;
        const engine::ManagedInterface& interface = served_.at(id.interface);
        hooks_.run({interface.name, interface.virtual_routers[id.router].config, transition.from,
                    transition.to, transition.cause, trackers_->priority(id)});
    }

    /// Nothing is served any more.
    void stop_work() {
        hangup_.cancel();
        captures_.end_all();
        reconcile_loop_->stop();
        guardian_.stop();
    }

    std::unique_ptr<history::Recorder> recorder_;  ///< unless no history is kept
    asio::io_context io_;
    engine::Commands commands_;
    CommandQueue command_queue_;
    engine::Notices notices_;
    std::uint64_t told_left_out_ = 0;  ///< of the notices
    ServedInterfaces served_;
    ControlSocket::Sessions sessions_;
    MissingInterfaces missing_;
    Snapshots snapshots_;
    Drains drains_;
    GuardianSupervisor guardian_;
    std::unique_ptr<engine::ProtocolLoop> loop_;
    reconciler::Reattacher reattacher_{{}};
    reporting::Observers observers_;
    reporting::Events events_;
    hooks::Hooks hooks_;
    Shutdown shutdown_;
    std::unique_ptr<Trackers> trackers_;
    Captures captures_;
    asio::posix::stream_descriptor notices_ready_;
    asio::signal_set hangup_;
    std::optional<Reloader> reloader_;
    std::optional<ReconcileLoop> reconcile_loop_;
    std::optional<RequestHandler> requests_;
};

}  // namespace

Result<void> serve(config::Config config, config::Source source, const ServiceOptions& options) {
    if (const int error = engine::lock_memory(); error != 0)
        spdlog::warn(
            "memory is not locked ({}): a takeover may wait for the disk. Run as root or with CAP_IPC_LOCK",
            std::system_category().message(error));
    Service service;
    service.keep_history(options);
    if (auto opened = service.open(std::move(config), std::move(source), options); !opened) {
        service.record_failure(opened.error());
        return opened;
    }
    service.run();
    return {};
}

}  // namespace vrrp_xdp::daemon
