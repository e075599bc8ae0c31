// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <asio/io_context.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <asio/steady_timer.hpp>
#include <cstdint>
#include <nlohmann/json.hpp>

#include "daemon/command_queue.hpp"
#include "daemon/guardian_supervisor.hpp"
#include "daemon/reloader.hpp"
#include "daemon/served_interfaces.hpp"
#include "daemon/trackers.hpp"
#include "reconciler/reattach.hpp"
#include "reconciler/reconciler.hpp"
#include "reporting/events.hpp"
#include "reporting/interface_changes.hpp"
#include "reporting/near_failovers.hpp"
#include "reporting/refused_advertisements.hpp"
#include "reporting/unknown_peers.hpp"

namespace vrrp_xdp::daemon {

/// Looks every now and then, and when the kernel reports a change, whether all is as it must be, and mends
/// what is not: leases that are followed, interfaces that are to be attached again or have come. For the
/// ordinary thread.
class ReconcileLoop {
  public:
    /// All of them outlive this.
    struct Parts {
        asio::io_context& io;
        CommandQueue& commands;
        ServedInterfaces& served;
        Trackers& trackers;
        reporting::Events& events;
        GuardianSupervisor& guardian;
        reconciler::Reattacher& reattacher;
        Reloader& reloader;
    };

    ReconcileLoop(const Parts& parts, net::InterfaceMonitor kernel);
    ReconcileLoop(const ReconcileLoop&) = delete;
    ReconcileLoop& operator=(const ReconcileLoop&) = delete;
    ~ReconcileLoop() { kernel_ready_.release(); }

    void begin();
    void stop();

    /// Notes that the protocol thread has suspended the interface.
    void note_suspended(std::uint32_t place);
    /// Notes that the election of one of its Virtual Routers has changed.
    void note_transition(std::uint32_t place);

    /// Returns every item that is compared, for the status.
    std::vector<status::ReconcilerItem> report(std::uint32_t place) const {
        return reconciler_.report(place);
    }

  private:
    void wait_for_time();
    void wait_for_kernel();
    void look();
    void suspend_lost();
    void resume_whole();

    Parts parts_;
    reconciler::Reconciler reconciler_;
    reporting::InterfaceChanges interface_changes_;
    reporting::UnknownPeers unknown_peers_;
    reporting::RefusedAdvertisements refused_;
    reporting::NearFailovers near_failovers_;
    asio::steady_timer timer_;
    asio::steady_timer pause_;
    asio::posix::stream_descriptor kernel_ready_;  ///< the reconciler's, lent
};

}  // namespace vrrp_xdp::daemon
