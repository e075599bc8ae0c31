// SPDX-License-Identifier: BSD-2-Clause
#include "keepalived/notes.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "config/text.hpp"

namespace vrrp_xdp::keepalived {
namespace {

Consequence consequence_of(std::string_view why) {
    if (why.starts_with("nothing is lost")) return Consequence::Nothing;
    if (why.starts_with("keepalived also ignores it")) return Consequence::Change;
    return Consequence::Loss;
}

}  // namespace

void Notes::left_out(const Directive& directive, std::string_view why) {
    left_out(directive.place, config::quoted(directive.name()), why);
}

void Notes::left_out(const Place& place, std::string_view what, std::string_view why) {
    std::string text(what);
    text += " is not carried over: ";
    text += why;
    notes_.push_back({{place, std::move(text)}, consequence_of(why)});
}

void Notes::differs(const Place& place, std::string text) {
    notes_.push_back({{place, std::move(text)}, Consequence::Change});
}

void Notes::differs_once(const Place& place, const std::string& text) {
    if (told_.insert(text).second) differs(place, text);
}

void Notes::disagrees(const Place& place, std::string text) {
    notes_.push_back({{place, std::move(text)}, Consequence::Disagreement});
}

std::vector<Note> Notes::in_order() && {
    // Files in the order in which notes first mention them.
    std::vector<std::string> files;
    for (const Note& note : notes_) {
        if (std::find(files.begin(), files.end(), note.place.file) == files.end())
            files.push_back(note.place.file);
    }
    const auto key = [&](const Note& note) {
        return std::tuple(note.consequence, std::find(files.begin(), files.end(), note.place.file),
                          note.place.line);
    };
    std::stable_sort(notes_.begin(), notes_.end(),
                     [&](const Note& a, const Note& b) { return key(a) < key(b); });
    const auto same = [](const Note& a, const Note& b) { return a.place == b.place && a.text == b.text; };
    notes_.erase(std::unique(notes_.begin(), notes_.end(), same), notes_.end());
    return std::move(notes_);
}

std::vector<std::string> lines_of(const std::vector<Note>& notes) {
    std::vector<std::string> lines;
    std::string harmless;
    for (const Note& note : notes) {
        if (note.consequence != Consequence::Nothing) {
            lines.push_back(note.to_string());
            continue;
        }
        if (!harmless.empty()) harmless += ", ";
        harmless +=
            note.text.substr(0, note.text.find(" is not carried over")) + " (" + note.place.to_string() + ')';
    }
    if (!harmless.empty()) lines.push_back("nothing is lost without " + harmless);
    return lines;
}

}  // namespace vrrp_xdp::keepalived
