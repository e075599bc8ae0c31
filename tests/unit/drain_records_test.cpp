// SPDX-License-Identifier: BSD-2-Clause
// What is drained, on disk.
#include "maintenance/drain_records.hpp"

#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "support/state_directory.hpp"
#include "temporary.hpp"

namespace vrrp_xdp::maintenance {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class DrainRecords : public testing::Test {
  protected:
    DrainRecords() { setenv("STATE_DIRECTORY", (root_ + "/state:/elsewhere").c_str(), 1); }
    ~DrainRecords() override { unsetenv("STATE_DIRECTORY"); }
    DrainRecords(const DrainRecords&) = delete;
    DrainRecords& operator=(const DrainRecords&) = delete;

    static fs::path file() { return state_directory() / "drained-eth0.1.json"; }
    static void write(const std::string& text) {
        fs::create_directories(state_directory());
        std::ofstream(file()) << text;
    }
    const TemporaryDirectory temporary_;
    const std::string root_ = temporary_.path();
};

TEST_F(DrainRecords, AreReadAsTheyWereWritten) {
    const DrainRecord all{.reason = "new kernel \xff"};
    const DrainRecord one{.vrid = protocol::Vrid::from(10),
                          .until = DrainRecord::Time(std::chrono::seconds(1'900'000'000))};
    ASSERT_TRUE(write_drains("eth0.1", {all, one}));
    EXPECT_TRUE(file().string().starts_with(root_ + "/state"));
    const auto read = read_drains("eth0.1");
    ASSERT_TRUE(read);
    ASSERT_EQ(read->size(), 2U);
    EXPECT_THAT(read->at(0).reason, HasSubstr("new kernel"));
    EXPECT_EQ(read->at(1), one);
    EXPECT_THAT(*read_drains("eth1"), IsEmpty());
}

TEST_F(DrainRecords, LeaveNoFile_WhereNothingIsDrained) {
    ASSERT_TRUE(write_drains("eth0.1", {}));
    ASSERT_TRUE(write_drains("eth0.1", {DrainRecord{}}));
    EXPECT_TRUE(fs::exists(file()));
    ASSERT_TRUE(write_drains("eth0.1", {}));
    EXPECT_FALSE(fs::exists(file()));
}

TEST_F(DrainRecords, OfAnotherNetworkNamespace_CountOnlyFromBeforeTheLastBoot) {
    std::ifstream boot("/proc/sys/kernel/random/boot_id");
    std::string id;
    boot >> id;
    const std::string rest = R"(", "network-namespace": "net-1", "drained": [{}]})";
    write(R"({"boot-id": ")" + id + rest);
    EXPECT_THAT(*read_drains("eth0.1"), IsEmpty());
    write(R"({"boot-id": "another)" + rest);
    EXPECT_THAT(*read_drains("eth0.1"), ElementsAre(DrainRecord{}));
}

TEST_F(DrainRecords, ThatCannotBeUnderstood_AreAnErrorThatNamesTheFile) {
    for (const char* text :
         {"", "{", "[]", "{}", R"({"drained": 1})", R"({"drained": [1]})", R"({"drained": [{"vrid": "x"}]})",
          R"({"drained": [{"vrid": 256}]})", R"({"drained": [{"until": true}]})"}) {
        write(text);
        const auto read = read_drains("eth0.1");
        ASSERT_FALSE(read) << text;
        EXPECT_THAT(read.error().what, HasSubstr("drained-eth0.1.json"));
        EXPECT_THAT(read.error().hint, HasSubstr("remove it"));
    }
}

TEST_F(DrainRecords, ThatCannotBeWritten_AreAnErrorThatSaysWhatTheyAreFor) {
    std::ofstream(root_ + "/state") << "a file where the directory is to be";
    const auto written = write_drains("eth0.1", {DrainRecord{}});
    ASSERT_FALSE(written);
    EXPECT_THAT(written.error().hint, HasSubstr("drained"));
}

}  // namespace
}  // namespace vrrp_xdp::maintenance
