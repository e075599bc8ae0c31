// SPDX-License-Identifier: BSD-2-Clause
// Whoever looks into a pinned map with bpftool reads names, not bytes.
#include <bpf/bpf.h>
#include <gmock/gmock.h>
#include <sys/mount.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>

#include "data_plane.hpp"
#include "vrrp_xdp/filter_entries.h"

namespace vrrp_xdp::test {
namespace {

/// A BPF file system of the test's own, so that nothing is left among other people's pins.
class BpfFileSystem {
  public:
    BpfFileSystem() {
        if (mkdtemp(path_.data()) == nullptr) throw std::runtime_error("making a directory in /tmp");
        if (mount("bpf", path_.c_str(), "bpf", 0, nullptr) != 0) {
            rmdir(path_.c_str());
            throw std::runtime_error("mounting a BPF file system");
        }
    }
    ~BpfFileSystem() {
        umount2(path_.c_str(), MNT_DETACH);
        rmdir(path_.c_str());
    }
    BpfFileSystem(const BpfFileSystem&) = delete;
    BpfFileSystem& operator=(const BpfFileSystem&) = delete;

    const std::string& path() const { return path_; }

  private:
    std::string path_ = "/tmp/vrrp-xdp-bpffs-XXXXXX";
};

struct Inspection {
    std::string output;
    int exit_status;
};

Inspection bpftool(const std::string& arguments) {
    const std::string command = std::string(VRRP_XDP_BPFTOOL) + " " + arguments + " 2>&1";
    FILE* pipe = popen(command.c_str(), "r");
    if (pipe == nullptr) throw std::runtime_error("starting " + command);
    std::string output;
    std::array<char, 4096> part{};
    while (const std::size_t bytes = fread(part.data(), 1, part.size(), pipe))
        output.append(part.data(), bytes);
    return {output, pclose(pipe)};
}

struct Inspected {
    std::string map;
    std::vector<std::string> names;
};

void PrintTo(const Inspected& inspected, std::ostream* out) { *out << "map " << inspected.map; }

class PinnedMap : public DualStack, public ::testing::WithParamInterface<Inspected> {
  protected:
    PinnedMap() {
        add({.vrid = 30, .addresses = {"192.0.2.252"}, .peers = {"192.0.2.2"}});
        const vrrp_xdp_filter_key key{};
        const vrrp_xdp_filter_entry entry{};
        bpf_map__update_elem(skeleton().maps.filter_entries, &key, sizeof(key), &entry, sizeof(entry),
                             BPF_ANY);
    }
    const BpfFileSystem file_system_;
};

TEST_P(PinnedMap, IsDumpedWithTheNamesOfItsFields) {
    const auto& [name, names] = GetParam();
    const bpf_map* map = bpf_object__find_map_by_name(skeleton().obj, name.c_str());
    ASSERT_NE(map, nullptr);
    const std::string pin = file_system_.path() + "/" + name;
    ASSERT_EQ(bpf_obj_pin(bpf_map__fd(map), pin.c_str()), 0);

    const Inspection dump = bpftool("map dump pinned " + pin);
    EXPECT_EQ(dump.exit_status, 0) << dump.output;
    for (const std::string& field : names)
        EXPECT_NE(dump.output.find('"' + field + "\":"), std::string::npos) << "no " << field;
}

#define COUNTER_NAME(name, help) #name,
const std::vector<std::string> kVrCounterNames{VRRP_XDP_VR_COUNTERS(COUNTER_NAME)};
const std::vector<std::string> kPortCounterNames{VRRP_XDP_PORT_COUNTERS(COUNTER_NAME)};
#undef COUNTER_NAME

INSTANTIATE_TEST_SUITE_P(
    , PinnedMap,
    ::testing::Values(
        Inspected{"virtual_routers",
                  {"vlan", "tag", "vrid", "family", "slot", "ifindex", "versions", "flags", "mac",
                   "interface_mac"}},
        Inspected{"untagged_routers", {"slot", "versions", "flags", "mac"}},
        Inspected{"address_filter", {"value"}},
        Inspected{"ipv4_addresses", {"vlan", "address", "slot", "versions", "flags", "mac"}},
        Inspected{"ipv6_addresses", {"vlan", "address", "slot", "versions", "flags", "mac"}},
        Inspected{"unicast_peers", {"election", "vrid", "family", "address", "value"}},
        Inspected{"leases", {"deadline_ns", "firm_ns"}},
        Inspected{"expected", {"digest", "differences", "better_from", "followed_ns", "patience_ns"}},
        Inspected{"stamps", {"advertisement_ns", "rival_ns", "claim_ns", "events_ns"}},
        Inspected{
            "gaps",
            {"since_ns", "count", "largest_ns", "largest_of_ns", "near_failovers", "buckets", "recent_ns"}},
        Inspected{"vr_counters", kVrCounterNames}, Inspected{"port_counters", kPortCounterNames},
        Inspected{"event_draft",
                  {"received_ns", "ifindex", "slot", "type", "family", "source_mac", "source", "destination",
                   "length", "message"}},
        Inspected{"filter_entries", {"mac", "vlan_id", "ifindex"}},
        Inspected{"port", {"abi_version", "ifindex", "controller_pid", "flags"}}),
    [](const auto& inspected) { return inspected.param.map; });

/// A map that is added must be inspected too. A ring buffer has nothing to dump, and the programs' constants
/// are their own.
TEST_F(DataPlane, EveryMapIsInspected) {
    std::vector<std::string> names;
    const bpf_map* map = nullptr;
    bpf_object__for_each_map(map, skeleton().obj) {
        if (!bpf_map__is_internal(map)) names.emplace_back(bpf_map__name(map));
    }
    EXPECT_THAT(names,
                ::testing::UnorderedElementsAre("virtual_routers", "untagged_routers", "address_filter",
                                                "ipv4_addresses", "ipv6_addresses", "unicast_peers", "leases",
                                                "expected", "stamps", "gaps", "vr_counters", "port_counters",
                                                "events", "event_draft", "port", "filter_entries"));
}

}  // namespace
}  // namespace vrrp_xdp::test
