// SPDX-License-Identifier: BSD-2-Clause
// The key authentication: what it means, what is a mistake, and that a mistake does not show it.
#include <gtest/gtest.h>

#include <string>

#include "config/load.hpp"
#include "config_outcome.hpp"

namespace vrrp_xdp::config {
namespace {

/// A Virtual Router with more keys, from line 5, column 9 on.
std::string with(const std::string& keys, const std::string& address = "192.0.2.254") {
    return "interfaces:\n  eth0:\n    virtual-routers:\n      - virtual-addresses: [\"" + address +
           "\"]\n        " + keys + "\n        vrid: 10\n";
}

std::optional<protocol::SharedSecret> secret_in(const std::string& text) {
    const auto config = parse(text);
    EXPECT_TRUE(config) << text;
    return config.value().interfaces.at(0).virtual_routers.at(0).authentication;
}

TEST(AuthenticationKey, IsNone_ByDefault) {
    EXPECT_EQ(secret_in(with("version: 2")), std::nullopt);
    EXPECT_EQ(secret_in(with("version: 3")), std::nullopt);
}

TEST(AuthenticationKey, IsTextPaddedWithZeros_rfc2338_5_3_6) {
    using protocol::SharedSecret;
    EXPECT_EQ(secret_in(with("authentication: secret\n        version: 2")),
              (SharedSecret{'s', 'e', 'c', 'r', 'e', 't'}));
    EXPECT_EQ(secret_in(with("authentication: \" 1#:{}~\\\"\"\n        version: 2")),
              (SharedSecret{' ', '1', '#', ':', '{', '}', '~', '"'}));
    EXPECT_EQ(secret_in(with("authentication: 0123\n        version: 2")), (SharedSecret{'0', '1', '2', '3'}))
        << "a number is text as it stands";
}

TEST(AuthenticationKey, IsNotQuoted_WhereItIsAMistake) {
    const std::string expected =
        "file:5:25: authentication must be 1 to 8 printable ASCII characters, the same on all routers of the "
        "VRID\n";
    for (const std::string value :
         {"ninebytes", R"("")", R"("\u00e4")", R"("\n")", "[hidden]", "{hidden: 1}"})
        EXPECT_EQ(reported(with("authentication: " + value + "\n        version: 2")), expected) << value;
}

TEST(AuthenticationKey, IsForVersion2) {
    const std::string expected =
        "file:5:25: authentication is for version 2: version 3 has none (RFC 9568 section 9); remove the "
        "key, or set version: 2\n";
    EXPECT_EQ(reported(with("authentication: secret")), expected);
    EXPECT_EQ(reported(with("authentication: secret\n        version: 3")), expected);
    EXPECT_EQ(reported(with("authentication: secret\n        version: 2+3")), expected);
    EXPECT_EQ(reported(with("authentication: secret", "fe80::fe")),
              "file:5:25: authentication is for version 2 and therefore for IPv4 only: version 3 has none "
              "(RFC 9568 "
              "section 9); remove the key\n");
}

}  // namespace
}  // namespace vrrp_xdp::config
