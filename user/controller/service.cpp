// SPDX-License-Identifier: BSD-2-Clause
#include "controller/service.hpp"

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
#include <utility>

#include "controller/control_socket.hpp"
#include "controller/guardian.hpp"
#include "controller/handover.hpp"
#include "controller/journal.hpp"
#include "controller/messages.hpp"
#include "controller/placement.hpp"
#include "controller/protocol_loop.hpp"
#include "controller/realtime.hpp"
#include "controller/reattachment.hpp"
#include "controller/runtime_directory.hpp"
#include "controller/status.hpp"
#include "controller/testament.hpp"

namespace vrrp_xdp::controller {
namespace {

using nlohmann::json;

// Commands come from people; notices may come in a burst, several from every Virtual Router at once.
constexpr std::size_t kCommandCapacity = 256;
constexpr std::size_t kNoticeCapacity = 65536;

/// From one start of a guardian to the next, should it end by itself.
constexpr std::chrono::seconds kGuardianPause(1);

/// From one look at the ports to the next.
constexpr std::chrono::milliseconds kPortPause(250);

/// The ordinary thread: the control sockets, the journal and signals. It may wait; the protocol thread may
/// not.
class Service {
  public:
    Service()
        : commands_(kCommandCapacity),
          notices_(kNoticeCapacity),
          port_timer_(io_),
          guardian_timer_(io_),
          bell_(io_),
          signals_(io_, SIGTERM, SIGINT) {}

    Result<void> open(const config::Config& config, dataplane::Mode mode) {
        auto monitor = net::InterfaceMonitor::open();
        if (!monitor) return tl::unexpected(monitor.error());
        const auto plans = plan_ports(config, *monitor, mode);
        if (!plans) return tl::unexpected(plans.error());
        mode_ = mode;
        if (auto opened = open(*plans); !opened) return opened;
        auto testament = Testament::make(interfaces_);
        if (!testament) return tl::unexpected(testament.error());
        testament_.emplace(std::move(*testament));
        auto loop = ProtocolLoop::make(interfaces_, std::move(*monitor), *testament_, commands_, notices_);
        if (!loop) return tl::unexpected(loop.error());
        loop_.emplace(std::move(*loop));
        return start_guardian();
    }

    void run() {
        watch_ports();
        for (const auto& interface : interfaces_) {
            snapshot_.emplace_back();
            for (const auto& router : interface->virtual_routers)
                snapshot_.back().push_back(router.snapshot());
        }
        bell_.assign(notices_.event_fd());
        wait_for_notices();
        signals_.async_wait([this](const asio::error_code& error, int) {
            if (!error) release_all();
        });
        std::thread protocol([this] { loop_->run(); });
        io_.run();
        protocol.join();
        bell_.release();
    }

  private:
    struct WatchedPort {
        AttachedPort attached;
        bool is_leaving = false;  ///< its interfaces were told that they are lost
        std::string complaint{};  ///< why it could not be attached again, as told last
    };

    /// What outlives an interface that has no data plane.
    struct LostInterface {
        std::string name;
        std::shared_ptr<PortLock> port_lock;
        std::span<guardian::Will> wills;
        std::vector<Statistics> statistics;  ///< by router
    };

    /// All that takes its time before any running instance stops.
    Result<void> open(const std::vector<PortPlan>& plans) {
        std::vector<Takeover> takeovers;
        for (const PortPlan& plan : plans) {
            auto takeover = Takeover::prepare(plan);
            if (!takeover) return tl::unexpected(takeover.error());
            takeovers.push_back(std::move(*takeover));
        }
        for (std::size_t i = 0; i < plans.size(); ++i) {
            std::vector<config::Interface> configured;
            for (const PlacedInterface& placed : plans[i].interfaces) configured.push_back(placed.config);
            const auto first = static_cast<std::uint32_t>(interfaces_.size());
            ports_.push_back({{plans[i].name, first, std::move(configured), mode_}});
            if (auto opened = open(takeovers[i]); !opened) return opened;
        }
        return {};
    }

    Result<void> open(Takeover& takeover) {
        auto opened = takeover.complete();
        if (!opened) return tl::unexpected(opened.error());
        for (auto& interface : *opened) {
            if (auto listening = listen(interfaces_.size(), interface->name); !listening) return listening;
            interfaces_.push_back(std::move(interface));
        }
        const ManagedInterface& last = *interfaces_.back();
        const std::string& reason = last.port->mode_reason();
        spdlog::info("{}: attached in {} mode{}{}", last.port_name, to_string(last.port->mode()),
                     reason.empty() ? "" : ": ", reason);
        return {};
    }

    Result<void> start_guardian() {
        guardian_started_ = std::chrono::steady_clock::now();
        auto started = Guardian::start(io_, *testament_, [this](const std::string& how) {
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

    Result<void> listen(std::size_t index, const std::string& name) {
        auto socket =
            ControlSocket::listen(io_, name, [this, index](const std::string& request, auto respond) {
                answer(static_cast<std::uint32_t>(index), request, std::move(respond));
            });
        if (!socket) return tl::unexpected(socket.error());
        sockets_.push_back(std::move(*socket));
        detachers_.emplace_back();
        return {};
    }

    /// Whether all of them have their data plane, and if not, gives it back to them.
    void watch_ports() {
        for (WatchedPort& port : ports_) look_after(port);
        port_timer_.expires_after(kPortPause);
        port_timer_.async_wait([this](const asio::error_code& error) {
            if (!error) watch_ports();
        });
    }

    void look_after(WatchedPort& port) {
        const auto first = interfaces_.begin() + port.attached.begin();
        const auto last = interfaces_.begin() + port.attached.end();
        const auto served = std::find_if(first, last, [](const auto& each) { return each != nullptr; });
        if (served == last) return regain(port);
        if (port.is_leaving || (*served)->port->is_attached()) return;
        port.is_leaving = true;
        spdlog::error("{}: its data plane is gone; attaching again as soon as that can be",
                      port.attached.name());
        for (std::uint32_t i = port.attached.begin(); i < port.attached.end(); ++i)
            if (interfaces_[i]) command(Lose{i});
    }

    void regain(WatchedPort& port) {
        std::vector<bool> wanted;
        for (std::uint32_t i = port.attached.begin(); i < port.attached.end(); ++i)
            wanted.push_back(is_lost(i));
        if (std::find(wanted.begin(), wanted.end(), true) == wanted.end()) return;
        auto opened = port.attached.attach_again(wanted);
        if (!opened) {
            if (std::exchange(port.complaint, opened.error().what) != opened.error().what)
                spdlog::warn("{}: {}; trying again", port.attached.name(), opened.error().what);
            return;
        }
        port.complaint.clear();
        port.is_leaving = false;
        auto next = opened->begin();
        for (std::uint32_t i = port.attached.begin(); i < port.attached.end(); ++i)
            if (is_lost(i)) put_back(i, std::move(*next++));
        if (const auto started = start_guardian(); !started) {
            spdlog::warn("{}; trying again", started.error().what);
            restart_guardian();
        }
        for (std::uint32_t i = port.attached.begin(); i < port.attached.end(); ++i)
            if (interfaces_[i]) command(Regain{i, interfaces_[i].get()});
        spdlog::info("{}: attached again", port.attached.name());
    }

    bool is_lost(std::uint32_t index) const { return lost_interfaces_.contains(index); }

    void put_back(std::uint32_t index, std::unique_ptr<ManagedInterface> interface) {
        LostInterface& lost = lost_interfaces_.at(index);
        interface->port_lock = std::move(lost.port_lock);
        interface->wills = lost.wills;
        for (std::size_t i = 0; i < lost.statistics.size(); ++i)
            interface->virtual_routers[i].statistics = lost.statistics[i];
        write_wills(*interface);
        interfaces_[index] = std::move(interface);
        lost_interfaces_.erase(index);
    }

    void lose(std::uint32_t index) {
        const ManagedInterface& interface = *interfaces_[index];
        LostInterface lost{interface.name, interface.port_lock, interface.wills, {}};
        for (const VirtualRouter& router : interface.virtual_routers)
            lost.statistics.push_back(router.statistics);
        lost_interfaces_.emplace(index, std::move(lost));
        interfaces_[index].reset();
    }

    void answer(std::uint32_t interface, const std::string& request, ControlSocket::Respond respond) {
        if (is_lost(interface) && request == "status") {
            respond({{"interface", lost_interfaces_.at(interface).name},
                     {"controller", "attaching"},
                     {"pid", getpid()},
                     {"virtual-routers", json::array()}});
        } else if (is_lost(interface) && request != "detach") {
            respond({{"error", "it has no data plane"}});
        } else if (!interfaces_[interface] && !is_lost(interface)) {
            respond({{"error", "just detached"}});
        } else if (request == "status") {
            askers_.push_back({interface, std::move(respond)});
            // One copy serves all who wait; the next one is asked for when that has come.
            if (askers_.size() == 1) command(TakeSnapshot{&snapshot_});
        } else if (request == "detach") {
            detachers_[interface].push_back(std::move(respond));
            command(Release{interface});
        } else if (request == "serving") {
            respond(serving(interfaces_, *interfaces_[interface]));
        } else if (request == "hand-over") {
            successors_[interface] = std::move(respond);
            command(HandOver{interface});
        } else {
            respond({{"error", "unknown request " + request}});
        }
    }

    void command(const Command& what) {
        commands_.post(what);
        commands_.ring();
    }

    void release_all() {
        for (std::uint32_t i = 0; i < interfaces_.size(); ++i)
            if (interfaces_[i] || is_lost(i)) command(Release{i});
    }

    void wait_for_notices() {
        bell_.async_wait(asio::posix::stream_descriptor::wait_read, [this](const asio::error_code& error) {
            if (error) return;
            notices_.drain([this](const Notice& notice) { take(notice); });
            if (!all_released()) return wait_for_notices();
            signals_.cancel();
            port_timer_.cancel();
            guardian_.reset();
            io_.stop();
        });
    }

    bool all_released() const {
        return lost_interfaces_.empty() &&
               std::all_of(interfaces_.begin(), interfaces_.end(),
                           [](const auto& interface) { return interface == nullptr; });
    }

    void take(const Notice& notice) {
        write_to_journal(notice, interfaces_);
        if (std::holds_alternative<SnapshotTaken>(notice)) give_status();
        if (const auto* released = std::get_if<Released>(&notice)) detach(released->interface);
        if (const auto* lost = std::get_if<Lost>(&notice)) lose(lost->interface);
        if (const auto* handed = std::get_if<HandedOver>(&notice)) hand_over(handed->interface);
    }

    void give_status() {
        for (const auto& [interface, respond] : askers_) {
            if (interfaces_[interface])
                respond(status_of(*interfaces_[interface], snapshot_[interface]));
            else
                respond({{"error", "just detached"}});
        }
        askers_.clear();
    }

    void detach(std::uint32_t index) {
        const std::string name = is_lost(index) ? lost_interfaces_.at(index).name : interfaces_[index]->name;
        // What else comes in at the port goes on; without these keys it passes this interface's frames
        // untouched.
        if (!is_lost(index))
            for (const std::uint32_t slot : interfaces_[index]->slots)
                interfaces_[index]->port->withdraw(slot);
        sockets_[index].reset();
        interfaces_[index].reset();
        lost_interfaces_.erase(index);
        spdlog::info("{}: detached", name);
        for (const auto& respond : detachers_[index]) respond({{"detached", name}});
        io_.poll();  // let those answers out before a last detach ends the loop
    }

    /// Everything at the port stays as it is but for us.
    void hand_over(std::uint32_t asked) {
        const auto port = interfaces_[asked]->port;
        port->leave_in_place();
        ManagedInterfaces left;
        for (std::uint32_t i = 0; i < interfaces_.size(); ++i) {
            if (!interfaces_[i] || interfaces_[i]->port != port) continue;
            spdlog::info("{}: handed over to another instance", interfaces_[i]->name);
            sockets_[i].reset();
            interfaces_[i]->port_lock.reset();
            left.push_back(std::move(interfaces_[i]));
        }
        // Before our sockets close, which takes milliseconds: the leases run.
        successors_.extract(asked).mapped()({{"handed-over", true}});
        io_.poll();
    }

    struct Asker {
        std::uint32_t interface;
        ControlSocket::Respond respond;
    };

    asio::io_context io_;
    Commands commands_;
    Notices notices_;
    dataplane::Mode mode_ = dataplane::Mode::Auto;
    ManagedInterfaces interfaces_;  ///< null once released or lost; those of one port stand together
    std::map<std::uint32_t, LostInterface> lost_interfaces_;
    std::vector<WatchedPort> ports_;
    asio::steady_timer port_timer_;
    std::vector<std::unique_ptr<ControlSocket>> sockets_;
    std::optional<Testament> testament_;
    std::unique_ptr<Guardian> guardian_;
    asio::steady_timer guardian_timer_;
    std::chrono::steady_clock::time_point guardian_started_;
    std::optional<ProtocolLoop> loop_;
    Snapshot snapshot_;
    std::vector<Asker> askers_;
    std::vector<std::vector<ControlSocket::Respond>> detachers_;
    std::map<std::uint32_t, ControlSocket::Respond> successors_;  ///< by the interface that they asked at
    asio::posix::stream_descriptor bell_;
    asio::signal_set signals_;
};

}  // namespace

Result<void> serve(const config::Config& config, dataplane::Mode mode) {
    if (const int error = lock_memory(); error != 0)
        spdlog::warn(
            "memory is not locked ({}): a takeover may wait for the disk. Run as root or with CAP_IPC_LOCK",
            std::system_category().message(error));
    Service service;
    if (auto opened = service.open(config, mode); !opened) return opened;
    service.run();
    return {};
}

}  // namespace vrrp_xdp::controller
