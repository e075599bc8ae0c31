// SPDX-License-Identifier: BSD-2-Clause
#include "protocol/address_set.hpp"

#include <algorithm>
#include <bitset>

namespace vrrp_xdp::protocol {

AddressSet::AddressSet(std::span<const IpAddress> addresses)
    : width_(addresses.empty() ? 0 : addresses.front().bytes().size()) {
    for (std::size_t i = 0; i < std::min(addresses.size(), kLargest); ++i) {
        const auto address = addresses[i].bytes();
        bytes_.insert(bytes_.end(), address.begin(), address.end());
        std::size_t place = first_place(address);
        while (index_of_[place] != 0) place = (place + 1) % kPlaces;
        index_of_[place] = static_cast<std::uint8_t>(i + 1);
    }
}

std::size_t AddressSet::first_place(std::span<const std::uint8_t> address) {
    return vrrp_xdp_filter_bit(address.data(), static_cast<std::uint32_t>(address.size())) % kPlaces;
}

std::size_t AddressSet::find(std::span<const std::uint8_t> address) const {
    for (std::size_t place = first_place(address); index_of_[place] != 0; place = (place + 1) % kPlaces) {
        const std::size_t index = index_of_[place] - 1U;
        if (std::equal(address.begin(), address.end(), &bytes_[index * width_])) return index;
    }
    return kLargest;
}

AddressSet::Overlap AddressSet::compare(const AddressList& list) const {
    const auto bytes = list.bytes();
    if (width_ == 0 || list.width() != width_) return Overlap::None;
    // As nearly every router of the same Virtual Router says it.
    if (std::equal(bytes.begin(), bytes.end(), bytes_.begin(), bytes_.end())) return Overlap::All;

    bool is_same = bytes.size() == bytes_.size();
    bool any = false;
    std::bitset<kLargest> seen;
    for (std::size_t at = 0; at < bytes.size() && (is_same || !any); at += width_) {
        const std::size_t index = find(bytes.subspan(at, width_));
        const bool is_known = index != kLargest;
        is_same &= is_known && !seen[index];
        any |= is_known;
        if (is_known) seen.set(index);
    }
    if (is_same) return Overlap::All;
    return any ? Overlap::Some : Overlap::None;
}

}  // namespace vrrp_xdp::protocol
