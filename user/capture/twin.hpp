// SPDX-License-Identifier: BSD-2-Clause
// The capturing programs of a port.
#pragma once

#include <vrrp_xdp_capture.skel.h>

#include <memory>

#include "dataplane/attached_port.hpp"
#include "dataplane/shared_array.hpp"
#include "support/result.hpp"
#include "vrrp_xdp/capture.h"

namespace vrrp_xdp::capture {

/// Programs that work on a port's maps and report what they do. They stand in the places of the port's own
/// programs from one frame to the next, until the end of this.
class Twin {
  public:
    /// Loads them, which takes the verifier some tenths of a second, and puts them in place.
    static Result<std::unique_ptr<Twin>> put_in_place(const std::shared_ptr<dataplane::AttachedPort>& port,
                                                      const vrrp_xdp_capture& asked);
    Twin(const Twin&) = delete;
    Twin& operator=(const Twin&) = delete;
    ~Twin();

    /// Of the ring buffer that they report in, and of the array with struct vrrp_xdp_capture.
    int ring_fd() const;
    int asked_fd() const;

    bool is_of(const dataplane::AttachedPort* port) const { return port_.lock().get() == port; }
    /// Whether the reader still lives and reads.
    bool is_read() const;

  private:
    struct Destroy {
        void operator()(vrrp_xdp_capture_bpf* skeleton) const { vrrp_xdp_capture_bpf__destroy(skeleton); }
    };
    using Skeleton = std::unique_ptr<vrrp_xdp_capture_bpf, Destroy>;
    using Asked = dataplane::SharedArray<vrrp_xdp_capture>;

    static Result<Skeleton> load(const dataplane::AttachedPort& port);
    Twin(std::weak_ptr<dataplane::AttachedPort> port, Skeleton skeleton, Asked asked)
        : port_(std::move(port)), skeleton_(std::move(skeleton)), asked_(std::move(asked)) {}

    std::weak_ptr<dataplane::AttachedPort> port_;  ///< whose end must not wait for a capture
    Skeleton skeleton_;
    Asked asked_;
};

}  // namespace vrrp_xdp::capture
