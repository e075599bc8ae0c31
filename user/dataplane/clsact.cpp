// SPDX-License-Identifier: BSD-2-Clause
#include "dataplane/clsact.hpp"

#include <bpf/libbpf.h>
#include <linux/pkt_sched.h>
#include <netlink/netlink.h>
#include <netlink/route/classifier.h>

#include <memory>

#include "dataplane/libbpf_log.hpp"

namespace vrrp_xdp::dataplane {
namespace {

// Together they name our filters among others'; "VR" in ASCII.
constexpr unsigned kPriority = 0x5652;
constexpr unsigned kHandle = 1;

bpf_tc_hook hook(unsigned interface_index, bpf_tc_attach_point point) {
    bpf_tc_hook where{};
    where.sz = sizeof(where);
    where.ifindex = static_cast<int>(interface_index);
    where.attach_point = point;
    return where;
}

bpf_tc_attach_point point_of(Direction direction) {
    return direction == Direction::Ingress ? BPF_TC_INGRESS : BPF_TC_EGRESS;
}

bpf_tc_opts ours() {
    bpf_tc_opts options{};
    options.sz = sizeof(options);
    options.handle = kHandle;
    options.priority = kPriority;
    return options;
}

bool has_filters(nl_sock* socket, unsigned interface_index, std::uint32_t parent) {
    nl_cache* filters = nullptr;
    if (rtnl_cls_alloc_cache(socket, static_cast<int>(interface_index), parent, &filters) < 0) return true;
    const bool any = nl_cache_is_empty(filters) == 0;
    nl_cache_free(filters);
    return any;
}

bool is_in_use(unsigned interface_index) {
    const std::unique_ptr<nl_sock, decltype(&nl_socket_free)> socket(nl_socket_alloc(), nl_socket_free);
    if (!socket || nl_connect(socket.get(), NETLINK_ROUTE) < 0) return true;
    return has_filters(socket.get(), interface_index, TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_INGRESS)) ||
           has_filters(socket.get(), interface_index, TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_EGRESS));
}

}  // namespace

Result<Qdisc> open_clsact(unsigned interface_index) {
    auto both = hook(interface_index, static_cast<bpf_tc_attach_point>(BPF_TC_INGRESS | BPF_TC_EGRESS));
    const int error = bpf_tc_hook_create(&both);
    if (error == -EEXIST) return Qdisc::Found;
    if (error != 0)
        return system_failure("adding a clsact qdisc", error, "the kernel needs CONFIG_NET_CLS_ACT");
    return Qdisc::Made;
}

Result<void> add_filter(unsigned interface_index, Direction direction, int program_fd) {
    const auto where = hook(interface_index, point_of(direction));
    auto options = ours();
    options.prog_fd = program_fd;
    options.flags = BPF_TC_F_REPLACE;
    if (const int error = bpf_tc_attach(&where, &options); error != 0)
        return system_failure("adding a clsact filter", error, "the kernel needs CONFIG_NET_CLS_BPF");
    return {};
}

std::uint32_t filter_program(unsigned interface_index, Direction direction) {
    const LibbpfLog quiet;  // it complains of what is not there
    const auto where = hook(interface_index, point_of(direction));
    auto options = ours();
    return bpf_tc_query(&where, &options) == 0 ? options.prog_id : 0;
}

void remove_filter(unsigned interface_index, Direction direction) {
    const LibbpfLog quiet;  // it complains of what is not there
    const auto where = hook(interface_index, point_of(direction));
    const auto options = ours();
    bpf_tc_detach(&where, &options);
}

void remove_filters(unsigned interface_index) {
    for (const auto direction : {Direction::Ingress, Direction::Egress})
        remove_filter(interface_index, direction);
}

void close_clsact(unsigned interface_index) {
    if (is_in_use(interface_index)) return;
    auto both = hook(interface_index, static_cast<bpf_tc_attach_point>(BPF_TC_INGRESS | BPF_TC_EGRESS));
    bpf_tc_hook_destroy(&both);
}

}  // namespace vrrp_xdp::dataplane
