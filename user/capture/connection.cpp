// SPDX-License-Identifier: BSD-2-Clause
#include "capture/connection.hpp"

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#include <array>
#include <atomic>
#include <cstring>
#include <optional>

#include "capture/patience.hpp"
#include "control/control_socket.hpp"

namespace vrrp_xdp::capture {
namespace {

using nlohmann::json;

/// What an instance answers, with the ring and what is asked for where it captures.
struct Answer {
    std::string line;
    UniqueFd ring;
    UniqueFd asked;
};

/// Nothing where nobody listens.
Result<std::optional<UniqueFd>> connect_to(const std::string& interface) {
    UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (!socket) return system_failure("opening a socket");
    const auto endpoint = control::endpoint_of(interface);
    if (connect(socket.get(), endpoint.data(), static_cast<socklen_t>(endpoint.size())) != 0) {
        if (errno == ECONNREFUSED || errno == ENOENT) return std::nullopt;
        return system_failure("talking to the instance on " + interface, errno,
                              errno == EACCES ? "run as the user that it runs as, usually root" : "");
    }
    timeval patience{};
    patience.tv_sec = control::kPatience.count();
    setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    return std::optional<UniqueFd>(std::move(socket));
}

void take_descriptors(msghdr& message, Answer& answer) {
    for (cmsghdr* header = CMSG_FIRSTHDR(&message); header != nullptr;
         header = CMSG_NXTHDR(&message, header)) {
        std::array<int, 2> descriptors{};
        if (header->cmsg_type != SCM_RIGHTS || header->cmsg_len != CMSG_LEN(sizeof(descriptors))) continue;
        std::memcpy(descriptors.data(), CMSG_DATA(header), sizeof(descriptors));
        answer.ring = UniqueFd(descriptors[0]);
        answer.asked = UniqueFd(descriptors[1]);
    }
}

Result<Answer> hear(int socket, const std::string& interface) {
    Answer answer;
    while (answer.line.empty() || answer.line.back() != '\n') {
        std::array<char, 65536> bytes{};
        iovec vector{bytes.data(), bytes.size()};
        alignas(cmsghdr) std::array<char, CMSG_SPACE(2 * sizeof(int))> control{};
        msghdr message{};
        message.msg_iov = &vector;
        message.msg_iovlen = 1;
        message.msg_control = control.data();
        message.msg_controllen = control.size();
        const ssize_t heard = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
        if (heard < 0 && errno == EINTR) continue;
        if (heard < 0)
            return system_failure("waiting for the instance on " + interface, errno,
                                  "it hangs, is held still, or is busy");
        if (heard == 0) return failure("the instance on " + interface + " hung up");
        take_descriptors(message, answer);
        answer.line.append(bytes.data(), static_cast<std::size_t>(heard));
    }
    return answer;
}

Result<json> parse(const std::string& line, const std::string& interface) {
    json said = json::parse(line, nullptr, false);
    if (!said.is_object()) return failure("the instance on " + interface + " answered nonsense");
    if (!said.contains("error")) return said;
    const std::string error =
        said["error"].is_string() ? said["error"].get<std::string>() : said["error"].dump();
    if (error == "unknown request capture")
        return failure("the instance on " + interface + " is of a version that cannot capture",
                       "restart it with this one");
    return failure("the instance on " + interface + " does not capture: " + error, said.value("hint", ""));
}

}  // namespace

Result<std::unique_ptr<Connection>> Connection::open(const std::string& interface, const Filter& filter,
                                                     Handler handler) {
    auto socket = connect_to(interface);
    if (!socket) return tl::unexpected(socket.error());
    if (!*socket) return nullptr;
    json request = filter;
    request["request"] = "capture";
    const std::string line = request.dump() + "\n";
    // One that takes no more connections has said so, and hung up.
    static_cast<void>(send((*socket)->get(), line.data(), line.size(), MSG_NOSIGNAL));
    auto answer = hear((*socket)->get(), interface);
    if (!answer) return tl::unexpected(answer.error());
    const auto said = parse(answer->line, interface);
    if (!said) return tl::unexpected(said.error());
    if (!answer->ring || !answer->asked || said->value("version", 0U) != VRRP_XDP_CAPTURE_VERSION)
        return failure("the instance on " + interface + " is of another version", "restart it with this one");

    auto asked = Asked::map(answer->asked.get(), 1);
    if (!asked) return tl::unexpected(asked.error());
    std::unique_ptr<Connection> connection(
        new Connection(std::move(**socket), std::move(*asked), std::move(handler)));
    connection->ring_.reset(ring_buffer__new(answer->ring.get(), hand_over, connection.get(), nullptr));
    if (!connection->ring_) return system_failure("reading the ring of captured frames");
    connection->stay();
    if (auto understood = connection->understand(*said); !understood)
        return tl::unexpected(std::move(understood.error()).within("the instance on " + interface));
    return connection;
}

Result<void> Connection::understand(const json& said) {
    try {
        port_ = said.at("capturing").get<std::string>();
        for (const json& each : said.at("interfaces")) {
            Interface interface {
                each.at("name").get<std::string>(), {}
            };
            each.at("tags").at(0).get_to(interface.vlan.tag[0]);
            each.at("tags").at(1).get_to(interface.vlan.tag[1]);
            interfaces_.push_back(std::move(interface));
        }
        return {};
    } catch (const json::exception& error) {
        return failure(std::string("an answer that cannot be read: ") + error.what());
    }
}

void Connection::stay() const {
    std::atomic_ref(asked_[0].until_ns).store(boot_ns_in(kReaderPatience), std::memory_order_relaxed);
}

std::uint64_t Connection::lost() const {
    return std::atomic_ref(asked_[0].lost).load(std::memory_order_relaxed);
}

std::uint64_t Connection::limited() const {
    return std::atomic_ref(asked_[0].limited).load(std::memory_order_relaxed);
}

int Connection::hand_over(void* self, void* data, std::size_t bytes) {
    return static_cast<Connection*>(self)->handler_({static_cast<const std::uint8_t*>(data), bytes}) ? 0 : -1;
}

}  // namespace vrrp_xdp::capture
