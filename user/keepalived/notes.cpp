// SPDX-License-Identifier: BSD-2-Clause
#include "keepalived/notes.hpp"

#include <algorithm>
#include <utility>

#include "config/text.hpp"

namespace vrrp_xdp::keepalived {

void Notes::left_out(const Directive& directive, std::string_view why) {
    left_out(directive.place, config::quoted(directive.name()), why);
}

void Notes::left_out(const Place& place, std::string_view what, std::string_view why) {
    std::string text(what);
    text += " is not carried over: ";
    text += why;
    remarks_.push_back({place, std::move(text)});
}

void Notes::differs(const Place& place, std::string text) { remarks_.push_back({place, std::move(text)}); }

void Notes::differs_once(const Place& place, const std::string& text) {
    if (told_.insert(text).second) differs(place, text);
}

std::vector<Remark> Notes::in_order() && {
    // Files in the order in which they are first told of.
    std::vector<std::string> files;
    for (const Remark& remark : remarks_) {
        if (std::find(files.begin(), files.end(), remark.place.file) == files.end())
            files.push_back(remark.place.file);
    }
    const auto key = [&](const Remark& remark) {
        return std::pair(std::find(files.begin(), files.end(), remark.place.file), remark.place.line);
    };
    std::stable_sort(remarks_.begin(), remarks_.end(),
                     [&](const Remark& a, const Remark& b) { return key(a) < key(b); });
    const auto same = [](const Remark& a, const Remark& b) { return a.place == b.place && a.text == b.text; };
    remarks_.erase(std::unique(remarks_.begin(), remarks_.end(), same), remarks_.end());
    return std::move(remarks_);
}

}  // namespace vrrp_xdp::keepalived
