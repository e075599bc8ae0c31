// SPDX-License-Identifier: BSD-2-Clause
#include "history/ring.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <optional>
#include <span>
#include <thread>
#include <utility>

namespace vrrp_xdp::history {
namespace {

namespace fs = std::filesystem;

// The file is an array of slots: the first says what the file is, and each other one holds a record or
// nothing. Numbers are in host byte order, for nobody reads it on another machine.
constexpr std::size_t kSlotBytes = 1024;
constexpr std::string_view kMagic = "vrrp-xdp history";
constexpr std::uint32_t kVersion = 1;

struct FileHeader {
    std::array<char, kMagic.size()> magic;
    std::uint32_t version;
    std::uint32_t slot_bytes;
    std::uint64_t slots;
};
static_assert(sizeof(FileHeader) == 32);

struct SlotHeader {
    std::uint64_t checksum;  ///< of what follows, and of the text
    std::uint64_t sequence;
    std::int64_t time_ns;
    std::uint32_t pid;
    std::uint32_t length;  ///< of the text behind it
};
static_assert(sizeof(SlotHeader) == 32);
static_assert(sizeof(SlotHeader) + Ring::kLongestText == kSlotBytes);

using Slot = std::array<char, kSlotBytes>;

off_t offset_of(std::uint64_t slot) { return static_cast<off_t>((slot + 1) * kSlotBytes); }

/// FNV-1a: what a crash has left of two records has another one.
std::uint64_t checksum_of(std::span<const char> bytes) {
    constexpr std::uint64_t kOffset = 0xcbf29ce484222325;
    constexpr std::uint64_t kPrime = 0x100000001b3;
    std::uint64_t sum = kOffset;
    for (const char byte : bytes) sum = (sum ^ static_cast<unsigned char>(byte)) * kPrime;
    return sum;
}

std::span<const char> checked_part(const Slot& slot, std::size_t text_length) {
    return std::span(slot).subspan(sizeof(std::uint64_t),
                                   sizeof(SlotHeader) - sizeof(std::uint64_t) + text_length);
}

SlotHeader header_of(const Slot& slot) {
    SlotHeader header{};
    std::memcpy(&header, slot.data(), sizeof(header));
    return header;
}

enum class Found : std::uint8_t { Nothing, Damage, Record };

Found judge(const Slot& slot) {
    const SlotHeader header = header_of(slot);
    if (header.checksum == 0 && header.sequence == 0 && header.length == 0) return Found::Nothing;
    if (header.length > Ring::kLongestText) return Found::Damage;
    return checksum_of(checked_part(slot, header.length)) == header.checksum ? Found::Record : Found::Damage;
}

bool read_all(int file, std::span<char> into, off_t offset) {
    while (!into.empty()) {
        const ssize_t count = pread(file, into.data(), into.size(), offset);
        if (count <= 0) return false;
        into = into.subspan(static_cast<std::size_t>(count));
        offset += count;
    }
    return true;
}

Result<std::uint64_t> slots_of(int file, const std::string& name) {
    static const std::string hint = "move that file away, or name another directory with --state-directory";
    FileHeader header{};
    const std::span bytes(reinterpret_cast<char*>(&header), sizeof(header));
    if (!read_all(file, bytes, 0) || std::string_view(header.magic.data(), header.magic.size()) != kMagic)
        return failure(name + " is not a history that vrrp-xdp wrote", hint);
    if (header.version != kVersion || header.slot_bytes != kSlotBytes)
        return failure(name + " is a history of another version of vrrp-xdp", hint);
    struct stat status {};
    if (fstat(file, &status) != 0) return system_failure("reading " + name);
    if (header.slots == 0 || std::cmp_less(status.st_size, offset_of(header.slots)))
        return failure(name + " is shorter than it says: somebody has cut it off", hint);
    return header.slots;
}

/// Makes the file under another name first: whoever finds it finds a whole one.
Result<void> make(const fs::path& path, std::uint64_t slots) {
    const std::string name = path.string();
    const std::string draft = name + "." + std::to_string(getpid());
    const UniqueFd file(::open(draft.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    if (!file) return system_failure("making " + name);
    const auto give_up = [&](int error) {
        unlink(draft.c_str());
        return system_failure("making " + name, error);
    };
    if (const int error = posix_fallocate(file.get(), 0, offset_of(slots)); error != 0) return give_up(error);
    FileHeader header{{}, kVersion, kSlotBytes, slots};
    std::copy(kMagic.begin(), kMagic.end(), header.magic.begin());
    if (pwrite(file.get(), &header, sizeof(header), 0) != sizeof(header)) return give_up(errno);
    if (fdatasync(file.get()) != 0) return give_up(errno);
    // Another instance may have been faster.
    if (link(draft.c_str(), name.c_str()) != 0 && errno != EEXIST) return give_up(errno);
    unlink(draft.c_str());
    return {};
}

/// All slots as they are now.
Result<std::vector<Slot>> read_slots(int file, const std::string& name, std::uint64_t count) {
    std::vector<Slot> slots(count);
    const std::span bytes(slots.data()->data(), slots.size() * kSlotBytes);
    if (!read_all(file, bytes, offset_of(0))) return system_failure("reading " + name);
    return slots;
}

/// Nobody else appends meanwhile. Given up with this object, and by the kernel should the process die.
class AppendLock {
  public:
    explicit AppendLock(int file) : file_(file) {
        constexpr int kTries = 20;
        constexpr std::chrono::milliseconds kPause(1);
        for (int i = 0; i < kTries && !held_; ++i) {
            if (i > 0) std::this_thread::sleep_for(kPause);
            held_ = flock(file_, LOCK_EX | LOCK_NB) == 0;
        }
    }
    AppendLock(const AppendLock&) = delete;
    AppendLock& operator=(const AppendLock&) = delete;
    ~AppendLock() {
        if (held_) flock(file_, LOCK_UN);
    }
    bool is_held() const { return held_; }

  private:
    int file_;
    bool held_ = false;
};

}  // namespace

Result<Ring> Ring::open(const fs::path& path, std::uint64_t slots) {
    const std::string name = path.string();
    UniqueFd file(::open(name.c_str(), O_RDWR | O_CLOEXEC));
    if (!file && errno == ENOENT) {
        if (auto made = make(path, slots); !made) return tl::unexpected(made.error());
        file = UniqueFd(::open(name.c_str(), O_RDWR | O_CLOEXEC));
    }
    if (!file) return system_failure("opening " + name);
    const auto count = slots_of(file.get(), name);
    if (!count) return tl::unexpected(count.error());
    const auto all = read_slots(file.get(), name, *count);
    if (!all) return tl::unexpected(all.error());
    std::uint64_t last = 0;
    for (const Slot& slot : *all)
        if (judge(slot) == Found::Record) last = std::max(last, header_of(slot).sequence);
    // What a crash has torn stays until its turn comes again, so that whoever reads the file learns about it.
    std::uint64_t next = last + 1;
    if (judge((*all)[next % *count]) == Found::Damage) ++next;
    return Ring(std::move(file), name, *count, next);
}

/// Whether another process has written this record, or a later one in its place.
bool Ring::is_taken(std::uint64_t sequence) const {
    Slot slot{};
    if (!read_all(file_.get(), slot, offset_of(sequence % slots_))) return false;
    return judge(slot) == Found::Record && header_of(slot).sequence >= sequence;
}

Result<void> Ring::append(std::string_view text, std::int64_t time_ns) {
    if (text.size() > kLongestText) return failure("a record is too long for " + name_);
    const AppendLock lock(file_.get());
    if (!lock.is_held()) return failure("another process keeps " + name_ + " locked");
    while (is_taken(next_)) ++next_;

    Slot slot{};
    SlotHeader header{0, next_, time_ns, static_cast<std::uint32_t>(getpid()),
                      static_cast<std::uint32_t>(text.size())};
    std::copy(text.begin(), text.end(), slot.begin() + sizeof(header));
    std::memcpy(slot.data(), &header, sizeof(header));
    header.checksum = checksum_of(checked_part(slot, text.size()));
    std::memcpy(slot.data(), &header, sizeof(header));
    const std::size_t length = sizeof(header) + text.size();
    const ssize_t written = pwrite(file_.get(), slot.data(), length, offset_of(next_ % slots_));
    if (written < 0) return system_failure("writing " + name_);
    if (std::cmp_not_equal(written, length))
        return failure("writing " + name_ + ": the disk took a part of a record");
    ++next_;
    // Has the disk begin with it, should the power fail soon, and waits for nothing.
    sync_file_range(file_.get(), offset_of(0), 0, SYNC_FILE_RANGE_WRITE);
    return {};
}

Result<Contents> read_ring(const fs::path& path) {
    const std::string name = path.string();
    const UniqueFd file(::open(name.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file) return system_failure("opening " + name);
    const auto count = slots_of(file.get(), name);
    if (!count) return tl::unexpected(count.error());
    auto all = read_slots(file.get(), name, *count);
    if (!all) return tl::unexpected(all.error());

    Contents contents;
    for (std::uint64_t i = 0; i < *count; ++i) {
        Slot& slot = (*all)[i];
        if (judge(slot) == Found::Damage) {  // or it is being written right now
            std::this_thread::sleep_for(std::chrono::milliseconds(2));
            read_all(file.get(), slot, offset_of(i));
        }
        const Found found = judge(slot);
        if (found == Found::Damage) ++contents.damaged;
        if (found != Found::Record) continue;
        const SlotHeader header = header_of(slot);
        contents.records.push_back({header.sequence, header.time_ns, header.pid,
                                    std::string(slot.data() + sizeof(header), header.length)});
    }
    auto& records = contents.records;
    std::sort(records.begin(), records.end(),
              [](const Record& one, const Record& other) { return one.sequence < other.sequence; });
    if (!records.empty()) {
        const std::uint64_t wanted = records.back().sequence - records.front().sequence + 1;
        contents.damaged = std::max(contents.damaged, wanted - records.size());
    }
    return contents;
}

}  // namespace vrrp_xdp::history
