// SPDX-License-Identifier: BSD-2-Clause
#include "inspection/host.hpp"

#include <linux/capability.h>
#include <linux/magic.h>
#include <pthread.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/utsname.h>
#include <sys/vfs.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <thread>

#include "dataplane/privileges.hpp"
#include "inspection/feature_probe.hpp"
#include "inspection/vrrp_daemons.hpp"

namespace vrrp_xdp::inspection {
namespace {

constexpr const char* kHost = "host";
// That of the guardian, which is above that of the protocol thread.
constexpr int kPriority = 51;

std::string error_text(int error) { return std::system_category().message(error); }

Finding kernel_version() {
    utsname names{};
    uname(&names);
    return {Verdict::Ok, kHost, std::string("Linux ") + static_cast<const char*>(names.release)};
}

Finding feature(const std::string& name, const Result<void>& tried) {
    if (tried) return {Verdict::Ok, kHost, name};
    const Error& error = tried.error();
    return {Verdict::Problem, kHost, name + ": " + error.what, error.hint};
}

void inspect_kernel(Findings& findings) {
    findings.push_back(kernel_version());
    const auto tried = probe_features();
    findings.push_back(feature("memory-mapped BPF arrays, for leases", tried.shared_array));
    findings.push_back(feature("BPF ring buffer, for advertisements", tried.ring_buffer));
    findings.push_back(feature("boot clock in XDP programs, for the end of leases", tried.boot_clock));
    findings.push_back(feature("the same boot clock in this process: no time namespace", tried.same_clock));
    findings.push_back(feature("the BPF programs load", tried.programs));
    findings.push_back(feature("XDP attached by a BPF link, which survives a crash", tried.xdp_link));
    findings.push_back(feature("clsact filter, for frames to virtual MACs", tried.clsact));
    const bool has_btf = std::filesystem::exists("/sys/kernel/btf/vmlinux");
    findings.push_back({Verdict::Ok, kHost,
                        has_btf ? "the kernel has BTF" : "the kernel has no BTF, which is not required"});

    struct statfs mounted {};
    const bool is_mounted = statfs("/sys/fs/bpf", &mounted) == 0 && mounted.f_type == BPF_FS_MAGIC;
    findings.push_back({Verdict::Ok, kHost,
                        is_mounted ? "the BPF file system is mounted on /sys/fs/bpf"
                                   : "no BPF file system on /sys/fs/bpf; attach mounts it"});
}

struct Capability {
    unsigned number;
    const char* name;
    const char* purpose;
    Verdict without;
};
constexpr std::array kCapabilities{
    Capability{CAP_NET_ADMIN, "CAP_NET_ADMIN", "attaches the programs", Verdict::Problem},
    Capability{CAP_NET_RAW, "CAP_NET_RAW", "sends advertisements", Verdict::Problem},
    Capability{CAP_BPF, "CAP_BPF", "loads the programs", Verdict::Problem},
    Capability{CAP_PERFMON, "CAP_PERFMON", "lets the programs compare pointers", Verdict::Problem},
    Capability{CAP_SYS_NICE, "CAP_SYS_NICE", "gives real-time priority", Verdict::Warning},
    Capability{CAP_IPC_LOCK, "CAP_IPC_LOCK", "locks memory", Verdict::Warning},
};

void inspect_capabilities(Findings& findings) {
    const std::uint64_t held = dataplane::effective_capabilities();
    bool all = true;
    for (const Capability& each : kCapabilities) {
        if ((held >> each.number & 1U) != 0) continue;
        all = false;
        findings.push_back({each.without, kHost, std::string(each.name) + " is missing: it " + each.purpose,
                            "run as root, or with the capabilities of vrrp-xdp.service"});
    }
    if (all) findings.push_back({Verdict::Ok, kHost, "all required capabilities"});
}

Finding inspect_scheduling() {
    int error = 0;
    std::thread([&] {
        sched_param parameters{};
        parameters.sched_priority = kPriority;
        error = pthread_setschedparam(pthread_self(), SCHED_FIFO, &parameters);
    }).join();
    if (error == 0) return {Verdict::Ok, kHost, "real-time scheduling"};
    return {Verdict::Warning, kHost,
            "no real-time scheduling: " + error_text(error) +
                "; under load, advertisements and takeovers are milliseconds late",
            "run with CAP_SYS_NICE; if the process has it, its cgroup has no real-time budget: 'sysctl "
            "kernel.sched_rt_runtime_us=-1', or cpu.rt_runtime_us of the cgroup"};
}

Finding inspect_memory() {
    const bool locks = mlockall(MCL_CURRENT | MCL_FUTURE) == 0;
    const int error = errno;
    munlockall();
    if (locks) return {Verdict::Ok, kHost, "memory can be locked"};
    return {Verdict::Warning, kHost,
            "memory cannot be locked: " + error_text(error) + "; a takeover may wait for the disk",
            "run with CAP_IPC_LOCK, or with 'ulimit -l unlimited' (LimitMEMLOCK=infinity)"};
}

void inspect_rivals(Findings& findings) {
    const auto rivals = find_vrrp_daemons();
    for (const VrrpDaemon& rival : rivals)
        findings.push_back({Verdict::Warning, kHost,
                            "another VRRP daemon is running: " + rival.program +
                                (rival.pid != 0 ? " (pid " + std::to_string(rival.pid) + ")" : ""),
                            "configure each VRID of an interface in only one of the two: vrrp-xdp does not "
                            "touch advertisements for VRIDs that it does not have"});
    if (rivals.empty()) findings.push_back({Verdict::Ok, kHost, "no other VRRP daemon"});
}

}  // namespace

Findings inspect_host() {
    Findings findings;
    inspect_kernel(findings);
    inspect_capabilities(findings);
    findings.push_back(inspect_scheduling());
    findings.push_back(inspect_memory());
    inspect_rivals(findings);
    return findings;
}

}  // namespace vrrp_xdp::inspection
