// SPDX-License-Identifier: BSD-2-Clause
// Any text is a keepalived.conf that becomes a valid configuration, or it is told why it does not.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "config/load.hpp"
#include "keepalived/import.hpp"
#include "keepalived/yaml.hpp"

namespace {

/// One file, whose name is "k", and which matches every pattern.
class OneFile : public vrrp_xdp::keepalived::Files {
  public:
    explicit OneFile(std::string text) : text_(std::move(text)) {}
    vrrp_xdp::Result<std::string> read(const std::string& /*path*/) const override { return text_; }
    std::vector<std::string> matching(const std::string& /*pattern*/) const override { return {"k"}; }

  private:
    std::string text_;
};

/// Has everything.
class AnyHost : public vrrp_xdp::keepalived::Host {
  public:
    bool has_user(const std::string& /*name*/) const override { return true; }
    bool has_group(const std::string& /*name*/) const override { return true; }
    bool has_program(const std::string& /*name*/) const override { return true; }
    std::string helper() const override { return "/keepalived-notify"; }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace vrrp_xdp;
    // The file includes itself, and what is repeated is found: with the usual limits most of the time went
    // into reading four mebibytes of the same lines again and again.
    constexpr keepalived::Limits few{.files = 8, .bytes = std::size_t{64} << 10};
    const auto imported =
        keepalived::import_file("k", "r1", OneFile(std::string(data, data + size)), AnyHost(), few);
    if (!imported) {
        if (imported.error().empty()) std::abort();
        return 0;
    }
    const std::string yaml = keepalived::to_yaml(*imported, "Fuzzed");
    const auto config = config::parse(yaml);
    if (config) return 0;
    std::fprintf(stderr, "%s%s\n", yaml.c_str(), config.error().front().to_string("yaml").c_str());
    std::abort();
}
