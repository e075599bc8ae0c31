// SPDX-License-Identifier: BSD-2-Clause
#include "config/command.hpp"

#include <string>
#include <utility>

namespace vrrp_xdp::config {
namespace {

constexpr std::string_view command_allowed = "a list: the absolute path of a program, then its arguments";

// Far below what the kernel takes: a longer one belongs into a file.
constexpr ListForm arguments_form{.element = "argument", .elements = "words", .limit = 256};

Parsed<std::string> parse_argument(const Scalar& scalar) { return scalar.text; }
const Form<std::string> argument_form{"text", parse_argument};

std::vector<std::string> read_arguments(const Item& item, Mistakes& mistakes) {
    std::vector<std::string> arguments;
    if (item.value.IsScalar()) {
        refuse(item, command_allowed, "it is not passed to a shell; write [/path/to/program, argument]",
               mistakes);
        return arguments;
    }
    for (Item& element : read_list(item, arguments_form, mistakes)) {
        const bool is_program = arguments.empty();
        if (is_program) element.name = "program";
        auto argument = read_value(element, is_program ? absolute_path_form : argument_form, mistakes);
        arguments.push_back(std::move(argument).value_or(""));
    }
    return arguments;
}

}  // namespace

Command read_command(const Mapping& mapping, const CommandDefaults& defaults, Mistakes& mistakes) {
    Command command;
    if (const auto item = mapping.require("command", command_allowed, mistakes))
        command.arguments = read_arguments(*item, mistakes);
    command.user = mapping.value("user", user_form, mistakes).value_or(std::string(defaults.user));
    command.timeout = mapping.value("timeout", period_form, mistakes).value_or(defaults.timeout);
    return command;
}

}  // namespace vrrp_xdp::config
