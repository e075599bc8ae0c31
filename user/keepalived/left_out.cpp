// SPDX-License-Identifier: BSD-2-Clause
#include "keepalived/left_out.hpp"

#include <algorithm>
#include <span>
#include <string>
#include <string_view>

#include "config/text.hpp"

namespace vrrp_xdp::keepalived {
namespace {

struct LeftOut {
    std::string_view name;
    std::string_view why;
};

// Reasons that stand more than once.
constexpr std::string_view balancing =
    "vrrp-xdp does not balance load; use a keepalived without a vrrp_instance, or a proxy";
constexpr std::string_view mail = "nothing is lost: mail is passed to this host's sendmail";
constexpr std::string_view fifo = "priorities are not written to FIFOs; `vrrp-xdp events` reports them";
constexpr std::string_view fifo_script = "run it as a separate service that reads the FIFO";
constexpr std::string_view names = "nothing is lost: it names something that vrrp-xdp does not have";
constexpr std::string_view process = "nothing is lost: it is about keepalived's own processes and files";
constexpr std::string_view realtime =
    "nothing is lost: the protocol thread always runs with real-time priority and locked memory";
constexpr std::string_view firewall =
    "nothing is lost: unwanted frames are dropped in XDP, without a firewall";
constexpr std::string_view snmp =
    "there is no SNMP agent; `vrrp-xdp status --json` has the same values under RFC 8347's names";
constexpr std::string_view dbus = "there is no D-Bus; read `vrrp-xdp status --json` or use a hook";
constexpr std::string_view buffers = "nothing is lost: advertisements are not received from a socket";
constexpr std::string_view netlink = "nothing is lost: it tunes keepalived's netlink sockets";
constexpr std::string_view multicast =
    "advertisements only use the multicast group of RFC 9568: routers that use another group do not receive "
    "them, so that both would be Active; remove it on all routers of the VRID first";
constexpr std::string_view bfd = "there is no BFD; run FRR's bfdd or BIRD, and track a command that asks it";
constexpr std::string_view fixed =
    "configure static addresses, routes and rules with systemd-networkd or ifupdown";
constexpr std::string_view moved =
    "routes and rules do not follow the state; run `ip route` or `ip rule` from a hook on active and backup";
constexpr std::string_view lower =
    "an Active Router always answers a lower priority with an advertisement (RFC 9568 section 6.4.3)";
constexpr std::string_view higher =
    "an Active Router that hears a higher priority yields without an advertisement (RFC 9568 section 6.4.3)";
constexpr std::string_view patience =
    "a Backup Router always waits three intervals and its Skew_Time (RFC 9568 section 6.1)";
constexpr std::string_view owner = "an address owner that hears another one follows RFC 9568 section 6.4.3";
constexpr std::string_view macvlan = "nothing is lost: there is no macvlan";
constexpr std::string_view polling = "nothing is lost: the kernel reports a lost carrier over netlink";
constexpr std::string_view address_list =
    "nothing is lost: a difference in the address list is reported, but the advertisement is never dropped "
    "for it";
constexpr std::string_view reloading =
    "nothing is lost: a file with a mistake is refused completely, and `vrrp-xdp check` reports it before";
constexpr std::string_view scheduled = "use a systemd timer or cron";
constexpr std::string_view spread = "announcements are not spread over time";
constexpr std::string_view announced_again =
    "addresses are not announced again after a lower priority was heard";
constexpr std::string_view own_interface =
    "virtual addresses are on the interface of their Virtual Router and on no other";
constexpr std::string_view namespaces =
    "start vrrp-xdp inside the namespace: `ip netns exec NAME vrrp-xdp attach`, or NetworkNamespacePath= in "
    "the systemd service";
constexpr std::string_view peers_only =
    "nothing is lost: only advertisements of the listed peers are accepted";
constexpr std::string_view deleted =
    "a Virtual Router that is removed from the configuration ends in Initialize";
constexpr std::string_view service = "use the systemd option of the service, if there is one";

constexpr LeftOut at_top[] = {
    {"virtual_server", balancing},
    {"virtual_server_group", balancing},
    {"bfd_instance", bfd},
    {"garp_group", spread},
    {"interface_up_down_delays", "a lost carrier takes effect immediately"},
    {"linkbeat_interfaces", polling},
    {"static_ipaddress", fixed},
    {"static_routes", fixed},
    {"static_rules", fixed},
    {"track_group", "static routes and addresses are not tracked; a tracker can watch for a route"},
    {"net_namespace", namespaces},
    {"net_namespace_ipvs", balancing},
    {"namespace_with_ipsets", firewall},
    {"instance", names},
    {"use_pid_dir", process},
    {"linkbeat_use_polling", polling},
    {"child_wait_time", process},
};

constexpr LeftOut in_globals[] = {
    {"router_id", names},
    {"process_names", names},
    {"process_name", names},
    {"vrrp_process_name", names},
    {"checker_process_name", names},
    {"bfd_process_name", names},
    {"instance", names},
    {"vmac_prefix", macvlan},
    {"vmac_addr_prefix", macvlan},
    {"tmp_config_directory", process},
    {"config_save_dir", process},
    {"umask", process},
    {"use_pid_dir", process},
    {"data_use_instance", process},
    {"child_wait_time", process},
    {"random_seed", process},
    {"include_check", process},
    {"net_namespace", namespaces},
    {"net_namespace_ipvs", balancing},
    {"namespace_with_ipsets", firewall},
    {"startup_script", "use ExecStartPre= in the systemd service"},
    {"startup_script_timeout", service},
    {"shutdown_script", "use ExecStopPost= in the systemd service"},
    {"shutdown_script_timeout", service},
    {"smtp_helo_name", mail},
    {"smtp_connect_timeout", mail},
    {"smtp_alert_checker", balancing},
    {"no_checker_emails", balancing},
    {"checker_log_all_failures", balancing},
    {"rs_init_notifies", balancing},
    {"default_interface", "it applies to static addresses, which are not carried over"},
    {"lvs_sync_daemon", balancing},
    {"lvs_timeouts", balancing},
    {"lvs_flush", balancing},
    {"lvs_flush_on_stop", balancing},
    {"lvs_notify_fifo", balancing},
    {"lvs_notify_fifo_script", balancing},
    {"lvs_netlink_cmd_rcv_bufs", balancing},
    {"lvs_netlink_cmd_rcv_bufs_force", balancing},
    {"lvs_netlink_monitor_rcv_bufs", balancing},
    {"lvs_netlink_monitor_rcv_bufs_force", balancing},
    {"nftables_ipvs", balancing},
    {"nftables_ipvs_priority", balancing},
    {"nftables_ipvs_start_fwmark", balancing},
    {"checker_priority", balancing},
    {"checker_no_swap", balancing},
    {"checker_cpu_affinity", balancing},
    {"checker_rt_priority", balancing},
    {"checker_rlimit_rttime", balancing},
    {"bfd_priority", bfd},
    {"bfd_no_swap", bfd},
    {"bfd_cpu_affinity", bfd},
    {"bfd_rt_priority", bfd},
    {"bfd_rlimit_rttime", bfd},
    {"vrrp_mcast_group4", multicast},
    {"vrrp_mcast_group6", multicast},
    {"vrrp_garp_lower_prio_delay", announced_again},
    {"vrrp_garp_lower_prio_repeat", announced_again},
    {"vrrp_garp_interval", spread},
    {"vrrp_gna_interval", spread},
    {"vrrp_garp_extra_if", own_interface},
    {"vrrp_down_timer_adverts", patience},
    {"vrrp_lower_prio_no_advert", lower},
    {"vrrp_higher_prio_send_advert", higher},
    {"nftables", firewall},
    {"nftables_priority", firewall},
    {"nftables_counters", firewall},
    {"nftables_ifindex", firewall},
    {"vrrp_iptables", firewall},
    {"vrrp_ipsets", firewall},
    {"disable_local_igmp", "membership reports are sent from the interface's own address and MAC"},
    {"vrrp_check_unicast_src", peers_only},
    {"vrrp_skip_check_adv_addr", address_list},
    {"vrrp_notify_priority_changes", fifo},
    {"notify_fifo_script", fifo_script},
    {"vrrp_notify_fifo_script", fifo_script},
    {"fifo_write_vrrp_states_on_reload", fifo},
    {"max_auto_priority", realtime},
    {"min_auto_priority_delay", realtime},
    {"vrrp_priority", realtime},
    {"vrrp_no_swap", realtime},
    {"vrrp_rt_priority", realtime},
    {"vrrp_rlimit_rttime", realtime},
    {"vrrp_cpu_affinity", "use CPUAffinity= in the systemd service"},
    {"snmp_socket", snmp},
    {"enable_snmp_keepalived", snmp},
    {"enable_snmp_vrrp", snmp},
    {"enable_snmp_checker", balancing},
    {"enable_snmp_rfc", snmp},
    {"enable_snmp_rfcv2", snmp},
    {"enable_snmp_rfcv3", snmp},
    {"enable_traps", snmp},
    {"enable_dbus", dbus},
    {"dbus_service_name", dbus},
    {"dynamic_interfaces",
     "an interface must exist when vrrp-xdp attaches; one that is deleted later is waited for"},
    {"vrrp_netlink_cmd_rcv_bufs", netlink},
    {"vrrp_netlink_cmd_rcv_bufs_force", netlink},
    {"vrrp_netlink_monitor_rcv_bufs", netlink},
    {"vrrp_netlink_monitor_rcv_bufs_force", netlink},
    {"process_monitor_rcv_bufs", netlink},
    {"process_monitor_rcv_bufs_force", netlink},
    {"vrrp_rx_bufs_policy", buffers},
    {"vrrp_rx_bufs_multiplier", buffers},
    {"log_unknown_vrids", "advertisements for VRIDs that are not configured are counted and not logged"},
    {"linkbeat_use_polling", polling},
    {"reload_check_config", reloading},
    {"reload_time_file", scheduled},
    {"reload_repeat", scheduled},
    {"reload_file", reloading},
    // Of keepalived 2.3 and 2.4.
    {"vrrp_owner_ignore_adverts", owner},
    {"vrrp_delay_after_boot",
     "ExecStartPre= of systemd can wait, and `startup-delay` waits after each start"},
    {"thread_timer_expired", process},
    {"timer_expired_backup", process},
    {"json_version", process},
    {"json_dump_file", process},
    {"state_dump_file", process},
    {"stats_dump_file", process},
    {"iproute_etc_dir", process},
    {"iproute_usr_dir", process},
    {"dbus_no_interface_name", dbus},
    {"snmp_rs_stats_update_interval", balancing},
    {"snmp_vs_stats_update_interval", balancing},
    {"use_symlink_paths", "make sure yourself that only root can write to scripts that root runs"},
    {"set_supplementary_groups", "nothing is lost: a command always runs with the groups of its user"},
    // Of older ones.
    {"lvs_id", names},
    {"vrrp_vmac_garp_intvl", own_interface},
    {"vrrp_rlimit_rtime", realtime},
    {"checker_rlimit_rtime", balancing},
    {"bfd_rlimit_rtime", bfd},
};

constexpr LeftOut in_sync_groups[] = {
    {"notify_priority_changes", fifo},
    {"notify_deleted", deleted},
    {"track_bfd", bfd},
};

constexpr LeftOut in_instances[] = {
    {"debug", "nothing is lost: keepalived does not use it either"},
    {"vrf", "set an interface: vrrp-xdp attaches to interfaces"},
    {"use_vmac_addr", own_interface},
    {"vmac_xmit_base", macvlan},
    {"use_ipvlan", "there is no ipvlan; advertisements come from the interface itself"},
    {"dont_track_primary",
     "a Virtual Router whose own interface is down is always in Initialize (RFC 9568 section 6.4)"},
    {"linkbeat_use_polling", polling},
    {"track_bfd", bfd},
    {"mcast_dst_ip", multicast},
    {"track_src_ip",
     "nothing is lost: a Virtual Router whose interface has no primary address is in Initialize"},
    {"check_unicast_src", peers_only},
    {"unicast_fault_no_peer", "nothing is lost: a list of peers cannot be empty here"},
    {"unicast_ttl", "advertisements are always sent with a TTL of 255"},
    {"garp_lower_prio_delay", announced_again},
    {"garp_lower_prio_repeat", announced_again},
    {"garp_extra_if", own_interface},
    {"down_timer_adverts", patience},
    {"lower_prio_no_advert", lower},
    {"higher_prio_send_advert", higher},
    {"virtual_routes", moved},
    {"virtual_rules", moved},
    {"promote_secondaries", "set net.ipv4.conf.IFACE.promote_secondaries yourself if you need it"},
    {"skip_check_adv_addr", address_list},
    {"notify_master_rx_lower_pri",
     "there is no hook for it; `vrrp-xdp status --json` counts received advertisements"},
    {"notify_deleted", deleted},
    {"notify_priority_changes", fifo},
    {"kernel_rx_buf_size", buffers},
    {"lvs_sync_daemon_interface", balancing},
    // Of keepalived 2.3 and 2.4.
    {"owner_ignore_adverts", owner},
    {"no_virtual_ipaddress", "a Virtual Router has at least one address"},
    // Of older ones.
    {"vmac_garp_intvl", own_interface},
};

std::span<const LeftOut> known_in(Scope scope) {
    switch (scope) {
        case Scope::File:
            return at_top;
        case Scope::Globals:
            return in_globals;
        case Scope::SyncGroup:
            return in_sync_groups;
        case Scope::Instance:
            return in_instances;
    }
    return {};
}

}  // namespace

void tell_left_out(const Directive& directive, Scope scope, Notes& notes) {
    const std::span<const LeftOut> known = known_in(scope);
    const auto found = std::find_if(known.begin(), known.end(),
                                    [&](const LeftOut& each) { return each.name == directive.name(); });
    if (found != known.end() && found->why == multicast)
        return notes.disagrees(directive.place, config::quoted(directive.name()) +
                                                    " is not carried over: " + std::string(found->why));
    if (found != known.end()) return notes.left_out(directive, found->why);
    notes.left_out(directive, "it is unknown; `keepalived --config-test` tells whether keepalived knows it");
}

}  // namespace vrrp_xdp::keepalived
