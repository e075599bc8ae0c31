// SPDX-License-Identifier: BSD-2-Clause
// A directory for histories, and ways to damage them.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace vrrp_xdp::history {

class HistoryTest : public ::testing::Test {
  protected:
    HistoryTest() {
        std::string name = (std::filesystem::temp_directory_path() / "vrrp-xdp-history-XXXXXX").string();
        directory_ = mkdtemp(name.data());
    }
    ~HistoryTest() override { std::filesystem::remove_all(directory_); }

    std::filesystem::path file() const { return directory_ / "history"; }

    /// Overwrites a few bytes.
    void write_at(std::streamoff offset, const std::string& bytes) const {
        std::fstream stream(file(), std::ios::in | std::ios::out | std::ios::binary);
        stream.seekp(offset);
        stream << bytes;
    }

    std::filesystem::path directory_;
};

}  // namespace vrrp_xdp::history
