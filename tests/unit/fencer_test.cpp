// SPDX-License-Identifier: BSD-2-Clause
// What the guardian judges by, and what it ends, on memory like that which its controller shares with it.
#include "guardian/fencer.hpp"

#include <gmock/gmock.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

#include "support/unique_fd.hpp"

namespace vrrp_xdp::guardian {
namespace {

using testing::AllOf;
using testing::Eq;
using testing::Ge;
using testing::Le;
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
        plan().farewells = 1;
        FencingEntry& entry = *plan().first();
        entry.leases = leases_.fd();
        entry.stamps = stamps_.fd();
        entry.place(plan().first_farewell(), 1, 0);
        entry.interval_ns = kSecond;
        EXPECT_EQ(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, sockets_.data()), 0);
        farewell().socket = sockets_[0];
        farewell().length = 8;
        lease().deadline_ns = sent_ + 4 * kSecond;
        lease().firm_ns = sent_ + kSecond;
        fencer_ = Fencer::make(plan_.fd());
    }

    ~FencerTest() override {
        for (const int end : sockets_) close(end);
    }

    FencingPlan& plan() const { return *plan_.as<FencingPlan>(); }
    vrrp_xdp_lease& lease() const { return *leases_.as<vrrp_xdp_lease>(); }
    Farewell& farewell() const { return *plan().first_farewell(); }
    Fencer& fencer() { return *fencer_; }

    const Nanoseconds sent_ = boot_now();  ///< the last advertisement

  private:
    SharedMemory plan_{"plan", FencingPlan::bytes(1, 1)};
    SharedMemory leases_{"leases", VRRP_XDP_MAX_ELECTIONS * sizeof(vrrp_xdp_lease)};
    SharedMemory stamps_{"stamps", VRRP_XDP_MAX_ELECTIONS * sizeof(vrrp_xdp_stamp)};
    std::array<int, 2> sockets_{};
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
    lease().deadline_ns = 0;
    EXPECT_EQ(fencer().patience(), std::nullopt);
}

TEST_F(FencerTest, SilenceThatIsNotTooLong_ChangesNothing) {
    EXPECT_EQ(fencer().give_up(2 * kHeartbeatNs).leases, 0U);
    EXPECT_EQ(lease().deadline_ns, sent_ + 4 * kSecond);
    EXPECT_EQ(lease().firm_ns, sent_ + kSecond);
}

TEST_F(FencerTest, GivenUp_AnyWordFromNowOnEndsIt_AndTheControllerFindsAnotherDeadline) {
    const Nanoseconds before = boot_now();
    EXPECT_EQ(fencer().give_up(3 * kHeartbeatNs).leases, 1U);
    EXPECT_EQ(lease().deadline_ns, sent_ + 4 * kSecond - 1);
    EXPECT_THAT(lease().firm_ns, AllOf(Ge(before), Le(boot_now())));
}

TEST_F(FencerTest, GivenUpLate_TheFirmPartStaysOver) {
    lease().firm_ns = sent_ - kSecond;
    EXPECT_EQ(fencer().give_up(3 * kHeartbeatNs).leases, 1U);
    EXPECT_EQ(lease().firm_ns, sent_ - kSecond);
}

TEST_F(FencerTest, GivenUpOnce_IsNotGivenUpAgain_UntilTheControllerHasMoved) {
    EXPECT_EQ(fencer().give_up(3 * kHeartbeatNs).leases, 1U);
    EXPECT_EQ(fencer().patience(), std::nullopt);
    EXPECT_EQ(fencer().give_up(3 * kHeartbeatNs).leases, 0U);
    lease().deadline_ns = sent_ + 5 * kSecond;
    EXPECT_NE(fencer().patience(), std::nullopt);
    EXPECT_EQ(fencer().give_up(3 * kHeartbeatNs).leases, 1U);
}

TEST_F(FencerTest, Farewell_LeavesTheMostPatientSuccessorTime) {
    lease().deadline_ns = boot_now() + kSecond / 2;
    const Nanoseconds before = boot_now();
    EXPECT_EQ(fencer().give_up(3 * kHeartbeatNs).farewells, 1U);
    EXPECT_THAT(lease().deadline_ns, AllOf(Ge(before + kSecond), Le(boot_now() + kSecond)));
}

TEST_F(FencerTest, WhereTheFarewellWasSaid_TheLeaseStaysTheControllers) {
    farewell().length = 0;
    EXPECT_EQ(fencer().give_up(3 * kHeartbeatNs).farewells, 0U);
    EXPECT_EQ(lease().deadline_ns, sent_ + 4 * kSecond);
    EXPECT_EQ(lease().firm_ns, sent_ + kSecond);
}

TEST_F(FencerTest, WhatIsAnothersNow_IsLeftAlone) {
    plan().first()->interval_ns = 0;
    EXPECT_EQ(fencer().give_up(~Nanoseconds{0}).leases, 0U);
    EXPECT_EQ(lease().firm_ns, sent_ + kSecond);
}

}  // namespace
}  // namespace vrrp_xdp::guardian
