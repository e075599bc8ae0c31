// SPDX-License-Identifier: BSD-2-Clause
// A directory for histories, and ways to damage them.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "temporary.hpp"

namespace vrrp_xdp::history {

class HistoryTest : public ::testing::Test {
  protected:
    std::filesystem::path file() const { return directory_ / "history"; }

    /// Overwrites a few bytes.
    void write_at(std::streamoff offset, const std::string& bytes) const {
        std::fstream stream(file(), std::ios::in | std::ios::out | std::ios::binary);
        stream.seekp(offset);
        stream << bytes;
    }

    const TemporaryDirectory temporary_;
    const std::filesystem::path& directory_ = temporary_.path();
};

}  // namespace vrrp_xdp::history
