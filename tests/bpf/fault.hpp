// SPDX-License-Identifier: BSD-2-Clause
// Ways to break one rule of RFC 9568 section 7.1, alone and two at a time. A Draft is a packet to be spoilt.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "outcome.hpp"

namespace vrrp_xdp::test {

template <typename Draft>
struct Fault {
    const char* name;
    vrrp_xdp_vr_counter counter;
    void (*spoil)(Draft&);
};

template <typename Draft>
using PairOfFaults = std::tuple<Fault<Draft>, Fault<Draft>>;

/// The earlier fault and the later, which may be the same. faults: in the order in which the rules are asked.
template <typename Draft>
std::vector<PairOfFaults<Draft>> pairs_of(std::span<const Fault<Draft>> faults) {
    std::vector<PairOfFaults<Draft>> pairs;
    for (std::size_t first = 0; first < faults.size(); ++first)
        for (std::size_t second = first; second < faults.size(); ++second)
            pairs.emplace_back(faults[first], faults[second]);
    return pairs;
}

template <typename Draft>
std::string name_of_pair(const ::testing::TestParamInfo<PairOfFaults<Draft>>& pair) {
    const auto& [first, second] = pair.param;
    if (first.counter == second.counter) return std::string(first.name) + "Alone";
    return std::string(first.name) + "Before" + second.name;
}

/// A VRID that is not configured is one fault more, behind the checksum.
inline Outcome rejected_as_foreign(const Bytes& frame, vrrp_xdp_vr_counter counter) {
    const int first = std::min<int>(counter, VRRP_XDP_VR_vrid_errors);
    return passed(frame).counting(static_cast<vrrp_xdp_port_counter>(first));
}

}  // namespace vrrp_xdp::test
