// SPDX-License-Identifier: BSD-2-Clause
#include "status/cause.hpp"

#include <spdlog/fmt/fmt.h>

namespace vrrp_xdp::status {

using protocol::Cause;

std::string name_of(Cause cause) { return std::string(text_of(cause).name); }

std::optional<Cause> cause_named(std::string_view name) {
    // The row of what is not a cause has no name.
    for (std::uint8_t value = 0; !text_of(Cause{value}).name.empty(); ++value)
        if (text_of(Cause{value}).name == name) return Cause{value};
    return std::nullopt;
}

std::string reason_of(Cause cause, const std::optional<Heard>& heard, Preempts preempts) {
    if (heard && cause == Cause::HigherPriority)
        return fmt::format("{} advertises priority {}", heard->source.to_string(), heard->priority);
    if (heard && cause == Cause::ActiveDownTimer) {
        if (heard->priority == 0) return heard->source.to_string() + " has left";
        if (preempts == Preempts::Yes)
            return fmt::format("preempts {}, which advertises priority {}", heard->source.to_string(),
                               heard->priority);
        return heard->source.to_string() + " is no longer heard";
    }
    return std::string(text_of(cause).in_log);
}

}  // namespace vrrp_xdp::status
