// SPDX-License-Identifier: BSD-2-Clause
#include "inspection/interface.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "dataplane/attached_program.hpp"
#include "dataplane/mode.hpp"
#include "dataplane/pins.hpp"
#include "device/vlan_offload.hpp"
#include "inspection/kernel_answers.hpp"
#include "net/advertisement_size.hpp"
#include "net/nic_features.hpp"

namespace vrrp_xdp::inspection {
namespace {

using protocol::Family;

class Inspection {
  public:
    Inspection(const std::string& name, const net::InterfaceMonitor& monitor)
        : name_(name), monitor_(monitor), state_(monitor.state_of(name)) {}

    Findings run() {
        if (is_fit()) {
            inspect_addresses();
            inspect_mtu();
            inspect_port();
            inspect_filter();
            for (const auto family : {Family::Ipv4, Family::Ipv6}) inspect_forwarding(family);
            inspect_redirects();
            for (Finding& each : inspect_kernel_answers(name_, HoldsAddresses::Perhaps))
                findings_.push_back(std::move(each));
        }
        return std::move(findings_);
    }

  private:
    void add(Verdict verdict, std::string what, std::string hint = {}) {
        findings_.push_back({verdict, name_, std::move(what), std::move(hint)});
    }

    bool is_fit() {
        if (!state_)
            add(Verdict::Problem, "there is no such interface", "'ip link' lists them");
        else if (!state_->ethernet)
            add(Verdict::Problem, "is not an Ethernet interface", "VRRP's virtual MAC requires one");
        return findings_.empty();
    }

    void inspect_addresses() {
        if (!state_->running)
            add(Verdict::Warning, "is down or has no carrier",
                "'ip link set " + name_ + " up', and check the cable");
        const bool v4 = state_->primary_address(Family::Ipv4, {}).has_value();
        const bool v6 = state_->primary_address(Family::Ipv6, {}).has_value();
        if (v4 || v6)
            add(Verdict::Ok, std::string("has addresses to advertise from: ") + (v4 && v6 ? "IPv4 and IPv6"
                                                                                 : v4     ? "IPv4 only"
                                                                                          : "IPv6 only"));
        else
            add(Verdict::Warning, "has neither an IPv4 nor a link-local IPv6 address",
                "Virtual Routers wait for an address of their family to send from");
    }

    /// As many addresses as advertisements may list (RFC 9568 §5.2.5), or as fit an MTU of 1500 bytes.
    void inspect_mtu() {
        constexpr unsigned ordinary_mtu = 1500;
        const std::string mtu = "MTU " + std::to_string(state_->mtu);
        if (state_->mtu >= ordinary_mtu)
            return add(Verdict::Ok, mtu + " has room for an advertisement of every Virtual Router");
        const auto room = [&](Family family) {
            return std::to_string(net::room_for_addresses(family, state_->mtu));
        };
        add(Verdict::Warning,
            mtu + " has room for advertisements of " + room(Family::Ipv4) + " IPv4 or " + room(Family::Ipv6) +
                " IPv6 addresses: longer ones cannot be sent",
            "'ip link set " + name_ + " mtu 1500', or fewer addresses for each Virtual Router");
    }

    /// The programs go where frames come in, which for a VLAN device is its parent.
    void inspect_port() {
        const std::string port = monitor_.placement_of(name_).port;
        const auto state = monitor_.state_of(port);
        if (!state) return;
        const std::string on = port == name_ ? "" : port + " below it: ";
        const dataplane::Interface interface { port, state->index, state->kind };
        const auto present = dataplane::attached_program(state->index);
        const bool attached = dataplane::find_pinned(port, state->index) == dataplane::Pinned::Attached;
        if (present && !dataplane::is_ours(*present, port))
            add(Verdict::Problem, on + "another XDP program is attached: " + describe(*present),
                removal_hint(*present, port));
        else if (attached) {
            const dataplane::Mode mode = dataplane::pinned_mode(interface);
            add(Verdict::Ok, on + "vrrp-xdp is attached in " + to_string(mode) + " mode");
            inspect_taps(mode);
        } else {
            inspect_mode(interface, on);
            inspect_taps(dataplane::choose_mode(dataplane::Mode::Auto, interface.kind).first);
            inspect_reset(port, on);
        }
    }

    /// By clsact frames come in behind the packet taps.
    void inspect_taps(dataplane::Mode mode) {
        if (mode != dataplane::Mode::Clsact)
            add(Verdict::Ok,
                "tcpdump does not see what XDP consumes: advertisements, and questions for virtual addresses",
                "'vrrp-xdp capture " + name_ + " | tcpdump -nr -' shows them while an instance runs");
    }

    /// Which mode auto takes, and why.
    void inspect_mode(const dataplane::Interface& port, const std::string& on) {
        const std::string driver = on + "driver " + net::driver_of(port.name);
        const auto choice = dataplane::choose_mode(dataplane::Mode::Auto, port.kind);
        const auto native = net::supports_native_xdp(port.index);
        if (choice.first == dataplane::Mode::Clsact)
            add(Verdict::Ok, driver + ": auto selects clsact: " + choice.reason);
        else if (!native)
            add(Verdict::Ok, driver +
                                 ": auto selects native XDP if the driver supports it, else clsact; on this "
                                 "kernel, only attach can tell");
        else if (*native)
            add(Verdict::Ok, driver + ": auto selects native XDP, which the driver supports");
        else
            add(Verdict::Warning,
                driver +
                    " does not support native XDP: auto selects clsact, which costs more CPU time per frame",
                "if this router forwards many frames, use a network card whose driver supports it");
        if (choice.first != dataplane::Mode::Native || native == false) return;
        for (const auto type : device::kTagTypes)
            if (device::tag_stripping(port.name, type) == device::TagStripping::On)
                add(Verdict::Ok, on + ethtool_name(type) +
                                     " is on; it is turned off while native XDP is attached, and some cards "
                                     "reset when it changes");
    }

    /// igb takes its card down and up again. A program in the place of another needs no reset.
    void inspect_reset(const std::string& port, const std::string& on) {
        if (net::driver_of(port) == "igb")
            add(Verdict::Warning,
                on + "driver igb resets the card when native XDP is attached and detached: the carrier is "
                     "lost for seconds",
                "attach while no host needs this router; a restart or an upgrade of vrrp-xdp does not reset "
                "the card");
    }

    void inspect_filter() {
        const std::string port = monitor_.placement_of(name_).port;
        if (const auto limit = net::limited_to_own_mac(port)) {
            add(Verdict::Warning,
                (port == name_ ? "" : port + " below it ") + *limit +
                    ": frames to a virtual MAC never reach it, so attach refuses a virtual MAC",
                "set 'virtual-mac: false' for its Virtual Routers, or put them on the interface below " +
                    port);
            return;
        }
        const auto filter = net::try_unicast_filter(name_);
        if (!filter)
            add(Verdict::Warning, "its MAC address filter is unknown: " + filter.error().what,
                filter.error().hint);
        else if (*filter == net::UnicastFilter::Present)
            add(Verdict::Ok, "can filter additional MAC addresses");
        else
            add(Verdict::Warning,
                "cannot filter additional MAC addresses: it will be promiscuous while attached",
                "harmless on a switched port; on a hub the CPU receives every frame");
    }

    static bool is_on(const std::string& file) {
        int value = 0;
        std::ifstream("/proc/sys/net/" + file) >> value;
        return value != 0;
    }

    static std::string setting(Family family, const std::string& interface, const char* key) {
        return (family == Family::Ipv4 ? "ipv4/conf/" : "ipv6/conf/") + interface + "/" + key;
    }

    /// Only for a family that the interface has addresses of, link-local ones aside: those every one has.
    void inspect_forwarding(Family family) {
        const auto& addresses = state_->addresses;
        if (std::none_of(addresses.begin(), addresses.end(), [&](const protocol::IpAddress& each) {
                return each.family() == family && !each.is_link_local();
            }))
            return;
        const std::string word = family == Family::Ipv4 ? "IPv4" : "IPv6";
        if (is_on(setting(family, name_, "forwarding"))) return add(Verdict::Ok, word + " forwarding is on");
        add(Verdict::Warning,
            word + " forwarding is off: hosts would send to a gateway that does not forward",
            family == Family::Ipv4 ? "'sysctl net.ipv4.ip_forward=1'"
                                   : "'sysctl net.ipv6.conf.all.forwarding=1'");
    }

    void inspect_redirects() {
        // Either of the two turns them on.
        if (!is_on(setting(Family::Ipv4, "all", "send_redirects")) &&
            !is_on(setting(Family::Ipv4, name_, "send_redirects")))
            return add(Verdict::Ok, "sends no ICMP redirects");
        add(Verdict::Warning,
            "sends ICMP redirects, which tell hosts to bypass the virtual gateway (RFC 9568 section 8.1.1)",
            "'sysctl net.ipv4.conf.all.send_redirects=0 net/ipv4/conf/" + name_ + "/send_redirects=0'");
    }

    const std::string& name_;
    const net::InterfaceMonitor& monitor_;
    std::optional<net::InterfaceState> state_;
    Findings findings_;
};

}  // namespace

Findings inspect_interface(const std::string& name, const net::InterfaceMonitor& monitor) {
    return Inspection(name, monitor).run();
}

}  // namespace vrrp_xdp::inspection
