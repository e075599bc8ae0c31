// SPDX-License-Identifier: BSD-2-Clause
// vrrp-recorder: what passes the ports of a switch, with the kernel's receive times, and questions at a
// steady rate.
//
//   vrrp-recorder record FILE PORT...                    until SIGTERM
//   vrrp-recorder ask INTERFACE MICROSECONDS FRAME...    frames in hexadecimal, one at a time in turn, until
//   SIGTERM vrrp-recorder burst INTERFACE MICROSECONDS FRAME...  all of them at each time, with as few system
//   calls as it takes
//
// A record is made of each VRRP advertisement and of each ARP or Neighbour Discovery packet that says where
// an address is, as it came in at a port: who asks is recorded by nobody, and the copies that the switch
// sends out are not either.
#include <arpa/inet.h>
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string>
#include <vector>

namespace {

enum Kind : std::uint8_t { Advertisement = 1, Announcement = 2, Answer = 3 };

/// As vrrp_bench/records.py reads it.
struct Record {
    std::uint64_t time_ns;  ///< CLOCK_REALTIME
    std::uint8_t port;      ///< which of the command line
    std::uint8_t kind;
    std::uint8_t vrid;      ///< of an advertisement
    std::uint8_t priority;  ///< of an advertisement
    std::uint8_t version;   ///< of IP: 4 or 6
    std::uint8_t zero[3];
    std::uint8_t address[16];  ///< the announced address; for an advertisement, its source
};
static_assert(sizeof(Record) == 32);

constexpr std::size_t kBatch = 64;
constexpr std::size_t kSnapshot = 128;  // bytes of a frame that are looked at
constexpr int kReceiveBuffer = 256 << 20;

[[noreturn]] void fail(const std::string& what) {
    std::fprintf(stderr, "vrrp-recorder: %s: %s\n", what.c_str(), std::strerror(errno));
    std::exit(EXIT_FAILURE);
}

int open_socket(const char* interface, int protocol) {
    const int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
    if (fd < 0) fail("opening a packet socket");
    const int on = 1;
    setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof(on));
    setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof(on));
    setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &kReceiveBuffer, sizeof(kReceiveBuffer));
    // VRRP over either IP, ARP, ICMPv6; cut to what is looked at.
    std::array<sock_filter, 11> program{{
        {BPF_LD | BPF_H | BPF_ABS, 0, 0, 12},
        {BPF_JMP | BPF_JEQ | BPF_K, 7, 0, ETHERTYPE_ARP},
        {BPF_JMP | BPF_JEQ | BPF_K, 0, 2, ETHERTYPE_IP},
        {BPF_LD | BPF_B | BPF_ABS, 0, 0, 23},
        {BPF_JMP | BPF_JEQ | BPF_K, 4, 5, 112},
        {BPF_JMP | BPF_JEQ | BPF_K, 0, 4, ETHERTYPE_IPV6},
        {BPF_LD | BPF_B | BPF_ABS, 0, 0, 20},
        {BPF_JMP | BPF_JEQ | BPF_K, 1, 0, 112},
        {BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 58},
        {BPF_RET | BPF_K, 0, 0, kSnapshot},
        {BPF_RET | BPF_K, 0, 0, 0},
    }};
    const sock_fprog filter{static_cast<unsigned short>(program.size()), program.data()};
    if (protocol != 0 && setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof(filter)) != 0)
        fail("filtering");
    sockaddr_ll address{};
    address.sll_family = AF_PACKET;
    address.sll_protocol = htons(static_cast<std::uint16_t>(protocol));
    address.sll_ifindex = static_cast<int>(if_nametoindex(interface));
    if (bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) fail(interface);
    return fd;
}

int end_signals() {
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGINT);
    sigprocmask(SIG_BLOCK, &ends, nullptr);
    return signalfd(-1, &ends, SFD_CLOEXEC);
}

/// Whether the frame is one to be recorded; fills all but time and port.
bool parse(const std::uint8_t* frame, std::size_t length, Record& record) {
    constexpr std::size_t ethernet = 14;
    if (length < ethernet + 28) return false;
    const auto type = static_cast<unsigned>(frame[12] << 8 | frame[13]);
    const std::uint8_t* packet = frame + ethernet;
    length -= ethernet;
    if (type == ETHERTYPE_ARP) {
        const bool reply = packet[7] == 2;
        const bool gratuitous = std::memcmp(packet + 14, packet + 24, 4) == 0;
        record.kind = gratuitous ? Announcement : Answer;
        record.version = 4;
        std::memcpy(record.address, packet + 14, 4);
        return reply || gratuitous;
    }
    const bool ipv4 = type == ETHERTYPE_IP;
    const std::size_t header = ipv4 ? (packet[0] & 15U) * 4U : 40U;
    if (length < header + 8) return false;
    const std::uint8_t* payload = packet + header;
    record.version = ipv4 ? 4 : 6;
    if (packet[ipv4 ? 9 : 6] == 112) {
        record.kind = Advertisement;
        record.vrid = payload[1];
        record.priority = payload[2];
        std::memcpy(record.address, packet + (ipv4 ? 12 : 8), ipv4 ? 4 : 16);
        return true;
    }
    if (ipv4 || packet[6] != 58 || payload[0] != 136 || length < header + 24) return false;
    record.kind = (payload[4] & 0x40) != 0 ? Answer : Announcement;  // the Solicited flag
    std::memcpy(record.address, payload + 8, 16);
    return true;
}

/// Reads what is there and writes records of it.
void drain(int fd, std::uint8_t port, std::ofstream& file) {
    static std::array<std::array<std::uint8_t, kSnapshot>, kBatch> frames;
    static std::array<std::array<char, 64>, kBatch> controls;
    for (;;) {
        std::array<iovec, kBatch> buffers{};
        std::array<mmsghdr, kBatch> messages{};
        for (std::size_t i = 0; i < kBatch; ++i) {
            buffers[i] = {frames[i].data(), frames[i].size()};
            messages[i].msg_hdr.msg_iov = &buffers[i];
            messages[i].msg_hdr.msg_iovlen = 1;
            messages[i].msg_hdr.msg_control = controls[i].data();
            messages[i].msg_hdr.msg_controllen = controls[i].size();
        }
        const int count = recvmmsg(fd, messages.data(), kBatch, MSG_DONTWAIT, nullptr);
        if (count <= 0) return;
        for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
            Record record{};
            if (!parse(frames[i].data(), messages[i].msg_len, record)) continue;
            record.port = port;
            const cmsghdr* const control = CMSG_FIRSTHDR(&messages[i].msg_hdr);
            if (control == nullptr) continue;
            timespec time{};
            std::memcpy(&time, CMSG_DATA(control), sizeof(time));
            record.time_ns = static_cast<std::uint64_t>(time.tv_sec) * 1'000'000'000U +
                             static_cast<std::uint64_t>(time.tv_nsec);
            file.write(reinterpret_cast<const char*>(&record), sizeof(record));
        }
    }
}

int record(const char* path, const std::vector<const char*>& ports) {
    std::ofstream file(path, std::ios::binary);
    if (!file) fail(path);
    std::vector<pollfd> sources{{end_signals(), POLLIN, 0}};
    sources.reserve(1 + ports.size());
    for (const char* port : ports) sources.push_back({open_socket(port, ETH_P_ALL), POLLIN, 0});
    std::puts("ready");
    std::fflush(stdout);
    for (bool ending = false; !ending;) {
        if (poll(sources.data(), sources.size(), -1) < 0 && errno != EINTR) fail("waiting");
        ending = sources[0].revents != 0;
        for (std::size_t i = 1; i < sources.size(); ++i)
            drain(sources[i].fd, static_cast<std::uint8_t>(i - 1), file);
    }
    unsigned lost = 0;
    for (std::size_t i = 1; i < sources.size(); ++i) {
        tpacket_stats statistics{};
        socklen_t size = sizeof(statistics);
        if (getsockopt(sources[i].fd, SOL_PACKET, PACKET_STATISTICS, &statistics, &size) == 0)
            lost += statistics.tp_drops;
    }
    std::printf("lost %u\n", lost);
    return file.flush() ? EXIT_SUCCESS : EXIT_FAILURE;
}

std::vector<std::uint8_t> from_hexadecimal(const char* text) {
    std::vector<std::uint8_t> bytes;
    for (; text[0] != 0 && text[1] != 0; text += 2)
        bytes.push_back(static_cast<std::uint8_t>(std::stoul(std::string(text, 2), nullptr, 16)));
    return bytes;
}

int send_repeatedly(const char* interface, long microseconds, const std::vector<const char*>& frames,
                    std::size_t at_once) {
    std::vector<std::vector<std::uint8_t>> questions;
    questions.reserve(frames.size());
    for (const char* frame : frames) questions.push_back(from_hexadecimal(frame));
    const int fd = open_socket(interface, 0);
    const int timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
    const timespec period{microseconds / 1'000'000, microseconds % 1'000'000 * 1000};
    const itimerspec every{period, period};
    timerfd_settime(timer, 0, &every, nullptr);
    std::vector<iovec> buffers;
    buffers.reserve(questions.size());
    for (auto& question : questions) buffers.push_back({question.data(), question.size()});
    std::vector<mmsghdr> messages(questions.size());
    for (std::size_t i = 0; i < messages.size(); ++i) {
        messages[i].msg_hdr.msg_iov = &buffers[i];
        messages[i].msg_hdr.msg_iovlen = 1;
    }
    std::array<pollfd, 2> sources{{{end_signals(), POLLIN, 0}, {timer, POLLIN, 0}}};
    for (std::size_t next = 0; sources[0].revents == 0; next = (next + at_once) % messages.size()) {
        // What was missed is not made up for.
        std::uint64_t expirations = 0;
        if (poll(sources.data(), sources.size(), -1) < 0 ||
            (sources[1].revents != 0 && read(timer, &expirations, sizeof(expirations)) < 0))
            continue;
        sendmmsg(fd, &messages[next], static_cast<unsigned>(at_once), MSG_DONTWAIT);
    }
    return EXIT_SUCCESS;
}

}  // namespace

int main(int count, char** arguments) {
    const std::vector<const char*> words(arguments + 1, arguments + count);
    if (words.size() >= 3 && words[0] == std::string("record"))
        return record(words[1], {words.begin() + 2, words.end()});
    if (words.size() >= 4 && words[0] == std::string("ask"))
        return send_repeatedly(words[1], std::atol(words[2]), {words.begin() + 3, words.end()}, 1);
    if (words.size() >= 4 && words[0] == std::string("burst"))
        return send_repeatedly(words[1], std::atol(words[2]), {words.begin() + 3, words.end()},
                               words.size() - 3);
    std::fputs("usage: vrrp-recorder record FILE PORT... | (ask | burst) INTERFACE MICROSECONDS FRAME...\n",
               stderr);
    return 2;
}
