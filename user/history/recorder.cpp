// SPDX-License-Identifier: BSD-2-Clause
#include "history/recorder.hpp"

#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <optional>
#include <regex>
#include <system_error>
#include <utility>

#include "history/moment.hpp"
#include "support/boot_id.hpp"

namespace vrrp_xdp::history {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

std::string first_line(const fs::path& file) {
    std::ifstream stream(file);
    std::string line;
    std::getline(stream, line);
    return line;
}

std::string dumped(const json& event) { return event.dump(-1, ' ', false, json::error_handler_t::replace); }

/// As text that a record can hold. What is too long loses the end of its message.
std::string fitted(json event) {
    std::string text = dumped(event);
    while (text.size() > Ring::kLongestText) {
        std::string message = event.value("message", "");
        const std::size_t excess = text.size() - Ring::kLongestText + 3;
        if (message.size() <= excess)
            return dumped({{"event", event.value("event", "log")}, {"message", "was too long for a record"}});
        message.resize(message.size() - excess);
        event["message"] = message + "...";
        text = dumped(event);
    }
    return text;
}

/// Whether it runs still. It may have the pid of one before that has died.
bool is_running(std::uint32_t pid) {
    return std::cmp_not_equal(pid, getpid()) &&
           first_line("/proc/" + std::to_string(pid) + "/comm") == "vrrp-xdp";
}

/// The last record of each instance that has not written its end.
struct Unended {
    std::int64_t last_ns;
    std::string boot;
};

std::map<std::uint32_t, Unended> unended_of(const std::vector<Record>& records) {
    std::map<std::uint32_t, Unended> all;
    for (const Record& record : records) {
        const json event = json::parse(record.text, nullptr, false);
        if (!event.is_object()) continue;
        const std::string kind = event.value("event", "");
        if (kind == "instance-started")
            all[record.pid] = {record.time_ns, event.value("boot", "")};
        else if (kind == "instance-ended")
            all.erase(record.pid);
        else if (kind == "instance-lost")
            all.erase(event.value("lost-pid", 0U));
        if (const auto found = all.find(record.pid); found != all.end())
            found->second.last_ns = record.time_ns;
    }
    return all;
}

/// "eth0: detached", "eth0 vrid 10 ipv4: backup -> active": what the beginning of a line says of whom it is
/// about. The kernel allows neither spaces nor slashes in an interface's name, and 15 characters.
void add_subject(json& event, const std::string& line) {
    static const std::regex subject("([^ /:]{1,15})(?: vrid ([0-9]{1,3}) (ipv[46]))?: ");
    std::smatch parts;
    if (!std::regex_search(line, parts, subject, std::regex_constants::match_continuous)) return;
    event["interface"] = parts[1].str();
    if (!parts[2].matched) return;
    event["vrid"] = std::stoi(parts[2].str());
    event["address-family"] = parts[3].str();
}

}  // namespace

fs::path history_file(const fs::path& state_directory) { return state_directory / "history"; }

/// What the log says goes to its recorder as well.
class Recorder::Tap final : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
  public:
    explicit Tap(Recorder& recorder) : recorder_(recorder) {}

  private:
    void sink_it_(const spdlog::details::log_msg& line) override {
        recorder_.record_line(line.level, std::string(line.payload.begin(), line.payload.end()));
    }
    void flush_() override {}

    Recorder& recorder_;
};

Result<std::unique_ptr<Recorder>> Recorder::begin(const fs::path& state_directory,
                                                  const std::string& version) {
    std::error_code error;
    fs::create_directories(state_directory, error);
    if (error) return system_failure("making the state directory " + state_directory.string(), error.value());
    const fs::path file = history_file(state_directory);
    auto ring = Ring::open(file);
    if (!ring) return tl::unexpected(ring.error());
    const auto before = read_ring(file);
    if (!before) return tl::unexpected(before.error());
    std::unique_ptr<Recorder> recorder(new Recorder(std::move(*ring)));

    const std::string boot = boot_id();
    for (const auto& [pid, unended] : unended_of(before->records)) {
        const bool same_boot = unended.boot == boot;
        if (same_boot && is_running(pid)) continue;
        recorder->record(
            {{"event", "instance-lost"},
             {"lost-pid", pid},
             {"last-record", calendar_time(unended.last_ns)},
             {"message",
              fmt::format("the instance with pid {} has ended unexpectedly, after {}: {}", pid,
                          calendar_time(unended.last_ns),
                          same_boot ? "it was killed or has crashed" : "the machine was restarted")}});
    }
    recorder->record({{"event", "instance-started"},
                      {"boot", boot},
                      {"version", version},
                      {"message", fmt::format("vrrp-xdp {} starts, pid {}", version, getpid())}});
    recorder->tap_ = std::make_shared<Tap>(*recorder);
    spdlog::default_logger()->sinks().push_back(recorder->tap_);
    return recorder;
}

Recorder::~Recorder() {
    if (!tap_) return;
    std::erase(spdlog::default_logger()->sinks(), tap_);
    record({{"event", "instance-ended"}, {"message", fmt::format("vrrp-xdp ends, pid {}", getpid())}});
}

void Recorder::record_line(spdlog::level::level_enum level, const std::string& line) {
    json event = std::exchange(description_, nullptr);
    if (event.is_null()) event = {{"event", "log"}};
    if (level >= spdlog::level::warn) event["level"] = level == spdlog::level::warn ? "warning" : "error";
    event["message"] = line;
    if (!event.contains("interface")) add_subject(event, line);
    record(std::move(event));
}

void Recorder::record(json event) {
    if (left_out_ > 0) {
        const auto told = write({{"event", "records-left-out"},
                                 {"count", left_out_},
                                 {"message", fmt::format("{} records could not be written", left_out_)}});
        if (told) left_out_ = 0;
    }
    const auto written = write(std::move(event));
    if (!written) ++left_out_;
    if (std::exchange(is_failing_, !written) == !written) return;
    if (written)
        spdlog::info("the history is written again");
    else
        spdlog::warn("the history is not written: {}; trying again with each record", written.error().what);
}

Result<void> Recorder::write(json event) { return ring_.append(fitted(std::move(event)), calendar_now()); }

}  // namespace vrrp_xdp::history
