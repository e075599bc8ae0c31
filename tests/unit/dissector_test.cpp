// SPDX-License-Identifier: BSD-2-Clause
// The frames that we send, read by somebody who never saw our code: tshark.
#include <gmock/gmock.h>

#include <fstream>
#include <string>

#include "builders.hpp"
#include "net/frames.hpp"
#include "temporary.hpp"

namespace vrrp_xdp::protocol {
namespace {

using namespace std::chrono_literals;

net::Frame frame_of(const Sample& sample) {
    const MacAddress from = MacAddress::of_virtual_router(vrid(sample.vrid), sample.family);
    return net::advertisement_frame(from, sample.source(), sample.bytes());
}

std::vector<net::Frame> frames_of(const std::vector<Sample>& samples) {
    std::vector<net::Frame> frames;
    for (const Sample& sample : samples) frames.push_back(frame_of(sample));
    return frames;
}

void write_pcap(const std::string& path, const std::vector<net::Frame>& sent) {
    std::ofstream file(path, std::ios::binary);
    const auto put = [&file](std::initializer_list<std::uint32_t> words) {
        for (const std::uint32_t word : words) file.write(reinterpret_cast<const char*>(&word), sizeof(word));
    };
    put({0xa1b2c3d4, 4U << 16 | 2, 0, 0, 0xffff, 1});  // pcap 2.4, Ethernet
    for (const net::Frame& frame : sent) {
        const auto size = static_cast<std::uint32_t>(frame.size());
        put({0, 0, size, size});
        file.write(reinterpret_cast<const char*>(frame.data()), size);
    }
}

constexpr auto* kAdvertisementFields =
    " -e eth.src -e eth.dst -e ip.src -e ip.dst -e ip.ttl -e ip.checksum.status"
    " -e ipv6.src -e ipv6.dst -e ipv6.hlim"
    " -e vrrp.version -e vrrp.type -e vrrp.virt_rtr_id -e vrrp.prio -e vrrp.addr_count"
    " -e vrrp.auth_type -e vrrp.adver_int -e vrrp.reserved_mbz -e vrrp.short_adver_int"
    " -e vrrp.ip_addr -e vrrp.ipv6_addr -e vrrp.checksum.status -e _ws.malformed";

/// One line a frame, its fields divided by bars and a field's values by commas.
std::vector<std::string> dissect(const std::vector<net::Frame>& sent, const std::string& options) {
    const TemporaryFile capture;
    write_pcap(capture.path(), sent);
    return lines_of("tshark -n -r " + capture.path() +
                    " -o ip.check_checksum:TRUE -T fields -E separator='|' " + options + " 2>/dev/null");
}

std::string joined(const std::vector<IpAddress>& addresses) {
    std::string text;
    for (const IpAddress& address : addresses) text += (text.empty() ? "" : ",") + address.to_string();
    return text;
}

enum class Checksum { Bad = 0, Good = 1 };

/// What tshark ought to say of a message, field by field as in kAdvertisementFields.
std::string meant(const Sample& sample, Checksum checksum) {
    const bool v2 = sample.version == Version::V2;
    const bool ipv4 = sample.family == Family::Ipv4;
    const std::string group = advertisement_group(sample.family).to_string();
    const std::string ends = sample.source().to_string() + '|' + group + "|255|";
    const std::string addresses = joined(sample.addresses());
    std::ostringstream line;
    line << MacAddress::of_virtual_router(vrid(sample.vrid), sample.family).to_string() << '|'
         << (ipv4 ? "01:00:5e:00:00:12" : "33:33:00:00:00:12") << '|'  //
         << (ipv4 ? ends + "1||||" : "||||" + ends)                    //
         << static_cast<int>(sample.version) << "|1|" << sample.vrid << '|' << int{sample.priority} << '|'
         << sample.address_count << '|';
    if (v2)
        line << "0|" << sample.interval / 1s << "|||";
    else
        line << "||0|" << sample.interval / 10ms << '|';
    line << (ipv4 ? addresses + '|' : '|' + addresses) << '|' << static_cast<int>(checksum) << '|';
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
    all.push_back({.family = Family::Ipv6, .address_count = 90});
    return all;
}

class Dissector : public testing::Test {
  protected:
    void SetUp() override {
        ASSERT_FALSE(lines_of("tshark --version 2>/dev/null").empty())
            << "there is no tshark; scripts/packages lists what the tests need";
    }

    /// Version 3 over IPv4 has a checksum of either form, and tshark calls only one of them good at a time.
    static void expect_read_as_meant(const std::string& options, ChecksumForm called_good) {
        const auto sent = everything_sent();
        const auto read = dissect(frames_of(sent), options + kAdvertisementFields);
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

net::Frame announcement(const char* address) {
    const IpAddress announced = ip(address);
    return net::announcement_frame(MacAddress::of_virtual_router(vrid(10), announced.family()), announced);
}

TEST_F(Dissector, ReadsAnnouncementsOfIpv4Addresses_AsGratuitousArp) {
    const auto read = dissect({announcement("192.0.2.254")},
                              "-Y arp.isgratuitous -e eth.src -e eth.dst -e arp.src.hw_mac"
                              " -e arp.src.proto_ipv4 -e arp.dst.proto_ipv4 -e _ws.malformed");
    EXPECT_THAT(read, testing::ElementsAre("00:00:5e:00:01:0a|ff:ff:ff:ff:ff:ff|00:00:5e:00:01:0a|"
                                           "192.0.2.254|192.0.2.254|"));
}

TEST_F(Dissector, ReadsAnnouncementsOfIpv6Addresses_AsNeighbourAdvertisementsWithRouterAndOverride) {
    const auto read = dissect({announcement("fe80::fe"), announcement("2001:db8::fe")},
                              "-e eth.src -e eth.dst -e ipv6.src -e ipv6.dst -e ipv6.hlim -e icmpv6.type"
                              " -e icmpv6.code -e icmpv6.checksum.status -e icmpv6.nd.na.flag"
                              " -e icmpv6.nd.na.target_address -e icmpv6.opt.type -e icmpv6.opt.linkaddr"
                              " -e _ws.malformed");
    const auto meant_of = [](const std::string& address) {
        return "00:00:5e:00:02:0a|33:33:00:00:00:01|" + address + "|ff02::1|255|136|0|1|0xa0000000|" +
               address + "|2|00:00:5e:00:02:0a|";
    };
    EXPECT_THAT(read, testing::ElementsAre(meant_of("fe80::fe"), meant_of("2001:db8::fe")));
}

}  // namespace
}  // namespace vrrp_xdp::protocol
