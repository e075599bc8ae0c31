// SPDX-License-Identifier: BSD-2-Clause
// Errors that a caller can act on are values: what failed, on what, why, and what to do next.
#pragma once

#include <cerrno>
#include <string>
#include <system_error>
#include <tl/expected.hpp>
#include <utility>

namespace vrrp_xdp {

struct Error {
    std::string what;    ///< what failed, on what and why: one sentence without a full stop
    std::string hint{};  ///< what to do next, or nothing

    /// Puts the outer context in front: "context: what".
    Error within(const std::string& context) && { return {context + ": " + what, std::move(hint)}; }
};

template <typename T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> failure(std::string what, std::string hint = {}) {
    return tl::unexpected<Error>(Error{std::move(what), std::move(hint)});
}

/// Returns the failure "what: text of the error number". error: an errno value, positive or (as libbpf
/// returns it) negative.
inline tl::unexpected<Error> system_failure(const std::string& what, int error = errno,
                                            std::string hint = {}) {
    const int number = error < 0 ? -error : error;
    return failure(what + ": " + std::system_category().message(number), std::move(hint));
}

}  // namespace vrrp_xdp
