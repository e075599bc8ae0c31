// SPDX-License-Identifier: BSD-2-Clause
// What is said of causes: names, the log, and RFC 8347's events.
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "status/cause.hpp"
#include "status_examples.hpp"

namespace vrrp_xdp::status {
namespace {

using protocol::Cause;

std::vector<Cause> all_causes() {
    std::vector<Cause> causes;
    for (std::uint8_t value = 0; !text_of(Cause{value}).name.empty(); ++value) causes.push_back(Cause{value});
    return causes;
}

TEST(Causes, EachHasANameOfItsOwn_ByWhichItIsFound) {
    std::set<std::string> names;
    for (const Cause cause : all_causes()) {
        EXPECT_TRUE(names.insert(name_of(cause)).second) << name_of(cause);
        EXPECT_EQ(cause_named(name_of(cause)), cause);
    }
    EXPECT_EQ(all_causes().back(), Cause::Drained);
    EXPECT_EQ(cause_named("luck"), std::nullopt);
    EXPECT_EQ(cause_named(""), std::nullopt);
}

TEST(Causes, EachSaysWhyAndWhatEndsInitialize) {
    for (const Cause cause : all_causes()) {
        const CauseText text = text_of(cause);
        for (const std::string_view each : {text.in_log, text.because, text.remedy})
            EXPECT_FALSE(each.empty()) << text.name;
        EXPECT_EQ(text.remedy.back(), '.') << text.name;
        EXPECT_NE(text.because.back(), '.') << text.name;
    }
}

TEST(Causes, ArePublishedNames_ThatHooksAndProgramsGoBy) {
    EXPECT_EQ(name_of(Cause::ActiveDownTimer), "master-timeout");
    EXPECT_EQ(name_of(Cause::HigherPriority), "higher-priority-master");
    EXPECT_EQ(name_of(Cause::InterfaceDown), "interface-down");
    EXPECT_EQ(name_of(Cause::PrimaryAddressGone), "no-primary-ip-address");
    EXPECT_EQ(name_of(Cause::GroupFaulted), "group-faulted");
}

TEST(Causes, HaveEventsOfTheModelAlone_rfc8347_5) {
    const std::set<std::string_view> identities{"none",
                                                "startup",
                                                "shutdown",
                                                "higher-priority-backup",
                                                "master-timeout",
                                                "interface-up",
                                                "interface-down",
                                                "no-primary-ip-address",
                                                "primary-ip-address",
                                                "no-virtual-ip-addresses",
                                                "virtual-ip-addresses",
                                                "preempt-hold-timeout",
                                                "lower-priority-master",
                                                "owner-preempt"};
    for (const Cause cause : all_causes())
        EXPECT_TRUE(identities.contains(text_of(cause).yang_event)) << name_of(cause);
    EXPECT_EQ(text_of(Cause::Fenced).yang_event, "none");
}

TEST(Causes, AreFaults_WhereSomebodyShouldLook) {
    EXPECT_EQ(text_of(Cause::Fenced).severity, Severity::Fault);
    EXPECT_EQ(text_of(Cause::LeaseExpired).severity, Severity::Fault);
    EXPECT_EQ(text_of(Cause::InterfaceDown).severity, Severity::Fault);
    EXPECT_EQ(text_of(Cause::Shutdown).severity, Severity::Ordinary);
    EXPECT_EQ(text_of(Cause::HigherPriority).severity, Severity::Ordinary);
}

TEST(LogSentences, SayWhoWasHeard) {
    const Heard worse{ip("192.0.2.2"), 100};
    const Heard gone{ip("192.0.2.2"), 0};
    EXPECT_EQ(reason_of(Cause::ActiveDownTimer, std::nullopt, Preempts::No), "no Active Router was heard");
    EXPECT_EQ(reason_of(Cause::ActiveDownTimer, worse, Preempts::No), "192.0.2.2 is no longer heard");
    EXPECT_EQ(reason_of(Cause::ActiveDownTimer, gone, Preempts::No), "192.0.2.2 has left");
    EXPECT_EQ(reason_of(Cause::ActiveDownTimer, worse, Preempts::Yes),
              "preempts 192.0.2.2, which advertises priority 100");
    EXPECT_EQ(reason_of(Cause::HigherPriority, Heard{ip("fe80::1"), 220}, Preempts::No),
              "fe80::1 advertises priority 220");
    EXPECT_EQ(reason_of(Cause::Startup, worse, Preempts::No), "started");
    EXPECT_EQ(reason_of(Cause::Fenced, worse, Preempts::No),
              "was delayed, or unable to send, for so long that another router may be Active; now Backup");
}

}  // namespace
}  // namespace vrrp_xdp::status
