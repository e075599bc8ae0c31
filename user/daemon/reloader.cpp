// SPDX-License-Identifier: BSD-2-Clause
#include "daemon/reloader.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "config/yaml.hpp"
#include "daemon/reload_report.hpp"
#include "reporting/instance_status.hpp"

namespace vrrp_xdp::daemon {
namespace {

using nlohmann::json;

/// From one attempt to attach to an interface that has come to the next.
constexpr std::chrono::seconds kArrivalPause(2);

}  // namespace

void Reloader::reload(Respond answer) {
    if (reload_) return next_.push_back(std::move(answer));
    parts_.manager.is_reloading();
    const auto respond = [this, answer = std::move(answer)](const json& what) {
        parts_.manager.is_ready();
        answer(what);
    };
    auto wanted = config::load(from_.source);
    if (!wanted) return respond(tell_mistakes(parts_.events, from_.source.file, wanted.error()));
    if (auto named = engine::use_kernel_names(*wanted); !named)
        return respond(tell_refusal(parts_.events, named.error()));
    go_over(*wanted, respond);
}

void Reloader::go_over(const config::Config& wanted, const Respond& respond) {
    const auto differences = compare(config_, wanted, parts_.served.all());
    if (auto known = check_users(wanted); !known) return respond(tell_refusal(parts_.events, known.error()));
    if (differences.empty()) {
        config_ = wanted;
        renew_hooks(config_);
        parts_.missing.clear();
        parts_.trackers.set_broken_groups({});
        parts_.trackers.renew(config_.trackers);
        return respond(tell_reload(parts_.events, from_.source.file, differences, {}));
    }
    if (auto started = start(differences, wanted); !started)
        return respond(tell_refusal(parts_.events, started.error()));
    respond_ = respond;
}

Result<void> Reloader::check_is_meant(const config::Config& wanted) const {
    if (!wanted.interfaces.empty()) return {};
    return failure(from_.source.file + " has none of the interfaces that 'attach' was given",
                   "end this instance with 'vrrp-xdp detach', or run attach again");
}

/// Nothing has changed unless all that may fail is done.
Result<void> Reloader::start(const Differences& differences, const config::Config& wanted) {
    if (parts_.is_leaving()) return failure("an interface is currently being released", "try again");
    if (auto meant = check_is_meant(wanted); !meant) return meant;
    auto prepared = Reload::prepare(differences, wanted, from_.mode, from_.on_missing, parts_.served);
    if (!prepared) return tl::unexpected(prepared.error());
    auto sockets = open_sockets(**prepared);
    if (!sockets) return tl::unexpected(sockets.error());
    reload_ = std::move(*prepared);
    parts_.guardian.stop();  // it knows neither the new maps nor the new sockets
    renew_hooks(wanted);     // before anything enters its first state
    parts_.trackers.set_broken_groups(sync_groups_of(reload_->missing()));
    for (engine::ManagedInterface* each : reload_->prepared()) parts_.trackers.prepare(*each);
    auto socket = sockets->begin();
    for (auto& interface : reload_->take_beginning())
        parts_.served.add(std::move(interface), std::move(*socket++));
    parts_.commands.send(engine::Reconfigure{&reload_->reconfiguration()});
    return {};
}

/// For those that begin, in order. What has come is waited for no longer: its socket takes the place of that
/// one. Where one cannot be opened, all are waited for as before.
Result<Reloader::Sockets> Reloader::open_sockets(const Reload& reload) {
    const auto missing = parts_.missing.configurations();
    Sockets sockets;
    for (const std::string& name : reload.beginning()) {
        parts_.missing.drop(name);
        const auto place = parts_.served.size() + static_cast<std::uint32_t>(sockets.size());
        auto socket = parts_.open_socket(place, name);
        if (!socket) {
            sockets.clear();
            static_cast<void>(parts_.missing.set(missing));
            return tl::unexpected(socket.error());
        }
        sockets.push_back(std::move(*socket));
    }
    return sockets;
}

void Reloader::renew_hooks(const config::Config& wanted) {
    if (const auto configured = parts_.hooks.configure(wanted); !configured)
        spdlog::error("{}; keeping the previous hooks", configured.error().what);
}

void Reloader::finish() {
    parts_.commands.send(engine::Reconciled{});
    parts_.guardian.set_plan(reload_->finish(parts_.served, parts_.reattacher));
    config_ = reload_->wanted();
    if (auto waiting = parts_.missing.set(reload_->missing()); !waiting)
        spdlog::error("{}; not waiting for it", waiting.error().what);
    parts_.trackers.renew(config_.trackers);
    parts_.guardian.start_or_retry();
    // Once it is known what has become of those that it was about.
    parts_.snapshots.request(
        [this, respond = std::exchange(respond_, {}), differences = reload_->differences()] {
            respond(tell_reload(parts_.events, from_.source.file, differences,
                                reporting::idle_group_members(parts_.served.all())));
        });
    reload_.reset();
    if (next_.empty()) return;
    reload([asked = std::exchange(next_, {})](const json& what) {
        for (const auto& respond : asked) respond(what);
    });
}

void Reloader::attach_to_arrived() {
    const auto arrived = parts_.missing.arrived();
    const auto now = std::chrono::steady_clock::now();
    if (arrived.empty() || parts_.is_leaving() || now < next_attempt_) return;
    next_attempt_ = now + kArrivalPause;
    config::Config wanted = without_detached();
    if (auto named = engine::use_kernel_names(wanted); !named) return;
    const Differences differences = compare(config_, wanted, parts_.served.all());
    if (auto started = start(differences, wanted); !started) {
        if (std::exchange(arrival_failure_, started.error().what) != started.error().what)
            spdlog::warn("{}: not attached: {}{}{}; retrying", *arrived.begin(), started.error().what,
                         started.error().hint.empty() ? "" : "; ", started.error().hint);
        return;
    }
    arrival_failure_.clear();
    next_attempt_ = {};
    respond_ = [](const json&) {};
}

/// The configuration of what runs or is waited for.
config::Config Reloader::without_detached() const {
    config::Config wanted = config_;
    const auto& all = parts_.served.all();
    std::erase_if(wanted.interfaces, [&](const config::Interface& each) {
        return !parts_.missing.contains(each.name) &&
               std::none_of(all.begin(), all.end(),
                            [&](const auto& interface) { return interface && interface->name == each.name; });
    });
    return wanted;
}

json Reloader::preview() const {
    json answer{{"file", from_.source.file},
                {"interfaces", from_.source.interfaces},
                {"running", config::to_yaml(without_detached())}};
    const auto refused = [&](const Error& error) {
        answer.update({{"error", error.what}, {"hint", error.hint}});
        return answer;
    };
    auto wanted = config::load(from_.source);
    if (!wanted) {
        answer["mistakes"] = json::array();
        for (const config::Mistake& mistake : wanted.error())
            answer["mistakes"].push_back(mistake.to_string(from_.source.file));
        return answer;
    }
    if (auto named = engine::use_kernel_names(*wanted); !named) return refused(named.error());
    if (auto known = check_users(*wanted); !known) return refused(known.error());
    if (auto meant = check_is_meant(*wanted); !meant) return refused(meant.error());
    answer["wanted"] = config::to_yaml(*wanted);
    return answer;
}

void Reloader::drop_missing(const std::string& name) {
    parts_.missing.drop(name);
    spdlog::info("{}: detached before it appeared", name);
    parts_.trackers.set_broken_groups(sync_groups_of(parts_.missing.configurations()));
    parts_.trackers.renew(config_.trackers);
}

}  // namespace vrrp_xdp::daemon
