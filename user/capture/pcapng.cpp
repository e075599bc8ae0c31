// SPDX-License-Identifier: BSD-2-Clause
#include "capture/pcapng.hpp"

#include <algorithm>
#include <cstring>
#include <limits>
#include <type_traits>

namespace vrrp_xdp::capture::pcapng {
namespace {

// Block types and options are those of the draft, sections 4 and 3.5.
constexpr std::uint32_t kSectionHeader = 0x0a0d0d0a;
constexpr std::uint32_t kInterfaceDescription = 1;
constexpr std::uint32_t kInterfaceStatistics = 5;
constexpr std::uint32_t kEnhancedPacket = 6;

constexpr std::uint32_t kByteOrderMagic = 0x1a2b3c4d;
constexpr std::uint16_t kMajorVersion = 1;
constexpr std::uint16_t kMinorVersion = 0;
constexpr std::uint64_t kUnknownLength = std::numeric_limits<std::uint64_t>::max();
constexpr std::uint16_t kEthernet = 1;  // LINKTYPE_ETHERNET
constexpr std::uint8_t kNanoseconds = 9;

constexpr std::uint16_t kEndOfOptions = 0;
constexpr std::uint16_t kComment = 1;
constexpr std::uint16_t kUserApplication = 4;
constexpr std::uint16_t kName = 2;
constexpr std::uint16_t kDescription = 3;
constexpr std::uint16_t kTimeResolution = 9;
constexpr std::uint16_t kPacketFlags = 2;
constexpr std::uint16_t kReceived = 4;
constexpr std::uint16_t kDroppedByKernel = 7;

/// Numbers are in this machine's byte order, which the section header tells; all is padded to 32 bits.
class Block {
  public:
    explicit Block(std::uint32_t type) { number(type).number(std::uint32_t{0}); }

    template <typename T>
    Block& number(T value) {
        static_assert(std::is_integral_v<T>);
        char bytes[sizeof(value)];
        std::memcpy(bytes, &value, sizeof(value));
        text_.append(bytes, sizeof(bytes));
        return *this;
    }

    Block& bytes(const void* first, std::size_t count) {
        if (count != 0) text_.append(static_cast<const char*>(first), count);
        text_.append((alignment - count % alignment) % alignment, '\0');
        return *this;
    }

    /// The upper half comes first.
    Block& time(Time time) {
        const auto count = static_cast<std::uint64_t>(time.count());
        return number(static_cast<std::uint32_t>(count >> 32U)).number(static_cast<std::uint32_t>(count));
    }

    /// Text is cut where an option ends. Nothing for empty text.
    Block& option(std::uint16_t code, std::string_view text) {
        const auto length = std::min<std::size_t>(text.size(), std::numeric_limits<std::uint16_t>::max());
        if (length == 0) return *this;
        return number(code).number(static_cast<std::uint16_t>(length)).bytes(text.data(), length);
    }

    template <typename T>
    Block& option(std::uint16_t code, T value) {
        static_assert(std::is_integral_v<T>);
        number(code).number(static_cast<std::uint16_t>(sizeof(value)));
        return bytes(&value, sizeof(value));
    }

    std::string end() {
        number(kEndOfOptions).number(std::uint16_t{0});
        const auto length = static_cast<std::uint32_t>(text_.size() + sizeof(std::uint32_t));
        std::memcpy(&text_[sizeof(std::uint32_t)], &length, sizeof(length));
        number(length);
        return std::move(text_);
    }

  private:
    static constexpr std::size_t alignment = 4;
    std::string text_;
};

}  // namespace

std::string section_header(std::string_view application) {
    return Block(kSectionHeader)
        .number(kByteOrderMagic)
        .number(kMajorVersion)
        .number(kMinorVersion)
        .number(kUnknownLength)
        .option(kUserApplication, application)
        .end();
}

std::string interface_description(std::string_view name, std::string_view description,
                                  std::uint32_t snap_length) {
    return Block(kInterfaceDescription)
        .number(kEthernet)
        .number(std::uint16_t{0})
        .number(snap_length)
        .option(kName, name)
        .option(kDescription, description)
        .option(kTimeResolution, kNanoseconds)
        .end();
}

std::string enhanced_packet(const Packet& packet) {
    return Block(kEnhancedPacket)
        .number(packet.interface)
        .time(packet.time)
        .number(static_cast<std::uint32_t>(packet.bytes.size()))
        .number(packet.length)
        .bytes(packet.bytes.data(), packet.bytes.size())
        .option(kComment, packet.comment)
        .option(kPacketFlags, static_cast<std::uint32_t>(packet.direction))
        .end();
}

std::string interface_statistics(const Statistics& statistics) {
    return Block(kInterfaceStatistics)
        .number(statistics.interface)
        .time(statistics.time)
        .option(kComment, statistics.comment)
        .option(kReceived, statistics.written + statistics.lost)
        .option(kDroppedByKernel, statistics.lost)
        .end();
}

}  // namespace vrrp_xdp::capture::pcapng
