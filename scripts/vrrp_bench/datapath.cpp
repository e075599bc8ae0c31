// SPDX-License-Identifier: BSD-2-Clause
// vrrp-datapath: what the XDP program costs, and how fast it, or the kernel, answers.
//
//   vrrp-datapath cost VIRTUAL_ROUTERS REPEATS SAMPLES PATH[+]=FRAME...
//   vrrp-datapath ask INTERFACE SECONDS FRAME
//
// Frames are in hexadecimal. `cost` runs each REPEATS times by BPF_PROG_TEST_RUN, and a program that does
// nothing as often, in turn, SAMPLES times; it prints for each path a line of the verdict and of nanoseconds
// a frame beyond the empty program. A + says that the program changes the frame, so that it is written again
// each time, for both. Virtual Routers are VRIDs 1, 2 … over IPv4 at 198.18.VRID.1 and in turn over IPv6 at
// fe80::5:VRID, all Active; one alone is of both families, to be asked over either. The paths `clock` and
// `lookup` are no paths, but programs of their own: what many paths have in common. `ask` keeps questions on
// their way, each answer becoming the next one, and prints how many came back a second. The frame is an ARP
// request that is not padded, as answers over a veth are not.
#include <arpa/inet.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <datapath.skel.h>
#include <linux/if_link.h>
#include <net/if.h>
#include <vrrp_xdp.skel.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <memory>
#include <numeric>
#include <string>
#include <thread>
#include <vector>

#include "vrrp_xdp/abi.h"
#include "vrrp_xdp/advertisement.h"

namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::size_t kEthernetBytes = 14;
constexpr std::size_t kIpv4Bytes = 20;
constexpr std::uint64_t kForEver = ~0ULL;
// Of the gaps between runs about as much as Active_Down_Interval is of real ones, so that XDP notes them as
// such.
constexpr std::uint64_t kPatience = 400;

[[noreturn]] void fail(const std::string& what, int error = errno) {
    std::fprintf(stderr, "vrrp-datapath: %s: %s\n", what.c_str(), std::strerror(error));
    std::exit(EXIT_FAILURE);
}

void require(bool done, const std::string& what) {
    if (!done) fail(what);
}

Bytes from_hexadecimal(const std::string& text) {
    Bytes bytes;
    for (std::size_t i = 0; i + 1 < text.size(); i += 2)
        bytes.push_back(static_cast<std::uint8_t>(std::stoul(text.substr(i, 2), nullptr, 16)));
    return bytes;
}

template <typename Skeleton>
using Owned = std::unique_ptr<Skeleton, void (*)(Skeleton*)>;

template <typename Key, typename Value>
void put(const bpf_map* map, const Key& key, const Value& value) {
    if (const int error = bpf_map__update_elem(map, &key, sizeof(key), &value, sizeof(value), BPF_ANY))
        fail(bpf_map__name(map), -error);
}

void add_virtual_router(const vrrp_xdp_bpf& data_plane, std::uint32_t slot) {
    const bool ipv4 = slot % 2 == 0;
    const auto vrid = static_cast<std::uint8_t>(slot / 2 + 1);
    vrrp_xdp_vr value{};
    value.slot = slot;
    value.versions = VRRP_XDP_VERSION_BIT(3);
    value.minimum_ttl = 255;
    value.mac[2] = 0x5e;
    value.mac[4] = ipv4 ? 1 : 2;
    value.mac[5] = vrid;
    vrrp_xdp_vr_key key{};
    key.vrid = vrid;
    key.family = ipv4 ? VRRP_XDP_IPV4 : VRRP_XDP_IPV6;
    put(data_plane.maps.virtual_routers, key, value);
    put(data_plane.maps.untagged_routers, vrrp_xdp_untagged_index(vrid, key.family), value);
    const auto put_address = [&](const bpf_map* map, const auto& of) {
        put(map, of, value);
        const std::uint32_t bit = vrrp_xdp_filter_bit(of.address, sizeof(of.address));
        const std::uint32_t index = vrrp_xdp_filter_word(bit);
        std::uint64_t word = 0;
        bpf_map__lookup_elem(data_plane.maps.address_filter, &index, sizeof(index), &word, sizeof(word), 0);
        put(data_plane.maps.address_filter, index, word | vrrp_xdp_filter_mask(bit));
    };
    if (ipv4)
        put_address(data_plane.maps.ipv4_addresses,
                    vrrp_xdp_ipv4_key{.vlan = {}, .address = {198, 18, vrid, 1}});
    else
        put_address(data_plane.maps.ipv6_addresses,
                    vrrp_xdp_ipv6_key{.vlan = {},
                                      .address = {0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5, 0, vrid}});
    put(data_plane.maps.leases, slot, vrrp_xdp_lease{kForEver, kForEver});
}

/// The advertisement, of VRID 1 over IPv4, is the one that is followed.
void follow(const vrrp_xdp_bpf& data_plane, const Bytes& frame) {
    const std::uint8_t* const ip = frame.data() + kEthernetBytes;
    std::array<std::uint8_t, 16> source{};
    std::copy_n(ip + 12, 4, source.begin());
    const auto length = static_cast<std::uint32_t>((ip[2] << 8 | ip[3]) - static_cast<int>(kIpv4Bytes));
    const std::uint64_t digest = vrrp_xdp_digest(source.data(), ip + kIpv4Bytes, length, VRRP_XDP_IPV4);
    put(data_plane.maps.expected, std::uint32_t{0},
        vrrp_xdp_expected{.digest = digest,
                          .differences = 0,
                          .better_from = 255,
                          .followed_ns = 0,
                          .patience_ns = kPatience});
}

struct Run {
    double nanoseconds;  ///< a frame
    std::uint32_t verdict;
};

Run run(const bpf_program* program, const Bytes& frame, int repeats) {
    Bytes out(frame.size() + 256);
    bpf_test_run_opts options{};
    options.sz = sizeof(options);
    options.data_in = frame.data();
    options.data_size_in = static_cast<std::uint32_t>(frame.size());
    options.data_out = out.data();
    options.data_size_out = static_cast<std::uint32_t>(out.size());
    options.repeat = repeats;
    if (const int error = bpf_prog_test_run_opts(bpf_program__fd(program), &options))
        fail("BPF_PROG_TEST_RUN", -error);
    return {static_cast<double>(options.duration), options.retval};
}

void write_question(const datapath_bpf& tools, const Bytes& frame) {
    std::array<std::uint8_t, 132> question{};
    const auto length = static_cast<std::uint32_t>(frame.size());
    require(frame.size() <= question.size() - sizeof(length), "a frame that is too long");
    std::memcpy(question.data(), &length, sizeof(length));
    std::copy(frame.begin(), frame.end(), question.begin() + sizeof(length));
    put(tools.maps.questions, std::uint32_t{0}, question);
}

/// Of one path: the kernel tells whole nanoseconds, so that a sample is the mean of several runs.
class Path {
  public:
    Path(const vrrp_xdp_bpf& data_plane, const datapath_bpf& tools, const std::string& word, int repeats)
        : data_plane_(data_plane), tools_(tools), repeats_(repeats) {
        const std::size_t equals = word.find('=');
        require(equals != std::string::npos && equals > 0, word);
        changes_ = word[equals - 1] == '+';
        name_ = word.substr(0, equals - (changes_ ? 1 : 0));
        frame_ = from_hexadecimal(word.substr(equals + 1));
    }

    void measure(int samples) {
        static constexpr std::array verdicts{"aborted", "drop", "pass", "tx", "redirect"};
        if (name_ == "steady") follow(data_plane_, frame_);
        if (changes_) write_question(tools_, frame_);
        Run last{};
        std::string line;
        for (int i = 0; i < samples; ++i) {
            double beyond = 0;
            for (int part = 0; part < kParts; ++part) {
                const Run nothing = turn(tools_.progs.empty);
                last = turn(program());
                beyond += last.nanoseconds - nothing.nanoseconds;
            }
            line += " " + std::to_string(beyond / kParts);
        }
        std::printf("%s %s%s\n", name_.c_str(), verdicts.at(last.verdict), line.c_str());
    }

  private:
    static constexpr int kParts = 4;

    const bpf_program* program() const {
        if (name_ == "clock") return tools_.progs.clock;
        return name_ == "lookup" ? tools_.progs.lookup : data_plane_.progs.vrrp_xdp;
    }

    Run turn(const bpf_program* program) const {
        if (!changes_) return run(program, frame_, repeats_);
        put(tools_.maps.measured, std::uint32_t{0}, bpf_program__fd(program));
        return run(tools_.progs.again, frame_, repeats_);
    }

    const vrrp_xdp_bpf& data_plane_;
    const datapath_bpf& tools_;
    int repeats_;
    bool changes_ = false;
    std::string name_;
    Bytes frame_;
};

int cost(const std::vector<std::string>& words) {
    const Owned<vrrp_xdp_bpf> data_plane(vrrp_xdp_bpf__open_and_load(), vrrp_xdp_bpf__destroy);
    const Owned<datapath_bpf> tools(datapath_bpf__open_and_load(), datapath_bpf__destroy);
    require(data_plane && tools, "loading the BPF programs");
    const auto routers = std::max(2U, static_cast<std::uint32_t>(std::stoul(words[0])));
    for (std::uint32_t slot = 0; slot < routers; ++slot) add_virtual_router(*data_plane, slot);
    put(tools->maps.table, std::uint64_t{0}, std::uint64_t{0});
    for (std::size_t i = 3; i < words.size(); ++i)
        Path(*data_plane, *tools, words[i], std::stoi(words[1])).measure(std::stoi(words[2]));
    return EXIT_SUCCESS;
}

double now_s() {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

/// The programs of `ask`, with their frame, on an interface; its end of life takes them off.
class Asker {
  public:
    Asker(const std::string& interface, const Bytes& frame)
        : index_(if_nametoindex(interface.c_str())),
          tools_(datapath_bpf__open(), datapath_bpf__destroy),
          frame_(frame) {
        require(index_ != 0, interface);
        require(tools_ != nullptr, "opening the BPF programs");
        tools_->rodata->asked_ifindex = index_;
        if (const int error = datapath_bpf__load(tools_.get())) fail("loading the BPF programs", -error);
        write_question(*tools_, frame);
        const int program = bpf_program__fd(tools_->progs.ask_again);
        if (const int error = bpf_xdp_attach(static_cast<int>(index_), program, XDP_FLAGS_DRV_MODE, nullptr))
            fail("attaching to " + interface, -error);
    }
    Asker(const Asker&) = delete;
    Asker& operator=(const Asker&) = delete;
    ~Asker() { bpf_xdp_detach(static_cast<int>(index_), XDP_FLAGS_DRV_MODE, nullptr); }

    /// The first questions, by live frames. False if the kernel would not.
    bool ask() const {
        bpf_test_run_opts options{};
        options.sz = sizeof(options);
        options.data_in = frame_.data();
        options.data_size_in = static_cast<std::uint32_t>(frame_.size());
        options.repeat = kOnTheirWay;
        options.flags = BPF_F_TEST_XDP_LIVE_FRAMES;
        return bpf_prog_test_run_opts(bpf_program__fd(tools_->progs.ask_first), &options) == 0;
    }

    std::uint64_t answered() const {
        std::vector<std::uint64_t> by_cpu(static_cast<std::size_t>(libbpf_num_possible_cpus()));
        const std::uint32_t first = 0;
        const int error = bpf_map__lookup_elem(tools_->maps.answers, &first, sizeof(first), by_cpu.data(),
                                               by_cpu.size() * sizeof(std::uint64_t), 0);
        if (error != 0) fail("reading the counter", -error);
        return std::accumulate(by_cpu.begin(), by_cpu.end(), std::uint64_t{0});
    }

  private:
    static constexpr int kOnTheirWay = 128;

    unsigned index_;
    Owned<datapath_bpf> tools_;
    Bytes frame_;
};

int ask(const std::string& interface, double seconds, const Bytes& frame) {
    const Asker asker(interface, frame);
    if (!asker.ask()) {
        std::fprintf(stderr, "vrrp-datapath: sending live frames: %s\n", std::strerror(errno));
        return EXIT_FAILURE;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    const std::uint64_t before = asker.answered();
    const double began = now_s();
    std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
    const std::uint64_t after = asker.answered();
    std::printf("%.0f\n", static_cast<double>(after - before) / (now_s() - began));
    return EXIT_SUCCESS;
}

}  // namespace

int main(int count, char** arguments) {
    const std::vector<std::string> words(arguments + 1, arguments + count);
    if (words.size() >= 5 && words[0] == "cost") return cost({words.begin() + 1, words.end()});
    if (words.size() == 4 && words[0] == "ask")
        return ask(words[1], std::stod(words[2]), from_hexadecimal(words[3]));
    std::fputs(
        "usage: vrrp-datapath cost VIRTUAL_ROUTERS REPEATS SAMPLES PATH[+]=FRAME... |"
        " ask INTERFACE SECONDS FRAME\n",
        stderr);
    return 2;
}
