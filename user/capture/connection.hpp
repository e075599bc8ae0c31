// SPDX-License-Identifier: BSD-2-Clause
// The reader's end of a capture.
#pragma once

#include <bpf/libbpf.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "capture/filter.hpp"
#include "dataplane/shared_array.hpp"
#include "support/result.hpp"
#include "support/unique_fd.hpp"

namespace vrrp_xdp::capture {

/// A capture at one port, which lasts as long as this and as somebody calls stay().
class Connection {
  public:
    /// An interface of the port, and the VLAN tags that its frames have there.
    struct Interface {
        std::string name;
        vrrp_xdp_vlan vlan;
    };
    /// Gets each frame as the programs report it. False ends a drain().
    using Handler = std::function<bool(std::span<const std::uint8_t> reported)>;

    /// Asks the instance that serves this interface to capture at its port. Nothing if none does.
    static Result<std::unique_ptr<Connection>> open(const std::string& interface, const Filter& filter,
                                                    Handler handler);
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    ~Connection() = default;

    const std::string& port() const { return port_; }
    const std::vector<Interface>& interfaces() const { return interfaces_; }

    /// Readable when there are frames to drain().
    int frames_fd() const { return ring_buffer__epoll_fd(ring_.get()); }
    /// Readable when the instance has ended the capture, or itself.
    int end_fd() const { return socket_.get(); }

    /// Hands over all frames that are there.
    void drain() const { ring_buffer__consume(ring_.get()); }

    /// A sign of life, without which frames are captured for no longer than kReaderPatience.
    void stay() const;

    std::uint64_t lost() const;     ///< frames that the ring had no room for
    std::uint64_t limited() const;  ///< frames that came faster than the rate

  private:
    struct FreeRing {
        void operator()(ring_buffer* ring) const { ring_buffer__free(ring); }
    };
    using Asked = dataplane::SharedArray<vrrp_xdp_capture>;
    static int hand_over(void* self, void* data, std::size_t bytes);
    Connection(UniqueFd socket, Asked asked, Handler handler)
        : socket_(std::move(socket)), asked_(std::move(asked)), handler_(std::move(handler)) {}
    Result<void> understand(const nlohmann::json& said);

    UniqueFd socket_;
    Asked asked_;
    Handler handler_;
    std::unique_ptr<ring_buffer, FreeRing> ring_;
    std::string port_;
    std::vector<Interface> interfaces_;
};

}  // namespace vrrp_xdp::capture
