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
        return leave_out("nothing is lost, keepalived ignores it too, in version 3");
    if (is_strict) return leave_out("nothing is lost, keepalived ignores it too, with vrrp_strict");
    auto [type, password] = read(blocks);
    if (type.empty())
        return leave_out("nothing is lost, keepalived ignores it too, without an auth_type PASS or AH");
    if (password.empty())
        return leave_out("nothing is lost, keepalived ignores it too, without an auth_pass");
    const auto disagree = [&](const std::string& why) {
        notes.disagrees(block.place, "\"authentication\" is not carried over: " + why +
                                         "; until then a keepalived of this file and this router do not "
                                         "hear each other, and both are Active");
        return std::nullopt;
    };
    if (type != "PASS")
        return disagree("the only auth_type is PASS: make it so on all routers, or take the block out");
    constexpr std::size_t longest = std::tuple_size_v<protocol::SharedSecret>;
    if (password.size() > longest) {
        notes.differs(block.place, "auth_pass is its first 8 characters, as in keepalived");
        password = password.substr(0, longest);
    }
    const auto secret = config::secret_of(password);
    if (!secret)
        return disagree("its auth_pass must be of printable ASCII: change it on all routers of the VRID");
    return secret;
}

bool asks_for_header(const std::vector<Directive>& blocks, protocol::Version version) {
    const Authentication asked = read(blocks);
    return version == protocol::Version::V2 && asked.type == "AH" && !asked.password.empty();
}

}  // namespace vrrp_xdp::keepalived
