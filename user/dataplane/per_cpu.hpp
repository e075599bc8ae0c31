// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <vector>

namespace vrrp_xdp::dataplane {

/// Counters of one element of a per-CPU array, summed up; zeros if it cannot be read. A system call.
template <typename Counters>
Counters sum_over_cpus(int map_fd, std::uint32_t index) {
    static const auto cpus = static_cast<std::size_t>(libbpf_num_possible_cpus());
    constexpr std::size_t words = sizeof(Counters) / sizeof(std::uint64_t);
    std::vector<std::uint64_t> values(cpus * words);
    std::array<std::uint64_t, words> sums{};
    if (bpf_map_lookup_elem(map_fd, &index, values.data()) == 0)
        for (std::size_t i = 0; i < values.size(); ++i) sums[i % words] += values[i];
    Counters counters{};
    std::memcpy(&counters, sums.data(), sizeof(counters));
    return counters;
}

}  // namespace vrrp_xdp::dataplane
