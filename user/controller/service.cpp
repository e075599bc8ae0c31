// SPDX-License-Identifier: BSD-2-Clause
#include "controller/service.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <asio/io_context.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <asio/signal_set.hpp>
#include <csignal>
#include <thread>

#include "controller/control_socket.hpp"
#include "controller/journal.hpp"
#include "controller/messages.hpp"
#include "controller/protocol_loop.hpp"
#include "controller/realtime.hpp"
#include "controller/status.hpp"

namespace vrrp_xdp::controller {
namespace {

using nlohmann::json;

// Commands come from people; notices may come in a burst, several from every Virtual Router at once.
constexpr std::size_t kCommandCapacity = 256;
constexpr std::size_t kNoticeCapacity = 65536;

std::string listed(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
    return text;
}

Result<net::InterfaceState> find_interface(const net::InterfaceMonitor& monitor, const std::string& name) {
    auto state = monitor.state_of(name);
    if (!state)
        return failure("there is no interface " + name, "there are: " + listed(monitor.interface_names()));
    if (!state->ethernet) return failure(name + " is no Ethernet interface", "VRRP's virtual MAC needs one");
    return *state;
}

void warn_of_addresses(const config::Interface& interface, const net::InterfaceState& state) {
    if (!state.running) spdlog::warn("{}: is down or has no carrier; waiting for it", interface.name);
    if (!state.primary_address())
        spdlog::warn("{}: has no IPv4 address to send from; waiting for one", interface.name);
    for (const auto& router : interface.virtual_routers)
        for (const auto& address : router.virtual_addresses) {
            const bool own = std::count(state.addresses.begin(), state.addresses.end(), address) > 0;
            if (own && !router.priority.is_owner())
                spdlog::warn(
                    "{} vrid {}: {} is an address of {} itself: its owner has priority 255, or takes it off "
                    "the interface",
                    interface.name, router.vrid.value(), address.to_string(), interface.name);
            if (!own && router.priority.is_owner())
                spdlog::warn(
                    "{} vrid {}: priority 255 says that this router owns {}, but {} does not have it",
                    interface.name, router.vrid.value(), address.to_string(), interface.name);
        }
}

/// The ordinary thread: the control sockets, the journal and signals. It may wait; the protocol thread may
/// not.
class Service {
  public:
    Service()
        : commands_(kCommandCapacity),
          notices_(kNoticeCapacity),
          bell_(io_),
          signals_(io_, SIGTERM, SIGINT) {}

    Result<void> open(const config::Config& config, dataplane::Mode mode) {
        auto monitor = net::InterfaceMonitor::open();
        if (!monitor) return tl::unexpected(monitor.error());
        for (const auto& interface : config.interfaces)
            if (auto opened = open_interface(interface, *monitor, mode); !opened) return opened;
        auto loop = ProtocolLoop::make(ports_, std::move(*monitor), commands_, notices_);
        if (!loop) return tl::unexpected(loop.error());
        loop_.emplace(std::move(*loop));
        return {};
    }

    void run() {
        for (const auto& port : ports_) {
            snapshot_.emplace_back();
            for (const auto& router : port->virtual_routers) snapshot_.back().push_back(router.snapshot());
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
    Result<void> open_interface(const config::Interface& interface, const net::InterfaceMonitor& monitor,
                                dataplane::Mode mode) {
        const auto state = find_interface(monitor, interface.name);
        if (!state) return tl::unexpected(state.error());
        const auto index = static_cast<std::uint32_t>(ports_.size());
        auto socket = ControlSocket::listen(io_, interface.name,
                                            [this, index](const std::string& request, auto respond) {
                                                answer(index, request, std::move(respond));
                                            });
        if (!socket) return tl::unexpected(socket.error());
        sockets_.push_back(std::move(*socket));

        auto port = open_port(interface, *state, mode);
        if (!port) return tl::unexpected(port.error());
        ports_.push_back(std::make_unique<ManagedPort>(std::move(*port)));
        detachers_.emplace_back();

        const auto& dataplane = ports_.back()->dataplane;
        spdlog::info("{}: attached in {} mode{}{}", interface.name, to_string(dataplane.mode()),
                     dataplane.mode_reason().empty() ? "" : ": ", dataplane.mode_reason());
        warn_of_addresses(interface, *state);
        return {};
    }

    void answer(std::uint32_t port, const std::string& request, ControlSocket::Respond respond) {
        if (request == "status") {
            askers_.push_back({port, std::move(respond)});
            // One copy serves all who wait; the next one is asked for when that has come.
            if (askers_.size() == 1) command(TakeSnapshot{&snapshot_});
        } else if (request == "detach") {
            detachers_[port].push_back(std::move(respond));
            command(Release{port});
        } else {
            respond({{"error", "unknown request " + request}});
        }
    }

    void command(const Command& what) {
        commands_.post(what);
        commands_.ring();
    }

    void release_all() {
        for (std::uint32_t i = 0; i < ports_.size(); ++i)
            if (ports_[i]) command(Release{i});
    }

    void wait_for_notices() {
        bell_.async_wait(asio::posix::stream_descriptor::wait_read, [this](const asio::error_code& error) {
            if (error) return;
            notices_.drain([this](const Notice& notice) { take(notice); });
            if (!all_released()) return wait_for_notices();
            signals_.cancel();
            io_.stop();
        });
    }

    bool all_released() const {
        return std::all_of(ports_.begin(), ports_.end(), [](const auto& port) { return port == nullptr; });
    }

    void take(const Notice& notice) {
        write_to_journal(notice, ports_);
        if (std::holds_alternative<SnapshotTaken>(notice)) give_status();
        if (const auto* released = std::get_if<Released>(&notice)) detach(released->port);
    }

    void give_status() {
        for (const auto& [port, respond] : askers_) {
            if (ports_[port])
                respond(status_of(*ports_[port], snapshot_[port]));
            else
                respond({{"error", "just detached"}});
        }
        askers_.clear();
    }

    void detach(std::uint32_t index) {
        const std::string name = ports_[index]->interface_name;
        sockets_[index].reset();
        ports_[index].reset();
        spdlog::info("{}: detached", name);
        for (const auto& respond : detachers_[index]) respond({{"detached", name}});
        io_.poll();  // let those answers out before a last detach ends the loop
    }

    struct Asker {
        std::uint32_t port;
        ControlSocket::Respond respond;
    };

    asio::io_context io_;
    Commands commands_;
    Notices notices_;
    std::vector<std::unique_ptr<ManagedPort>> ports_;  ///< null once released
    std::vector<std::unique_ptr<ControlSocket>> sockets_;
    std::optional<ProtocolLoop> loop_;
    Snapshot snapshot_;
    std::vector<Asker> askers_;
    std::vector<std::vector<ControlSocket::Respond>> detachers_;
    asio::posix::stream_descriptor bell_;
    asio::signal_set signals_;
};

}  // namespace

Result<void> serve(const config::Config& config, dataplane::Mode mode) {
    if (const std::string missing = lock_memory(); !missing.empty()) spdlog::warn(missing);
    Service service;
    if (auto opened = service.open(config, mode); !opened) return opened;
    service.run();
    return {};
}

}  // namespace vrrp_xdp::controller
