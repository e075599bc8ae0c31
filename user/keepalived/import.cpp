// SPDX-License-Identifier: BSD-2-Clause
#include "keepalived/import.hpp"

#include <algorithm>
#include <utility>

#include "keepalived/globals.hpp"
#include "keepalived/instance.hpp"
#include "keepalived/left_out.hpp"
#include "keepalived/notes.hpp"
#include "keepalived/source.hpp"
#include "keepalived/translation.hpp"

namespace vrrp_xdp::keepalived {
namespace {

/// Puts a Virtual Router to the others of its interface.
void add(Import& import, const Instance& instance, config::VirtualRouter router) {
    std::vector<config::Interface>& interfaces = import.config.interfaces;
    const std::string& name = instance.interface->value;
    auto found = std::find_if(interfaces.begin(), interfaces.end(),
                              [&](const config::Interface& each) { return each.name == name; });
    if (found == interfaces.end()) {
        found = interfaces.insert(found, {name, {}});
        import.origins.emplace_back();
    }
    found->virtual_routers.push_back(std::move(router));
    const auto at = static_cast<std::size_t>(found - interfaces.begin());
    import.origins[at].push_back("vrrp_instance " + instance.name + ", " + instance.place.to_string());
}

void import_block(const Directive& block, const Globals& globals, Taken& taken, Import& import,
                  Notes& notes) {
    if (block.name() == "global_defs") return;  // read before all others
    if (block.name() != "vrrp_instance") return tell_left_out(block, Scope::File, notes);
    const Instance instance = read_instance(block, notes);
    if (auto router = translate(instance, globals, taken, notes)) add(import, instance, std::move(*router));
}

}  // namespace

tl::expected<Import, std::vector<Remark>> import_file(const std::string& file, const std::string& config_id,
                                                      const Files& files) {
    auto source = read_source(file, config_id, files);
    if (!source) return tl::unexpected(std::move(source.error()));

    Notes notes;
    for (Remark& remark : source->remarks) notes.differs(remark.place, std::move(remark.text));
    const Globals globals = read_globals(source->directives, notes);
    Import import;
    Taken taken;
    for (const Directive& block : source->directives) import_block(block, globals, taken, import, notes);
    const bool is_empty = import.config.interfaces.empty();
    if (is_empty) notes.differs({file, 0}, "there is no vrrp_instance that can be carried over");
    import.remarks = std::move(notes).in_order();
    if (is_empty) return tl::unexpected(std::move(import.remarks));
    return import;
}

}  // namespace vrrp_xdp::keepalived
