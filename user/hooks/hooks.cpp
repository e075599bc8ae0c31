// SPDX-License-Identifier: BSD-2-Clause
#include "hooks/hooks.hpp"

#include <algorithm>
#include <deque>
#include <utility>

#include "protocol/text.hpp"
#include "status/cause.hpp"

namespace vrrp_xdp::hooks {
namespace {

/// Of a Virtual Router that changes its state faster than its hooks run, the oldest are left out.
constexpr std::size_t kMostWaiting = 64;

}  // namespace

std::vector<std::string> environment_of(const HookContext& context) {
    std::string addresses;
    for (const auto& address : context.router.virtual_addresses)
        addresses += (addresses.empty() ? "" : " ") + address.to_string();
    return {
        "VRRP_XDP_INTERFACE=" + context.interface,
        "VRRP_XDP_VRID=" + std::to_string(context.router.vrid.value()),
        "VRRP_XDP_FAMILY=" + to_string(context.router.family()),
        "VRRP_XDP_STATE=" + to_string(context.to),
        "VRRP_XDP_PREVIOUS_STATE=" + to_string(context.from),
        "VRRP_XDP_CAUSE=" + status::name_of(context.cause),
        "VRRP_XDP_PRIORITY=" + std::to_string(context.priority.value()),
        "VRRP_XDP_ADDRESSES=" + addresses,
    };
}

/// Those of one Virtual Router, one after the other.
class Hooks::Queue {
  public:
    struct Job {
        process::Program program;
        std::string name;
    };
    using Tell = std::function<void(const std::string& what)>;

    Queue(asio::io_context& io, Tell failed, std::function<void()> idle)
        : io_(io), failed_(std::move(failed)), became_idle_(std::move(idle)) {}

    bool is_idle() const { return running_ == nullptr && waiting_.empty(); }

    void add(Job job) {
        if (waiting_.size() == kMostWaiting) {
            failed_(waiting_.front().name + " is skipped: the state changes faster than its hooks run");
            waiting_.pop_front();
        }
        waiting_.push_back(std::move(job));
        if (running_ == nullptr) run_next();
    }

    void leave_to_successor() {
        for (const Job& job : waiting_)
            failed_(job.name + " is skipped: the next instance runs the hooks of the states that it finds");
        waiting_.clear();
        if (running_) running_->release();
    }

  private:
    void run_next() {
        while (running_ == nullptr && !waiting_.empty()) {
            Job job = std::move(waiting_.front());
            waiting_.pop_front();
            auto started = process::Process::start(io_, job.program, [this, job](const process::End& end) {
                running_.reset();
                if (!end.is_success()) failed_(job.name + " " + end.to_string());
                run_next();
            });
            if (started)
                running_ = std::move(*started);
            else
                failed_(job.name + " failed: " + started.error().what);
        }
        if (is_idle()) became_idle_();
    }

    asio::io_context& io_;
    Tell failed_;
    std::function<void()> became_idle_;
    std::deque<Job> waiting_;
    std::unique_ptr<process::Process> running_;
};

Hooks::Hooks(asio::io_context& io, Failed failed) : io_(io), failed_(std::move(failed)) {}
Hooks::~Hooks() = default;

Result<void> Hooks::configure(const config::Config& config) {
    std::map<Key, std::vector<Prepared>> prepared;
    for (const config::Interface& interface : config.interfaces) {
        for (const config::VirtualRouter& router : interface.virtual_routers) {
            std::vector<config::Hook> hooks = config.hooks;
            hooks.insert(hooks.end(), router.hooks.begin(), router.hooks.end());
            auto list = prepare(hooks);
            if (!list) return tl::unexpected(list.error());
            prepared[{interface.name, router.vrid, router.family()}] = std::move(*list);
        }
    }
    prepared.merge(hooks_);
    hooks_ = std::move(prepared);
    return {};
}

Result<std::vector<Hooks::Prepared>> Hooks::prepare(const std::vector<config::Hook>& hooks) {
    std::vector<Prepared> list;
    for (const config::Hook& hook : hooks) {
        auto account = process::Account::find(hook.command.user);
        if (!account)
            return tl::unexpected(
                std::move(account.error()).within("hook " + hook.command.arguments.front()));
        list.push_back({{.arguments = hook.command.arguments,
                         .account = std::move(*account),
                         .timeout = hook.command.timeout,
                         .output = process::Output::Ours,
                         .at_our_end = process::AtOurEnd::MayGoOn},
                        hook.on});
    }
    return list;
}

void Hooks::run(const HookContext& context) {
    const Key key{context.interface, context.router.vrid, context.router.family()};
    const auto hooks = hooks_.find(key);
    if (hooks == hooks_.end()) return;
    for (const Prepared& hook : hooks->second) {
        if (!hook.on.contains(context.to)) continue;
        auto& queue = queues_[key];
        if (!queue)
            queue = std::make_unique<Queue>(
                io_,
                [this, interface = context.interface, router = context.router](const std::string& what) {
                    failed_(interface, router, what);
                },
                [this] { tell_if_idle(); });
        process::Program program = hook.program;
        program.environment = environment_of(context);
        const std::string name = "hook " + program.arguments.front() + " (-> " + to_string(context.to) + ")";
        queue->add({std::move(program), name});
    }
}

void Hooks::leave_to_successor() {
    for (const auto& [key, queue] : queues_) queue->leave_to_successor();
}

void Hooks::when_idle(std::function<void()> idle) {
    idle_ = std::move(idle);
    tell_if_idle();
}

void Hooks::tell_if_idle() {
    const auto is_idle = [](const auto& each) { return each.second->is_idle(); };
    if (idle_ && std::all_of(queues_.begin(), queues_.end(), is_idle)) std::exchange(idle_, nullptr)();
}

}  // namespace vrrp_xdp::hooks
