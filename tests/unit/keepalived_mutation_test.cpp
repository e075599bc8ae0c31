// SPDX-License-Identifier: BSD-2-Clause
// A keepalived.conf with random damage is refused, or becomes a configuration that `vrrp-xdp check` takes.
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "keepalived_outcome.hpp"

namespace vrrp_xdp::keepalived {
namespace {

const std::vector<std::string> lines = {
    "global_defs {",
    "vrrp_version 3",
    "script_user root",
    "vrrp_garp_master_refresh 60",
    "vrrp_startup_delay 1.5",
    "}",
    "$PRIORITY=150",
    "vrrp_script chk {",
    "script \"/bin/check 'a b' c\"",
    "interval 2",
    "weight -20",
    "}",
    "vrrp_track_process proxy {",
    "process haproxy",
    "}",
    "track_file load {",
    "file /run/load",
    "weight 0",
    "}",
    "vrrp_sync_group G {",
    "group {",
    "A",
    "B",
    "}",
    "track_interface {",
    "eth2 weight 10",
    "}",
    "notify \"/bin/notify x\" daemon",
    "}",
    "vrrp_instance A {",
    "interface eth0",
    "virtual_router_id 10",
    "priority $PRIORITY",
    "advert_int 0.5",
    "nopreempt",
    "use_vmac",
    "authentication {",
    "auth_type PASS",
    "auth_pass secret",
    "}",
    "unicast_peer {",
    "192.0.2.2 min_ttl 254",
    "}",
    "track_script {",
    "chk weight 5",
    "}",
    "virtual_ipaddress {",
    "192.0.2.254/24 dev eth0 label eth0:1",
    "~SEQ(N, 251, 253) 192.0.2.${N}",
    "}",
    "notify_master /bin/master",
    "}",
    "vrrp_instance B {",
    "interface eth1",
    "virtual_router_id 20",
    "priority 150",
    "nopreempt",
    "track_process {",
    "proxy",
    "}",
    "track_file {",
    "load",
    "}",
    "virtual_ipaddress {",
    "2001:db8::1",
    "fe80::1",
    "}",
    "}",
};

/// One of the things that happen to files: lines lost, doubled and swapped, and characters changed.
void damage(std::vector<std::string>& file, std::mt19937& random) {
    const auto pick = [&](std::size_t below) { return random() % below; };
    std::string& line = file[pick(file.size())];
    switch (pick(5)) {
        case 0:
            std::swap(line, file[pick(file.size())]);
            break;
        case 1:
            line = lines[pick(lines.size())];
            break;
        case 2:
            line.clear();
            break;
        case 3:
            if (!line.empty()) line[pick(line.size())] = static_cast<char>(pick(256));
            break;
        default:
            line.insert(pick(line.size() + 1), 1, "{}\"'\\#!$@~ -0123456789/:."[pick(25)]);
            break;
    }
}

TEST(KeepalivedImport, DamagedFile_IsRefused_OrBecomesAValidConfiguration) {
    std::size_t imported = 0;
    for (unsigned seed = 0; seed < 500; ++seed) {
        std::mt19937 random(seed);
        std::vector<std::string> file = lines;
        for (unsigned count = 1 + seed % 4; count > 0; --count) damage(file, random);
        std::string text;
        for (const std::string& line : file) text += line + '\n';

        const auto outcome = import_text(text);
        if (!outcome) {
            EXPECT_FALSE(outcome.error().empty()) << "seed " << seed;
            continue;
        }
        ++imported;
        const std::string yaml = to_yaml(*outcome, "Damaged");
        EXPECT_TRUE(config::parse(yaml)) << "seed " << seed << '\n' << text << yaml;
    }
    // Else nothing was tested.
    EXPECT_GT(imported, 50U);
}

}  // namespace
}  // namespace vrrp_xdp::keepalived
