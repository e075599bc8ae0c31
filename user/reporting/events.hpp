// SPDX-License-Identifier: BSD-2-Clause
// All that happens, told twice: in the journal for people, and as a stream of JSON objects for programs. The
// history has both.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "control/control_socket.hpp"
#include "engine/managed_interface.hpp"
#include "engine/messages.hpp"
#include "history/recorder.hpp"
#include "reporting/interface_changes.hpp"
#include "reporting/log_lines.hpp"
#include "reporting/near_failovers.hpp"
#include "reporting/refused_advertisements.hpp"
#include "tracking/effect.hpp"
#include "tracking/finding.hpp"

namespace vrrp_xdp::reporting {

/// What a tracker has found out, and what it means to a Virtual Router.
struct TrackerChange {
    elections::RouterId router;
    std::string tracker;
    tracking::Finding finding;
    tracking::Effect effect;  ///< of the Virtual Router from now on
};

class Events {
  public:
    explicit Events(const engine::ManagedInterfaces& interfaces) : interfaces_(interfaces) {}

    /// From now on the recorder, which outlives this, is told as well.
    void record_to(history::Recorder& recorder) { recorder_ = &recorder; }
    /// Says to it what the next line of the journal is about, for who writes that line.
    void describe_next_line(const nlohmann::json& event) {
        if (recorder_ != nullptr) recorder_->describe_next_line(event);
    }

    /// From now on everything about the interface goes there too, until nobody takes it any more.
    void subscribe(std::uint32_t interface, control::ControlSocket::Stream stream);
    /// Returns whether one more client may subscribe. Each one costs a descriptor for as long as it likes.
    bool has_room() const { return subscribers_.size() < kMostSubscribers; }

    void tell(const engine::Notice& notice);
    void tell(const TrackerChange& change);
    void tell(const InterfaceChange& change);
    void tell(const Refused& refused);
    void tell(const NearFailover& near);
    /// Tells what the operator has done to a Virtual Router. event: the kind.
    void tell_of(elections::RouterId id, const char* event, const std::string& what);
    /// what: "hook /usr/local/bin/notify (-> active) exited with code 1".
    void tell_failed_hook(const std::string& interface, const config::VirtualRouter& router,
                          const std::string& what);

    /// Ends the streams about an interface.
    void end(std::uint32_t interface);

  private:
    static constexpr std::size_t kMostSubscribers = 64;

    struct Subscriber {
        std::uint32_t interface;
        control::ControlSocket::Stream stream;
    };

    void add_gaps(const elections::Transition& transition, nlohmann::json& event) const;
    /// A line of the journal, and what it is about.
    void log(const LogLine& line, const nlohmann::json& event);
    void publish(std::uint32_t interface, nlohmann::json event);
    const config::VirtualRouter& router(elections::RouterId id) const {
        return interfaces_[id.interface]->virtual_routers[id.router].config;
    }
    nlohmann::json about(elections::RouterId id) const;

    const engine::ManagedInterfaces& interfaces_;
    history::Recorder* recorder_ = nullptr;
    std::vector<Subscriber> subscribers_;
};

}  // namespace vrrp_xdp::reporting
