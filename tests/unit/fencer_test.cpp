// SPDX-License-Identifier: BSD-2-Clause
// What the guardian judges by, and what it ends, on memory like that which its controller shares with it.
#include "guardian/fencer.hpp"

#include <gmock/gmock.h>
#include <sys/mman.h>
#include <unistd.h>

#include "support/unique_fd.hpp"

namespace vrrp_xdp::guardian {
namespace {

using testing::Eq;
using testing::Ge;
using testing::Optional;

constexpr Nanoseconds kSecond = 1'000'000'000;

/// Memory of so many bytes, all 0, that two can map.
class SharedMemory {
  public:
    SharedMemory(const char* name, std::size_t bytes) : fd_(memfd_create(name, MFD_CLOEXEC)), bytes_(bytes) {
        EXPECT_EQ(ftruncate(fd_.get(), static_cast<off_t>(bytes)), 0);
        memory_ = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd_.get(), 0);
        EXPECT_NE(memory_, MAP_FAILED);
    }
    SharedMemory(const SharedMemory&) = delete;
    SharedMemory& operator=(const SharedMemory&) = delete;
    ~SharedMemory() { munmap(memory_, bytes_); }

    int fd() const { return fd_.get(); }
    template <typename T>
    T* as() const {
        return static_cast<T*>(memory_);
    }

  private:
    UniqueFd fd_;
    std::size_t bytes_;
    void* memory_ = nullptr;
};

/// A controller with one election, which is Active, and the guardian's view of it.
class FencerTest : public testing::Test {
  protected:
    FencerTest() {
        plan().fencing_entries = 1;
        FencingEntry& entry = *plan().first();
        entry.leases = leases_.fd();
        entry.place(plan().first_farewell(), 0);
        entry.interval_ns = kSecond;
        lease() = boot_now() + 3 * kSecond;
        fencer_ = Fencer::make(plan_.fd());
    }

    FencingPlan& plan() const { return *plan_.as<FencingPlan>(); }
    __u64& lease() const { return leases_.as<vrrp_xdp_lease>()->deadline_ns; }
    Fencer& fencer() { return *fencer_; }

  private:
    SharedMemory plan_{"plan", FencingPlan::bytes(1, 0)};
    SharedMemory leases_{"leases", VRRP_XDP_MAX_ELECTIONS * sizeof(vrrp_xdp_lease)};
    std::optional<Fencer> fencer_;
};

TEST_F(FencerTest, ControllerThatHasNotBegun_IsNotSilent) { EXPECT_EQ(fencer().silence(), std::nullopt); }

TEST_F(FencerTest, Silence_CountsFromTheLastHeartbeat) {
    plan().heartbeat_ns = boot_now() - kSecond;
    EXPECT_THAT(fencer().silence(), Optional(Ge(kSecond)));
}

TEST_F(FencerTest, HeartbeatOfAMomentLater_IsNoSilence) {
    plan().heartbeat_ns = boot_now() + 100 * kSecond;
    EXPECT_THAT(fencer().silence(), Optional(Eq(0U)));
}

TEST_F(FencerTest, Patience_IsThreeHeartbeats_WhileALeaseRuns) {
    EXPECT_THAT(fencer().patience(), Optional(3 * kHeartbeatNs));
    lease() = 0;
    EXPECT_EQ(fencer().patience(), std::nullopt);
}

TEST_F(FencerTest, EndAll_EndsTheLeases_ThatSoMuchSilenceIsTooLongFor) {
    EXPECT_EQ(fencer().end_all(2 * kHeartbeatNs).leases, 0U);
    EXPECT_NE(lease(), 0U);
    EXPECT_EQ(fencer().end_all(3 * kHeartbeatNs).leases, 1U);
    EXPECT_EQ(lease(), 0U);
}

TEST_F(FencerTest, EndAll_LeavesAlone_WhatIsAnothersNow) {
    plan().first()->interval_ns = 0;
    EXPECT_EQ(fencer().end_all(~Nanoseconds{0}).leases, 0U);
    EXPECT_NE(lease(), 0U);
}

}  // namespace
}  // namespace vrrp_xdp::guardian
