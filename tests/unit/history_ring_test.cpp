// SPDX-License-Identifier: BSD-2-Clause
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <set>

#include "history/ring.hpp"
#include "history_files.hpp"

namespace vrrp_xdp::history {
namespace {

constexpr std::uint64_t kSlots = 8;
constexpr std::streamoff kSlotBytes = 1024;
constexpr std::streamoff kTextOffset = 32;  // behind the header of a slot

std::vector<std::string> texts_of(const Contents& contents) {
    std::vector<std::string> texts;
    for (const Record& record : contents.records) texts.push_back(record.text);
    return texts;
}

class RingTest : public HistoryTest {
  protected:
    Ring open() const {
        auto ring = Ring::open(file(), kSlots);
        EXPECT_TRUE(ring) << ring.error().what;
        return std::move(*ring);
    }
    static void append(Ring& ring, std::initializer_list<const char*> texts) {
        for (const char* text : texts) {
            const auto appended = ring.append(text, 7);
            ASSERT_TRUE(appended) << appended.error().what;
        }
    }
    Contents read() const {
        const auto contents = read_ring(file());
        EXPECT_TRUE(contents) << contents.error().what;
        return *contents;
    }
    /// Where the text of the record with this sequence is.
    static std::streamoff text_at(std::uint64_t sequence) {
        return (static_cast<std::streamoff>(sequence % kSlots) + 1) * kSlotBytes + kTextOffset;
    }
};

TEST_F(RingTest, Records_AreReadInOrder_WithTimeAndPid) {
    Ring ring = open();
    append(ring, {"one", "two"});
    const Contents contents = read();
    const auto pid = static_cast<std::uint32_t>(getpid());
    EXPECT_EQ(contents.records, (std::vector<Record>{{1, 7, pid, "one"}, {2, 7, pid, "two"}}));
    EXPECT_EQ(contents.damaged, 0);
}

TEST_F(RingTest, FullRing_LosesTheOldest_AndKeepsItsSize) {
    Ring ring = open();
    const auto size = std::filesystem::file_size(file());
    for (int i = 1; i <= 21; ++i) append(ring, {std::to_string(i).c_str()});
    EXPECT_EQ(texts_of(read()), (std::vector<std::string>{"14", "15", "16", "17", "18", "19", "20", "21"}));
    EXPECT_EQ(read().damaged, 0);
    EXPECT_EQ(std::filesystem::file_size(file()), size);
}

TEST_F(RingTest, NextInstance_GoesOnBehindTheLastRecord) {
    for (const char* text : {"one", "two", "three"}) {
        Ring ring = open();
        append(ring, {text});
    }
    EXPECT_EQ(texts_of(read()), (std::vector<std::string>{"one", "two", "three"}));
}

TEST_F(RingTest, TornLastRecord_IsLostAlone_AndTold) {
    {
        Ring ring = open();
        append(ring, {"one", "two", "three"});
    }
    write_at(text_at(3), "xx");
    EXPECT_EQ(texts_of(read()), (std::vector<std::string>{"one", "two"}));
    EXPECT_EQ(read().damaged, 1);
    Ring ring = open();
    append(ring, {"four"});
    EXPECT_EQ(texts_of(read()), (std::vector<std::string>{"one", "two", "four"}));
    EXPECT_EQ(read().damaged, 1);
    for (int i = 0; i < 10; ++i) append(ring, {"more"});
    EXPECT_EQ(read().damaged, 0);
}

TEST_F(RingTest, TornRecordInTheMiddle_IsLostAlone_AndTold) {
    Ring ring = open();
    append(ring, {"one", "two", "three"});
    write_at(text_at(2), "xx");
    EXPECT_EQ(texts_of(read()), (std::vector<std::string>{"one", "three"}));
    EXPECT_EQ(read().damaged, 1);
}

TEST_F(RingTest, AnyLengthInASlot_IsReadWithoutHarm) {
    Ring ring = open();
    append(ring, {"one"});
    write_at(text_at(1) - 4, "\xff\xff\xff\xff");
    EXPECT_EQ(texts_of(read()), std::vector<std::string>{});
    EXPECT_EQ(read().damaged, 1);
}

TEST_F(RingTest, ForeignFile_IsLeftAlone) {
    std::ofstream(file()) << "somebody's notes";
    for (const std::string& error : {Ring::open(file(), kSlots).error().what, read_ring(file()).error().what})
        EXPECT_EQ(error, file().string() + " is not a history that vrrp-xdp wrote");
    EXPECT_EQ(std::filesystem::file_size(file()), 16);
}

TEST_F(RingTest, CutFile_IsRefused) {
    open();
    std::filesystem::resize_file(file(), 3000);
    EXPECT_EQ(Ring::open(file(), kSlots).error().what,
              file().string() + " is shorter than it says: somebody has cut it off");
}

TEST_F(RingTest, OtherVersion_IsRefused) {
    open();
    write_at(16, "\x09");
    EXPECT_EQ(Ring::open(file(), kSlots).error().what,
              file().string() + " is a history of another version of vrrp-xdp");
}

TEST_F(RingTest, MissingFile_CannotBeRead) {
    EXPECT_EQ(read_ring(file()).error().what, "opening " + file().string() + ": No such file or directory");
}

TEST_F(RingTest, TooLongText_IsRefused) {
    Ring ring = open();
    EXPECT_FALSE(ring.append(std::string(Ring::kLongestText + 1, 'x'), 0));
    EXPECT_TRUE(ring.append(std::string(Ring::kLongestText, 'x'), 0));
    EXPECT_EQ(read().records.front().text.size(), Ring::kLongestText);
}

/// Files that grow beyond it fail as those on a full disk do.
class FileSizeLimit {
  public:
    explicit FileSizeLimit(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
        getrlimit(RLIMIT_FSIZE, &before_);
        const rlimit limit{bytes, before_.rlim_max};
        setrlimit(RLIMIT_FSIZE, &limit);
    }
    FileSizeLimit(const FileSizeLimit&) = delete;
    FileSizeLimit& operator=(const FileSizeLimit&) = delete;
    ~FileSizeLimit() {
        setrlimit(RLIMIT_FSIZE, &before_);
        std::signal(SIGXFSZ, handler_);
    }

  private:
    rlimit before_{};
    void (*handler_)(int);
};

TEST_F(RingTest, NoRoomForTheFile_FailsAndLeavesNothing) {
    const FileSizeLimit limit(4096);
    EXPECT_FALSE(Ring::open(file(), kSlots));
    EXPECT_TRUE(std::filesystem::is_empty(directory_));
}

TEST_F(RingTest, FailedWrite_IsAnError_AndTheNextOneSucceeds) {
    Ring ring = open();
    append(ring, {"one"});
    {
        const FileSizeLimit limit(1024);
        EXPECT_FALSE(ring.append("two", 7));
    }
    append(ring, {"three"});
    EXPECT_EQ(texts_of(read()), (std::vector<std::string>{"one", "three"}));
    EXPECT_EQ(read().damaged, 0);
}

TEST_F(RingTest, ReadOnlyDirectory_IsAnError) {
    std::filesystem::permissions(directory_, std::filesystem::perms(0555));
    // Permissions say nothing to root.
    const bool is_root = geteuid() == 0;
    if (is_root) ASSERT_EQ(seteuid(65534), 0);
    const auto opened = Ring::open(file(), kSlots);
    if (is_root) ASSERT_EQ(seteuid(0), 0);
    std::filesystem::permissions(directory_, std::filesystem::perms(0755));
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().what, "making " + file().string() + ": Permission denied");
}

TEST_F(RingTest, TwoWriters_LoseNothing) {
    constexpr int kEach = 200;
    const auto write = [&](char name) {
        auto ring = Ring::open(file());
        for (int i = 0; i < kEach; ++i)
            while (!ring->append(name + std::to_string(i), 0))
                continue;  // while the other one holds the lock
    };
    ASSERT_TRUE(Ring::open(file(), 1024));
    const pid_t child = fork();
    if (child == 0) {
        write('a');
        _exit(0);
    }
    write('b');
    int status = -1;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
    const Contents contents = read();
    const auto texts = texts_of(contents);
    EXPECT_EQ(std::set<std::string>(texts.begin(), texts.end()).size(), 2 * kEach);
    EXPECT_EQ(contents.damaged, 0);
}

}  // namespace
}  // namespace vrrp_xdp::history
