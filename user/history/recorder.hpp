// SPDX-License-Identifier: BSD-2-Clause
// Writes down what an instance reports. For the ordinary thread: the disk may keep it waiting.
#pragma once

#include <spdlog/common.h>

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "history/ring.hpp"
#include "support/result.hpp"

namespace vrrp_xdp::history {

/// Where a history is below a state directory.
std::filesystem::path history_file(const std::filesystem::path& state_directory);

/// Everything that the log of this process says is a record, from the beginning of this object to its end. A
/// router serves its hosts whatever becomes of its history: what cannot be written is left out, and told
/// once.
class Recorder {
  public:
    /// Makes the directory and the file where they are missing, and writes down that an instance starts, and
    /// which ones have ended unexpectedly since the last start. version: of the program.
    static Result<std::unique_ptr<Recorder>> begin(const std::filesystem::path& state_directory,
                                                   const std::string& version);
    Recorder(const Recorder&) = delete;
    Recorder& operator=(const Recorder&) = delete;
    ~Recorder();

    /// Says what the next line of the log is about, as `vrrp-xdp events --json` would.
    void describe_next_line(nlohmann::json event) { description_ = std::move(event); }

    /// Writes down what is not in the log. event: with "event" and "message".
    void record(nlohmann::json event);

  private:
    class Tap;
    explicit Recorder(Ring ring) : ring_(std::move(ring)) {}
    void record_line(spdlog::level::level_enum level, const std::string& line);
    Result<void> write(nlohmann::json event);

    Ring ring_;
    nlohmann::json description_;
    spdlog::sink_ptr tap_;
    std::uint64_t left_out_ = 0;
    bool is_failing_ = false;
};

}  // namespace vrrp_xdp::history
