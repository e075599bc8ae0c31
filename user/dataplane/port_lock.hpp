// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "support/result.hpp"
#include "support/unique_fd.hpp"

namespace vrrp_xdp::dataplane {

/// One instance alone serves a port, with all its VLANs, and one alone is about to. Held until the end of the
/// process, however it ends. It is in two places: beside the control sockets, and beside the pins, which
/// instances share that see another /run (containers), or one that somebody has cleared.
class PortLock {
  public:
    enum class Purpose { Serve, Attach };

    /// Takes the lock; returns nothing if a living instance holds it, in either place.
    static Result<std::optional<PortLock>> try_to_take(const std::string& port_name, Purpose purpose);

    /// Takes the lock to serve the port. Fails if a living instance holds it.
    static Result<PortLock> take(const std::string& port_name);

    PortLock(PortLock&&) noexcept = default;
    PortLock& operator=(PortLock&&) noexcept = default;
    PortLock(const PortLock&) = delete;
    PortLock& operator=(const PortLock&) = delete;
    ~PortLock() = default;

  private:
    /// What is locked in one of the two places, and removed at the end.
    class Held {
      public:
        Held(std::filesystem::path path, UniqueFd fd) : path_(std::move(path)), fd_(std::move(fd)) {}
        Held(Held&&) noexcept = default;
        Held& operator=(Held&&) noexcept = default;
        Held(const Held&) = delete;
        Held& operator=(const Held&) = delete;
        ~Held();

      private:
        std::filesystem::path path_;
        UniqueFd fd_;
    };
    static Result<std::optional<Held>> hold_beside_sockets(const std::string& port_name, Purpose purpose);
    static Result<std::optional<Held>> hold_beside_pins(const std::string& port_name, Purpose purpose);

    PortLock(Held beside_sockets, Held beside_pins)
        : beside_sockets_(std::move(beside_sockets)), beside_pins_(std::move(beside_pins)) {}
    Held beside_sockets_;
    Held beside_pins_;
};

}  // namespace vrrp_xdp::dataplane
