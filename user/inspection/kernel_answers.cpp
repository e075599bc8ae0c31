// SPDX-License-Identifier: BSD-2-Clause
#include "inspection/kernel_answers.hpp"

#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>

#include <algorithm>
#include <fstream>
#include <memory>
#include <set>
#include <vector>

namespace vrrp_xdp::inspection {
namespace {

int setting(const std::string& file) {
    int value = 0;
    std::ifstream("/proc/sys/net/" + file) >> value;
    return value;
}

/// Returns the larger of the interface's setting and that of all, as the kernel does.
int setting_of(const std::string& family, const std::string& interface, const std::string& key) {
    const auto in = [&](const std::string& whose) { return setting(family + "/conf/" + whose + "/" + key); };
    return std::max(in("all"), in(interface));
}

struct Subnet {
    std::string interface;
    in_addr_t network;
    in_addr_t mask;
};

std::vector<Subnet> ipv4_subnets() {
    ifaddrs* first = nullptr;
    std::vector<Subnet> subnets;
    if (getifaddrs(&first) != 0) return subnets;
    const std::unique_ptr<ifaddrs, decltype(&freeifaddrs)> all(first, freeifaddrs);
    for (const ifaddrs* each = first; each != nullptr; each = each->ifa_next) {
        if (each->ifa_addr == nullptr || each->ifa_netmask == nullptr ||
            each->ifa_addr->sa_family != AF_INET || (each->ifa_flags & IFF_LOOPBACK) != 0)
            continue;
        const auto mask = reinterpret_cast<const sockaddr_in*>(each->ifa_netmask)->sin_addr.s_addr;
        const auto address = reinterpret_cast<const sockaddr_in*>(each->ifa_addr)->sin_addr.s_addr;
        if (mask != INADDR_NONE) subnets.push_back({each->ifa_name, address & mask, mask});
    }
    return subnets;
}

/// Other interfaces that have an address of the same subnet, and so are likely to be of the same LAN.
std::set<std::string> others_of_the_lan(const std::string& interface) {
    const std::vector<Subnet> subnets = ipv4_subnets();
    std::set<std::string> others;
    for (const Subnet& here : subnets)
        for (const Subnet& there : subnets)
            if (here.interface == interface && there.interface != interface &&
                here.network == there.network && here.mask == there.mask)
                others.insert(there.interface);
    return others;
}

}  // namespace

Findings inspect_kernel_answers(const std::string& interface, HoldsAddresses holds) {
    Findings findings;
    const auto warn = [&](std::string what, std::string hint) {
        findings.push_back({Verdict::Warning, interface, std::move(what), std::move(hint)});
    };
    const std::string sysctl = "'sysctl net/ipv4/conf/";
    if (setting_of("ipv4", interface, "proxy_arp") != 0)
        warn(
            "has proxy_arp on: it answers with the physical MAC, but a router must answer with the virtual "
            "one (RFC 9568 section 8.1.3)",
            sysctl + "all/proxy_arp=0 net/ipv4/conf/" + interface + "/proxy_arp=0'");
    if (setting_of("ipv6", interface, "proxy_ndp") != 0)
        warn("has proxy_ndp on: it answers with the physical MAC",
             "'sysctl net/ipv6/conf/all/proxy_ndp=0 net/ipv6/conf/" + interface + "/proxy_ndp=0'");
    if (holds == HoldsAddresses::No) return findings;
    for (const std::string& other : others_of_the_lan(interface)) {
        if (setting_of("ipv4", other, "arp_ignore") != 0 || setting_of("ipv4", other, "arp_filter") != 0)
            continue;
        warn(other +
                 " is in the same subnet and answers ARP with its own MAC for every address of this host, "
                 "including virtual addresses with accept-mode or priority 255",
             sysctl + other + "/arp_ignore=1'");
    }
    return findings;
}

}  // namespace vrrp_xdp::inspection
