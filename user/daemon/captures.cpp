// SPDX-License-Identifier: BSD-2-Clause
#include "daemon/captures.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <utility>

#include "capture/filter.hpp"
#include "capture/patience.hpp"

namespace vrrp_xdp::daemon {
namespace {

using nlohmann::json;

/// So late may the end of a reader be noticed.
constexpr std::chrono::milliseconds kInterval(250);

json listed(const engine::ManagedInterfaces& interfaces, const dataplane::AttachedPort* port) {
    json list = json::array();
    for (const auto& each : interfaces)
        if (each && each->port.get() == port)
            list.push_back({{"name", each->name}, {"tags", {each->vlan.tag[0], each->vlan.tag[1]}}});
    return list;
}

}  // namespace

void Captures::begin(const engine::ManagedInterfaces& interfaces, const engine::ManagedInterface& asked_at,
                     const json& arguments, const Respond& respond, Stream stream) {
    auto twin = place(asked_at, arguments);
    if (!twin) return respond({{"error", twin.error().what}, {"hint", twin.error().hint}});
    const std::array descriptors{(*twin)->ring_fd(), (*twin)->asked_fd()};
    const bool is_taken = stream.begin({{"capturing", asked_at.port_name},
                                        {"version", VRRP_XDP_CAPTURE_VERSION},
                                        {"interfaces", listed(interfaces, asked_at.port.get())}},
                                       descriptors);
    if (!is_taken) return;
    spdlog::info("{}: captured from now on", asked_at.port_name);
    all_.push_back({asked_at.port_name, std::move(*twin), std::move(stream)});
    if (all_.size() == 1) look_again_later();
}

Result<std::unique_ptr<capture::Twin>> Captures::place(const engine::ManagedInterface& interface,
                                                       const json& arguments) {
    look();  // one that has just ended is not in the way
    for (const One& each : all_)
        if (each.twin->is_of(interface.port.get()))
            return failure(interface.port_name + " is captured already",
                           "end the other 'vrrp-xdp capture' first; 'tee' makes one stream two");
    const auto filter = capture::filter_from_json(arguments);
    if (!filter) return tl::unexpected(filter.error());
    const auto asked = capture::compile(*filter);
    if (!asked) return tl::unexpected(asked.error());
    return capture::Twin::put_in_place(interface.port, *asked);
}

void Captures::look_again_later() {
    next_look_.expires_after(kInterval);
    next_look_.async_wait([this](const asio::error_code& error) {
        if (error) return;
        look();
        if (!all_.empty()) look_again_later();
    });
}

void Captures::look() {
    all_.remove_if([](const One& each) {
        const bool is_over = each.twin->is_of(nullptr) || !each.stream.is_open();
        if (!is_over && each.twin->is_read()) return false;
        if (is_over)
            spdlog::info("{}: captured no longer", each.port);
        else
            spdlog::warn("{}: captured no longer, as nobody has read for {} s", each.port,
                         capture::kReaderPatience.count());
        return true;
    });
}

void Captures::end_all() {
    next_look_.cancel();
    all_.clear();
}

}  // namespace vrrp_xdp::daemon
