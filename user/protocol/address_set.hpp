// SPDX-License-Identifier: BSD-2-Clause
// The addresses of a Virtual Router, prepared for what others say of them.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "protocol/advertisement.hpp"

namespace vrrp_xdp::protocol {

/// Compares with a list in one pass and without memory: anybody may send lists, of 255 addresses each.
class AddressSet {
  public:
    /// addresses: of one family, 255 at most.
    explicit AddressSet(std::span<const IpAddress> addresses);

    enum class Overlap : std::uint8_t { None, Some, All };
    /// Returns All if both hold the same addresses, each once; their order means nothing.
    Overlap compare(const AddressList& list) const;

  private:
    static constexpr std::size_t kLargest = 255;
    /// At most a quarter of the places is taken, so that a search ends after a few.
    static constexpr std::size_t kPlaces = 1024;

    static std::size_t first_place(std::span<const std::uint8_t> address);
    /// Returns its place in the list that this was made of, or kLargest.
    std::size_t find(std::span<const std::uint8_t> address) const;

    std::size_t width_ = 0;
    std::vector<std::uint8_t> bytes_;               ///< one address behind the other
    std::array<std::uint8_t, kPlaces> index_of_{};  ///< by place: whose, plus one; 0 is nobody's
};

}  // namespace vrrp_xdp::protocol
