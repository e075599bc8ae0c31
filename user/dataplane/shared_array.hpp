// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <span>
#include <utility>

#include "support/result.hpp"

namespace vrrp_xdp::dataplane {

/// The elements of a memory-mapped BPF array. A const T maps it read-only.
template <typename T>
class SharedArray {
  public:
    static_assert(sizeof(T) % 8 == 0, "the kernel lays elements out at multiples of eight bytes");

    static Result<SharedArray> map(int map_fd, std::size_t count) {
        const int protection = std::is_const_v<T> ? PROT_READ : PROT_READ | PROT_WRITE;
        const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
        const std::size_t bytes = (count * sizeof(T) + page - 1) / page * page;
        void* memory = mmap(nullptr, bytes, protection, MAP_SHARED, map_fd, 0);
        if (memory == MAP_FAILED) return system_failure("mapping a BPF array into memory");
        return SharedArray(static_cast<T*>(memory), count, bytes);
    }

    SharedArray(SharedArray&& other) noexcept
        : elements_(std::exchange(other.elements_, {})), bytes_(std::exchange(other.bytes_, 0)) {}
    SharedArray& operator=(SharedArray&& other) noexcept {
        std::swap(elements_, other.elements_);
        std::swap(bytes_, other.bytes_);
        return *this;
    }
    SharedArray(const SharedArray&) = delete;
    SharedArray& operator=(const SharedArray&) = delete;
    ~SharedArray() {
        if (bytes_ != 0) munmap(const_cast<std::remove_const_t<T>*>(elements_.data()), bytes_);
    }

    T& operator[](std::size_t index) const { return elements_[index]; }
    std::size_t size() const { return elements_.size(); }

  private:
    SharedArray(T* first, std::size_t count, std::size_t bytes) : elements_(first, count), bytes_(bytes) {}
    std::span<T> elements_;
    std::size_t bytes_;
};

}  // namespace vrrp_xdp::dataplane
