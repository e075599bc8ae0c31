// SPDX-License-Identifier: BSD-2-Clause
// Everything that one frame did, as one value: tests compare it with what it should have done, so that a
// counter which moved unasked fails as surely as a wrong verdict.
#pragma once

#include <cstdint>
#include <map>
#include <ostream>
#include <string>

#include "support/packet.hpp"
#include "vrrp_xdp/abi.h"

namespace vrrp_xdp::test {

std::string trace_name(vrrp_xdp_vr_counter counter, std::uint32_t slot);
std::string trace_name(vrrp_xdp_port_counter counter);

struct Outcome {
    std::string verdict;
    Bytes frame;  ///< as the program left it
    /// What changed outside the frame, and by how much: counters, stamps (1 if written), events.
    std::map<std::string, std::uint64_t> traces{};

    Outcome counting(vrrp_xdp_vr_counter counter, std::uint32_t slot = 0) const {
        return leaving(trace_name(counter, slot));
    }
    Outcome counting(vrrp_xdp_port_counter counter) const { return leaving(trace_name(counter)); }
    /// The trace of a claim that is reported.
    Outcome reporting_claim(std::uint32_t slot = 0) const {
        return leaving("stamp claim of " + std::to_string(slot)).leaving("event");
    }
    /// One more trace of that name.
    Outcome leaving(const std::string& trace) const {
        Outcome more = *this;
        ++more.traces[trace];
        return more;
    }

    friend bool operator==(const Outcome&, const Outcome&) = default;
    friend std::ostream& operator<<(std::ostream& out, const Outcome& outcome);
};

inline Outcome passed(const Bytes& frame) { return {.verdict = "XDP_PASS", .frame = frame}; }
inline Outcome dropped(const Bytes& frame) { return {.verdict = "XDP_DROP", .frame = frame}; }
inline Outcome sent_back(const Bytes& reply) { return {.verdict = "XDP_TX", .frame = reply}; }

/// A valid advertisement for a Virtual Router of ours: counted, handed over, and off the wire.
inline Outcome consumed(const Bytes& frame, std::uint32_t slot = 0) {
    return dropped(frame).counting(VRRP_XDP_VR_advertisement_rcvd, slot).leaving("event");
}

/// The followed one once more: counted, stamped, and nobody is woken.
inline Outcome steady(const Bytes& frame, std::uint32_t slot = 0) {
    return dropped(frame)
        .counting(VRRP_XDP_VR_advertisement_rcvd, slot)
        .leaving("stamp advertisement of " + std::to_string(slot));
}

/// What the clsact programs say to every frame: the next filter decides.
inline Outcome unspecified(const Bytes& frame) { return {.verdict = "TC_ACT_UNSPEC", .frame = frame}; }
inline Outcome shot(const Bytes& frame) { return {.verdict = "TC_ACT_SHOT", .frame = frame}; }

}  // namespace vrrp_xdp::test
