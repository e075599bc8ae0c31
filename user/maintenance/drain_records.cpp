// SPDX-License-Identifier: BSD-2-Clause
#include "maintenance/drain_records.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <system_error>

#include "support/boot_id.hpp"
#include "support/network_namespace.hpp"
#include "support/state_directory.hpp"
#include "support/unique_fd.hpp"

namespace vrrp_xdp::maintenance {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

fs::path file_of(const std::string& interface) {
    return state_directory() / ("drained-" + interface + ".json");
}

tl::unexpected<Error> failed(const std::string& doing, const fs::path& path, int error) {
    return system_failure(
        doing + " " + path.string(), error,
        "what is drained is kept there, so that a restart does not end it: make it writable");
}

json to_json(const DrainRecord& drain) {
    json object = json::object();
    if (drain.vrid) object["vrid"] = drain.vrid->value();
    if (drain.until) object["until"] = drain.until->time_since_epoch().count();
    if (!drain.reason.empty()) object["reason"] = drain.reason;
    return object;
}

/// Returns nothing for what this program does not write.
std::optional<DrainRecord> from_json(const json& object) {
    if (!object.is_object()) return std::nullopt;
    DrainRecord drain;
    if (const auto vrid = object.find("vrid"); vrid != object.end()) {
        // Without one, it would mean all of the interface.
        if (vrid->is_number_integer()) drain.vrid = protocol::Vrid::from(vrid->get<std::int64_t>());
        if (!drain.vrid) return std::nullopt;
    }
    if (const auto until = object.find("until"); until != object.end()) {
        if (!until->is_number_integer()) return std::nullopt;
        drain.until = DrainRecord::Time(std::chrono::seconds(until->get<std::int64_t>()));
    }
    if (const auto reason = object.find("reason"); reason != object.end()) {
        if (!reason->is_string()) return std::nullopt;
        drain.reason = reason->get<std::string>();
    }
    return drain;
}

/// Whether it was written in another network namespace, where an interface may have the same name. What is
/// from before the last boot is taken for this one's, as no namespace lasts that long.
bool is_of_another_namespace(const json& file) {
    return file.value("boot-id", json()) == boot_id() &&
           file.value("network-namespace", json()) != network_namespace_name();
}

/// Returns 0, or the errno.
int write_to_disk(const fs::path& path, const std::string& text) {
    const UniqueFd file(open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    if (!file) return errno;
    for (std::size_t written = 0; written < text.size();) {
        const ssize_t some = write(file.get(), text.data() + written, text.size() - written);
        if (some < 0) return errno;
        written += static_cast<std::size_t>(some);
    }
    return fsync(file.get()) == 0 ? 0 : errno;
}

/// Has the directory know on disk what is in it.
void settle(const fs::path& directory) {
    const UniqueFd opened(open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (opened) static_cast<void>(fsync(opened.get()));
}

/// That of a network namespace that has a name: it may never be there again.
void remove_if_empty(const fs::path& directory) {
    const fs::path all = directory.parent_path();
    if (all.filename() != kNamedNamespaces) return;
    std::error_code is_in_use;
    for (const fs::path& each : {directory, all}) fs::remove(each, is_in_use);
}

}  // namespace

Result<std::vector<DrainRecord>> read_drains(const std::string& interface) {
    const fs::path path = file_of(interface);
    std::error_code missing;
    if (!fs::exists(path, missing)) return std::vector<DrainRecord>{};
    std::ifstream file(path);
    std::stringstream text;
    text << file.rdbuf();
    const tl::unexpected<Error> unreadable = failure(
        path.string() + " is not what this program has written there: nothing counts as drained by it",
        "remove it, and drain again what is to be drained");
    const json parsed = json::parse(text.str(), nullptr, false);
    if (!parsed.is_object()) return unreadable;
    if (is_of_another_namespace(parsed)) return std::vector<DrainRecord>{};
    const json listed = parsed.value("drained", json());
    if (!listed.is_array()) return unreadable;
    std::vector<DrainRecord> drains;
    for (const json& each : listed) {
        const auto drain = from_json(each);
        if (!drain) return unreadable;
        drains.push_back(*drain);
    }
    return drains;
}

Result<void> write_drains(const std::string& interface, const std::vector<DrainRecord>& drains) {
    const fs::path path = file_of(interface);
    std::error_code error;
    if (drains.empty()) {
        const bool removed = fs::remove(path, error);
        if (error) return failed("removing", path, error.value());
        if (removed) settle(path.parent_path());
        remove_if_empty(path.parent_path());
        return {};
    }
    json file{{"interface", interface},
              {"boot-id", boot_id()},
              {"network-namespace", network_namespace_name()},
              {"drained", json::array()}};
    for (const DrainRecord& each : drains) file["drained"].push_back(to_json(each));
    fs::create_directories(path.parent_path(), error);
    if (error) return failed("making", path.parent_path(), error.value());
    const fs::path next = path.string() + ".new";
    const std::string text = file.dump(2, ' ', true, json::error_handler_t::replace) + "\n";
    if (const int wrong = write_to_disk(next, text); wrong != 0) return failed("writing", next, wrong);
    fs::rename(next, path, error);
    if (error) return failed("writing", path, error.value());
    settle(path.parent_path());
    return {};
}

}  // namespace vrrp_xdp::maintenance
