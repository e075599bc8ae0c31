// SPDX-License-Identifier: BSD-2-Clause
// What keepalived tracks, and how its weights move the priority here. Expected is the same priority in the
// same case.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <variant>
#include <vector>

#include "keepalived_outcome.hpp"

namespace vrrp_xdp::keepalived {
namespace {

using config::Track;
using config::WatchedCommand;
using config::WatchedFile;
using config::WatchedInterface;
using config::WatchedProcess;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string root = "global_defs {\n script_user root\n}\n";
const std::string script = "vrrp_script chk {\n script \"/bin/check 'a b' c\"\n}\n";

/// "fault", "-5" or "value"
std::string effect_of(const Track& track) {
    if (const auto* lower = std::get_if<Track::Lower>(&track.effect)) return "-" + std::to_string(lower->by);
    return std::holds_alternative<Track::Fault>(track.effect) ? "fault" : "value";
}

std::vector<std::string> tracks_of(const Outcome& outcome, std::size_t at = 0) {
    std::vector<std::string> tracks;
    for (const Track& track : outcome.router(at).tracks)
        tracks.push_back(track.tracker + " " + effect_of(track));
    return tracks;
}

template <typename T>
T watched(const Outcome& outcome) {
    if (outcome.config.trackers.size() != 1) {
        ADD_FAILURE() << outcome.config.trackers.size() << " trackers";
        return {};
    }
    return std::get<T>(outcome.config.trackers[0].watched);
}

TEST(KeepalivedTracking, Interface_WithoutWeight_IsAFault) {
    const Outcome outcome = import(instance(" track_interface {\n eth1\n}"));
    EXPECT_THAT(tracks_of(outcome), ElementsAre("eth1 fault"));
    EXPECT_EQ(watched<WatchedInterface>(outcome).name, "eth1");
    EXPECT_EQ(outcome.router().priority.value(), 100);
}

TEST(KeepalivedTracking, NegativeWeight_LowersWhileDown) {
    const Outcome outcome = import(instance(" track_interface {\n eth1 weight -20\n}"));
    EXPECT_THAT(tracks_of(outcome), ElementsAre("eth1 -20"));
    EXPECT_EQ(outcome.router().priority.value(), 100);
}

TEST(KeepalivedTracking, PositiveWeight_RaisesThePriority_AndLowersItWhileDown) {
    const Outcome outcome =
        import(instance(" track_interface {\n eth1 weight 20\n eth2 weight 5\n}\n priority 150"));
    EXPECT_THAT(tracks_of(outcome), ElementsAre("eth1 -20", "eth2 -5"));
    EXPECT_EQ(outcome.router().priority.value(), 175);
    EXPECT_THAT(outcome.remarks, IsEmpty());
}

TEST(KeepalivedTracking, PositiveWeight_ThatGoesBeyond254_LowersByLess) {
    const Outcome outcome = import(instance(" track_interface {\n eth1 weight 20\n}\n priority 250"));
    EXPECT_EQ(outcome.router().priority.value(), 254);
    EXPECT_THAT(tracks_of(outcome), ElementsAre("eth1 -4"));
    EXPECT_THAT(outcome.remarks, IsEmpty());
}

TEST(KeepalivedTracking, PositiveWeights_ThatGoBeyond254_AreTold) {
    const Outcome outcome =
        import(instance(" track_interface {\n eth1 weight 20\n eth2 weight 5\n}\n priority 250"));
    EXPECT_EQ(outcome.router().priority.value(), 254);
    EXPECT_THAT(outcome.remarks,
                ElementsAre(HasSubstr("the priority is 275 while everything that is tracked is up")));
}

TEST(KeepalivedTracking, OwnInterface_NeedsNoTracker) {
    const Outcome outcome = import(instance(" track_interface {\n eth0 weight 20\n}"));
    EXPECT_THAT(outcome.router().tracks, IsEmpty());
    EXPECT_EQ(outcome.router().priority.value(), 100);
}

TEST(KeepalivedTracking, Definition_CountsFromItsPlaceOn) {
    const Outcome outcome = import(root + instance(" track_script {\n chk\n}") + script);
    EXPECT_THAT(outcome.router().tracks, IsEmpty());
    EXPECT_THAT(
        outcome.remarks,
        ElementsAre(HasSubstr("keepalived also ignores it because there is no vrrp_script of this name "
                              "before it")));
}

TEST(KeepalivedTracking, LineThatIsMalformed_IsIgnored_AsInKeepalived) {
    const Outcome outcome =
        import(instance(" track_interface {\n eth1 weight\n eth2 wait 5\n eth3 weight 5x\n}"));
    EXPECT_THAT(tracks_of(outcome), ElementsAre("eth3 -5"));
    EXPECT_EQ(outcome.remarks.size(), 2U);
}

TEST(KeepalivedTracking, UserThatIsNotThere_MeansThatTheScriptIsNotRun) {
    const Outcome outcome = import("vrrp_script chk {\n script /bin/check\n user ghost\n}\n" +
                                   instance(" track_script {\n chk\n}"));
    EXPECT_THAT(outcome.router().tracks, IsEmpty());
    EXPECT_THAT(outcome.remarks, testing::Contains(HasSubstr("there is no user \"ghost\" here")));
}

TEST(KeepalivedTracking, ProgramWithoutAPath_IsLookedUpForRootAlone) {
    const Outcome outcome = import("vrrp_script chk {\n script \"killall -0 x\"\n user nobody\n}\n" +
                                   instance(" track_script {\n chk\n}"));
    EXPECT_THAT(outcome.router().tracks, IsEmpty());
    EXPECT_THAT(outcome.remarks, testing::Contains(HasSubstr("write the path of \"killall\"")));
}

TEST(KeepalivedTracking, ProgramThatIsNotThere_IsTold) {
    EXPECT_THAT(
        import(root + "vrrp_script chk {\n script /missing\n}\n" + instance(" track_script {\n chk\n}"))
            .remarks,
        ElementsAre(HasSubstr("k.conf:5: there is no program \"/missing\" on this host")));
}

TEST(KeepalivedTracking, Reverse_IsTold) {
    const Outcome outcome = import(instance(" track_interface {\n eth1 weight 20 reverse\n}"));
    EXPECT_THAT(outcome.router().tracks, IsEmpty());
    EXPECT_THAT(outcome.remarks,
                ElementsAre(HasSubstr("k.conf:6: tracking \"eth1\" is not carried over: a tracker cannot "
                                      "lower the priority while something is up")));
}

TEST(KeepalivedTracking, ReverseOfAScript_TurnsItsExitCodeRound) {
    const auto with = [](const std::string& weight) {
        return import(root + "vrrp_script chk {\n script \"/bin/check x\"\n rise 2\n}\n" +
                      instance(" track_script {\n chk weight " + weight + " reverse\n}"));
    };
    const Outcome positive = with("20");
    EXPECT_THAT(tracks_of(positive), ElementsAre("chk-reversed -20"));
    EXPECT_EQ(positive.router().priority.value(), 100);
    const auto command = watched<WatchedCommand>(positive);
    EXPECT_THAT(command.command.arguments, ElementsAre("/bin/sh", "-c", R"(! "$0" "$@")", "/bin/check", "x"));
    EXPECT_EQ(command.fall, 2U);
    EXPECT_EQ(with("-20").router().priority.value(), 120);
    EXPECT_THAT(tracks_of(with("0")), ElementsAre("chk-reversed fault"));
}

TEST(KeepalivedTracking, Script_IsRunAsKeepalivedRunsIt) {
    const Outcome outcome = import(
        root +
        "vrrp_script chk {\n script \"/bin/check 'a b' c\"\n interval 2\n timeout 3\n rise 4\n fall 5\n"
        " user daemon\n}\n" +
        instance(" track_script {\n chk\n}"));
    EXPECT_THAT(tracks_of(outcome), ElementsAre("chk fault"));
    const auto command = watched<WatchedCommand>(outcome);
    EXPECT_THAT(command.command.arguments, ElementsAre("/bin/check", "a b", "c"));
    EXPECT_EQ(command.command.user, "daemon");
    EXPECT_EQ(command.interval, seconds(2));
    EXPECT_EQ(command.command.timeout, seconds(3));
    EXPECT_EQ(command.rise, 4U);
    EXPECT_EQ(command.fall, 5U);
    EXPECT_THAT(outcome.remarks, IsEmpty());
}

TEST(KeepalivedTracking, Script_HasKeepalivedsDefaults) {
    const auto command =
        watched<WatchedCommand>(import(root + "vrrp_script chk {\n script /bin/check\n interval 7\n}\n" +
                                       instance(" track_script {\n chk\n}")));
    EXPECT_EQ(command.command.user, "root");
    EXPECT_EQ(command.interval, seconds(7));
    EXPECT_EQ(command.command.timeout, seconds(7));
    EXPECT_EQ(command.rise, 1U);
    EXPECT_EQ(command.fall, 1U);
}

TEST(KeepalivedTracking, UserThatNobodyNames_IsTold) {
    const Outcome outcome = import(script + instance(" track_script {\n chk\n}"));
    EXPECT_EQ(watched<WatchedCommand>(outcome).command.user, "root");
    EXPECT_THAT(outcome.remarks, ElementsAre(HasSubstr("k.conf:2: scripts run as root, here and below")));
}

TEST(KeepalivedTracking, ScriptWithoutAPath_IsLookedUp_AndARedirectionGoesToTheShell) {
    const auto lookup =
        watched<WatchedCommand>(import(root + "vrrp_script chk {\n script \"killall -0 haproxy\"\n}\n" +
                                       instance(" track_script {\n chk\n}")));
    EXPECT_THAT(lookup.command.arguments, ElementsAre("/usr/bin/env", "killall", "-0", "haproxy"));
    const auto redirection =
        watched<WatchedCommand>(import(root + "vrrp_script chk {\n script \"</dev/tcp/127.0.0.1/80\"\n}\n" +
                                       instance(" track_script {\n chk\n}")));
    EXPECT_THAT(redirection.command.arguments, ElementsAre("/bin/sh", "-c", "</dev/tcp/127.0.0.1/80"));
}

TEST(KeepalivedTracking, WeightOfTheScript_CountsWhereTheLineSaysNone) {
    const std::string definition = root + "vrrp_script chk {\n script /bin/check\n weight -9\n}\n";
    EXPECT_THAT(tracks_of(import(definition + instance(" track_script {\n chk\n}"))), ElementsAre("chk -9"));
    EXPECT_THAT(tracks_of(import(definition + instance(" track_script {\n chk weight -3\n}"))),
                ElementsAre("chk -3"));
    EXPECT_THAT(tracks_of(import(definition + instance(" track_script {\n chk weight 0\n}"))),
                ElementsAre("chk fault"));
}

TEST(KeepalivedTracking, ScriptThatNobodyTracks_IsNotRun) {
    EXPECT_THAT(import(root + script + instance("")).config.trackers, IsEmpty());
}

TEST(KeepalivedTracking, WhatIsNotDefined_IsTold) {
    EXPECT_THAT(
        import(instance(" track_script {\n foo\n}\n track_process {\n bar\n}")).remarks,
        ElementsAre(
            "k.conf:6: tracking \"foo\" is not carried over: keepalived also ignores it because there is no "
            "vrrp_script of this name",
            "k.conf:9: tracking \"bar\" is not carried over: keepalived also ignores it because there is no "
            "vrrp_track_process of this name"));
}

TEST(KeepalivedTracking, Process_IsKnownByItsName) {
    const Outcome outcome =
        import("vrrp_track_process p {\n process /usr/sbin/haproxy -f x\n weight -4\n quorum 2\n}\n" +
               instance(" track_process {\n p\n}"));
    EXPECT_EQ(watched<WatchedProcess>(outcome).name, "haproxy");
    EXPECT_THAT(tracks_of(outcome), ElementsAre("p -4"));
    EXPECT_THAT(outcome.remarks, ElementsAre(HasSubstr("k.conf:4: \"quorum\" is not carried over"),
                                             HasSubstr("k.conf:2: the process is found only by its name")));
}

TEST(KeepalivedTracking, ProcessHasNoWeight_AndFileOneOf1) {
    const Outcome outcome =
        import("vrrp_track_process p {\n process haproxy\n}\ntrack_file f {\n file /run/f\n}\n" +
               instance(" track_process {\n p\n}\n track_file {\n f\n}"));
    EXPECT_THAT(tracks_of(outcome), ElementsAre("p fault", "f value"));
    EXPECT_EQ(outcome.router().priority.value(), 100);
}

TEST(KeepalivedTracking, FileWithoutWeight_IsDownWhileItIsNot0) {
    const Outcome outcome =
        import("track_file f {\n file /run/f\n weight 0\n}\n" + instance(" track_file {\n f\n}"));
    EXPECT_THAT(tracks_of(outcome), ElementsAre("f-is-0 fault"));
    EXPECT_THAT(watched<WatchedCommand>(outcome).command.arguments,
                ElementsAre("/bin/sh", "-c", R"sh(test "$(cat "$0")" -eq 0)sh", "/run/f"));
}

TEST(KeepalivedTracking, FileWithAnotherWeight_IsTold) {
    EXPECT_THAT(
        import("track_file f {\n file /run/f\n weight 2\n}\n" + instance(" track_file {\n f\n}")).remarks,
        ElementsAre(HasSubstr("tracking \"f\" is not carried over: the number in a file is not multiplied")));
}

TEST(KeepalivedTracking, Owner_HasOnlyFaults) {
    const Outcome outcome = import(instance(" priority 255\n track_interface {\n eth1 weight 5\n eth2\n}"));
    EXPECT_THAT(tracks_of(outcome), ElementsAre("eth2 fault"));
    EXPECT_THAT(outcome.remarks,
                ElementsAre(HasSubstr("tracking \"eth1\" is not carried over: keepalived also ignores it")));
}

TEST(KeepalivedTracking, Names_AreMadeFitAndUnique) {
    const Outcome outcome =
        import(root + "vrrp_script \"eth 1\" {\n script /bin/a\n}\nvrrp_script eth-1 {\n script /bin/b\n}\n" +
               instance(" track_script {\n \"eth 1\"\n eth-1\n}"));
    EXPECT_THAT(tracks_of(outcome), ElementsAre("eth-1 fault", "eth-1-2 fault"));
}

TEST(KeepalivedTracking, TheSameTwice_CountsOnce) {
    const Outcome outcome = import(instance(" track_interface {\n eth1\n eth1 weight -5\n}"));
    EXPECT_THAT(tracks_of(outcome), ElementsAre("eth1 fault"));
    EXPECT_THAT(outcome.remarks,
                ElementsAre(HasSubstr(
                    "k.conf:7: tracking \"eth1\" is not carried over: keepalived also ignores it")));
}

TEST(KeepalivedTracking, NumbersBeyondTheirLimits_AreCutAndTold) {
    const Outcome outcome =
        import(root + "vrrp_script chk {\n script /bin/a\n interval 1.5\n timeout 9999\n fall 300\n}\n" +
               instance(" track_script {\n chk\n}"));
    const auto command = watched<WatchedCommand>(outcome);
    EXPECT_EQ(command.interval, seconds(1));
    EXPECT_EQ(command.command.timeout, seconds(3600));
    EXPECT_EQ(command.fall, 255U);
    EXPECT_EQ(outcome.remarks.size(), 2U);
}

}  // namespace
}  // namespace vrrp_xdp::keepalived
