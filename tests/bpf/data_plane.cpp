// SPDX-License-Identifier: BSD-2-Clause
#include "data_plane.hpp"

#include <bpf/bpf.h>
#include <linux/pkt_cls.h>
#include <probe.skel.h>
#include <sched.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <map>
#include <span>
#include <system_error>

#include "landscape.hpp"
#include "protocol/advertisement.hpp"

namespace vrrp_xdp::test {
namespace {

/// A test that cannot even ask has failed; GoogleTest reports the exception.
void require(bool done, const std::string& what) {
    if (!done) throw std::system_error(errno, std::generic_category(), what);
}

using Skeleton = std::unique_ptr<vrrp_xdp_bpf, decltype(&vrrp_xdp_bpf__destroy)>;

Skeleton load() {
    Skeleton skeleton(vrrp_xdp_bpf__open(), vrrp_xdp_bpf__destroy);
    require(skeleton != nullptr, "opening the BPF programs");
    require(vrrp_xdp_bpf__load(skeleton.get()) == 0, "loading the BPF programs");
    return skeleton;
}

const vrrp_xdp_bpf* loaded() {
    static const Skeleton skeleton = load();
    return skeleton.get();
}

using Capturing = std::unique_ptr<vrrp_xdp_capture_bpf, decltype(&vrrp_xdp_capture_bpf__destroy)>;

/// On the maps of the others.
Capturing load_capturing(const vrrp_xdp_bpf& others) {
    Capturing skeleton(vrrp_xdp_capture_bpf__open(), vrrp_xdp_capture_bpf__destroy);
    require(skeleton != nullptr, "opening the capturing programs");
    bpf_map* map = nullptr;
    bpf_object__for_each_map(map, skeleton->obj) {
        if (bpf_map__is_internal(map)) continue;
        if (const bpf_map* shared = bpf_object__find_map_by_name(others.obj, bpf_map__name(map)))
            require(bpf_map__reuse_fd(map, bpf_map__fd(shared)) == 0, bpf_map__name(map));
    }
    require(bpf_map__reuse_fd(skeleton->maps.bss, bpf_map__fd(others.maps.bss)) == 0, "has_run");
    require(vrrp_xdp_capture_bpf__load(skeleton.get()) == 0, "loading the capturing programs");
    return skeleton;
}

template <typename T>
dataplane::SharedArray<T> share(const bpf_map* map) {
    auto array = dataplane::SharedArray<T>::map(bpf_map__fd(map), bpf_map__max_entries(map));
    require(array.has_value(), bpf_map__name(map));
    return std::move(*array);
}

template <typename Key, typename Value>
void put(const bpf_map* map, const Key& key, const Value& value) {
    require(bpf_map__update_elem(map, &key, sizeof(key), &value, sizeof(value), BPF_NOEXIST) == 0,
            bpf_map__name(map));
}

template <typename Key>
void put_address(const bpf_map* map, const vrrp_xdp_vlan& vlan, const IpAddress& address,
                 const vrrp_xdp_vr& value) {
    Key key{.vlan = vlan, .address = {}};
    std::ranges::copy(address.bytes(), key.address);
    put(map, key, value);
}

/// What it leaves behind is in the next test's way, which then says so.
void empty(const bpf_map* map) {
    Bytes key(bpf_map__key_size(map));
    while (bpf_map__get_next_key(map, nullptr, key.data(), key.size()) == 0)
        if (bpf_map__delete_elem(map, key.data(), key.size(), 0) != 0) return;
}

/// The counters of one element, summed over the CPUs, in the order of their struct.
std::vector<std::uint64_t> sums(const bpf_map* map, std::uint32_t index) {
    const std::size_t words = bpf_map__value_size(map) / sizeof(std::uint64_t);
    std::vector<std::uint64_t> all(words * static_cast<std::size_t>(libbpf_num_possible_cpus()));
    require(bpf_map__lookup_elem(map, &index, sizeof(index), all.data(), all.size() * sizeof(std::uint64_t),
                                 0) == 0,
            bpf_map__name(map));
    std::vector<std::uint64_t> sum(words);
    for (std::size_t i = 0; i < all.size(); ++i) sum[i % words] += all[i];
    return sum;
}

/// Frames that run on one CPU share its draft of an event, and meet what the last one left there.
void stay_on_this_cpu() {
    const int cpu = sched_getcpu();
    require(cpu >= 0, "asking for the CPU");
    cpu_set_t only;
    CPU_ZERO(&only);
    CPU_SET(static_cast<std::size_t>(cpu), &only);
    require(sched_setaffinity(0, sizeof(only), &only) == 0, "staying on one CPU");
}

std::string verdict_name(bpf_prog_type type, std::uint32_t code) {
    static constexpr std::array xdp{"XDP_ABORTED", "XDP_DROP", "XDP_PASS", "XDP_TX", "XDP_REDIRECT"};
    if (type == BPF_PROG_TYPE_XDP) return xdp.at(code);
    const int action = static_cast<int>(code);
    if (action == TC_ACT_SHOT) return "TC_ACT_SHOT";
    if (action == TC_ACT_REDIRECT) return "TC_ACT_REDIRECT";
    return action == TC_ACT_UNSPEC ? "TC_ACT_UNSPEC" : "tc action " + std::to_string(action);
}

/// Verdict and frame; what else happened is for the caller to find out.
template <typename Context>
Outcome run(const bpf_program* program, const Bytes& frame, int times, Context* context) {
    constexpr std::size_t room_to_grow = 256;
    Bytes out(frame.size() + room_to_grow);
    bpf_test_run_opts options{};
    options.sz = sizeof(options);
    options.data_in = frame.data();
    options.data_size_in = static_cast<std::uint32_t>(frame.size());
    options.data_out = out.data();
    options.data_size_out = static_cast<std::uint32_t>(out.size());
    options.ctx_in = context;
    options.ctx_size_in = context == nullptr ? 0 : sizeof(*context);
    options.repeat = times;
    require(bpf_prog_test_run_opts(bpf_program__fd(program), &options) == 0, "BPF_PROG_TEST_RUN");
    out.resize(options.data_size_out);
    return {.verdict = verdict_name(bpf_program__type(program), options.retval), .frame = std::move(out)};
}

Outcome run_xdp(const bpf_program* program, const Bytes& frame, std::uint32_t ifindex) {
    xdp_md context{};
    context.data_end = static_cast<std::uint32_t>(frame.size());
    context.ingress_ifindex = ifindex;
    return run(program, frame, 1, &context);
}

constexpr std::size_t kEthernetBytes = 14;
constexpr std::size_t kTagAt = 12;
constexpr std::size_t kTagBytes = 4;

bool is_tagged(const Bytes& frame) {
    if (frame.size() < kTagAt + kTagBytes) return false;
    const unsigned ethertype = unsigned{frame[kTagAt]} << 8U | frame[kTagAt + 1];
    return ethertype == kEthertype8021Q || ethertype == kEthertype8021AD;
}

/// The clsact program's outcome in the words of the XDP program's, with the tag that lay beside the frame
/// back in it.
Outcome run_clsact(const bpf_program* judge, const Bytes& frame, std::uint32_t ifindex) {
    static const std::unique_ptr<probe_bpf, decltype(&probe_bpf__destroy)> probe(probe_bpf__open_and_load(),
                                                                                 probe_bpf__destroy);
    require(probe != nullptr, "loading the probe");
    const std::uint32_t first = 0;
    const int program = bpf_program__fd(judge);
    require(bpf_map_update_elem(bpf_map__fd(probe->maps.next), &first, &program, BPF_ANY) == 0, "next");
    __sk_buff context{};
    context.ifindex = ifindex;
    Outcome outcome = run(probe->progs.untag, frame, 1, &context);
    static const std::map<std::string, std::string> same{
        {"TC_ACT_UNSPEC", "XDP_PASS"}, {"TC_ACT_SHOT", "XDP_DROP"}, {"TC_ACT_REDIRECT", "XDP_TX"}};
    outcome.verdict = same.at(outcome.verdict);
    if (is_tagged(frame)) {
        const auto tag = frame.begin() + kTagAt;
        outcome.frame.insert(outcome.frame.begin() + kTagAt, tag, tag + kTagBytes);
    }
    return outcome;
}

/// BPF_PROG_TEST_RUN makes no packet of what is longer than a page, or ends inside its tag or IP header.
bool can_be_packet(const Bytes& frame) {
    constexpr std::size_t longest = 3500;
    constexpr std::size_t ipv4_header = 20;
    constexpr std::size_t ipv6_header = 40;
    std::size_t shortest = kEthernetBytes + 1;
    if (frame.size() < shortest || frame.size() > longest) return false;
    if (is_tagged(frame)) shortest = kEthernetBytes + kTagBytes + 1;
    const unsigned ethertype = unsigned{frame[kTagAt]} << 8U | frame[kTagAt + 1];
    if (ethertype == kEthertypeIpv4) shortest = kEthernetBytes + ipv4_header;
    if (ethertype == kEthertypeIpv6) shortest = kEthernetBytes + ipv6_header;
    return frame.size() >= shortest;
}

}  // namespace

std::uint64_t boot_now() {
    timespec now{};
    clock_gettime(CLOCK_BOOTTIME, &now);
    return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000 + static_cast<std::uint64_t>(now.tv_nsec);
}

DataPlane::DataPlane()
    : skeleton_(loaded()),
      programs_{skeleton_->progs.vrrp_xdp, skeleton_->progs.vrrp_clsact, skeleton_->progs.vrrp_egress},
      ring_(ring_buffer__new(bpf_map__fd(skeleton_->maps.events), on_event, this, nullptr)),
      leases_(share<vrrp_xdp_lease>(skeleton_->maps.leases)),
      expected_(share<vrrp_xdp_expected>(skeleton_->maps.expected)),
      stamps_(share<vrrp_xdp_stamp>(skeleton_->maps.stamps)),
      gaps_(share<vrrp_xdp_gaps>(skeleton_->maps.gaps)),
      untagged_routers_(share<vrrp_xdp_vr>(skeleton_->maps.untagged_routers)),
      address_filter_(share<std::uint64_t>(skeleton_->maps.address_filter)) {
    require(ring_ != nullptr, "reading the ring buffer");
    stay_on_this_cpu();
    add({});
    if (std::getenv("VRRP_XDP_TEST_CAPTURING") != nullptr) run_capturing_programs();
}

const vrrp_xdp_capture_bpf& DataPlane::run_capturing_programs() {
    static const Capturing capturing = load_capturing(*skeleton_);
    programs_ = {capturing->progs.capture_xdp, capturing->progs.capture_clsact,
                 capturing->progs.capture_egress};
    const std::uint32_t first = 0;
    vrrp_xdp_capture everything{};
    everything.until_ns = ~0ULL;
    std::ranges::fill(everything.vrids, ~0ULL);
    everything.families = everything.kinds = everything.verdicts = 0xff;
    everything.snap_length = VRRP_XDP_CAPTURE_BYTES_MAX;
    require(bpf_map__update_elem(capturing->maps.capture, &first, sizeof(first), &everything,
                                 sizeof(everything), BPF_ANY) == 0,
            "asking for everything");
    return *capturing;
}

DataPlane::~DataPlane() {
    ring_buffer__consume(ring_.get());
    for (const bpf_map* map : {skeleton_->maps.virtual_routers, skeleton_->maps.ipv4_addresses,
                               skeleton_->maps.ipv6_addresses, skeleton_->maps.unicast_peers})
        empty(map);
    for (std::size_t i = 0; i < untagged_routers_.size(); ++i) untagged_routers_[i] = {};
    for (std::size_t i = 0; i < address_filter_.size(); ++i) address_filter_[i] = 0;
    for (std::uint32_t slot = 0; slot < routers_; ++slot) {
        leases_[slot] = {};
        expected_[slot] = {
            .digest = 0, .differences = 0, .better_from = 255, .followed_ns = 0, .patience_ns = 0};
        stamps_[slot] = {};
        gaps_[slot] = {};
    }
}

std::uint32_t DataPlane::add(const Router& router) {
    const bool ipv4 = router.family == VRRP_XDP_IPV4;
    vrrp_xdp_vr value{};
    value.slot = routers_++;
    value.versions = router.versions;
    value.flags = router.flags;
    value.ifindex = router.ifindex;
    std::ranges::copy(kRouterMac.bytes, value.interface_mac);
    value.minimum_ttl = router.minimum_ttl;
    value.vrid = router.vrid;
    value.family = static_cast<std::uint8_t>(router.family);
    if (router.secret) {
        value.authentication_type = VRRP_XDP_SIMPLE_TEXT;
        std::ranges::copy(*router.secret, value.authentication);
    }
    const MacAddress virtual_mac = ipv4 ? ipv4_virtual_mac(router.vrid) : ipv6_virtual_mac(router.vrid);
    std::ranges::copy(router.own_mac.value_or(virtual_mac).bytes, value.mac);
    if (router.own_mac) value.flags |= VRRP_XDP_OWN_MAC;
    vrrp_xdp_vlan vlan{};
    std::ranges::copy(router.tags, vlan.tag);

    if (!router.peers.empty()) value.flags |= VRRP_XDP_UNICAST;

    const vrrp_xdp_vr_key election{
        .vlan = vlan, .vrid = router.vrid, .family = static_cast<std::uint8_t>(router.family), .zero = {}};
    put(skeleton_->maps.virtual_routers, election, value);
    if (router.tags.empty()) untagged_routers_[vrrp_xdp_untagged_index(router.vrid, election.family)] = value;
    for (const std::string& peer : router.peers) {
        vrrp_xdp_peer_key key{.election = election, .address = {}};
        std::ranges::copy(ip(peer).bytes(), key.address);
        put(skeleton_->maps.unicast_peers, key, value.slot);
    }
    for (const std::string& address : router.addresses) {
        if (ipv4)
            put_address<vrrp_xdp_ipv4_key>(skeleton_->maps.ipv4_addresses, vlan, ip(address), value);
        else
            put_address<vrrp_xdp_ipv6_key>(skeleton_->maps.ipv6_addresses, vlan, ip(address), value);
        const auto bytes = ip(address).bytes();
        const std::uint32_t bit = vrrp_xdp_filter_bit(bytes.data(), static_cast<std::uint32_t>(bytes.size()));
        address_filter_[vrrp_xdp_filter_word(bit)] |= vrrp_xdp_filter_mask(bit);
    }
    return value.slot;
}

void DataPlane::set_firm(std::uint64_t until_ns, std::uint32_t slot) {
    std::atomic_ref(leases_[slot].firm_ns).store(until_ns, std::memory_order_relaxed);
}

void DataPlane::set_lease(std::uint64_t deadline_ns, std::uint32_t slot) {
    set_firm(deadline_ns, slot);
    std::atomic_ref(leases_[slot].deadline_ns).store(deadline_ns, std::memory_order_relaxed);
}

void DataPlane::expect_advertisement(const IpAddress& source, const Bytes& message, std::uint64_t differences,
                                     std::uint32_t slot) {
    expected_[slot].digest = protocol::digest(source, message);
    expected_[slot].differences = differences;
}

void DataPlane::tell_better_from(std::uint8_t priority, std::uint32_t slot) {
    expected_[slot].better_from = priority;
}

void DataPlane::follow_since(std::uint64_t first_ns, std::uint64_t last_ns, std::uint64_t patience_ns) {
    expected_[0].followed_ns = first_ns;
    expected_[0].patience_ns = patience_ns;
    stamps_[0].advertisement_ns = last_ns;
}

Outcome DataPlane::receive(const Bytes& frame, std::uint32_t ifindex) {
    for (std::uint32_t slot = 0; slot < routers_; ++slot) std::ranges::fill(stamps_[slot].events_ns, 0U);
    if (!can_be_packet(frame)) return watch([&] { return run_xdp(programs_.xdp, frame, ifindex); });

    const std::vector<vrrp_xdp_stamp> before = stamps();
    const Outcome clsact = watch([&] { return run_clsact(programs_.clsact, frame, ifindex); });
    // A claim that was too recent to be reported is that for the other program too, however late it runs.
    const std::uint64_t now = boot_now();
    std::vector<std::uint32_t> held;
    for (std::uint32_t slot = 0; slot < routers_; ++slot) {
        if (before[slot].claim_ns != 0 && stamps_[slot].claim_ns == before[slot].claim_ns)
            held.push_back(slot);
        stamps_[slot] = before[slot];
    }
    for (const std::uint32_t slot : held) stamps_[slot].claim_ns = now;
    Outcome xdp = watch([&] { return run_xdp(programs_.xdp, frame, ifindex); });
    for (const std::uint32_t slot : held)
        if (stamps_[slot].claim_ns == now) stamps_[slot].claim_ns = before[slot].claim_ns;
    EXPECT_EQ(clsact, xdp) << "the two programs differ";
    return xdp;
}

Outcome DataPlane::receive_times(const Bytes& frame, int times) {
    return watch([&] { return run<xdp_md>(programs_.xdp, frame, times, nullptr); });
}

Outcome DataPlane::receive_unwatched(const Bytes& frame) const {
    constexpr std::uint32_t loopback = 1;
    Outcome xdp = run_xdp(programs_.xdp, frame, loopback);
    if (can_be_packet(frame)) {
        EXPECT_EQ(run_clsact(programs_.clsact, frame, loopback), xdp);
    }
    return xdp;
}

Outcome DataPlane::ingress(const Bytes& frame) {
    return watch([&] { return run<__sk_buff>(skeleton_->progs.vrrp_ingress, frame, 1, nullptr); });
}

Outcome DataPlane::egress(const Bytes& frame) {
    return watch([&] { return run<__sk_buff>(programs_.egress, frame, 1, nullptr); });
}

DataPlane::Traces DataPlane::counters() const {
    Traces traces;
    for (std::uint32_t slot = 0; slot < routers_; ++slot) {
        const auto values = sums(skeleton_->maps.vr_counters, slot);
        for (std::size_t i = 0; i < values.size(); ++i)
            traces[trace_name(static_cast<vrrp_xdp_vr_counter>(i), slot)] = values[i];
    }
    const auto values = sums(skeleton_->maps.port_counters, 0);
    for (std::size_t i = 0; i < values.size(); ++i)
        traces[trace_name(static_cast<vrrp_xdp_port_counter>(i))] = values[i];
    return traces;
}

std::vector<vrrp_xdp_stamp> DataPlane::stamps() const {
    std::vector<vrrp_xdp_stamp> all;
    for (std::uint32_t slot = 0; slot < routers_; ++slot) all.push_back(stamp(slot));
    return all;
}

Outcome DataPlane::watch(const std::function<Outcome()>& run_program) {
    const Traces counters_before = counters();
    const auto stamps_before = stamps();
    events_.clear();

    Outcome outcome = run_program();

    ring_buffer__consume(ring_.get());
    if (!events_.empty()) outcome.traces["event"] = events_.size();
    for (const auto& [name, value] : counters())
        if (value != counters_before.at(name)) outcome.traces[name] = value - counters_before.at(name);
    const auto stamps_after = stamps();
    for (std::size_t slot = 0; slot < stamps_after.size(); ++slot) {
        const std::string of_slot = " of " + std::to_string(slot);
        if (stamps_after[slot].advertisement_ns != stamps_before[slot].advertisement_ns)
            outcome.traces["stamp advertisement" + of_slot] = 1;
        if (stamps_after[slot].claim_ns != stamps_before[slot].claim_ns)
            outcome.traces["stamp claim" + of_slot] = 1;
    }
    return outcome;
}

int DataPlane::on_event(void* self, void* data, std::size_t bytes) {
    Event event{.record = {}, .bytes = bytes};
    std::memcpy(&event.record, data, std::min(bytes, sizeof(event.record)));
    static_cast<DataPlane*>(self)->events_.push_back(event);
    return 0;
}

}  // namespace vrrp_xdp::test
