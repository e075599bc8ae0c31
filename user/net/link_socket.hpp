// SPDX-License-Identifier: BSD-2-Clause
// Out of an interface and into its filters: how frames leave, and how the NIC is told what to let in.
#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "net/frames.hpp"
#include "net/peer_socket.hpp"
#include "protocol/types.hpp"
#include "support/result.hpp"
#include "support/unique_fd.hpp"

namespace vrrp_xdp::net {

/// A packet socket bound to one interface. It receives nothing; what it asked of the NIC ends with it.
class LinkSocket {
  public:
    /// Constructs a socket of no interface, which sends nothing.
    LinkSocket() = default;
    static Result<LinkSocket> open(unsigned interface_index);

    /// Opens the NIC's unicast filter for the address; promiscuous mode if it cannot.
    Result<void> admit(const protocol::MacAddress& address) const;

    /// Makes the kernel a member of the group, which reports it by IGMP or MLD from the interface's own MAC
    /// and opens the NIC's multicast filter. While the interface has no IPv6, as with an MTU below 1280, an
    /// IPv6 group is noted alone: see join_again().
    Result<void> join(const protocol::IpAddress& group);

    /// Joins a group of groups() again, of which the kernel is a member no longer: with the IPv6 of an
    /// interface its memberships go, and do not come back with it. For a thread of its own beside who sends.
    Result<void> join_again(const protocol::IpAddress& group);

    /// Returns the groups that were to be joined.
    std::vector<protocol::IpAddress> groups() const;

    /// Returns whether frames are sent through the interface: not once it has left the network namespace,
    /// even if it has come back with the same index.
    bool is_bound() const;

    int fd() const { return packet_.get(); }

  private:
    LinkSocket(UniqueFd packet, unsigned interface_index)
        : packet_(std::move(packet)), interface_index_(interface_index) {}
    struct Membership {
        protocol::IpAddress group;
        int member;  ///< which of the sockets; -1 while that cannot be
    };
    /// Returns the socket that is a member now, or an errno.
    tl::expected<int, int> become_member(const protocol::IpAddress& group);

    UniqueFd packet_;
    std::vector<UniqueFd> members_;  ///< sockets that do nothing but be members; of IPv4 groups
    std::vector<UniqueFd> members6_;
    std::vector<Membership> memberships_;
    unsigned interface_index_ = 0;
};

/// Frames that leave one interface together. All memory is taken when it is made.
class FrameBatch {
  public:
    /// Constructs an empty batch. capacity: the number of frames between two flushes.
    explicit FrameBatch(std::size_t capacity);

    /// Adds a frame, which must not move until the flush. tag: returned if the frame was sent.
    void add(const Frame& frame, std::uint32_t tag) { add(frame, nullptr, 0, tag); }
    void add(const Outgoing& packet, std::uint32_t tag) {
        add(packet.bytes, &packet.to.address, packet.to.length, tag);
    }

    bool empty() const { return used_ == 0; }

    /// Hands every frame to the kernel without waiting, as few system calls as it takes, and calls sent(tag)
    /// for each that it took, in order. Returns 0, or the errno of the first that it did not take.
    template <typename Sent>
    int flush(int socket, Sent&& sent) {
        int first_error = 0;
        for (std::size_t next = 0; next < used_;) {
            const int taken = send_from(socket, next);
            if (taken < 0 && first_error == 0) first_error = -taken;
            for (int i = 0; i < taken; ++i) sent(tags_[next + static_cast<std::size_t>(i)]);
            // A refused frame is passed over: the ones behind it belong to other elections.
            next += taken > 0 ? static_cast<std::size_t>(taken) : 1;
        }
        used_ = 0;
        return first_error;
    }

  private:
    /// Frames taken, at least 1, or a negative errno.
    int send_from(int socket, std::size_t first);
    void add(const Frame& frame, const sockaddr_in6* to, socklen_t to_bytes, std::uint32_t tag);

    std::vector<iovec> buffers_;
    std::vector<mmsghdr> messages_;
    std::vector<std::uint32_t> tags_;
    std::size_t used_ = 0;
};

}  // namespace vrrp_xdp::net
