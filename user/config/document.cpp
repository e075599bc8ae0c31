// SPDX-License-Identifier: BSD-2-Clause
#include "config/document.hpp"

#include <algorithm>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "config/hook.hpp"
#include "config/keys.hpp"
#include "config/mapping.hpp"
#include "config/text.hpp"
#include "config/tracker.hpp"
#include "config/values.hpp"
#include "config/virtual_router.hpp"
#include "vrrp_xdp/abi.h"

namespace vrrp_xdp::config {
namespace {

constexpr std::string_view interfaces_allowed = "a mapping from names of interfaces to their Virtual Routers";
constexpr ListForm virtual_routers_form{
    .element = "Virtual Router", .elements = "Virtual Routers", .limit = VRRP_XDP_MAX_ELECTIONS};
constexpr ListForm included_form{.element = "path", .elements = "paths", .limit = 64};

Parsed<std::string> parse_path(const Scalar& scalar) {
    if (scalar.text.empty()) return tl::unexpected<std::string>(std::string());
    return scalar.text;
}
const Form<std::string> path_form{"the path of a file, or a pattern such as conf.d/*.yaml", parse_path};

/// Reads documents one after the other into one configuration.
class DocumentReader {
  public:
    DocumentReader(std::span<const Document> documents, Mistakes& mistakes)
        : documents_(documents), mistakes_(mistakes), defaults_(documents.size()) {}

    Loaded read() && {
        for (const Document& document : documents_) read_general(document.mapping);
        for (std::size_t i = 0; i < documents_.size(); ++i) read_defaults_of(i);
        for (std::size_t i = 0; i < documents_.size(); ++i) read_interfaces(i);
        groups_.check_sizes(mistakes_);
        return std::move(loaded_);
    }

  private:
    /// What holds for all Virtual Routers, in whichever file it stands.
    void read_general(const Mapping& mapping) {
        Config& config = loaded_.config;
        for (Tracker& tracker : read_trackers(mapping, mistakes_))
            config.trackers.push_back(std::move(tracker));
        for (Hook& hook : read_hooks(mapping, mistakes_)) config.hooks.push_back(std::move(hook));
        if (const auto delay = mapping.value("startup-delay", delay_form, mistakes_))
            config.startup_delay = *delay;
        if (const auto item = mapping.find("startup-delay")) is_first("key", "startup-delay", item->position);
        const auto trackers = mapping.find("trackers");
        if (!trackers || !trackers->value.IsMap()) return;
        for (const auto& pair : trackers->value)
            if (pair.first.IsScalar())
                is_first("tracker", pair.first.Scalar(), position_of(pair.first, trackers->file()));
    }

    /// Reports a name that stands in two files. Twice in one of them has been reported as a key.
    void is_first(const std::string& what, const std::string& name, Position position) {
        const auto [first, is_new] = places_.emplace(std::pair(what, name), position);
        if (is_new || first->second.file == position.file) return;
        mistakes_.add(position, "duplicate " + what + " " + quoted(name) + "; first defined on " +
                                    mistakes_.spelt(first->second, position));
    }

    void read_defaults_of(std::size_t place) {
        const Mapping& mapping = documents_[place].mapping;
        const auto item = mapping.find("defaults");
        if (!item) return;
        if (!mapping.find("interfaces") && !mapping.find("include"))
            mistakes_.add(
                item->position,
                "defaults are for the interfaces of this file and of those that it includes, and it "
                "has none: put them into the file that includes the others");
        defaults_[place] = read_defaults(*item, loaded_.config.trackers, owner_of(*item), mistakes_);
    }

    std::string owner_of(const Item& item) const {
        return documents_.size() == 1 ? "the file" : mistakes_.place_of(item.position).file;
    }

    void read_interfaces(std::size_t place) {
        const Mapping& mapping = documents_[place].mapping;
        if (documents_.size() > 1 && !mapping.find("interfaces")) return;
        const auto interfaces = mapping.require("interfaces", interfaces_allowed, mistakes_);
        if (!interfaces) return;
        std::vector<const Defaults*> defaults;
        for (std::optional<std::size_t> each = place; each; each = documents_[*each].includer)
            if (defaults_[*each]) defaults.push_back(&*defaults_[*each]);
        for (const Entry& entry : read_entries(*interfaces, interfaces_allowed, mistakes_)) {
            is_first("interface", entry.item.name, entry.key_position);
            read_interface(entry, defaults);
        }
    }

    void read_interface(const Entry& entry, std::vector<const Defaults*> defaults) {
        const std::string& name = entry.item.name;
        read_value(Item{"interface name", entry.key_position, YAML::Node(name)}, interface_name_form,
                   mistakes_);
        Interface& interface = loaded_.config.interfaces.emplace_back(Interface{name, {}});
        std::vector<Origin>& origins = loaded_.origins.emplace_back();
        const Item item{"interface " + quoted(name), entry.item.position, entry.item.value};
        const auto mapping = Mapping::read(item, "a mapping with virtual-routers", interface_keys, mistakes_);
        if (!mapping) return;
        std::optional<Defaults> own;
        if (const auto shared = mapping->find("defaults"))
            own = read_defaults(*shared, loaded_.config.trackers, name, mistakes_);
        if (own) defaults.insert(defaults.begin(), &*own);
        const auto routers = mapping->require("virtual-routers", "a list of Virtual Routers", mistakes_);
        if (!routers) return;
        Taken taken;
        const RouterContext context{loaded_.config.trackers, defaults};
        for (const Item& element : read_list(*routers, virtual_routers_form, mistakes_)) {
            auto router = read_virtual_router(element, context, taken, groups_, mistakes_);
            if (!router) continue;
            interface.virtual_routers.push_back(std::move(router->router));
            origins.push_back(std::move(router->origin));
        }
    }

    std::span<const Document> documents_;
    Mistakes& mistakes_;
    std::vector<std::optional<Defaults>> defaults_;  ///< of each document
    std::map<std::pair<std::string, std::string>, Position> places_;
    SyncGroups groups_;
    Loaded loaded_;
};

}  // namespace

std::optional<Mapping> open_document(const YAML::Node& root, int file, Mistakes& mistakes) {
    const Item whole{"the file", position_of(root, file), root};
    return Mapping::read(whole, "a mapping with the key interfaces", document_keys, mistakes);
}

std::vector<Item> included_by(const Mapping& document, Mistakes& mistakes) {
    const auto item = document.find("include");
    if (!item) return {};
    std::vector<Item> paths =
        item->value.IsScalar() ? std::vector{*item} : read_list(*item, included_form, mistakes);
    std::erase_if(paths, [&](const Item& path) { return !read_value(path, path_form, mistakes); });
    return paths;
}

Loaded read_documents(const std::vector<Document>& documents, Mistakes& mistakes) {
    return DocumentReader(documents, mistakes).read();
}

}  // namespace vrrp_xdp::config
