// SPDX-License-Identifier: BSD-2-Clause
// What serialize() writes, read by somebody who never saw our code: tshark.
#include <gmock/gmock.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

#include "builders.hpp"

namespace vrrp_xdp::protocol {
namespace {

using namespace std::chrono_literals;
using Bytes = std::vector<std::uint8_t>;

void append(Bytes& bytes, std::span<const std::uint8_t> more) {
    bytes.insert(bytes.end(), more.begin(), more.end());
}

void append16(Bytes& bytes, std::size_t value) {
    bytes.push_back(static_cast<std::uint8_t>(value >> 8));
    bytes.push_back(static_cast<std::uint8_t>(value));
}

/// The frame around a message, as RFC 9568 §5.1 has it.
Bytes frame(const Sample& sample) {
    const Bytes message = sample.bytes();
    const Envelope envelope = sample.envelope();
    const bool ipv4 = sample.family == Family::Ipv4;
    Bytes bytes = ipv4 ? Bytes{0x01, 0x00, 0x5e, 0x00, 0x00, 0x12} : Bytes{0x33, 0x33, 0, 0, 0, 0x12};
    append(bytes, MacAddress::of_virtual_router(vrid(sample.vrid), sample.family).bytes);
    append16(bytes, ipv4 ? 0x0800 : 0x86dd);
    if (ipv4) {
        append(bytes, Bytes{0x45, 0xc0});
        append16(bytes, 20 + message.size());
        // The header's own checksum stays 0: tshark does not judge it unless told to.
        append(bytes, Bytes{0, 0, 0, 0, envelope.ttl, 112, 0, 0});
    } else {
        append(bytes, Bytes{0x60, 0, 0, 0});
        append16(bytes, message.size());
        append(bytes, Bytes{112, envelope.ttl});
    }
    append(bytes, envelope.source.bytes());
    append(bytes, envelope.destination.bytes());
    append(bytes, message);
    return bytes;
}

/// A file that goes when the test does.
class TemporaryFile {
  public:
    TemporaryFile() {
        const int descriptor = mkstemp(path_.data());
        if (descriptor >= 0) close(descriptor);
    }
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;
    ~TemporaryFile() { std::remove(path_.c_str()); }
    const std::string& path() const { return path_; }

  private:
    std::string path_ = testing::TempDir() + "vrrp-xdp-XXXXXX";
};

void write_pcap(const std::string& path, const std::vector<Sample>& sent) {
    std::ofstream file(path, std::ios::binary);
    const auto put = [&file](std::initializer_list<std::uint32_t> words) {
        for (const std::uint32_t word : words) file.write(reinterpret_cast<const char*>(&word), sizeof(word));
    };
    put({0xa1b2c3d4, 4U << 16 | 2, 0, 0, 0xffff, 1});  // pcap 2.4, Ethernet
    for (const Sample& sample : sent) {
        const Bytes bytes = frame(sample);
        const auto size = static_cast<std::uint32_t>(bytes.size());
        put({0, 0, size, size});
        file.write(reinterpret_cast<const char*>(bytes.data()), size);
    }
}

std::vector<std::string> lines_of(const std::string& command) {
    std::string output;
    if (FILE* pipe = popen(command.c_str(), "r")) {
        for (int next = std::fgetc(pipe); next != EOF; next = std::fgetc(pipe))
            output.push_back(static_cast<char>(next));
        pclose(pipe);
    }
    std::vector<std::string> lines;
    std::istringstream stream(output);
    for (std::string line; std::getline(stream, line);) lines.push_back(line);
    return lines;
}

constexpr auto* kFields =
    " -e eth.src -e eth.dst -e ip.src -e ip.dst -e ip.ttl -e ipv6.src -e ipv6.dst -e ipv6.hlim"
    " -e vrrp.version -e vrrp.type -e vrrp.virt_rtr_id -e vrrp.prio -e vrrp.addr_count"
    " -e vrrp.auth_type -e vrrp.adver_int -e vrrp.reserved_mbz -e vrrp.short_adver_int"
    " -e vrrp.ip_addr -e vrrp.ipv6_addr -e vrrp.checksum.status";

/// One line a frame, its fields divided by bars and a field's values by commas.
std::vector<std::string> dissect(const std::vector<Sample>& sent, const std::string& options) {
    const TemporaryFile capture;
    write_pcap(capture.path(), sent);
    return lines_of("tshark -n -r " + capture.path() + ' ' + options + " -T fields -E separator='|'" +
                    kFields + " 2>/dev/null");
}

std::string joined(const std::vector<IpAddress>& addresses) {
    std::string text;
    for (const IpAddress& address : addresses) text += (text.empty() ? "" : ",") + address.to_string();
    return text;
}

enum class Checksum { Bad = 0, Good = 1 };

/// What tshark ought to say of a message, field by field as in kFields.
std::string meant(const Sample& sample, Checksum checksum) {
    const bool v2 = sample.version == Version::V2;
    const bool ipv4 = sample.family == Family::Ipv4;
    const std::string group = advertisement_group(sample.family).to_string();
    const std::string ends = sample.source().to_string() + '|' + group + "|255|";
    const std::string addresses = joined(sample.addresses());
    std::ostringstream line;
    line << MacAddress::of_virtual_router(vrid(sample.vrid), sample.family).to_string() << '|'
         << (ipv4 ? "01:00:5e:00:00:12" : "33:33:00:00:00:12") << '|'  //
         << (ipv4 ? ends + "|||" : "|||" + ends)                       //
         << static_cast<int>(sample.version) << "|1|" << sample.vrid << '|' << int{sample.priority} << '|'
         << sample.address_count << '|';
    if (v2)
        line << "0|" << sample.interval / 1s << "|||";
    else
        line << "||0|" << sample.interval / 10ms << '|';
    line << (ipv4 ? addresses + '|' : '|' + addresses) << '|' << static_cast<int>(checksum);
    return line.str();
}

std::vector<Sample> everything_sent() {
    auto all = samples();
    for (const auto form : {ChecksumForm::PseudoHeader, ChecksumForm::MessageOnly}) {
        all.push_back({.checksum = form, .priority = kFarewell});
        all.push_back({.checksum = form, .interval = 10ms, .address_count = 20});
        all.push_back({.checksum = form, .address_count = 255});
    }
    all.push_back({.version = Version::V2, .address_count = 255});
    all.push_back({.family = Family::Ipv6, .address_count = 64});
    return all;
}

class Dissector : public testing::Test {
  protected:
    void SetUp() override {
        if (lines_of("tshark --version 2>/dev/null").empty()) GTEST_SKIP() << "tshark is not installed";
    }

    /// Version 3 over IPv4 has a checksum of either form, and tshark calls only one of them good at a time.
    static void expect_read_as_meant(const std::string& options, ChecksumForm called_good) {
        const auto sent = everything_sent();
        const auto read = dissect(sent, options);
        ASSERT_EQ(read.size(), sent.size());
        for (std::size_t i = 0; i < sent.size(); ++i) {
            const bool choice = sent[i].version == Version::V3 && sent[i].family == Family::Ipv4;
            const bool good = !choice || sent[i].checksum == called_good;
            EXPECT_EQ(read[i], meant(sent[i], good ? Checksum::Good : Checksum::Bad));
        }
    }
};

// As it comes, tshark is of the deployed base's opinion, not of RFC 9568's: the pseudo-header counts.
TEST_F(Dissector, ReadsWhatWasMeant_AndCallsThePseudoHeaderFormGood) {
    expect_read_as_meant("-o vrrp.v3_checksum_as_in_v2:FALSE", ChecksumForm::PseudoHeader);
}

TEST_F(Dissector, CallsTheMessageOnlyFormGood_WhenToldSo_rfc9568_5_2_8) {
    expect_read_as_meant("-o vrrp.v3_checksum_as_in_v2:TRUE", ChecksumForm::MessageOnly);
}

}  // namespace
}  // namespace vrrp_xdp::protocol
