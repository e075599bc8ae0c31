// SPDX-License-Identifier: BSD-2-Clause
// What is written as pcapng, byte by byte and as tshark reads it.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstring>
#include <fstream>
#include <vector>

#include "capture/output.hpp"
#include "capture/pcapng.hpp"
#include "temporary.hpp"

namespace vrrp_xdp::capture {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

/// A block's 32-bit words.
std::vector<std::uint32_t> words(const std::string& block) {
    EXPECT_EQ(block.size() % 4, 0U);
    std::vector<std::uint32_t> found(block.size() / 4);
    std::memcpy(found.data(), block.data(), found.size() * 4);
    return found;
}

std::uint32_t word(const char (&text)[5]) {
    std::uint32_t found = 0;
    std::memcpy(&found, text, sizeof(found));
    return found;
}

/// Code and length of an option, as this machine's byte order has them in a word.
std::uint32_t option(std::uint16_t code, std::uint16_t length) {
    const std::uint16_t both[]{code, length};
    std::uint32_t found = 0;
    std::memcpy(&found, both, sizeof(found));
    return found;
}

TEST(Pcapng, SectionHeader) {
    EXPECT_THAT(words(pcapng::section_header("abcd")),
                ElementsAre(0x0a0d0d0a, 40, 0x1a2b3c4d, option(1, 0), 0xffffffff, 0xffffffff, option(4, 4),
                            word("abcd"), 0, 40));
}

TEST(Pcapng, InterfaceDescription_WithNanoseconds) {
    EXPECT_THAT(words(pcapng::interface_description("eth0", "", 9216)),
                ElementsAre(1, 40, option(1, 0), 9216, option(2, 4), word("eth0"), option(9, 1), 9, 0, 40));
}

TEST(Pcapng, EnhancedPacket_IsPadded) {
    const std::vector<std::uint8_t> bytes{'a', 'b', 'c', 'd', 'e'};
    EXPECT_THAT(words(pcapng::enhanced_packet({.interface = 3,
                                               .time = std::chrono::nanoseconds(0x1'0000'0002),
                                               .bytes = bytes,
                                               .length = 60,
                                               .direction = pcapng::Direction::Outbound,
                                               .comment = "ok"})),
                ElementsAre(6, 60, 3, 1, 2, 5, 60, word("abcd"), 'e', option(1, 2), 'o' | 'k' << 8,
                            option(2, 4), 2, 0, 60));
}

TEST(Pcapng, InterfaceStatistics) {
    EXPECT_THAT(words(pcapng::interface_statistics({.interface = 1, .time = 5ns, .written = 7, .lost = 2})),
                ElementsAre(5, 52, 1, 0, 5, option(4, 8), 9, 0, option(7, 8), 2, 0, 0, 52));
}

TEST(Pcapng, CommentThatIsTooLong_IsCut) {
    const std::string text(70000, 'x');
    const auto block = words(pcapng::enhanced_packet({.comment = text}));
    EXPECT_EQ(block[7], option(1, 65535));
    EXPECT_EQ(block[1], block.back());
    EXPECT_EQ(block[1], block.size() * 4);
}

// ---- The whole stream.

class Stream : public testing::Test {
  protected:
    Output open() {
        return {UniqueFd(::open(file_.path().c_str(), O_WRONLY)),
                "test",
                9216,
                {.written = [] {}, .is_wanted = [] { return true; }}};
    }

    const TemporaryFile file_;
};

Record record(const std::string& comment, bool outbound) {
    // An ARP request, as far as its Ethernet header goes.
    return {.time_ns = 1'000'000'000,
            .outbound = outbound,
            .length = 60,
            .bytes = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0, 1, 0x08, 0x06},
            .comment = comment};
}

std::vector<std::string> tshark(const std::string& path) {
    const std::string command = "tshark -n -r " + path +
                                " -T fields -E separator='|' -e frame.interface_name -e frame.comment "
                                "-e frame.len -e frame.cap_len -e frame.packet_flags_direction 2>&1";
    std::vector<std::string> lines = lines_of(command);
    std::erase_if(lines,
                  [](const std::string& line) { return line.find("Running as user") != std::string::npos; });
    return lines;
}

TEST_F(Stream, IsReadByTshark) {
    Output output = open();
    output.add("eth0", record("vrid 10 ipv4 answered: arp-answered", false));
    output.add("eth0.20", record("vrid 20 ipv4 sent", true));
    output.add("eth0", record("vrid 10 ipv4 dropped", false));
    output.add_left_out("eth0", 2, 3);
    output.add_statistics();
    output.flush();
    EXPECT_THAT(tshark(file_.path()), ElementsAre("eth0|vrid 10 ipv4 answered: arp-answered|60|14|0x00000001",
                                                  "eth0.20|vrid 20 ipv4 sent|60|14|0x00000002",
                                                  "eth0|vrid 10 ipv4 dropped|60|14|0x00000001"));
    EXPECT_EQ(output.counts().written, 3U);
    EXPECT_EQ(output.counts().lost, 2U);
    EXPECT_EQ(output.counts().limited, 3U);
}

TEST_F(Stream, WhoseReaderHasLeft_IsClosed_AndThatIsNoError) {
    std::array<int, 2> ends{};
    ASSERT_EQ(pipe(ends.data()), 0);
    close(ends[0]);
    Output output(UniqueFd(ends[1]), "test", 9216, {.written = [] {}, .is_wanted = [] { return true; }});
    std::signal(SIGPIPE, SIG_IGN);
    output.flush();
    EXPECT_FALSE(output.is_open());
    EXPECT_EQ(output.error(), 0);
}

TEST_F(Stream, WhoseReaderTakesNothing_IsGivenUpWhenNobodyWantsIt) {
    std::array<int, 2> ends{};
    ASSERT_EQ(pipe2(ends.data(), O_NONBLOCK), 0);
    const UniqueFd reader(ends[0]);
    Output output(UniqueFd(ends[1]), "test", 9216, {.written = [] {}, .is_wanted = [] { return false; }});
    for (int i = 0; i < 3000; ++i) output.add("eth0", record("no room", false));
    output.flush();
    EXPECT_FALSE(output.is_open());
}

TEST(StreamToAFullDisk, TellsWhy) {
    Output output(UniqueFd(::open("/dev/full", O_WRONLY)), "test", 9216,
                  {.written = [] {}, .is_wanted = [] { return true; }});
    output.flush();
    EXPECT_FALSE(output.is_open());
    EXPECT_EQ(output.error(), ENOSPC);
}

}  // namespace
}  // namespace vrrp_xdp::capture
