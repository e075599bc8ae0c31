// SPDX-License-Identifier: BSD-2-Clause
// vrrp-traffic: small UDP packets at a steady rate from a host, and what becomes of them at a server.
//
//   vrrp-traffic receive ADDRESS PORT FILE     until SIGTERM
//   vrrp-traffic send ADDRESS PORT RATE        packets a second, until SIGTERM; then says how many
//
// What a pause of the sender has held up is sent after it, so that so many lost packets are so much time.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
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
#include <ctime>
#include <fstream>
#include <string>

namespace {

/// What a packet carries, in host byte order: both ends are on one machine.
struct Packet {
    std::uint64_t number;
    std::uint64_t sent_ns;  ///< CLOCK_REALTIME
};

/// As vrrp_bench/forwarding.py reads it.
struct Arrival {
    Packet packet;
    std::uint64_t arrived_ns;  ///< CLOCK_REALTIME, the kernel's
};
static_assert(sizeof(Arrival) == 24);

constexpr std::size_t kBatch = 64;
constexpr int kReceiveBuffer = 64 << 20;
constexpr std::uint64_t kSecondNs = 1'000'000'000;

[[noreturn]] void fail(const std::string& what) {
    std::fprintf(stderr, "vrrp-traffic: %s: %s\n", what.c_str(), std::strerror(errno));
    std::exit(EXIT_FAILURE);
}

std::uint64_t nanoseconds(const timespec& time) {
    return static_cast<std::uint64_t>(time.tv_sec) * kSecondNs + static_cast<std::uint64_t>(time.tv_nsec);
}

std::uint64_t now_ns(clockid_t clock) {
    timespec now{};
    clock_gettime(clock, &now);
    return nanoseconds(now);
}

int open_socket() {
    const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0) fail("opening a socket");
    return fd;
}

sockaddr_in address_of(const char* address, const char* port) {
    sockaddr_in made{};
    made.sin_family = AF_INET;
    made.sin_port = htons(static_cast<std::uint16_t>(std::atoi(port)));
    if (inet_pton(AF_INET, address, &made.sin_addr) != 1) fail(address);
    return made;
}

int end_signals() {
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGINT);
    sigprocmask(SIG_BLOCK, &ends, nullptr);
    return signalfd(-1, &ends, SFD_CLOEXEC);
}

/// Waits for either; whether it is the end.
bool wait(int ends, int source) {
    std::array<pollfd, 2> sources{{{ends, POLLIN, 0}, {source, POLLIN, 0}}};
    if (poll(sources.data(), sources.size(), -1) < 0 && errno != EINTR) fail("waiting");
    return sources[0].revents != 0;
}

int send(const sockaddr_in& destination, std::uint64_t rate) {
    const int fd = open_socket();
    const int ends = end_signals();
    const int timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
    const std::uint64_t period = kSecondNs / rate;
    const timespec apart{static_cast<time_t>(period / kSecondNs), static_cast<long>(period % kSecondNs)};
    const itimerspec every{apart, apart};
    timerfd_settime(timer, 0, &every, nullptr);

    const std::uint64_t began = now_ns(CLOCK_MONOTONIC);
    std::uint64_t sent = 0;
    while (!wait(ends, timer)) {
        std::uint64_t expirations = 0;
        if (read(timer, &expirations, sizeof(expirations)) < 0) continue;
        const std::uint64_t due = (now_ns(CLOCK_MONOTONIC) - began) * rate / kSecondNs;
        for (; sent < due; ++sent) {
            const Packet packet{sent, now_ns(CLOCK_REALTIME)};
            // Where there is no way at the moment, it is lost, and counted so, because it never arrives.
            sendto(fd, &packet, sizeof(packet), MSG_DONTWAIT, reinterpret_cast<const sockaddr*>(&destination),
                   sizeof(destination));
        }
    }
    std::printf("sent %llu\n", static_cast<unsigned long long>(sent));
    return EXIT_SUCCESS;
}

/// Reads what is there.
void drain(int fd, std::ofstream& file) {
    std::array<Packet, kBatch> packets{};
    std::array<std::array<char, 64>, kBatch> controls{};
    std::array<iovec, kBatch> buffers{};
    std::array<mmsghdr, kBatch> messages{};
    for (std::size_t i = 0; i < kBatch; ++i) {
        buffers[i] = {&packets[i], sizeof(Packet)};
        messages[i].msg_hdr.msg_iov = &buffers[i];
        messages[i].msg_hdr.msg_iovlen = 1;
        messages[i].msg_hdr.msg_control = controls[i].data();
        messages[i].msg_hdr.msg_controllen = controls[i].size();
    }
    const int count = recvmmsg(fd, messages.data(), kBatch, MSG_DONTWAIT, nullptr);
    for (int i = 0; i < count; ++i) {
        const auto at = static_cast<std::size_t>(i);
        const cmsghdr* const control = CMSG_FIRSTHDR(&messages[at].msg_hdr);
        if (messages[at].msg_len != sizeof(Packet) || control == nullptr) continue;
        timespec time{};
        std::memcpy(&time, CMSG_DATA(control), sizeof(time));
        const Arrival arrival{packets[at], nanoseconds(time)};
        file.write(reinterpret_cast<const char*>(&arrival), sizeof(arrival));
    }
}

int receive(const sockaddr_in& address, const char* path) {
    std::ofstream file(path, std::ios::binary);
    if (!file) fail(path);
    const int fd = open_socket();
    const int on = 1;
    setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof(on));
    setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &kReceiveBuffer, sizeof(kReceiveBuffer));
    if (bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) fail("binding");
    const int ends = end_signals();
    std::puts("ready");
    std::fflush(stdout);
    for (bool ending = false; !ending;) {
        ending = wait(ends, fd);
        drain(fd, file);
    }
    return file.flush() ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace

int main(int count, char** arguments) {
    const std::string word = count == 5 ? arguments[1] : "";
    if (word == "send") return send(address_of(arguments[2], arguments[3]), std::stoul(arguments[4]));
    if (word == "receive") return receive(address_of(arguments[2], arguments[3]), arguments[4]);
    std::fputs("usage: vrrp-traffic send ADDRESS PORT RATE | receive ADDRESS PORT FILE\n", stderr);
    return 2;
}
