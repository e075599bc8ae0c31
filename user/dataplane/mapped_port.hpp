// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <bpf/libbpf.h>

#include <memory>

#include "dataplane/port.hpp"
#include "dataplane/shared_array.hpp"
#include "support/result.hpp"

struct vrrp_xdp_bpf;

namespace vrrp_xdp::dataplane {

/// A port's maps as elections use them: arrays in memory that the programs share, and the ring of events.
class MappedPort final : public Port {
  public:
    /// Maps the arrays of loaded programs. Fails with what the kernel says.
    static Result<std::unique_ptr<MappedPort>> map(const vrrp_xdp_bpf& skeleton);

    void store_lease(std::uint32_t slot, protocol::TimePoint deadline) noexcept override;
    bool extend_lease(std::uint32_t slot, protocol::TimePoint from, protocol::TimePoint to) noexcept override;
    void store_firm(std::uint32_t slot, protocol::TimePoint until) noexcept override;
    bool is_succeeded(std::uint32_t slot) const noexcept override;
    protocol::TimePoint lease(std::uint32_t slot) const noexcept override;
    void expect(std::uint32_t slot, std::uint64_t digest, std::uint64_t differences,
                protocol::TimePoint followed) noexcept override;
    void tell_patience(std::uint32_t slot, protocol::Duration active_down_interval) noexcept override;
    void tell_better_from(std::uint32_t slot, protocol::Priority priority) noexcept override;
    protocol::TimePoint last_heard(std::uint32_t slot) const noexcept override;
    Remainder consume_events(const EventHandler& handler, std::size_t at_most) override;

    /// Returns a copy of what is noted of the gaps between heartbeats. For any thread.
    vrrp_xdp_gaps gaps(std::uint32_t slot) const noexcept;

    /// Readable when events wait.
    int event_fd() const { return ring_buffer__epoll_fd(ring_.get()); }

    /// File descriptors of maps, which are the port's.
    struct SharedMaps {
        int leases;
        int stamps;
    };
    /// Returns what a guardian shares with the controller.
    SharedMaps shared_maps() const { return shared_; }

  private:
    MappedPort(SharedArray<vrrp_xdp_lease> leases, SharedArray<vrrp_xdp_expected> expected,
               SharedArray<const vrrp_xdp_stamp> stamps, SharedArray<const vrrp_xdp_gaps> gaps,
               SharedMaps shared)
        : leases_(std::move(leases)),
          expected_(std::move(expected)),
          stamps_(std::move(stamps)),
          gaps_(std::move(gaps)),
          shared_(shared) {}

    static int on_record(void* context, void* data, std::size_t size);
    vrrp_xdp_stamp& stamp(std::uint32_t slot) const noexcept;

    struct FreeRingBuffer {
        void operator()(ring_buffer* ring) const { ring_buffer__free(ring); }
    };

    SharedArray<vrrp_xdp_lease> leases_;
    SharedArray<vrrp_xdp_expected> expected_;
    SharedArray<const vrrp_xdp_stamp> stamps_;
    SharedArray<const vrrp_xdp_gaps> gaps_;
    SharedMaps shared_;
    std::unique_ptr<ring_buffer, FreeRingBuffer> ring_;
    const EventHandler* handler_ = nullptr;
    std::size_t still_taken_ = 0;
};

}  // namespace vrrp_xdp::dataplane
