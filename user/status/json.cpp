// SPDX-License-Identifier: BSD-2-Clause
#include "status/json.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include "protocol/text.hpp"

namespace vrrp_xdp::status {
namespace {

using nlohmann::json;
using protocol::Duration;
using protocol::IpAddress;
using protocol::MacAddress;

template <typename Counters>
json values_of(const Counters& counters, const std::vector<Counter<Counters>>& table) {
    json values;
    for (const auto& counter : table) values[counter.name] = counters.*counter.value;
    return values;
}

json values_of(const VirtualRouter& router) {
    json values;
    for (const auto& counter : router_counters())
        if (router.running || counter.by == Counts::DataPlane)
            values[counter.name] = router.counters.*counter.value;
    return values;
}

template <typename Addresses>
json texts_of(const Addresses& addresses) {
    json list = json::array();
    for (const auto& address : addresses) list.push_back(address.to_string());
    return list;
}

void put(json& object, const char* key, const std::string& text) {
    if (!text.empty()) object[key] = text;
}
void put(json& object, const char* key, const std::optional<Duration>& duration) {
    if (duration) object[key] = protocol::milliseconds(*duration);
}

json effect_to_json(const Tracker& tracker) {
    if (std::holds_alternative<Tracker::Fault>(tracker.effect)) return "fault";
    if (const auto* weight = std::get_if<Tracker::Weight>(&tracker.effect)) return weight->added;
    return "value";
}

constexpr std::array kTrackerStates{std::pair{Tracker::State::Unknown, "unknown"},
                                    std::pair{Tracker::State::Up, "up"},
                                    std::pair{Tracker::State::Down, "down"}};

json to_json(const VirtualRouter& router);

json to_json(const Gaps& gaps) {
    json histogram = json::array();
    for (std::size_t i = 0; i < gaps.buckets.size(); ++i) {
        json bucket{{"count", gaps.buckets.at(i)}};
        if (i < kGapParts.size()) bucket["up-to"] = kGapParts.at(i).part;
        histogram.push_back(std::move(bucket));
    }
    return {{"count", gaps.count},
            {"near-failovers", gaps.near_failovers},
            {"observed-ms", protocol::milliseconds(gaps.observed)},
            {"largest-ms", protocol::milliseconds(gaps.largest)},
            {"largest-of-ms", protocol::milliseconds(gaps.largest_of)},
            {"largest-lately-ms", protocol::milliseconds(gaps.largest_lately)},
            {"lately-ms", protocol::milliseconds(gaps.lately)},
            {"histogram", histogram}};
}

json to_json(const Tracker& tracker) {
    json object{{"name", tracker.name}, {"effect", effect_to_json(tracker)}, {"detail", tracker.detail}};
    for (const auto& [state, name] : kTrackerStates)
        if (state == tracker.state) object["state"] = name;
    if (tracker.value) object["value"] = *tracker.value;
    return object;
}

json to_json(const ReconcilerItem& item) {
    json object{{"item", item.name}, {"must", item.must}, {"mended", item.mended}};
    put(object, "differs", item.differs);
    return object;
}

template <typename Element>
json list_of(const std::vector<Element>& elements) {
    json list = json::array();
    for (const Element& element : elements) list.push_back(to_json(element));
    return list;
}

void add_running(json& object, const RunningRouter& router) {
    object["version"] = static_cast<int>(router.version);
    object["state"] = to_string(router.state);
    object["last-event"] = name_of(router.cause);
    object["is-owner"] = router.is_owner;
    object["priority"] = router.priority;
    object["effective-priority"] = router.effective_priority;
    object["preempt"] = router.preempt;
    object["advertise-interval-ms"] = protocol::milliseconds(router.advertise_interval);
    if (router.also_version_2) object["also-version-2"] = true;
    if (router.leaving) object["leaving"] = true;
    put(object, "sync-group", router.sync_group);
    put(object, "since", router.since);
    put(object, "up-datetime", router.up_datetime);
    put(object, "skew-time-ms", router.skew_time);
    put(object, "active-down-interval-ms", router.active_down_interval);
    put(object, "preempts-in-ms", router.preempts_in);
    put(object, "takeover-lateness-ms", router.takeover_lateness);
    if (router.primary_address) object["primary-address"] = router.primary_address->to_string();
    if (router.heard) {
        object["last-adv-source"] = router.heard->source.to_string();
        object["last-adv-priority"] = router.heard->priority;
    }
    if (router.signing_peer)
        object["signing-peer"] = {{"address", router.signing_peer->address.to_string()},
                                  {"key", router.signing_peer->key}};
    if (router.trackers) object["trackers"] = list_of(*router.trackers);
    if (router.drained) {
        json drained = json::object();
        put(drained, "until", router.drained_until);
        put(drained, "reason", router.drain_reason);
        object["drained"] = std::move(drained);
    }
}

json to_json(const VirtualRouter& router) {
    json object{
        {"vrid", router.vrid},
        {"address-family", to_string(router.family)},
        {"virtual-mac", router.virtual_mac.to_string()},
        {"virtual-addresses", texts_of(router.virtual_addresses)},
        {"statistics", values_of(router)},
    };
    if (router.gaps) object["gaps"] = to_json(*router.gaps);
    put(object, "lease-remaining-ms", router.lease_remaining);
    put(object, "last-adv-ms-ago", router.heard_ago);
    put(object, "vlan", router.vlan);
    put(object, "lease-end", router.lease_end);
    if (router.running) add_running(object, *router.running);
    return object;
}

const char* controller_of(const Interface& interface) { return interface.running ? "running" : "dead"; }

std::optional<std::string> text(const json& value) {
    if (!value.is_string()) return std::nullopt;
    return value.get<std::string>();
}

std::optional<bool> truth(const json& value) {
    if (!value.is_boolean()) return std::nullopt;
    return value.get<bool>();
}

/// A whole number from Least to Most.
template <typename Number, Number Least = std::numeric_limits<Number>::min(),
          Number Most = std::numeric_limits<Number>::max()>
std::optional<Number> whole(const json& value) {
    if (value.is_number_unsigned()) {
        const auto number = value.get<std::uint64_t>();
        if (std::cmp_less(number, Least) || std::cmp_greater(number, Most)) return std::nullopt;
        return static_cast<Number>(number);
    }
    if (!value.is_number_integer()) return std::nullopt;
    const auto number = value.get<std::int64_t>();
    if (std::cmp_less(number, Least) || std::cmp_greater(number, Most)) return std::nullopt;
    return static_cast<Number>(number);
}

std::optional<Duration> milliseconds(const json& value) {
    constexpr double kMost = 9e12;  // what nanoseconds in 64 bits can say, and more than anything lasts
    if (!value.is_number()) return std::nullopt;
    const auto number = value.get<double>();
    if (!(std::abs(number) <= kMost)) return std::nullopt;
    return Duration(std::llround(number * 1e6));
}

std::optional<IpAddress> address(const json& value) {
    return value.is_string() ? IpAddress::parse(value.get<std::string>()) : std::nullopt;
}

/// Six pairs of hexadecimal digits with colons between them.
std::optional<MacAddress> mac(const json& value) {
    constexpr std::size_t kStep = 3;  // two digits and a colon
    MacAddress mac;
    if (!value.is_string()) return std::nullopt;
    const auto text = value.get<std::string>() + ":";
    if (text.size() != mac.bytes.size() * kStep) return std::nullopt;
    for (std::size_t i = 0; i < mac.bytes.size(); ++i) {
        const char* const digits = text.data() + i * kStep;
        const auto [end, error] = std::from_chars(digits, digits + 2, mac.bytes[i], 16);
        if (error != std::errc() || end != digits + 2 || *end != ':') return std::nullopt;
    }
    return mac;
}

std::optional<protocol::Family> family(const json& value) {
    for (const auto each : {protocol::Family::Ipv4, protocol::Family::Ipv6})
        if (value == to_string(each)) return each;
    return std::nullopt;
}

std::optional<protocol::State> state(const json& value) {
    for (const auto each : {protocol::State::Initialize, protocol::State::Backup, protocol::State::Active})
        if (value == to_string(each)) return each;
    return std::nullopt;
}

std::optional<protocol::Cause> cause(const json& value) {
    return value.is_string() ? cause_named(value.get<std::string>()) : std::nullopt;
}

std::optional<protocol::Version> version(const json& value) {
    if (value == 2) return protocol::Version::V2;
    if (value == 3) return protocol::Version::V3;
    return std::nullopt;
}

std::optional<decltype(Tracker::effect)> effect(const json& value) {
    if (value == "fault") return Tracker::Fault{};
    if (value == "value") return Tracker::AddValue{};
    if (const auto added = whole<int>(value)) return Tracker::Weight{*added};
    return std::nullopt;
}

std::optional<Tracker::State> tracker_state(const json& value) {
    for (const auto& [each, name] : kTrackerStates)
        if (value == name) return each;
    return std::nullopt;
}

/// Takes an object apart. What is missing or of another kind is noted, the first of it, and a default stands
/// in.
class Reader {
  public:
    /// place: where the object stands, for what is wrong with it. wrong: empty while nothing is.
    Reader(const json& object, std::string place, std::string& wrong)
        : object_(object), place_(std::move(place)), wrong_(wrong) {
        if (!object.is_object()) note("is not an object");
    }

    bool has(const char* key) const { return object_.contains(key); }

    /// What the key has, by one of the functions above; nothing if it is missing.
    template <typename Convert>
    auto optional(const char* key, Convert convert) const -> decltype(convert(json())) {
        const auto found = object_.find(key);
        if (found == object_.end()) return std::nullopt;
        auto value = convert(*found);
        if (!value) note(quoted(key) + " is " + shown(*found));
        return value;
    }

    template <typename Convert>
    auto required(const char* key, Convert convert) const {
        if (!has(key)) note(quoted(key) + " is missing");
        return optional(key, convert).value_or(typename decltype(convert(json()))::value_type{});
    }

    /// The elements, each by convert.
    template <typename Convert>
    auto list(const char* key, Convert convert) const {
        std::vector<typename decltype(convert(json()))::value_type> all;
        for_each(key, [&](const json& element) {
            if (auto value = convert(element))
                all.push_back(std::move(*value));
            else
                note(quoted(key) + " has " + shown(element));
        });
        return all;
    }

    /// The elements, each an object that read takes apart.
    template <typename Read>
    auto objects(const char* key, Read read) const {
        std::vector<decltype(read(std::declval<const Reader&>()))> all;
        for_each(key,
                 [&](const json& element) { all.push_back(read(Reader(element, quoted(key), wrong_))); });
        return all;
    }

    Reader object(const char* key) const {
        static const json nothing = json::object();
        return {has(key) ? object_[key] : nothing, quoted(key), wrong_};
    }

  private:
    template <typename Take>
    void for_each(const char* key, Take take) const {
        const auto found = object_.find(key);
        if (found == object_.end() || !found->is_array())
            return note(quoted(key) + (found == object_.end() ? " is missing" : " is not a list"));
        for (const json& element : *found) take(element);
    }

    static std::string quoted(const char* key) { return "\"" + std::string(key) + "\""; }
    static std::string shown(const json& value) {
        constexpr std::size_t kMost = 40;
        return value.dump(-1, ' ', true, json::error_handler_t::replace).substr(0, kMost);
    }
    void note(const std::string& what) const {
        if (wrong_.empty()) wrong_ = place_.empty() ? what : place_ + ": " + what;
    }

    const json& object_;
    std::string place_;
    std::string& wrong_;
};

/// Counters that the other version does not have are 0.
template <typename Counters>
Counters counters_from(const Reader& reader, const std::vector<Counter<Counters>>& table) {
    Counters counters;
    for (const auto& counter : table)
        counters.*counter.value =
            reader.optional(counter.name.c_str(), whole<std::uint64_t>).value_or(std::uint64_t{0});
    return counters;
}

Tracker tracker_from(const Reader& reader) {
    return {.name = reader.required("name", text),
            .effect = reader.required("effect", effect),
            .state = reader.required("state", tracker_state),
            .detail = reader.required("detail", text),
            .value = reader.optional("value", whole<std::int64_t>)};
}

ReconcilerItem item_from(const Reader& reader) {
    return {.name = reader.required("item", text),
            .must = reader.required("must", text),
            .differs = reader.optional("differs", text).value_or(""),
            .mended = reader.required("mended", whole<unsigned>)};
}

Gaps gaps_from(const Reader& reader) {
    Gaps gaps{.count = reader.required("count", whole<std::uint64_t>),
              .near_failovers = reader.required("near-failovers", whole<std::uint64_t>),
              .observed = reader.required("observed-ms", milliseconds),
              .largest = reader.required("largest-ms", milliseconds),
              .largest_of = reader.required("largest-of-ms", milliseconds),
              .largest_lately = reader.required("largest-lately-ms", milliseconds),
              .lately = reader.required("lately-ms", milliseconds)};
    const auto counts = reader.objects(
        "histogram", [](const Reader& bucket) { return bucket.required("count", whole<std::uint64_t>); });
    std::copy_n(counts.begin(), std::min(counts.size(), gaps.buckets.size()), gaps.buckets.begin());
    return gaps;
}

RunningRouter running_router_from(const Reader& reader) {
    RunningRouter router{
        .version = reader.required("version", version),
        .also_version_2 = reader.optional("also-version-2", truth).value_or(false),
        .state = reader.required("state", state),
        .cause = reader.required("last-event", cause),
        .leaving = reader.optional("leaving", truth).value_or(false),
        .is_owner = reader.required("is-owner", truth),
        .priority = reader.required("priority", whole<std::uint8_t>),
        .preempt = reader.required("preempt", truth),
        .advertise_interval = reader.required("advertise-interval-ms", milliseconds),
        .sync_group = reader.optional("sync-group", text).value_or(""),
        .since = reader.optional("since", text).value_or(""),
        .up_datetime = reader.optional("up-datetime", text).value_or(""),
        .skew_time = reader.optional("skew-time-ms", milliseconds),
        .active_down_interval = reader.optional("active-down-interval-ms", milliseconds),
        .preempts_in = reader.optional("preempts-in-ms", milliseconds),
        .takeover_lateness = reader.optional("takeover-lateness-ms", milliseconds),
        .primary_address = reader.optional("primary-address", address),
    };
    router.effective_priority =
        reader.optional("effective-priority", whole<std::uint8_t>).value_or(router.priority);
    if (const auto source = reader.optional("last-adv-source", address))
        router.heard = {*source, reader.required("last-adv-priority", whole<std::uint8_t>)};
    if (const Reader peer = reader.object("signing-peer"); reader.has("signing-peer"))
        if (const auto from = peer.optional("address", address))
            router.signing_peer = {*from, peer.required("key", whole<std::uint8_t>)};
    if (reader.has("trackers")) router.trackers = reader.objects("trackers", tracker_from);
    if (const Reader drained = reader.object("drained"); reader.has("drained")) {
        router.drained = true;
        router.drained_until = drained.optional("until", text).value_or("");
        router.drain_reason = drained.optional("reason", text).value_or("");
    }
    return router;
}

VirtualRouter virtual_router_from(const Reader& reader) {
    VirtualRouter router{
        .vrid = reader.required("vrid", whole<std::uint8_t, 1>),
        .family = reader.required("address-family", family),
        .virtual_mac = reader.required("virtual-mac", mac),
        .virtual_addresses = reader.list("virtual-addresses", address),
        .counters = counters_from(reader.object("statistics"), router_counters()),
        .lease_remaining = reader.optional("lease-remaining-ms", milliseconds),
        .heard_ago = reader.optional("last-adv-ms-ago", milliseconds),
        .vlan = reader.optional("vlan", text).value_or(""),
        .lease_end = reader.optional("lease-end", text).value_or(""),
    };
    if (reader.has("gaps")) router.gaps = gaps_from(reader.object("gaps"));
    return router;
}

RunningInterface running_interface_from(const Reader& reader) {
    RunningInterface interface {
        .mode = reader.required("mode", text),
        .mode_reason = reader.optional("mode-reason", text).value_or(""),
        .waiting = reader.optional("waiting", text).value_or(""),
        .sending_fails = reader.optional("sending-fails", truth).value_or(false),
    };
    if (reader.has("reconciler")) interface.reconciler = reader.objects("reconciler", item_from);
    return interface;
}

Interface interface_from(const Reader& reader) {
    const bool runs = reader.required("controller", text) == "running";
    Interface interface {
        .name = reader.required("interface", text), .port = reader.optional("port", text).value_or(""),
        .pins = reader.required("pins", text), .pid = reader.optional("pid", whole<std::int64_t>),
        .error = reader.optional("error", text).value_or(""),
        .hint = reader.optional("hint", text).value_or(""),
        .virtual_routers = reader.objects("virtual-routers", [runs](const Reader& each) {
            VirtualRouter router = virtual_router_from(each);
            if (runs) router.running = running_router_from(each);
            return router;
        }),
    };
    if (reader.has("statistics"))
        interface.counters = counters_from(reader.object("statistics"), port_counters());
    if (reader.has("filter-entries")) interface.filter_entries = reader.list("filter-entries", mac);
    if (runs) interface.running = running_interface_from(reader);
    return interface;
}

tl::unexpected<Error> unreadable(const std::string& wrong) {
    return failure("this program cannot read the answer of the instance: " + wrong,
                   "the instance may have another version: use the vrrp-xdp that started it, or attach again "
                   "with this one");
}

}  // namespace

json to_json(const Interface& interface) {
    json object{{"interface", interface.name},
                {"controller", controller_of(interface)},
                {"pins", interface.pins},
                {"virtual-routers", list_of(interface.virtual_routers)}};
    put(object, "port", interface.port);
    put(object, "error", interface.error);
    put(object, "hint", interface.hint);
    if (interface.pid) object["pid"] = *interface.pid;
    if (interface.counters) object["statistics"] = values_of(*interface.counters, port_counters());
    if (interface.filter_entries) object["filter-entries"] = texts_of(*interface.filter_entries);
    if (interface.running) {
        object["mode"] = interface.running->mode;
        object["sending-fails"] = interface.running->sending_fails;
        put(object, "mode-reason", interface.running->mode_reason);
        put(object, "waiting", interface.running->waiting);
        if (interface.running->reconciler) object["reconciler"] = list_of(*interface.running->reconciler);
    }
    return object;
}

json to_json(const std::vector<Interface>& interfaces) { return {{"interfaces", list_of(interfaces)}}; }

Result<Interface> from_json(const json& interface) {
    std::string wrong;
    Interface read = interface_from(Reader(interface, "", wrong));
    if (!wrong.empty()) return unreadable(wrong);
    return read;
}

Result<std::vector<Interface>> list_from_json(const json& interfaces) {
    std::string wrong;
    auto read = Reader(interfaces, "", wrong).objects("interfaces", interface_from);
    if (!wrong.empty()) return unreadable(wrong);
    return read;
}

json counters_to_json(const std::vector<Interface>& interfaces) {
    json list = json::array();
    for (const Interface& interface : interfaces) {
        json entry{{"interface", interface.name},
                   {"controller", controller_of(interface)},
                   {"virtual-routers", json::array()}};
        put(entry, "port", interface.port);
        put(entry, "error", interface.error);
        put(entry, "hint", interface.hint);
        if (interface.counters) entry["statistics"] = values_of(*interface.counters, port_counters());
        for (const VirtualRouter& router : interface.virtual_routers) {
            json each{{"vrid", router.vrid},
                      {"address-family", to_string(router.family)},
                      {"statistics", values_of(router)}};
            if (router.gaps) each["gaps"] = to_json(*router.gaps);
            put(each, "vlan", router.vlan);
            entry["virtual-routers"].push_back(std::move(each));
        }
        list.push_back(std::move(entry));
    }
    return {{"interfaces", std::move(list)}};
}

json to_json(const Interface& interface, const VirtualRouter& router, const Advice& advice) {
    using Verdict = IntervalAdvice::Verdict;
    json intervals = json::array();
    for (const IntervalAdvice& each : advice.intervals) {
        const Verdict verdict = each.verdict();
        intervals.push_back({{"interval-ms", protocol::milliseconds(each.interval)},
                             {"largest-gap-ms", protocol::milliseconds(each.largest_gap)},
                             {"active-down-interval-ms", protocol::milliseconds(each.active_down_interval)},
                             {"saved-ms", protocol::milliseconds(each.saved)},
                             {"outcome", verdict == Verdict::Borne          ? "borne"
                                         : verdict == Verdict::NearFailover ? "near-failover"
                                                                            : "false-takeover"}});
    }
    json object{{"interface", interface.name},
                {"vrid", router.vrid},
                {"address-family", to_string(router.family)},
                {"summary", advice.summary},
                {"intervals", std::move(intervals)}};
    put(object, "recommended-ms", advice.recommended);
    return object;
}

json to_json(const Interface& interface, const VirtualRouter& router, const Explanation& explanation) {
    json object{{"interface", interface.name},
                {"vrid", router.vrid},
                {"address-family", to_string(router.family)},
                {"why", explanation.state},
                {"facts", explanation.facts},
                {"next", explanation.next},
                {"warnings", explanation.warnings},
                {"reconciler", json::array()}};
    put(object, "vlan", router.vlan);
    if (router.running) {
        object["state"] = to_string(router.running->state);
        object["last-event"] = name_of(router.running->cause);
        put(object, "since", router.running->since);
    }
    if (interface.running && interface.running->reconciler)
        object["reconciler"] = list_of(*interface.running->reconciler);
    return object;
}

}  // namespace vrrp_xdp::status
