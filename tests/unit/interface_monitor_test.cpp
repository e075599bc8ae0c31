// SPDX-License-Identifier: BSD-2-Clause
// What is made of the kernel's messages on interfaces and addresses. They are made up here, one by one.
#include "net/interface_monitor.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/if_addr.h>
#include <linux/if_ether.h>
#include <linux/rtnetlink.h>
#include <net/if.h>

#include <cstring>
#include <deque>

#include "net/netlink.hpp"

namespace vrrp_xdp::net {
namespace {

using protocol::IpAddress;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr unsigned kUp = IFF_UP;
constexpr unsigned kRunning = IFF_UP | IFF_RUNNING;

IpAddress ip(const std::string& text) { return *IpAddress::parse(text); }

/// A netlink message, copied so that it may be given more than once.
using Bytes = std::vector<std::uint8_t>;

Bytes bytes_of(const Message& message) {
    const nlmsghdr* header = nlmsg_hdr(message.get());
    const auto* first = reinterpret_cast<const std::uint8_t*>(header);
    return {first, first + header->nlmsg_len};
}

struct LinkSays {
    unsigned char family = AF_UNSPEC;
    std::string mac{"\x02\0\0\0\0\x01", 6};
    std::optional<unsigned> parent{};
    std::optional<std::uint16_t> vlan_id{};
    bool elsewhere = false;
    bool wireless_event = false;
};

Bytes link_message(int type, int index, const std::string& name, unsigned flags, const LinkSays& says = {}) {
    const Message message(nlmsg_alloc_simple(type, 0));
    ifinfomsg header{};
    header.ifi_family = says.family;
    header.ifi_index = index;
    header.ifi_flags = flags;
    nlmsg_append(message.get(), &header, sizeof(header), NLMSG_ALIGNTO);
    nla_put_string(message.get(), IFLA_IFNAME, name.c_str());
    if (says.wireless_event) {
        nla_put(message.get(), IFLA_WIRELESS, 0, nullptr);
        return bytes_of(message);
    }
    nla_put_u32(message.get(), IFLA_MTU, 1500);
    nla_put(message.get(), IFLA_ADDRESS, static_cast<int>(says.mac.size()), says.mac.data());
    if (says.parent) nla_put_u32(message.get(), IFLA_LINK, *says.parent);
    if (says.elsewhere) nla_put_s32(message.get(), IFLA_LINK_NETNSID, 0);
    if (says.vlan_id) {
        nlattr* info = nla_nest_start(message.get(), IFLA_LINKINFO);
        nla_put_string(message.get(), IFLA_INFO_KIND, "vlan");
        nlattr* data = nla_nest_start(message.get(), IFLA_INFO_DATA);
        nla_put_u16(message.get(), IFLA_VLAN_ID, *says.vlan_id);
        nla_put_u16(message.get(), IFLA_VLAN_PROTOCOL, htons(ETH_P_8021Q));
        nla_nest_end(message.get(), data);
        nla_nest_end(message.get(), info);
    }
    return bytes_of(message);
}

Bytes link_is(int index, const std::string& name, unsigned flags = kRunning, const LinkSays& says = {}) {
    return link_message(RTM_NEWLINK, index, name, flags, says);
}

Bytes link_is_gone(int index, const std::string& name, const LinkSays& says = {}) {
    return link_message(RTM_DELLINK, index, name, 0, says);
}

Bytes address_message(int type, unsigned index, const std::string& text, unsigned prefix, unsigned flags) {
    const Message message(nlmsg_alloc_simple(type, 0));
    const IpAddress address = ip(text);
    ifaddrmsg header{};
    header.ifa_family = address.family() == protocol::Family::Ipv4 ? AF_INET : AF_INET6;
    header.ifa_prefixlen = static_cast<std::uint8_t>(prefix);
    header.ifa_index = index;
    nlmsg_append(message.get(), &header, sizeof(header), NLMSG_ALIGNTO);
    nla_put(message.get(), IFA_ADDRESS, static_cast<int>(address.bytes().size()), address.bytes().data());
    nla_put_u32(message.get(), IFA_FLAGS, flags);
    return bytes_of(message);
}

Bytes address_is(unsigned index, const std::string& text, unsigned prefix = 24, unsigned flags = 0) {
    return address_message(RTM_NEWADDR, index, text, prefix, flags);
}

Bytes address_is_gone(unsigned index, const std::string& text, unsigned prefix = 24) {
    return address_message(RTM_DELADDR, index, text, prefix, 0);
}

void take_in(LinkTable& table, Bytes message) { table.take_in(*reinterpret_cast<nlmsghdr*>(message.data())); }

LinkTable table_of(const std::vector<Bytes>& messages) {
    LinkTable table;
    for (const Bytes& message : messages) take_in(table, message);
    table.take_changes();
    return table;
}

TEST(LinkTable, FollowsTheCarrier) {
    LinkTable table = table_of({link_is(5, "eth0")});
    take_in(table, link_is(5, "eth0", kUp));
    EXPECT_FALSE(table.state_of("eth0")->running);
    EXPECT_THAT(table.take_changes(), ElementsAre(5));
}

TEST(LinkTable, KeepsOneObject_WhateverIpv6AndABridgeSayOfTheLink) {
    LinkTable table = table_of({link_is(5, "eth0")});
    for (const auto family : {static_cast<unsigned char>(AF_INET6), static_cast<unsigned char>(AF_BRIDGE)}) {
        take_in(table, link_is(5, "eth0", kUp, {.family = family, .mac = ""}));
        take_in(table, link_is_gone(5, "eth0", {.family = family}));
    }
    ASSERT_TRUE(table.state_of("eth0"));
    EXPECT_TRUE(table.state_of("eth0")->running);
    EXPECT_TRUE(table.state_of("eth0")->ethernet);
    EXPECT_THAT(table.names(), ElementsAre("eth0"));
    EXPECT_THAT(table.take_changes(), IsEmpty());
}

TEST(LinkTable, PassesOverEventsOfWirelessDrivers) {
    LinkTable table = table_of({link_is(5, "wlan0")});
    take_in(table, link_is(5, "wlan0", kRunning, {.wireless_event = true}));
    EXPECT_TRUE(table.state_of("wlan0")->ethernet);
    EXPECT_EQ(table.state_of("wlan0")->mtu, 1500);
}

TEST(LinkTable, PassesOverMessagesThatAreCutShort) {
    LinkTable table = table_of({link_is(5, "eth0")});
    for (const Bytes& whole : {link_is(5, "eth0", 0), address_is(5, "192.0.2.1")})
        for (std::size_t length = sizeof(nlmsghdr); length < whole.size(); length += 4) {
            Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length));
            reinterpret_cast<nlmsghdr*>(cut.data())->nlmsg_len = static_cast<std::uint32_t>(length);
            take_in(table, cut);
        }
    EXPECT_FALSE(table.state_of(7U));
}

TEST(LinkTable, FollowsNamesThatSwap) {
    LinkTable table = table_of({link_is(5, "eth0"), link_is(6, "eth1"), address_is(5, "192.0.2.1")});
    for (const auto& [index, name] : {std::pair(5, "tmp"), std::pair(6, "eth0"), std::pair(5, "eth1")})
        take_in(table, link_is(index, name));
    EXPECT_EQ(table.state_of("eth0")->index, 6);
    EXPECT_EQ(table.state_of("eth1")->index, 5);
    EXPECT_EQ(table.state_of(5U)->name, "eth1");
    EXPECT_THAT(table.state_of("eth1")->addresses, ElementsAre(ip("192.0.2.1")));
    EXPECT_THAT(table.take_changes(), ElementsAre(5, 6));
}

TEST(LinkTable, ForgetsAnInterfaceWithItsAddresses) {
    LinkTable table = table_of({link_is(5, "eth0"), address_is(5, "192.0.2.1")});
    take_in(table, link_is_gone(5, "eth0"));
    EXPECT_FALSE(table.state_of("eth0"));
    take_in(table, link_is(5, "eth0"));
    EXPECT_THAT(table.state_of("eth0")->addresses, IsEmpty());
}

TEST(LinkTable, KeepsAnAddressInItsPlace_WhenItIsRefreshed) {
    LinkTable table =
        table_of({link_is(5, "eth0"), address_is(5, "192.0.2.1"), address_is(5, "198.51.100.1")});
    take_in(table, address_is(5, "192.0.2.1"));
    EXPECT_THAT(table.state_of("eth0")->addresses, ElementsAre(ip("192.0.2.1"), ip("198.51.100.1")));
    EXPECT_THAT(table.take_changes(), IsEmpty());
}

TEST(LinkTable, HasPrimaryAddressesFirst_AndOnlyUsableOnes) {
    const LinkTable table = table_of(
        {link_is(5, "eth0"), address_is(5, "192.0.2.9", 24, IFA_F_SECONDARY), address_is(5, "192.0.2.1"),
         address_is(5, "fe80::1", 64, IFA_F_TENTATIVE), address_is(5, "fe80::2", 64, IFA_F_DADFAILED)});
    EXPECT_THAT(table.state_of("eth0")->addresses, ElementsAre(ip("192.0.2.1"), ip("192.0.2.9")));
}

TEST(LinkTable, TellsOneAddressWithTwoPrefixesApart) {
    LinkTable table =
        table_of({link_is(5, "eth0"), address_is(5, "192.0.2.1", 24), address_is(5, "192.0.2.1", 32)});
    take_in(table, address_is_gone(5, "192.0.2.1", 32));
    EXPECT_THAT(table.state_of("eth0")->addresses, ElementsAre(ip("192.0.2.1")));
}

TEST(LinkTable, FindsThePortOfAVlan_AndNotThatOfAnotherNamespace) {
    LinkTable table = table_of({link_is(5, "eth0"), link_is(6, "v46", kRunning, {.parent = 5, .vlan_id = 46}),
                                link_is(7, "v46.7", kRunning, {.parent = 6, .vlan_id = 7})});
    EXPECT_EQ(table.placement_of("v46.7").port, "eth0");
    EXPECT_THAT(table.placement_of("v46.7").tags,
                ElementsAre(VlanTag{VlanTag::Protocol::Dot1q, 46}, VlanTag{VlanTag::Protocol::Dot1q, 7}));
    take_in(table, link_is(6, "v46", kRunning, {.parent = 5, .vlan_id = 46, .elsewhere = true}));
    EXPECT_EQ(table.placement_of("v46").port, "v46");
    EXPECT_THAT(table.placement_of("v46").tags, IsEmpty());
}

TEST(LinkTable, DropsWhatADumpDoesNotName_AndTellsWhatDiffers) {
    LinkTable table =
        table_of({link_is(5, "eth0"), link_is(6, "eth1"), link_is(7, "eth2"), address_is(5, "192.0.2.1"),
                  address_is(5, "192.0.2.2"), address_is(7, "203.0.113.1"), address_is(7, "203.0.113.2")});
    table.replace_by(
        table_of({link_is(5, "eth0"), link_is(7, "eth2"), link_is(8, "eth3"), address_is(5, "192.0.2.2"),
                  address_is(7, "203.0.113.2"), address_is(7, "203.0.113.1")}));
    EXPECT_FALSE(table.state_of("eth1"));
    EXPECT_THAT(table.state_of("eth0")->addresses, ElementsAre(ip("192.0.2.2")));
    // The kernel reported the same in another order; they keep theirs.
    EXPECT_THAT(table.state_of("eth2")->addresses, ElementsAre(ip("203.0.113.1"), ip("203.0.113.2")));
    EXPECT_THAT(table.take_changes(), ElementsAre(5, 6, 8));
}

/// Stands in for the kernel: what it has, what it has told, and what it does to who asks.
class ScriptedMessages : public LinkMessages {
  public:
    struct Script {
        std::deque<Bytes> waiting;  ///< an empty one: messages were lost
        std::vector<Bytes> all;
        std::deque<Dumped> answers;  ///< Whole once they are used up
        int dumps = 0;
        int subscriptions = 0;
    };
    explicit ScriptedMessages(Script& script) : script_(script) {}

    int event_fd() const override { return -1; }
    Received receive(const Sink& sink) override {
        if (script_.waiting.empty()) return Received::Nothing;
        Bytes message = std::move(script_.waiting.front());
        script_.waiting.pop_front();
        if (message.empty()) return Received::Lost;
        sink(*reinterpret_cast<nlmsghdr*>(message.data()));
        return Received::Some;
    }
    Dumped dump(const Sink& sink) override {
        ++script_.dumps;
        auto answer = Dumped::Whole;
        if (!script_.answers.empty()) {
            answer = script_.answers.front();
            script_.answers.pop_front();
        }
        // Who is interrupted has heard but a part.
        for (std::size_t i = 0; i < (answer == Dumped::Whole ? script_.all.size() : 1); ++i) {
            Bytes message = script_.all[i];
            sink(*reinterpret_cast<nlmsghdr*>(message.data()));
        }
        return answer;
    }
    Result<void> subscribe() override {
        ++script_.subscriptions;
        return {};
    }

  private:
    Script& script_;
};

using Script = ScriptedMessages::Script;

InterfaceMonitor monitor_of(Script& script) {
    return std::move(*InterfaceMonitor::open(std::make_unique<ScriptedMessages>(script)));
}

TEST(InterfaceMonitor, TellsWhichInterfacesChanged_AndThoseAlone) {
    Script script{.waiting = {}, .all = {link_is(5, "eth0"), link_is(6, "eth1")}, .answers = {}};
    InterfaceMonitor monitor = monitor_of(script);
    script.waiting = {link_is(5, "eth0"), link_is(6, "eth1", kUp)};
    EXPECT_THAT(monitor.update(), ElementsAre(6));
    EXPECT_THAT(monitor.update(), IsEmpty());
}

TEST(InterfaceMonitor, AsksForEverything_WhenMessagesWereLost_AndForgetsWhatIsGone) {
    Script script{.waiting = {}, .all = {link_is(5, "eth0"), link_is(6, "eth1")}, .answers = {}};
    InterfaceMonitor monitor = monitor_of(script);
    script.all = {link_is(5, "eth0", kUp)};
    script.waiting = {Bytes{}};
    EXPECT_THAT(monitor.update(), ElementsAre(5, 6));
    EXPECT_FALSE(monitor.state_of("eth0")->running);
    EXPECT_FALSE(monitor.state_of("eth1"));
}

TEST(InterfaceMonitor, AsksAgain_WhenADumpWasInterrupted) {
    using enum LinkMessages::Dumped;
    Script script{.waiting = {}, .all = {link_is(5, "eth0"), link_is(6, "eth1")}, .answers = {Interrupted}};
    InterfaceMonitor monitor = monitor_of(script);
    EXPECT_EQ(script.dumps, 2);
    EXPECT_TRUE(monitor.state_of("eth1"));

    script.waiting = {Bytes{}};
    script.answers.assign(100, Interrupted);
    EXPECT_THAT(monitor.update(), IsEmpty());  // what there was is better than half of what there is
    EXPECT_TRUE(monitor.state_of("eth1"));
    script.answers.clear();
    script.all = {link_is(5, "eth0")};
    EXPECT_THAT(monitor.update(), ElementsAre(6));  // nobody has to tell it once more
}

TEST(InterfaceMonitor, TakesInABoundedNumberAtOnce) {
    Script script{.waiting = {}, .all = {link_is(5, "eth0")}, .answers = {}};
    InterfaceMonitor monitor = monitor_of(script);
    script.waiting.assign(100000, link_is(5, "eth0", kUp));
    monitor.update();
    EXPECT_GT(script.waiting.size(), 99000);
}

TEST(InterfaceMonitor, HearsAgain_AfterARefresh_WhateverMadeItDeaf) {
    Script script{.waiting = {}, .all = {link_is(5, "eth0")}, .answers = {}};
    InterfaceMonitor monitor = monitor_of(script);
    script.all = {link_is(5, "eth0", kUp)};
    EXPECT_THAT(monitor.refresh(), ElementsAre(5));
    EXPECT_EQ(script.subscriptions, 2);
}

}  // namespace
}  // namespace vrrp_xdp::net
