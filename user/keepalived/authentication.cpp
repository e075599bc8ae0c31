// SPDX-License-Identifier: BSD-2-Clause
#include "keepalived/authentication.hpp"

#include <string>
#include <string_view>

#include "config/authentication.hpp"

namespace vrrp_xdp::keepalived {
namespace {

struct Authentication {
    std::string_view type;
    std::string_view password;
};

Authentication read(const std::vector<Directive>& blocks) {
    Authentication read;
    for (const Directive& block : blocks)
        for (const Directive& line : block.children) {
            // keepalived passes over any other type.
            if (line.name() == "auth_type" && (line.argument() == "PASS" || line.argument() == "AH"))
                read.type = line.argument();
            if (line.name() == "auth_pass") read.password = line.argument();
        }
    return read;
}

}  // namespace

std::optional<protocol::SharedSecret> authentication_of(const std::vector<Directive>& blocks,
                                                        protocol::Version version, bool is_strict,
                                                        Notes& notes) {
    if (blocks.empty()) return std::nullopt;
    const Directive& block = blocks.front();
    const auto leave_out = [&](std::string_view why) {
        notes.left_out(block, why);
        return std::nullopt;
    };
    if (version == protocol::Version::V3)
        return leave_out("nothing is lost: keepalived also ignores it in version 3");
    if (is_strict) return leave_out("nothing is lost: keepalived also ignores it with vrrp_strict");
    auto [type, password] = read(blocks);
    if (type.empty())
        return leave_out("nothing is lost: keepalived also ignores it without an auth_type PASS or AH");
    if (password.empty())
        return leave_out("nothing is lost: keepalived also ignores it without an auth_pass");
    const auto disagree = [&](const std::string& why) {
        notes.disagrees(block.place, "\"authentication\" is not carried over: " + why +
                                         "; until then, a keepalived with this file and this router ignore "
                                         "each other, and both are Active");
        return std::nullopt;
    };
    if (type != "PASS")
        return disagree("only auth_type PASS is supported: use it on all routers, or remove the block");
    constexpr std::size_t longest = std::tuple_size_v<protocol::SharedSecret>;
    if (password.size() > longest) {
        notes.differs(block.place, "only the first 8 characters of auth_pass are used, as in keepalived");
        password = password.substr(0, longest);
    }
    const auto secret = config::secret_of(password);
    if (!secret)
        return disagree("its auth_pass must be printable ASCII: change it on all routers of the VRID");
    return secret;
}

bool asks_for_header(const std::vector<Directive>& blocks, protocol::Version version) {
    const Authentication asked = read(blocks);
    return version == protocol::Version::V2 && asked.type == "AH" && !asked.password.empty();
}

}  // namespace vrrp_xdp::keepalived
