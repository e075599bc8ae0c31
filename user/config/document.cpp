// SPDX-License-Identifier: BSD-2-Clause
#include "config/document.hpp"

#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "config/hook.hpp"
#include "config/mapping.hpp"
#include "config/text.hpp"
#include "config/tracker.hpp"
#include "config/values.hpp"
#include "config/virtual_router.hpp"
#include "vrrp_xdp/abi.h"

namespace vrrp_xdp::config {
namespace {

constexpr std::array<std::string_view, 4> document_keys = {"trackers", "hooks", "interfaces",
                                                           "startup-delay"};
constexpr std::array<std::string_view, 1> interface_keys = {"virtual-routers"};
constexpr std::string_view interfaces_allowed = "a mapping from names of interfaces to their Virtual Routers";
constexpr ListForm virtual_routers_form{
    .element = "Virtual Router", .elements = "Virtual Routers", .limit = VRRP_XDP_MAX_ELECTIONS};

void check_name(const Entry& entry, Mistakes& mistakes) {
    const std::string& name = entry.item.name;
    read_value(Item{"interface name", entry.key_position, YAML::Node(name)}, interface_name_form, mistakes);
}

std::vector<VirtualRouter> read_virtual_routers(const Item& item, const std::vector<Tracker>& trackers,
                                                SyncGroups& groups, Mistakes& mistakes) {
    std::vector<VirtualRouter> routers;
    Taken taken;
    for (const Item& element : read_list(item, virtual_routers_form, mistakes)) {
        auto router = read_virtual_router(element, trackers, taken, groups, mistakes);
        if (router) routers.push_back(std::move(*router));
    }
    return routers;
}

Interface read_interface(const Entry& entry, const std::vector<Tracker>& trackers, SyncGroups& groups,
                         Mistakes& mistakes) {
    check_name(entry, mistakes);
    Interface interface {
        entry.item.name, {}
    };
    const Item item{"interface " + quoted(interface.name), entry.item.position, entry.item.value};
    const auto mapping = Mapping::read(item, "a mapping with virtual-routers", interface_keys, mistakes);
    if (!mapping) return interface;
    const auto routers = mapping->require("virtual-routers", "a list of Virtual Routers", mistakes);
    if (routers) interface.virtual_routers = read_virtual_routers(*routers, trackers, groups, mistakes);
    return interface;
}

}  // namespace

Config read_document(const YAML::Node& root, Mistakes& mistakes) {
    Config config;
    const Item whole{"the file", position_of(root), root};
    const auto mapping = Mapping::read(whole, "a mapping with the key interfaces", document_keys, mistakes);
    if (!mapping) return config;
    config.trackers = read_trackers(*mapping, mistakes);
    config.hooks = read_hooks(*mapping, mistakes);
    config.startup_delay =
        mapping->value("startup-delay", delay_form, mistakes).value_or(protocol::Duration{});
    const auto interfaces = mapping->require("interfaces", interfaces_allowed, mistakes);
    if (!interfaces) return config;
    SyncGroups groups;
    for (const Entry& entry : read_entries(*interfaces, interfaces_allowed, mistakes)) {
        config.interfaces.push_back(read_interface(entry, config.trackers, groups, mistakes));
    }
    groups.check_sizes(mistakes);
    return config;
}

}  // namespace vrrp_xdp::config
