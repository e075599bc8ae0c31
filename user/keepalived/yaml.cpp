// SPDX-License-Identifier: BSD-2-Clause
#include "keepalived/yaml.hpp"

#include <vector>

#include "config/yaml.hpp"

namespace vrrp_xdp::keepalived {

using config::as_comment;

std::string to_yaml(const Import& import, const std::string& heading) {
    std::string text = "# " + as_comment(heading) + "\n";
    text += "# " + as_comment(summary_of(import)) + "\n";
    if (!import.remarks.empty()) text += "#\n# Not carried over, or changed:\n";
    for (const std::string& line : lines_of(import.remarks)) text += "# - " + as_comment(line) + "\n";
    std::vector<std::vector<config::Comments>> comments;
    for (const std::vector<Origin>& interface : import.origins) {
        auto& routers = comments.emplace_back();
        for (const Origin& origin : interface) routers.push_back({origin.instance, origin.about_priority});
    }
    return text + "\n" + config::to_yaml(import.config, comments);
}

}  // namespace vrrp_xdp::keepalived
