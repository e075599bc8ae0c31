// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <memory>
#include <utility>

namespace vrrp_xdp {

/// Held by an object whose handlers wait in an event loop: what comes in after its end is dropped. Cancelling
/// does not reach a handler that is due already. For one thread.
class CallbackGuard {
  public:
    template <typename Handler>
    auto guard(Handler handler) const {
        return [end = std::weak_ptr<const int>(life_),
                handler = std::move(handler)](auto&&... arguments) mutable {
            if (!end.expired()) handler(std::forward<decltype(arguments)>(arguments)...);
        };
    }

  private:
    std::shared_ptr<const int> life_ = std::make_shared<const int>(0);
};

}  // namespace vrrp_xdp
