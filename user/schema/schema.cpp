// SPDX-License-Identifier: BSD-2-Clause
#include "schema/schema.hpp"

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "config/keys.hpp"
#include "vrrp_xdp/abi.h"

namespace vrrp_xdp::schema {
namespace {

using json = nlohmann::ordered_json;
using Values = std::map<std::string_view, json>;

json described(json value, const char* description) {
    value["description"] = description;
    return value;
}

json number(std::int64_t least, std::int64_t most) {
    return {{"type", "integer"}, {"minimum", least}, {"maximum", most}};
}
json flag() { return {{"type", "boolean"}}; }
json pattern(const char* text) { return {{"type", "string"}, {"pattern", text}}; }
json one_of(json values) { return {{"enum", std::move(values)}}; }
json list(json element, std::size_t most) {
    return {{"type", "array"}, {"items", std::move(element)}, {"minItems", 1}, {"maxItems", most}};
}

/// A number and its unit. How long it may be, only the reader can tell.
json time() { return pattern("^[0-9]{1,9}(\\.[0-9]{1,9})?(s|ms)$"); }

constexpr const char* ipv4 = "^[0-9]{1,3}(\\.[0-9]{1,3}){3}$";
constexpr const char* ipv6 = "^[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*$";
json address() { return {{"anyOf", {pattern(ipv4), pattern(ipv6)}}}; }

json name() { return pattern("^[A-Za-z0-9._-]{1,32}$"); }
json interface_name() { return pattern("^(?!\\.{1,2}$)[^/:\\s]{1,15}$"); }
json path() { return pattern("^/"); }

/// A mapping with the keys of a table. Each has its value.
json mapping(std::span<const std::string_view> keys, const Values& values, json required = json::array()) {
    json properties = json::object();
    for (const std::string_view key : keys) properties[std::string(key)] = values.at(key);
    json result{{"type", "object"},
                {"minProperties", 1},
                {"properties", std::move(properties)},
                {"additionalProperties", false}};
    if (!required.empty()) result["required"] = std::move(required);
    return result;
}

json reference(const char* definition) { return {{"$ref", std::string("#/definitions/") + definition}}; }

json command() {
    json argument{{"type", {"string", "number", "boolean"}}};
    json words{{"type", "array"},
               {"items", {path()}},
               {"additionalItems", std::move(argument)},
               {"minItems", 1},
               {"maxItems", 256}};
    return described(std::move(words),
                     "A program, by its absolute path, and its arguments; no shell reads them");
}

json hooks() {
    const json hook = mapping(config::hook_keys,
                              {{"command", command()},
                               {"on", list(one_of({"active", "backup", "initialize"}), 3)},
                               {"timeout", time()},
                               {"user", {{"type", "string"}, {"minLength", 1}}}},
                              {"command"});
    return described(list(hook, 16), "Commands that run when the state changes");
}

json announcements() {
    return described(mapping(config::announcement_keys, {{"burst", number(1, 10)},
                                                         {"repeat", number(0, 100)},
                                                         {"repeat-after", time()},
                                                         {"refresh", time()}}),
                     "How often hosts are told where the virtual addresses are");
}

json track() {
    return {{"type", "object"},
            {"minProperties", 1},
            {"propertyNames", name()},
            {"additionalProperties", {{"anyOf", {one_of({"fault", "value"}), number(-253, -1)}}}},
            {"description", "Trackers, and what each means while it is down"}};
}

/// What is watched is one of these, and each has keys of its own.
json tracker() {
    json result = mapping(config::tracker_keys, {{"interface", interface_name()},
                                                 {"route", pattern("^[0-9A-Fa-f:.]+/[0-9]{1,3}$")},
                                                 {"table", number(1, 4294967295)},
                                                 {"command", command()},
                                                 {"interval", time()},
                                                 {"timeout", time()},
                                                 {"rise", number(1, 255)},
                                                 {"fall", number(1, 255)},
                                                 {"user", {{"type", "string"}, {"minLength", 1}}},
                                                 {"process", pattern("^[^/]{1,15}$")},
                                                 {"file", path()}});
    json kinds = json::array();
    for (const char* const kind : {"interface", "route", "command", "process", "file"})
        kinds.push_back({{"required", {kind}}});
    result["oneOf"] = std::move(kinds);
    const auto needs = [](std::initializer_list<const char*> one_of_these) {
        json any = json::array();
        for (const char* const each : one_of_these) any.push_back({{"required", {each}}});
        return json{{"anyOf", std::move(any)}};
    };
    result["dependencies"] = {
        {"table", needs({"route"})},  {"timeout", needs({"command"})},
        {"rise", needs({"command"})}, {"fall", needs({"command"})},
        {"user", needs({"command"})}, {"interval", needs({"command", "process", "file"})}};
    return result;
}

Values router_values() {
    return {
        {"vrid", described(number(1, 255), "The same on all routers of the group")},
        {"version", described(one_of({2, 3, "2+3"}), "Of VRRP; 2+3 is both at once. Default 3")},
        {"priority", described(number(1, 255), "255 is for the owner of the addresses. Default 100")},
        {"advertise-interval", described(time(), "From one advertisement to the next. Default 1s")},
        {"sub-centisecond", described(flag(), "Lets advertise-interval be 1ms to 9ms. Default false")},
        {"preempt", described(flag(), "Whether it takes over from a lower priority. Default true")},
        {"preempt-delay", described(time(), "How long a lower priority is left alone. Default 0s")},
        {"sync-group", described(name(), "All with the same name move together")},
        {"announcements", announcements()},
        {"accept-mode", described(flag(), "Whether the host has the addresses while Active. Default false")},
        {"virtual-mac", described(flag(), "Whether the addresses are at a MAC of their own. Default true")},
        {"unicast-peers", described(list(address(), 32), "The other routers, where there is no multicast")},
        {"minimum-ttl", described(number(1, 255), "Less than 255 only with unicast-peers. Default 255")},
        {"source-address", described(address(), "What advertisements are sent from")},
        {"checksum", described(one_of({"pseudo-header", "message-only"}), "Of version 3 over IPv4")},
        {"authentication",
         described(
             {{"type", {"string", "number", "boolean"}}, {"pattern", "^[ -~]{1,8}$"}, {"maximum", 99999999}},
             "Of version 2")},
        {"signed-advertisements", described(one_of({"follow", "refuse"}), "Default follow")},
        {"track", track()},
        {"hooks", hooks()},
        {"unadvertised-addresses", described(list(address(), 255), "Served, and left out of advertisements")},
        {"virtual-addresses", described({{"anyOf", {list(pattern(ipv4), 255), list(pattern(ipv6), 90)}}},
                                        "Of one family; the first of IPv6 is link-local")},
    };
}

/// What holds where both keys stand in the same mapping. What is missing there may be in the defaults.
json refused_together(json when, std::initializer_list<const char*> keys) {
    json none = json::object();
    for (const char* const key : keys) none[key] = false;
    json required = json::array();
    for (const auto& [key, value] : when.items()) required.push_back(key);
    return {{"if", {{"properties", std::move(when)}, {"required", std::move(required)}}},
            {"then", {{"properties", std::move(none)}}}};
}

json router() {
    json result = mapping(config::router_keys, router_values(), {"vrid", "virtual-addresses"});
    const json is_ipv6{{"virtual-addresses", {{"contains", pattern(ipv6)}}}};
    json whole_seconds{
        {"if", {{"properties", {{"version", one_of({2, "2+3"})}}}, {"required", {"version"}}}},
        {"then",
         {{"properties", {{"advertise-interval", pattern("^[0-9]+(\\.0+)?s$|^[0-9]*000(\\.0+)?ms$")}}}}}};
    json version_of_ipv6{{"if", {{"properties", is_ipv6}, {"required", {"virtual-addresses"}}}},
                         {"then", {{"properties", {{"version", one_of({3})}}}}}};
    result["allOf"] = {
        refused_together({{"version", one_of({2})}}, {"checksum"}),
        refused_together({{"version", one_of({3, "2+3"})}}, {"authentication"}),
        refused_together(is_ipv6, {"checksum", "authentication"}),
        refused_together({{"priority", one_of({255})}}, {"preempt-delay"}),
        refused_together({{"preempt", one_of({false})}}, {"preempt-delay"}),
        refused_together({{"version", one_of({2, "2+3"})}, {"sub-centisecond", one_of({true})}},
                         {"sub-centisecond"}),
        std::move(whole_seconds),
        std::move(version_of_ipv6)};
    return result;
}

}  // namespace

json make_schema() {
    const json defaults = described(mapping(config::shared_keys, router_values()),
                                    "For all Virtual Routers that do not say it themselves");
    const json interface =
        mapping(config::interface_keys,
                {{"defaults", reference("defaults")},
                 {"virtual-routers", list(reference("virtual-router"), VRRP_XDP_MAX_ELECTIONS)}},
                {"virtual-routers"});
    const json path_of_file{{"type", "string"}, {"minLength", 1}};
    json schema{{"$schema", "http://json-schema.org/draft-07/schema#"},
                {"title", "Configuration of vrrp-xdp"}};
    schema.update(mapping(
        config::document_keys,
        {{"include",
          {{"anyOf", {path_of_file, list(path_of_file, 64)}}, {"description", "Files or patterns"}}},
         {"defaults", reference("defaults")},
         {"trackers",
          {{"type", "object"},
           {"minProperties", 1},
           {"propertyNames", name()},
           {"additionalProperties", tracker()},
           {"description", "Names, and what is watched"}}},
         {"hooks", hooks()},
         {"interfaces",
          {{"type", "object"},
           {"minProperties", 1},
           {"propertyNames", interface_name()},
           {"additionalProperties", interface},
           {"description", "Names of interfaces, and the Virtual Routers on each"}}},
         {"startup-delay", described(time(), "No election begins sooner after the start. Default 0s")}}));
    schema["definitions"] = {{"defaults", defaults}, {"virtual-router", router()}};
    return schema;
}

}  // namespace vrrp_xdp::schema
