// SPDX-License-Identifier: BSD-2-Clause
// Commands on transitions: in order for each Virtual Router, and beside each other for several.
#pragma once

#include <asio/io_context.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "config/config.hpp"
#include "process/process.hpp"
#include "protocol/state_machine.hpp"
#include "support/result.hpp"

namespace vrrp_xdp::hooks {

/// What a hook is told, in its environment.
struct HookContext {
    std::string interface;
    const config::VirtualRouter& router;
    protocol::State from{};
    protocol::State to{};
    protocol::Cause cause{};
    protocol::Priority priority;  ///< the effective one
};

/// Returns the context as NAME=value, one for each variable (docs/configuration.md).
std::vector<std::string> environment_of(const HookContext& context);

class Hooks {
  public:
    /// Receives the message of a hook that failed: "hook /usr/local/bin/notify (-> active) exited with code
    /// 1".
    using Failed = std::function<void(const std::string& interface, const config::VirtualRouter& router,
                                      const std::string& what)>;

    Hooks(asio::io_context& io, Failed failed);
    Hooks(const Hooks&) = delete;
    Hooks& operator=(const Hooks&) = delete;
    /// Kills what still runs.
    ~Hooks();

    /// Takes the hooks of a configuration in place of the ones before. Those that wait or run go on, and
    /// Virtual Routers that it does not have keep theirs: they may still have to leave.
    Result<void> configure(const config::Config& config);

    /// Runs the hooks that are for this transition, after those of the Virtual Router's transitions before.
    void run(const HookContext& context);

    /// Leaves the hooks to the next instance, which runs its own for the states that it finds: a hook that
    /// runs continues by itself, within its time, and waiting ones are skipped.
    void leave_to_successor();

    /// Calls once, at once or later, when none runs or waits.
    void when_idle(std::function<void()> idle);

  private:
    struct Prepared {
        process::Program program;
        std::set<protocol::State> on;
    };
    class Queue;
    /// Interface, VRID and family.
    using Key = std::tuple<std::string, protocol::Vrid, protocol::Family>;

    static Result<std::vector<Prepared>> prepare(const std::vector<config::Hook>& hooks);
    void tell_if_idle();

    asio::io_context& io_;
    Failed failed_;
    std::function<void()> idle_;
    std::map<Key, std::vector<Prepared>> hooks_;
    std::map<Key, std::unique_ptr<Queue>> queues_;
};

}  // namespace vrrp_xdp::hooks
