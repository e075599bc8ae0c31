// SPDX-License-Identifier: BSD-2-Clause
#include "dataplane/boot_clock.hpp"

#include <bpf/bpf.h>
#include <linux/bpf.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <ctime>

#include "dataplane/privileges.hpp"
#include "support/unique_fd.hpp"

namespace vrrp_xdp::dataplane {
namespace {

using protocol::Duration;

/// What the kernel's fast accessor may differ by from clock_gettime(), and much less than any interval.
constexpr Duration kTolerance = std::chrono::milliseconds(1);

Duration boot_time() {
    timespec now{};
    clock_gettime(CLOCK_BOOTTIME, &now);
    return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

constexpr bpf_insn instruction(int code, int to, int from, std::int16_t offset, std::int32_t value) {
    bpf_insn result{};
    result.code = static_cast<std::uint8_t>(code);
    result.dst_reg = static_cast<std::uint8_t>(to & 0xf);
    result.src_reg = static_cast<std::uint8_t>(from & 0xf);
    result.off = offset;
    result.imm = value;
    return result;
}

/// An XDP program that writes the time into the first eight bytes of the frame.
constexpr std::array kWritesTheTime{
    instruction(BPF_LDX | BPF_MEM | BPF_W, BPF_REG_6, BPF_REG_1, offsetof(xdp_md, data), 0),
    instruction(BPF_LDX | BPF_MEM | BPF_W, BPF_REG_2, BPF_REG_1, offsetof(xdp_md, data_end), 0),
    instruction(BPF_ALU64 | BPF_MOV | BPF_X, BPF_REG_3, BPF_REG_6, 0, 0),
    // NOLINTNEXTLINE(misc-redundant-expression): BPF_ADD and BPF_K are both 0
    instruction(BPF_ALU64 | BPF_ADD | BPF_K, BPF_REG_3, 0, 0, sizeof(std::uint64_t)),
    instruction(BPF_JMP | BPF_JGT | BPF_X, BPF_REG_3, BPF_REG_2, 2, 0),  // no room: to the end
    instruction(BPF_JMP | BPF_CALL, 0, 0, 0, BPF_FUNC_ktime_get_boot_ns),
    instruction(BPF_STX | BPF_MEM | BPF_DW, BPF_REG_6, BPF_REG_0, 0, 0),
    instruction(BPF_ALU64 | BPF_MOV | BPF_K, BPF_REG_0, 0, 0, XDP_PASS),
    instruction(BPF_JMP | BPF_EXIT, 0, 0, 0, 0),
};

}  // namespace

Result<Duration> boot_clock_shift() {
    const UniqueFd program(bpf_prog_load(BPF_PROG_TYPE_XDP, "boot_clock", "Dual BSD/GPL",
                                         kWritesTheTime.data(), kWritesTheTime.size(), nullptr));
    if (!program) {
        const int error = errno;
        return system_failure("loading a program that reads the boot clock", error,
                              hint_on_failed_load(-error, "the kernel gave no reason"));
    }
    std::array<std::uint8_t, 64> frame{};
    bpf_test_run_opts options{};
    options.sz = sizeof(options);
    options.data_in = options.data_out = frame.data();
    options.data_size_in = options.data_size_out = frame.size();
    options.repeat = 1;

    const Duration before = boot_time();
    if (const int error = bpf_prog_test_run_opts(program.get(), &options); error != 0)
        return system_failure("running a program that reads the boot clock", error);
    const Duration after = boot_time();
    std::uint64_t nanoseconds = 0;
    std::memcpy(&nanoseconds, frame.data(), sizeof(nanoseconds));
    const Duration there(static_cast<std::int64_t>(nanoseconds));

    if (before - there > kTolerance) return before - there;
    if (there - after > kTolerance) return after - there;
    return Duration{};
}

Result<void> check_boot_clock() {
    const auto shift = boot_clock_shift();
    if (!shift) return tl::unexpected(shift.error());
    if (*shift == Duration{}) return {};
    const auto seconds = std::chrono::round<std::chrono::seconds>(*shift).count();
    return failure("CLOCK_BOOTTIME is " + std::to_string(seconds) +
                       " s ahead of the clock that ends leases in the data plane: this process is in a time "
                       "namespace, where leases would not end in time",
                   "run it outside the time namespace, or without a boot clock offset: omit 'unshare --time "
                   "--boottime', or remove timeOffsets from the container's configuration");
}

}  // namespace vrrp_xdp::dataplane
