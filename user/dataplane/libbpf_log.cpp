// SPDX-License-Identifier: BSD-2-Clause
#include "dataplane/libbpf_log.hpp"

#include <bpf/libbpf.h>

#include <array>
#include <cstdarg>
#include <cstdio>
#include <string_view>

namespace vrrp_xdp::dataplane {
namespace {

thread_local std::string* collector = nullptr;

int collect(libbpf_print_level level, const char* format, va_list arguments) {
    if (level == LIBBPF_DEBUG || collector == nullptr) return 0;
    std::array<char, 4096> line{};
    const int length = std::vsnprintf(line.data(), line.size(), format, arguments);
    *collector += line.data();
    return length;
}

}  // namespace

LibbpfLog::LibbpfLog() {
    libbpf_set_print(collect);
    collector = &text_;
}

LibbpfLog::~LibbpfLog() { collector = nullptr; }

std::string LibbpfLog::kernel_message() const {
    static constexpr std::string_view marker = "Kernel error message: ";
    const auto start = text_.find(marker);
    if (start == std::string::npos) return {};
    const auto from = start + marker.size();
    return text_.substr(from, text_.find('\n', from) - from);
}

}  // namespace vrrp_xdp::dataplane
