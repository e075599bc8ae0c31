// SPDX-License-Identifier: BSD-2-Clause
#include "daemon/request_handler.hpp"

#include <unistd.h>

#include <utility>
#include <vector>

#include "daemon/port_handover.hpp"
#include "reporting/instance_status.hpp"
#include "status/json.hpp"

namespace vrrp_xdp::daemon {

using nlohmann::json;

void RequestHandler::answer(std::uint32_t place, const Request& asked, Respond respond, Stream stream) {
    const std::string& request = asked.name;
    if (!parts_.served.is_served(place)) return respond({{"error", "it was detached meanwhile"}});
    if (request == "events") {
        if (!parts_.events.has_room()) return respond({{"error", "there are too many event subscribers"}});
        return parts_.events.subscribe(place, std::move(stream));
    }
    if (request == "capture") {
        if (parts_.served.is_lost(place)) return respond({{"error", "it is being attached again"}});
        return parts_.captures.begin(parts_.served.all(), parts_.served.at(place), asked.arguments, respond,
                                     std::move(stream));
    }
    if (request == "status") return answer_status(place, std::move(respond));
    if (request == "status-all") return answer_status_of_all(std::move(respond));
    if (request == "reload") return parts_.reloader.reload(std::move(respond));
    if (request == "preview") return respond(parts_.reloader.preview());
    if (request == "detach") return parts_.shutdown.detach(place, std::move(respond));
    const std::string& name = parts_.served.at(place).name;
    if (request == "drain") return parts_.drains.drain(name, asked.arguments, std::move(respond));
    if (request == "undrain") return parts_.drains.undrain(name, asked.arguments, respond);
    if (request == "serving") return respond(serving(parts_.served.all(), parts_.served.at(place)));
    if (request == "hand-over") return parts_.shutdown.hand_over(place, std::move(respond));
    respond({{"error", "unknown request " + request}});
}

void RequestHandler::answer_status(std::uint32_t place, Respond respond) {
    parts_.snapshots.request([this, place, respond = std::move(respond)] {
        if (parts_.served.is_served(place))
            respond(to_json(whole_status(place)));
        else
            respond({{"error", "it was detached meanwhile"}});
    });
}

status::Interface RequestHandler::whole_status(std::uint32_t place) const {
    status::Interface status = reporting::status_of(parts_.served.at(place));
    status.running->reconciler = parts_.reconcile_loop.report(place);
    for (std::uint32_t i = 0; i < status.virtual_routers.size(); ++i)
        status.virtual_routers[i].running->trackers = parts_.trackers.status_of({place, i});
    parts_.drains.add_to(status);
    return status;
}

/// At whichever socket it was asked.
void RequestHandler::answer_status_of_all(Respond respond) {
    parts_.snapshots.request([this, respond = std::move(respond)] {
        std::vector<status::Interface> all = parts_.missing.statuses();
        for (status::Interface& each : all) parts_.drains.add_to(each);
        for (std::uint32_t i = 0; i < parts_.served.size(); ++i)
            if (parts_.served.is_served(i)) all.push_back(whole_status(i));
        respond(to_json(all));
    });
}

void RequestHandler::answer_for_missing(const std::string& name, const Request& asked, Respond respond) {
    const std::string& request = asked.name;
    if (request == "status-all") return answer_status_of_all(std::move(respond));
    if (request == "reload") return parts_.reloader.reload(std::move(respond));
    if (request == "drain") return parts_.drains.drain(name, asked.arguments, std::move(respond));
    if (request == "undrain") return parts_.drains.undrain(name, asked.arguments, respond);
    if (request == "preview") return respond(parts_.reloader.preview());
    if (request == "serving") return respond({{"port", ""}, {"pid", getpid()}});
    if (request == "capture") return respond({{"error", "it waits for the interface"}});
    const bool leaves = request == "detach" || request == "hand-over";
    if (!leaves) return respond({{"error", "unknown request " + request}});
    if (parts_.reloader.is_under_way()) return respond({{"error", "a reload is in progress"}});
    parts_.reloader.drop_missing(name);
    respond(request == "detach" ? json{{"detached", name}} : json{{"handed-over", true}});
    parts_.shutdown.end_if_all_released();
}

}  // namespace vrrp_xdp::daemon
