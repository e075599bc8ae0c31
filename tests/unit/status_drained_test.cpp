// SPDX-License-Identifier: BSD-2-Clause
// What is said of one that is drained.
#include <gmock/gmock.h>

#include "status/explanation.hpp"
#include "status/json.hpp"
#include "status/metrics.hpp"
#include "status/text.hpp"
#include "status_examples.hpp"

namespace vrrp_xdp::status {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

Interface drained(VirtualRouter router) {
    router.running->drained = true;
    router.running->drained_until = "2026-11-28T14:00:00Z";
    router.running->drain_reason = "a new kernel";
    router.running->effective_priority = 1;
    return running_interface({router});
}

TEST(Drained, IsReadAsItIsWritten) {
    const Interface interface = drained(backup_router());
    EXPECT_EQ(*from_json(to_json(interface)), interface);
    EXPECT_FALSE(to_json(running_interface({backup_router()}))["virtual-routers"][0].contains("drained"));
}

TEST(Drained, IsInTheStatus_UntilWhenAndWhy) {
    EXPECT_THAT(status_text(drained(backup_router())),
                HasSubstr("  vrid 10 ipv4 is drained until 2026-11-28T14:00:00Z: a new kernel\n"));
    EXPECT_THAT(status_text(running_interface({backup_router()})), Not(HasSubstr("drained")));
    const Interface watched = drained(backup_router());
    EXPECT_THAT(watch_line("eth0", watched.virtual_routers.front()),
                HasSubstr("ago; drained until 2026-11-28T14:00:00Z: a new kernel"));
}

TEST(Drained, IsExplained) {
    const Interface backup = drained(backup_router());
    const Explanation explained = explain(backup, backup.virtual_routers.front());
    EXPECT_THAT(explained.facts,
                Contains(HasSubstr("It is drained until 2026-11-28T14:00:00Z: a new kernel.")));
    EXPECT_THAT(explained.facts, Contains(HasSubstr("is 1 while it is drained (configured: 100)")));
    EXPECT_THAT(explained.next, Contains(HasSubstr("it preempts no other router")));
    EXPECT_THAT(explained.next, Not(Contains(HasSubstr("With a priority above"))));

    Interface leaving = drained(active_router());
    leaving.virtual_routers.front().running->leaving = true;
    EXPECT_THAT(explain(leaving, leaving.virtual_routers.front()).next,
                Contains(HasSubstr("it goes on as the Active Router")));
}

TEST(Drained, IsAMetric) {
    EXPECT_THAT(metrics_of({drained(backup_router())}, ""),
                HasSubstr("vrrp_xdp_drained{interface=\"eth0\",vrid=\"10\",family=\"ipv4\"} 1\n"));
    EXPECT_THAT(metrics_of({running_interface({backup_router()})}, ""),
                HasSubstr("vrrp_xdp_drained{interface=\"eth0\",vrid=\"10\",family=\"ipv4\"} 0\n"));
}

}  // namespace
}  // namespace vrrp_xdp::status
