// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

#include "control/control_socket.hpp"
#include "daemon/captures.hpp"
#include "daemon/drains.hpp"
#include "daemon/missing_interfaces.hpp"
#include "daemon/reconcile_loop.hpp"
#include "daemon/reloader.hpp"
#include "daemon/served_interfaces.hpp"
#include "daemon/shutdown.hpp"
#include "daemon/snapshots.hpp"
#include "daemon/trackers.hpp"
#include "reporting/events.hpp"
#include "status/model.hpp"

namespace vrrp_xdp::daemon {

/// What is asked at the control sockets (docs/design/interfaces.md), and who answers it. For the ordinary
/// thread.
class RequestHandler {
  public:
    using Request = control::ControlSocket::Request;
    using Respond = control::ControlSocket::Respond;
    using Stream = control::ControlSocket::Stream;

    /// All of them outlive this.
    struct Parts {
        const ServedInterfaces& served;
        Captures& captures;
        const MissingInterfaces& missing;
        const Trackers& trackers;
        Drains& drains;
        reporting::Events& events;
        Snapshots& snapshots;
        Reloader& reloader;
        const ReconcileLoop& reconcile_loop;
        Shutdown& shutdown;
    };

    explicit RequestHandler(const Parts& parts) : parts_(parts) {}

    /// At the socket of an interface, by its place. Who connected before it was released, or before a reload
    /// failed, may ask after it.
    void answer(std::uint32_t place, const Request& asked, Respond respond, Stream stream);

    /// At the socket of one that has not come; what is not asked of MissingInterfaces itself.
    void answer_for_missing(const std::string& name, const Request& asked, Respond respond);

    /// Everything about an interface that is served, from its snapshots.
    status::Interface whole_status(std::uint32_t place) const;

  private:
    void answer_status(std::uint32_t place, Respond respond);
    void answer_status_of_all(Respond respond);

    Parts parts_;
};

}  // namespace vrrp_xdp::daemon
