// SPDX-License-Identifier: BSD-2-Clause
// The BPF programs, loaded but attached nowhere, with one Virtual Router in their maps; frames are run
// through them by BPF_PROG_TEST_RUN. They are loaded once, which takes most of a test's time, and leave the
// test with their maps empty but for the counters, of which only differences are looked at.
#pragma once

#include <bpf/libbpf.h>
#include <gtest/gtest.h>
#include <vrrp_xdp.skel.h>
#include <vrrp_xdp_capture.skel.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "dataplane/shared_array.hpp"
#include "outcome.hpp"
#include "protocol/advertisement.hpp"
#include "support/packet.hpp"
#include "vrrp_xdp/abi.h"
#include "vrrp_xdp/capture.h"

namespace vrrp_xdp::test {

/// CLOCK_BOOTTIME, in the nanoseconds of leases and stamps.
std::uint64_t boot_now();

inline constexpr std::uint8_t kVersion2 = VRRP_XDP_VERSION_BIT(2);
inline constexpr std::uint8_t kVersion3 = VRRP_XDP_VERSION_BIT(3);

/// A Virtual Router of ours, as the maps have it.
struct Router {
    std::uint8_t vrid = 10;
    std::vector<std::string> addresses{"192.0.2.254"};
    std::vector<std::uint16_t> tags{};  ///< as struct vrrp_xdp_vlan spells them
    std::uint8_t versions = kVersion3;
    std::uint8_t flags = 0;
    vrrp_xdp_family family = VRRP_XDP_IPV4;
    std::optional<MacAddress> own_mac{};  ///< in place of the virtual one
    std::vector<std::string> peers{};     ///< the only ones to be heard, if there are any
    std::uint8_t minimum_ttl = 255;
    std::optional<protocol::SharedSecret> secret{};
    std::uint32_t ifindex = 1;  ///< of its interface; the loopback interface carries number 1 everywhere
};

/// The default Router{}'s VRID over IPv6, which is another election.
inline Router ipv6_router() { return {.addresses = {"fe80::fe", "2001:db8::fe"}, .family = VRRP_XDP_IPV6}; }

/// An event, and the bytes that the ring buffer held for it.
struct Event {
    vrrp_xdp_event record;
    std::size_t bytes;

    Bytes message() const { return {record.message, record.message + record.length}; }
};

/// Has the Virtual Router of a default Router{} in slot 0, not Active. The interface has the MAC kRouterMac.
class DataPlane : public ::testing::Test {
  protected:
    DataPlane();
    ~DataPlane() override;

    /// Adds to the maps; returns the slot, which counts from 0 in the order of adding.
    std::uint32_t add(const Router& router);

    /// Active for as long as any test takes.
    void become_active(std::uint32_t slot = 0) { set_lease(boot_now() + 3'600'000'000'000, slot); }
    void become_backup(std::uint32_t slot = 0) { set_lease(0, slot); }
    /// Firm to its end.
    void set_lease(std::uint64_t deadline_ns, std::uint32_t slot = 0);
    /// From then on another router's word ends it.
    void set_firm(std::uint64_t until_ns, std::uint32_t slot = 0);
    /// The controller follows the Active Router that sends this.
    void expect_advertisement(const IpAddress& source, const Bytes& message, std::uint64_t differences = 0,
                              std::uint32_t slot = 0);
    /// From this priority on, another router's advertisements can move the election.
    void tell_better_from(std::uint8_t priority, std::uint32_t slot = 0);
    /// The followed router was heard at these times, first and last, and this router waits so long for it.
    void follow_since(std::uint64_t first_ns, std::uint64_t last_ns, std::uint64_t patience_ns);
    vrrp_xdp_stamp stamp(std::uint32_t slot = 0) const { return stamps_[slot]; }
    vrrp_xdp_gaps gaps(std::uint32_t slot = 0) const { return gaps_[slot]; }
    void set_gaps(const vrrp_xdp_gaps& gaps) { gaps_[0] = gaps; }

    /// The frame comes in, long after the one before it, on this interface. It goes through the clsact
    /// program and through the XDP program, and fails the test where they differ.
    Outcome receive(const Bytes& frame, std::uint32_t ifindex = 1);
    /// The same right behind the one before it.
    Outcome receive_at_once(const Bytes& frame) { return receive_times(frame, 1); }
    /// The frame passes the clsact hook.
    Outcome ingress(const Bytes& frame);
    Outcome egress(const Bytes& frame);
    /// The same frame so many times, with nobody reading events meanwhile.
    Outcome receive_times(const Bytes& frame, int times);

    /// Verdict and frame alone, where thousands of frames make reading all counters too slow.
    Outcome receive_unwatched(const Bytes& frame) const;

    /// The events of the last run.
    const std::vector<Event>& events() const { return events_; }

    const vrrp_xdp_bpf& skeleton() const { return *skeleton_; }

    /// The programs that frames are run through.
    struct Programs {
        const bpf_program* xdp;
        const bpf_program* clsact;
        const bpf_program* egress;
    };
    const Programs& programs() const { return programs_; }

    /// From now on they are the capturing ones, on the same maps. All tests are run with them where
    /// VRRP_XDP_TEST_CAPTURING is in the environment.
    const vrrp_xdp_capture_bpf& run_capturing_programs();

  private:
    struct FreeRingBuffer {
        void operator()(ring_buffer* ring) const { ring_buffer__free(ring); }
    };
    using Traces = std::map<std::string, std::uint64_t>;

    static int on_event(void* self, void* data, std::size_t bytes);
    /// What it returns, and what it left behind.
    Outcome watch(const std::function<Outcome()>& run_program);
    Traces counters() const;
    std::vector<vrrp_xdp_stamp> stamps() const;

    const vrrp_xdp_bpf* skeleton_;
    Programs programs_;
    std::unique_ptr<ring_buffer, FreeRingBuffer> ring_;
    dataplane::SharedArray<vrrp_xdp_lease> leases_;
    dataplane::SharedArray<vrrp_xdp_expected> expected_;
    dataplane::SharedArray<vrrp_xdp_stamp> stamps_;
    dataplane::SharedArray<vrrp_xdp_gaps> gaps_;
    dataplane::SharedArray<vrrp_xdp_vr> untagged_routers_;
    dataplane::SharedArray<std::uint64_t> address_filter_;
    std::uint32_t routers_ = 0;
    std::vector<Event> events_;
};

/// Has that of ipv6_router() besides, in kSlot6, not Active either.
class DualStack : public DataPlane {
  protected:
    DualStack() { add(ipv6_router()); }
    static constexpr std::uint32_t kSlot6 = 1;
};

}  // namespace vrrp_xdp::test
