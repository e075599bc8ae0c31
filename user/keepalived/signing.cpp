// SPDX-License-Identifier: BSD-2-Clause
#include "keepalived/signing.hpp"

#include <string>
#include <string_view>

#include "config/text.hpp"

namespace vrrp_xdp::keepalived {
namespace {

bool asks_for_signing(const Directive& directive) {
    const std::string_view name = directive.name();
    if (name == "auth_type") return directive.argument().substr(0, 4) == "HMAC";
    return name.substr(0, 9) == "auth_hmac";
}

void gather(const std::vector<Directive>& directives, std::vector<Remark>& refusals) {
    for (const Directive& directive : directives) {
        if (asks_for_signing(directive))
            refusals.push_back(
                {directive.place, config::quoted(directive.name()) +
                                      " cannot be carried over: vrrp-xdp does not sign, and a keepalived "
                                      "that verifies signatures may ignore it, so that both would be Active. "
                                      "Remove it on all routers of the VRID first"});
        else
            gather(directive.children, refusals);
    }
}

}  // namespace

std::vector<Remark> refusals_of_signing(const std::vector<Directive>& file) {
    std::vector<Remark> refusals;
    gather(file, refusals);
    return refusals;
}

}  // namespace vrrp_xdp::keepalived
