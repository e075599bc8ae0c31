// SPDX-License-Identifier: BSD-2-Clause
// How an interface is left, and in the end all of them: detached or handed over, one by one or on a signal.
#pragma once

#include <asio/io_context.hpp>
#include <asio/signal_set.hpp>
#include <asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <functional>

#include "control/control_socket.hpp"
#include "daemon/command_queue.hpp"
#include "daemon/missing_interfaces.hpp"
#include "daemon/served_interfaces.hpp"
#include "hooks/hooks.hpp"
#include "reporting/events.hpp"
#include "reporting/service_manager.hpp"

namespace vrrp_xdp::daemon {

/// For the ordinary thread. The protocol thread is asked to leave; what it has released is taken away, and
/// who asked is answered.
class Shutdown {
  public:
    using Respond = control::ControlSocket::Respond;

    /// All of them outlive this.
    struct Parts {
        asio::io_context& io;
        CommandQueue& commands;
        ServedInterfaces& served;
        MissingInterfaces& missing;
        reporting::Events& events;
        hooks::Hooks& hooks;
        const reporting::ServiceManager& manager;
        control::ControlSocket::Sessions& sessions;
    };

    /// Constructs a shutdown that was not requested. stop_work: ends everything else that the event loop
    /// waits for, once nothing is served. The event loop stops when hooks and answers are finished.
    Shutdown(const Parts& parts, std::function<void()> stop_work);

    /// Waits for signals: SIGTERM and SIGINT end the instance, and SIGUSR1 leaves everything to the next one.
    /// A second signal ends it immediately.
    void wait_for_signal();

    /// Returns whether the instance or an interface was asked to stop and has not stopped yet.
    bool is_under_way() const { return is_stopping_ || served_.is_any_leaving(); }

    /// Leaves an interface that is served, and answers once it has been left.
    void detach(std::uint32_t place, Respond respond);
    /// Hands the whole port over to another instance. Refused while it is attached again.
    void hand_over(std::uint32_t place, Respond respond);

    /// Notes that the protocol thread has left the interface.
    void note_released(std::uint32_t place);
    /// Notes that the protocol thread has stopped at the whole port of the interface.
    void note_handed_over(std::uint32_t place);

    /// Ends the instance if nothing is served and nothing is waited for.
    void end_if_all_released();

  private:
    void stop(int signal);
    void release_all();
    void leave_in_place();
    std::chrono::microseconds longest_stop() const;
    bool is_all_released() const { return missing_.empty() && served_.all_released(); }
    void end();
    void end_after_hooks();
    void end_after_answers();

    asio::io_context& io_;
    CommandQueue& commands_;
    ServedInterfaces& served_;
    MissingInterfaces& missing_;
    reporting::Events& events_;
    hooks::Hooks& hooks_;
    const reporting::ServiceManager& manager_;
    control::ControlSocket::Sessions& sessions_;
    std::function<void()> stop_work_;
    asio::signal_set signals_;
    asio::steady_timer timer_;
    bool is_stopping_ = false;
    bool is_ended_ = false;
    bool has_left_elections_ = true;  ///< at what ended last: it was not handed over
};

}  // namespace vrrp_xdp::daemon
