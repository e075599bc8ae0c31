// SPDX-License-Identifier: BSD-2-Clause
// keepalived's sync groups and notify scripts.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <set>
#include <string>
#include <vector>

#include "keepalived_outcome.hpp"

namespace vrrp_xdp::keepalived {
namespace {

using protocol::State;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string root = "global_defs {\n script_user root\n}\n";

std::string member(const std::string& name, int vrid, const std::string& lines = "") {
    return "vrrp_instance " + name + " {\n interface eth0\n virtual_router_id " + std::to_string(vrid) +
           "\n" + lines + "\n virtual_ipaddress {\n 192.0.2." + std::to_string(vrid) + "\n }\n}\n";
}

TEST(KeepalivedSyncGroup, Members_MoveTogether) {
    const Outcome outcome =
        import("vrrp_sync_group \"site a\" {\n group {\n A B\n }\n}\n" + member("A", 1) + member("B", 2));
    EXPECT_EQ(outcome.router(0).sync_group, "site-a");
    EXPECT_EQ(outcome.router(1).sync_group, "site-a");
    EXPECT_THAT(outcome.remarks, IsEmpty());
}

TEST(KeepalivedSyncGroup, MembersThatDiffer_AreNoGroup) {
    const Outcome outcome = import("vrrp_sync_group G {\n group {\n A\n B\n }\n}\n" + member("A", 1) +
                                   member("B", 2, " priority 150"));
    EXPECT_EQ(outcome.router(0).sync_group, "");
    EXPECT_THAT(outcome.remarks,
                ElementsAre(HasSubstr("k.conf:1: vrrp_sync_group \"G\" is not carried over: its members "
                                      "differ in priority, nopreempt or preempt_delay")));
}

TEST(KeepalivedSyncGroup, GroupOfOne_IsNone) {
    const Outcome outcome = import("vrrp_sync_group G {\n group {\n A\n C\n }\n}\n" + member("A", 1));
    EXPECT_EQ(outcome.router(0).sync_group, "");
    EXPECT_THAT(outcome.remarks, ElementsAre(HasSubstr("member \"C\" is not carried over"),
                                             HasSubstr("at least two Virtual Routers")));
}

TEST(KeepalivedSyncGroup, WhatTheGroupTracks_AllMembersTrack) {
    const Outcome outcome =
        import("vrrp_sync_group G {\n group {\n A\n B\n }\n track_interface {\n eth1 weight 5\n }\n}\n" +
               member("A", 1) + member("B", 2));
    for (const auto& router : outcome.config.interfaces.at(0).virtual_routers) {
        EXPECT_EQ(router.tracks.size(), 1U);
        EXPECT_EQ(router.priority.value(), 105);
        EXPECT_EQ(router.sync_group, "G");
    }
}

TEST(KeepalivedSyncGroup, WeightsOfMembers_DoNotCount_ButForThoseOfInterfaces) {
    const Outcome outcome = import(
        root +
        "vrrp_sync_group G {\n group {\n A\n B\n }\n}\nvrrp_script c {\n script /bin/c\n weight 5\n}\n" +
        member("A", 1, " track_script {\n c\n }\n track_interface {\n eth1 weight 5\n }") + member("B", 2));
    ASSERT_EQ(outcome.router(0).tracks.size(), 1U);
    EXPECT_TRUE(std::holds_alternative<config::Track::Lower>(outcome.router(0).tracks[0].effect));
    EXPECT_THAT(outcome.remarks,
                Contains(HasSubstr("tracking \"c\" is not carried over: keepalived also ignores it")));
}

TEST(KeepalivedSyncGroup, GlobalTracking_IsAnOldNameOfItsWeights) {
    for (const std::string keyword : {"global_tracking", "sync_group_tracking_weight"}) {
        const Outcome outcome = import(root + "vrrp_script c {\n script /bin/c\n weight -5\n}\n" +
                                       "vrrp_sync_group G {\n group {\n A\n B\n }\n " + keyword + "\n}\n" +
                                       member("A", 1, " track_script {\n c\n }") + member("B", 2));
        EXPECT_EQ(outcome.router(0).tracks.size(), 1U);
    }
}

TEST(KeepalivedSyncGroup, ScriptsOfTheGroup_RunOnce) {
    const Outcome outcome =
        import(root + "vrrp_sync_group G {\n group {\n A\n B\n }\n notify_master /bin/m\n}\n" +
               member("A", 1) + member("B", 2));
    EXPECT_EQ(outcome.router(0).hooks.size(), 1U);
    EXPECT_THAT(outcome.router(1).hooks, IsEmpty());
}

TEST(KeepalivedNotify, Scripts_BecomeHooks) {
    const Outcome outcome =
        import(root + instance(" notify_master \"/bin/m 'a b'\" daemon\n notify_backup /bin/b"));
    const auto& hooks = outcome.router().hooks;
    ASSERT_EQ(hooks.size(), 2U);
    EXPECT_THAT(hooks[0].command.arguments, ElementsAre("/bin/m", "a b"));
    EXPECT_EQ(hooks[0].command.user, "daemon");
    EXPECT_THAT(hooks[0].on, ElementsAre(State::Active));
    EXPECT_EQ(hooks[1].command.user, "root");
    EXPECT_THAT(hooks[1].on, ElementsAre(State::Backup));
    EXPECT_THAT(outcome.remarks, ElementsAre(HasSubstr("a hook is killed after 10s")));
}

TEST(KeepalivedNotify, OfTwoOfOneName_TheFirstCounts) {
    const Outcome outcome = import(root + instance(" notify_master /bin/m\n notify_master /bin/n"));
    ASSERT_EQ(outcome.router().hooks.size(), 1U);
    EXPECT_THAT(outcome.router().hooks[0].command.arguments, ElementsAre("/bin/m"));
    EXPECT_THAT(
        outcome.remarks,
        Contains(HasSubstr("k.conf:9: \"notify_master\" is not carried over: keepalived also ignores it")));
}

/// What a hook prints in this state, for this reason.
std::string printed(const config::Hook& hook, const char* state, const char* cause) {
    setenv("VRRP_XDP_STATE", state, 1);
    setenv("VRRP_XDP_CAUSE", cause, 1);
    setenv("VRRP_XDP_PRIORITY", "150", 1);
    std::string command;
    for (const std::string& argument : hook.command.arguments) {
        std::string quoted;
        for (const char character : argument)
            quoted += character == '\'' ? std::string("'\\''") : std::string(1, character);
        command += "'" + quoted + "' ";
    }
    FILE* const pipe = popen(command.c_str(), "r");
    std::string text;
    for (int character = fgetc(pipe); character != EOF; character = fgetc(pipe))
        text += static_cast<char>(character);
    EXPECT_EQ(pclose(pipe), 0);
    return text;
}

TEST(KeepalivedNotify, FaultAndStop_AreToldApart) {
    const Outcome outcome =
        import(root + instance(" notify_fault \"/bin/echo fault\"\n notify_stop \"/bin/echo stop\""));
    const auto& hooks = outcome.router().hooks;
    ASSERT_EQ(hooks.size(), 2U);
    EXPECT_THAT(hooks[0].on, ElementsAre(State::Initialize));
    EXPECT_EQ(printed(hooks[0], "initialize", "interface-down"), "fault\n");
    EXPECT_EQ(printed(hooks[0], "initialize", "shutdown"), "");
    EXPECT_THAT(hooks[1].on, ElementsAre(State::Initialize));
    EXPECT_EQ(printed(hooks[1], "initialize", "interface-down"), "");
    EXPECT_EQ(printed(hooks[1], "initialize", "shutdown"), "stop\n");
}

TEST(KeepalivedNotify, ScriptForAll_HasTheArgumentsThatItHad) {
    const std::string name = "V'I $(x) \\1";
    const Outcome outcome =
        import(root + "vrrp_instance \"" + name +
               "\" {\n interface eth0\n virtual_router_id 1\n notify \"/bin/echo 'a b' c\"\n"
               " virtual_ipaddress { 192.0.2.1 }\n}\n");
    const auto& hooks = outcome.router().hooks;
    ASSERT_EQ(hooks.size(), 1U);
    EXPECT_EQ(hooks[0].on.size(), 3U);
    const std::string before = "a b c INSTANCE V'I $(x) \\1 ";
    EXPECT_EQ(printed(hooks[0], "active", "master-timeout"), before + "MASTER 150\n");
    EXPECT_EQ(printed(hooks[0], "backup", "startup"), before + "BACKUP 150\n");
    EXPECT_EQ(printed(hooks[0], "initialize", "interface-down"), before + "FAULT 150\n");
    EXPECT_EQ(printed(hooks[0], "initialize", "shutdown"), before + "STOP 150\n");
}

TEST(KeepalivedNotify, ArgumentWithoutQuotes_IsAUser_ThatThereIsNot) {
    const Outcome outcome =
        import(instance(" notify_master /bin/m master\n notify_fault \"/bin/m fault\" root"));
    ASSERT_EQ(outcome.router().hooks.size(), 1U);
    EXPECT_THAT(
        outcome.remarks,
        Contains(
            "k.conf:5: the script is not carried over: keepalived also ignores it because there is no user "
            "\"master\" here: put a command with arguments into quotes"));
}

TEST(KeepalivedAlerts, Mail_IsSentByAHook_WhereKeepalivedSendsIt) {
    const auto hooks = [](const std::string& globals, const std::string& lines) {
        return import("global_defs {\n notification_email {\n a@example.org\n b@example.org\n }\n" + globals +
                      "\n}\n" + instance(lines))
            .router()
            .hooks;
    };
    const std::string server = " notification_email_from k@example.org\n smtp_server 192.0.2.25\n";
    EXPECT_THAT(hooks(server, ""), IsEmpty());
    EXPECT_THAT(hooks("", " smtp_alert"), IsEmpty());
    EXPECT_THAT(hooks(server + " smtp_alert", " smtp_alert off"), IsEmpty());
    EXPECT_EQ(hooks(server + " smtp_alert", "").size(), 1U);
    EXPECT_THAT(hooks(server + " smtp_alert\n smtp_alert_vrrp off", ""), IsEmpty());
    const auto mail = hooks(server, " smtp_alert");
    ASSERT_EQ(mail.size(), 1U);
    EXPECT_THAT(mail[0].command.arguments, ElementsAre(KEEPALIVED_NOTIFY, "mail", "INSTANCE", "VI_1",
                                                       "k@example.org", "a@example.org", "b@example.org"));
    EXPECT_EQ(mail[0].on.size(), 3U);
    EXPECT_EQ(hooks(server + " no_email_faults", " smtp_alert").at(0).on.size(), 2U);
}

TEST(KeepalivedAlerts, Fifo_IsWrittenToByAHook) {
    const std::string directory = testing::TempDir() + "fifo";
    const std::string path = directory + std::to_string(getpid());
    const Outcome outcome = import("global_defs {\n vrrp_notify_fifo " + path + "\n}\n" + instance(""));
    ASSERT_EQ(outcome.router().hooks.size(), 1U);
    // Without a reader it neither waits nor fails.
    EXPECT_EQ(printed(outcome.router().hooks[0], "active", "master-timeout"), "");
    const int reader = open(path.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC);
    ASSERT_GE(reader, 0);
    EXPECT_EQ(printed(outcome.router().hooks[0], "initialize", "shutdown"), "");
    std::string line(64, '\0');
    line.resize(static_cast<std::size_t>(std::max<ssize_t>(read(reader, line.data(), line.size()), 0)));
    EXPECT_EQ(line, "INSTANCE \"VI_1\" STOP 150\n");
    close(reader);
    unlink(path.c_str());
}

}  // namespace
}  // namespace vrrp_xdp::keepalived
