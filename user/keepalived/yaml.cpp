// SPDX-License-Identifier: BSD-2-Clause
#include "keepalived/yaml.hpp"

#include <yaml-cpp/yaml.h>

#include <chrono>
#include <vector>

namespace vrrp_xdp::keepalived {
namespace {

using config::VirtualRouter;
using protocol::Version;

std::string text_of(protocol::Duration interval) {
    const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(interval).count();
    if (milliseconds % 1000 == 0) return std::to_string(milliseconds / 1000) + "s";
    return std::to_string(milliseconds) + "ms";
}

/// A comment holds what a file said, and is of one line: what is not printable ASCII becomes a question mark.
std::string comment(const std::string& text) {
    std::string line;
    for (const char character : text) line += character >= ' ' && character <= '~' ? character : '?';
    return line;
}

void write_addresses(YAML::Emitter& out, const std::vector<protocol::IpAddress>& addresses) {
    out << YAML::Flow << YAML::BeginSeq;
    for (const protocol::IpAddress& address : addresses) {
        const std::string text = address.to_string();
        // YAML takes a colon at the end for that of a key.
        if (text.ends_with(':')) out << YAML::DoubleQuoted;
        out << text;
    }
    out << YAML::EndSeq;
}

void write(YAML::Emitter& out, const VirtualRouter& router, const std::string& origin) {
    out << YAML::BeginMap;
    out << YAML::Key << "vrid" << YAML::Value << static_cast<int>(router.vrid.value());
    out << YAML::Comment(comment(origin));
    out << YAML::Key << "version" << YAML::Value << (router.version == Version::V2 ? 2 : 3);
    out << YAML::Key << "priority" << YAML::Value << static_cast<int>(router.priority.value());
    out << YAML::Key << "advertise-interval" << YAML::Value << text_of(router.advertise_interval);
    if (!router.preempt) out << YAML::Key << "preempt" << YAML::Value << false;
    if (!router.sync_group.empty())
        out << YAML::Key << "sync-group" << YAML::Value << YAML::DoubleQuoted << router.sync_group;
    if (router.accept_mode) out << YAML::Key << "accept-mode" << YAML::Value << true;
    if (!router.virtual_mac) out << YAML::Key << "virtual-mac" << YAML::Value << false;
    if (!router.unicast_peers.empty()) {
        out << YAML::Key << "unicast-peers" << YAML::Value;
        write_addresses(out, router.unicast_peers);
        out << YAML::Key << "minimum-ttl" << YAML::Value << static_cast<int>(router.minimum_ttl);
    }
    out << YAML::Key << "virtual-addresses" << YAML::Value;
    write_addresses(out, router.virtual_addresses);
    out << YAML::EndMap;
}

void write(YAML::Emitter& out, const config::Interface& interface, const std::vector<std::string>& origins) {
    out << YAML::Key << interface.name << YAML::Value << YAML::BeginMap;
    out << YAML::Key << "virtual-routers" << YAML::Value << YAML::BeginSeq;
    for (std::size_t at = 0; at < interface.virtual_routers.size(); ++at)
        write(out, interface.virtual_routers[at], origins[at]);
    out << YAML::EndSeq << YAML::EndMap;
}

}  // namespace

std::string to_yaml(const Import& import, const std::string& heading) {
    std::string text = "# " + comment(heading) + "\n";
    if (!import.remarks.empty()) text += "#\n# Not carried over, or not quite the same:\n";
    for (const Remark& remark : import.remarks) text += "# - " + comment(remark.to_string()) + "\n";

    YAML::Emitter out;
    out << YAML::BeginMap;
    out << YAML::Key << "interfaces" << YAML::Value << YAML::BeginMap;
    for (std::size_t at = 0; at < import.config.interfaces.size(); ++at)
        write(out, import.config.interfaces[at], import.origins[at]);
    out << YAML::EndMap << YAML::EndMap;
    return text + "\n" + out.c_str() + "\n";
}

}  // namespace vrrp_xdp::keepalived
