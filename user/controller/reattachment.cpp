// SPDX-License-Identifier: BSD-2-Clause
#include "controller/reattachment.hpp"

#include "controller/placement.hpp"

namespace vrrp_xdp::controller {

Result<ManagedInterfaces> AttachedPort::attach_again(const std::vector<bool>& wanted) const {
    config::Config part;
    for (std::size_t i = 0; i < interfaces_.size(); ++i)
        if (wanted[i]) part.interfaces.push_back(interfaces_[i]);
    auto monitor = net::InterfaceMonitor::open();
    if (!monitor) return tl::unexpected(monitor.error());
    const auto plans = plan_ports(part, *monitor, mode_);
    if (!plans) return tl::unexpected(plans.error());
    if (plans->size() != 1 || plans->front().name != name_)
        return failure("its interfaces are no longer those of one port");
    const PortPlan& plan = plans->front();
    auto opened = open_port(plan.state, plan.interfaces, plan.mode, dataplane::Predecessor::Gone);
    if (!opened) return opened;
    if (auto taken = opened->front()->port->take_over(); !taken) return tl::unexpected(taken.error());
    return opened;
}

}  // namespace vrrp_xdp::controller
