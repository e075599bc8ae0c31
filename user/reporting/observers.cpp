// SPDX-License-Identifier: BSD-2-Clause
#include "reporting/observers.hpp"

#include <vector>

#include "reporting/instance_status.hpp"
#include "status/metrics.hpp"

namespace vrrp_xdp::reporting {

Result<void> Observers::serve_metrics(const MetricsEndpoint& endpoint, const std::string& version) {
    auto server = MetricsServer::listen(io_, endpoint, [this, version](MetricsServer::Respond respond) {
        with_snapshots_([this, version, respond = std::move(respond)] {
            std::vector<status::Interface> statuses = missing_();
            for (std::uint32_t i = 0; i < interfaces_.size(); ++i)
                if (interfaces_[i]) statuses.push_back(whole_status_(i));
            respond(status::metrics_of(statuses, version));
        });
    });
    if (!server) return tl::unexpected(server.error());
    metrics_ = std::move(*server);
    return {};
}

void Observers::note(const engine::Notice& notice) {
    if (std::holds_alternative<elections::Transition>(notice)) manager_timer_.cancel();
}

/// The protocol thread's answer is what shows that it lives: no timer of ours says so in its place.
void Observers::tell_manager() {
    with_snapshots_([this] {
        manager_.is_alive();
        manager_.describe(summary_of(interfaces_, missing_()));
        manager_timer_.expires_after(manager_.interval());
        // Cancelled when there is news.
        manager_timer_.async_wait([this](const asio::error_code&) { tell_manager(); });
    });
}

}  // namespace vrrp_xdp::reporting
