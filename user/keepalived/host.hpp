// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

namespace vrrp_xdp::keepalived {

/// The host that a file is imported on: this one, or that of a test.
class Host {
  public:
    Host() = default;
    Host(const Host&) = delete;
    Host& operator=(const Host&) = delete;
    virtual ~Host() = default;

    virtual bool has_user(const std::string& name) const = 0;
    virtual bool has_group(const std::string& name) const = 0;
    /// Returns whether there is an executable file of this name, which is looked up if it has no path.
    virtual bool has_program(const std::string& name) const = 0;
    /// Returns the path of keepalived-notify, which runs a script of keepalived's as a hook.
    virtual std::string helper() const = 0;
};

/// This one.
class ThisHost : public Host {
  public:
    bool has_user(const std::string& name) const override;
    bool has_group(const std::string& name) const override;
    bool has_program(const std::string& name) const override;
    std::string helper() const override;
};

}  // namespace vrrp_xdp::keepalived
