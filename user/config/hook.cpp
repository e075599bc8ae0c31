// SPDX-License-Identifier: BSD-2-Clause
#include "config/hook.hpp"

#include <chrono>
#include <string_view>

#include "config/keys.hpp"

namespace vrrp_xdp::config {
namespace {

using protocol::State;

constexpr ListForm hooks_form{.element = "hook", .elements = "hooks", .limit = 16};
constexpr ListForm states_form{.element = "state", .elements = "states", .limit = 3};

Parsed<State> parse_state(const Scalar& scalar) {
    if (scalar.text == "active") return State::Active;
    if (scalar.text == "backup") return State::Backup;
    if (scalar.text == "initialize") return State::Initialize;
    return tl::unexpected<std::string>(std::string());
}
const Form<State> state_form{"active, backup or initialize", parse_state};

std::set<State> read_states(const Mapping& mapping, Mistakes& mistakes) {
    const auto item = mapping.find("on");
    if (!item) return {State::Active, State::Backup, State::Initialize};
    std::set<State> states;
    for (const Item& element : read_list(*item, states_form, mistakes))
        if (const auto state = read_value(element, state_form, mistakes)) states.insert(*state);
    return states;
}

}  // namespace

std::vector<Hook> read_hooks(const Mapping& mapping, Mistakes& mistakes) {
    const auto item = mapping.find("hooks");
    if (!item) return {};
    std::vector<Hook> hooks;
    for (const Item& element : read_list(*item, hooks_form, mistakes)) {
        const auto hook = Mapping::read(element, "a mapping with command", hook_keys, mistakes);
        if (hook)
            hooks.push_back({read_command(*hook, hook_defaults, mistakes), read_states(*hook, mistakes)});
    }
    return hooks;
}

}  // namespace vrrp_xdp::config
