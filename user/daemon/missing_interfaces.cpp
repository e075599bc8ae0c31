// SPDX-License-Identifier: BSD-2-Clause
#include "daemon/missing_interfaces.hpp"

#include <net/if.h>

#include <utility>

#include "reporting/instance_status.hpp"
#include "status/json.hpp"

namespace vrrp_xdp::daemon {
namespace {

constexpr std::size_t kMostListeners = 16;

}  // namespace

std::set<std::string> sync_groups_of(const std::vector<config::Interface>& interfaces) {
    std::set<std::string> groups;
    for (const config::Interface& interface : interfaces)
        for (const config::VirtualRouter& router : interface.virtual_routers)
            if (!router.sync_group.empty()) groups.insert(router.sync_group);
    return groups;
}

Result<void> MissingInterfaces::set(const std::vector<config::Interface>& missing) {
    std::map<std::string, One> before = std::exchange(missing_, {});
    for (const config::Interface& interface : missing) {
        if (auto known = before.extract(interface.name)) {
            known.mapped().configuration = interface;
            missing_.insert(std::move(known));
            continue;
        }
        auto socket = control::ControlSocket::listen(
            io_, interface.name, sessions_,
            [this, name = interface.name](const auto& request, auto respond, auto stream) {
                answer(name, request, std::move(respond), std::move(stream));
            });
        if (!socket) return tl::unexpected(socket.error());
        missing_.insert_or_assign(interface.name, One{interface, std::move(*socket), {}});
    }
    return {};
}

void MissingInterfaces::answer(const std::string& interface, const control::ControlSocket::Request& request,
                               control::ControlSocket::Respond respond,
                               control::ControlSocket::Stream stream) {
    const auto found = missing_.find(interface);
    if (found == missing_.end()) return respond({{"error", "it has already appeared or was detached"}});
    if (request.name == "status")
        return respond(to_json(reporting::status_of_missing(found->second.configuration)));
    if (request.name != "events") return handler_(interface, request, std::move(respond));
    if (found->second.listeners.size() >= kMostListeners)
        return respond({{"error", "there are too many event subscribers"}});
    found->second.listeners.push_back(std::move(stream));
}

std::set<std::string> MissingInterfaces::names() const {
    std::set<std::string> names;
    for (const auto& [name, one] : missing_) names.insert(name);
    return names;
}

std::set<std::string> MissingInterfaces::arrived() const {
    std::set<std::string> names = this->names();
    std::erase_if(names, [](const std::string& name) { return if_nametoindex(name.c_str()) == 0; });
    return names;
}

std::vector<config::Interface> MissingInterfaces::configurations() const {
    std::vector<config::Interface> all;
    for (const auto& [name, one] : missing_) all.push_back(one.configuration);
    return all;
}

std::vector<status::Interface> MissingInterfaces::statuses() const {
    std::vector<status::Interface> all;
    for (const auto& [name, one] : missing_) all.push_back(reporting::status_of_missing(one.configuration));
    return all;
}

}  // namespace vrrp_xdp::daemon
