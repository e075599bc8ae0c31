// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "config/load.hpp"
#include "keepalived/import.hpp"
#include "keepalived/yaml.hpp"
#include "keepalived_files.hpp"

namespace vrrp_xdp::keepalived {

/// The configuration that `vrrp-xdp check` reads in what was imported, and what was told.
struct Outcome {
    config::Config config;
    std::vector<std::string> remarks;
    std::string yaml;
    std::vector<std::string> lines;  ///< what was told, as a user reads it

    const config::VirtualRouter& router(std::size_t at = 0) const {
        return config.interfaces.at(0).virtual_routers.at(at);
    }
};

template <typename Said>
std::vector<std::string> texts(const std::vector<Said>& remarks) {
    std::vector<std::string> texts;
    for (const Said& remark : remarks) texts.push_back(remark.to_string());
    return texts;
}

inline auto import_text(const std::string& text) {
    return import_file("k.conf", "r1", MemoryFiles(std::map<std::string, std::string>{{"k.conf", text}}),
                       FakeHost());
}

/// Fails the test where the file is not imported, or what it becomes is not valid.
inline Outcome import(const std::string& text) {
    const auto imported = import_text(text);
    if (!imported) {
        ADD_FAILURE() << "not imported: " << testing::PrintToString(texts(imported.error()));
        return {};
    }
    std::string yaml = to_yaml(*imported, "Imported");
    auto loaded = config::parse(yaml);
    if (!loaded) {
        for (const config::Mistake& mistake : loaded.error()) ADD_FAILURE() << mistake.to_string("made.yaml");
        ADD_FAILURE() << yaml;
        return {};
    }
    return {std::move(*loaded), texts(imported->remarks), std::move(yaml), lines_of(imported->remarks)};
}

inline std::vector<std::string> failure_of(const std::string& text) {
    const auto imported = import_text(text);
    return imported ? std::vector<std::string>{"it was imported"} : texts(imported.error());
}

/// A vrrp_instance with these lines beside what each has; its first line is the second of the file.
inline std::string instance(const std::string& lines, const std::string& addresses = "192.0.2.1") {
    return "\nvrrp_instance VI_1 {\n interface eth0\n virtual_router_id 10\n" + lines +
           "\n virtual_ipaddress {\n" + addresses + "\n}\n}\n";
}

}  // namespace vrrp_xdp::keepalived
