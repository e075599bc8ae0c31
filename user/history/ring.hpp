// SPDX-License-Identifier: BSD-2-Clause
// A file of fixed size that holds the last records. Any number of processes append to it at the same time,
// and what they wrote can be read whether or not one of them lives.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "support/result.hpp"
#include "support/unique_fd.hpp"

namespace vrrp_xdp::history {

struct Record {
    std::uint64_t sequence = 0;  ///< from 1; one more than the record before
    std::int64_t time_ns = 0;    ///< of CLOCK_REALTIME, which may have been set back since the record before
    std::uint32_t pid = 0;       ///< who wrote it
    std::string text{};

    friend bool operator==(const Record&, const Record&) = default;
};

struct Contents {
    std::vector<Record> records;  ///< the oldest first
    std::uint64_t damaged = 0;    ///< how many were lost: torn by a crash, or overwritten by somebody else
};

class Ring {
  public:
    static constexpr std::uint64_t kSlots = 8192;
    /// Longer texts are refused.
    static constexpr std::size_t kLongestText = 992;

    /// Opens the file for appending, and makes it if there is none: all of its blocks at once, so that a disk
    /// that is full later does not matter. Leaves a file alone that is not a ring. slots: how many records a
    /// new one holds.
    static Result<Ring> open(const std::filesystem::path& file, std::uint64_t slots = kSlots);

    /// Writes a record in place of the oldest. Fails if the disk or another process does not let it, and has
    /// then changed nothing. Waits for 20 ms at most for another process, and as long as the disk takes.
    Result<void> append(std::string_view text, std::int64_t time_ns);

  private:
    Ring(UniqueFd file, std::string name, std::uint64_t slots, std::uint64_t next)
        : file_(std::move(file)), name_(std::move(name)), slots_(slots), next_(next) {}
    bool is_taken(std::uint64_t sequence) const;

    UniqueFd file_;
    std::string name_;
    std::uint64_t slots_;
    std::uint64_t next_;  ///< the sequence of the next record, unless another process has written one
};

/// Reads all records, without a lock. Fails if there is no such file, or if it is not a ring.
Result<Contents> read_ring(const std::filesystem::path& file);

}  // namespace vrrp_xdp::history
