// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "capture/pcapng.hpp"
#include "capture/record.hpp"
#include "support/result.hpp"
#include "support/unique_fd.hpp"

namespace vrrp_xdp::capture {

/// A capture as one stream of pcapng. What is added is written by flush(), or before when it is much.
class Output {
  public:
    struct Events {
        std::function<void()> written;    ///< called when the other end has taken something
        std::function<bool()> is_wanted;  ///< asked when it takes nothing: whether to wait on
    };
    Output(UniqueFd file, std::string_view application, std::uint32_t snap_length, Events events);

    /// Describes an interface before its first frame.
    void add_interface(const std::string& name) { interface(name); }

    void add(const std::string& interface, const Record& record);

    /// Frames that are not in the stream, though they were asked for.
    void add_left_out(const std::string& interface, std::uint64_t lost, std::uint64_t limited);

    /// The counts of each interface, which go to the end.
    void add_statistics();

    /// Waits for as long as the other end does.
    void flush();

    /// Whether anything more can be written: not when the other end is closed, the disk is full, or it was
    /// given up.
    bool is_open() const { return is_open_; }
    /// Why not, where it is neither the other end's wish nor ours; else 0.
    int error() const { return error_; }

    struct Counts {
        std::uint64_t written = 0;
        std::uint64_t lost = 0;
        std::uint64_t limited = 0;
    };
    /// Of all interfaces.
    Counts counts() const;

  private:
    struct Interface {
        std::uint32_t number;
        Counts counts{};
    };
    Interface& interface(const std::string& name);
    void wait_for_reader();

    UniqueFd file_;
    std::uint32_t snap_length_;
    Events events_;
    std::string waiting_;
    std::map<std::string, Interface> interfaces_;
    std::chrono::nanoseconds boot_{};  ///< when this machine has started, in UTC
    bool is_open_ = true;
    int error_ = 0;
};

}  // namespace vrrp_xdp::capture
