// SPDX-License-Identifier: BSD-2-Clause
#include "reconciler/reconciler.hpp"

#include <spdlog/spdlog.h>

namespace vrrp_xdp::reconciler {
namespace {

using namespace std::chrono_literals;

/// From one time to the next that the kernel is asked for everything, whatever it has told.
constexpr auto kFreshLook = 1s;

/// So long may the protocol thread be behind, or ahead, before that is a difference.
constexpr auto kGrace = 200ms;

}  // namespace

void Reconciler::ask_kernel() {
    const auto now = Clock::now();
    if (now - asked_ >= kFreshLook) {
        asked_ = now;
        static_cast<void>(kernel_.refresh());
    } else {
        static_cast<void>(kernel_.update());
    }
    groups_ = net::joined_groups();
}

void Reconciler::look(const engine::ManagedInterfaces& interfaces, const PhaseOf& phase_of) {
    ask_kernel();
    programs_.look(interfaces, kernel_);
    records_.resize(interfaces.size());
    for (std::uint32_t i = 0; i < interfaces.size(); ++i) {
        if (!interfaces[i]) {
            records_[i].clear();
            continue;
        }
        records_[i].resize(items().size());
        const ItemContext sight{*interfaces[i], kernel_,   groups_,
                                addresses_,     programs_, kernel_.state_of(interfaces[i]->index)};
        for (std::size_t j = 0; j < items().size(); ++j)
            if (phase_of(i) != Phase::Suspended || items()[j].remedy == Remedy::AttachAgain)
                look(items()[j], records_[i][j], sight);
            else
                records_[i][j] = {.mended = records_[i][j].mended};
    }
}

void Reconciler::look(const Item& item, Record& record, const ItemContext& sight) {
    auto found = item.inspect(sight);
    if (!found) {
        if (record.told && item.remedy != Remedy::AttachAgain)
            spdlog::info("{}: {} is correct again", sight.interface.name, item.name);
        record = {.mended = record.mended};
        return;
    }
    if (!record.differs) record.since = Clock::now();
    record.differs = std::move(found);
    mend(item, record, sight);
}

void Reconciler::mend(const Item& item, Record& record, const ItemContext& sight) {
    const auto tell = [&](const char* what_follows) {
        if (!std::exchange(record.told, true))
            spdlog::warn("{}: {}{}", sight.interface.name, *record.differs, what_follows);
    };
    switch (item.remedy) {
        case Remedy::AttachAgain:
            return;  // by who attaches again, and tells it
        case Remedy::Nobody:
            return tell("");
        case Remedy::AskAgain:
            if (Clock::now() - record.since < kGrace) return;
            tell("; reading everything from the kernel again");
            ++record.mended;
            return ask_again_();
        case Remedy::InPlace:
            // What has lasted was not mended.
            if (Clock::now() - record.since > kFreshLook) tell("; retrying");
            if (item.mend != nullptr) item.mend(sight);
            ++record.mended;
            return;
    }
}

std::optional<std::string> Reconciler::reason_to_attach_again(std::uint32_t interface) const {
    if (interface >= records_.size() || records_[interface].empty()) return std::nullopt;
    for (std::size_t j = 0; j < items().size(); ++j)
        if (items()[j].remedy == Remedy::AttachAgain && records_[interface][j].differs)
            return records_[interface][j].differs;
    return std::nullopt;
}

std::vector<status::ReconcilerItem> Reconciler::report(std::uint32_t interface) const {
    std::vector<status::ReconcilerItem> list;
    if (interface >= records_.size() || records_[interface].empty()) return list;
    for (std::size_t j = 0; j < items().size(); ++j) {
        const Record& record = records_[interface][j];
        list.push_back({.name = items()[j].name,
                        .must = items()[j].must,
                        .differs = record.differs.value_or(""),
                        .mended = record.mended});
    }
    return list;
}

}  // namespace vrrp_xdp::reconciler
