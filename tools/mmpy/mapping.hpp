// The language of MIDIMonster's mappings (--midimonster --map): which channel's values go to which
// other channel.
//
//     keys.ch0.cc7 > py.level               from left to right
//     py.lights.dim < ch0.note{36..43}      from right to left, eight notes to one function
//     ch0.pitch <> py.bend                  both ways
//
// The name of a MIDI channel is [PORT.]ch0.cc7, or channel0 for ch0. PORT may have dots in it: the
// last two words are the rest, and a name whose last word but one is such as ch0 means nothing
// else. In a configuration file of MIDIMonster it is the name of an instance ([midi keys]). That of
// a Python channel is INSTANCE.NAME or INSTANCE.MODULE.FUNCTION. There is one interpreter here, so
// INSTANCE may be any word, and is not kept.
//
// Text in, mappings out: no files and no Python. What they do then: routes.hpp.
#pragma once

#include "event/result.hpp"
#include "routes.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace mm::py {

// As MIDIMonster writes it, and as it is read: "keys.ch0.cc7", and "py.level" with py as INSTANCE.
std::string to_string(const End& end);

// Whether it is "NAME" or "MODULE.FUNCTION": words that Python takes for names, joined by dots.
bool is_python_name(std::string_view text);

// Whether an argument of --map is a mapping; it is the name of a file otherwise.
inline bool is_mapping(std::string_view text) {
  return text.find_first_of("<>") != std::string_view::npos;
}

// As many channels as one side of a mapping may stand for, and mappings as a text may.
inline constexpr std::size_t most_channels = 65536;
inline constexpr std::size_t most_mappings = 4 * most_channels;

// "A > B", "A < B", "A <> B". A name may have ranges in it, {1..16}, {16..1} or {a,b,c}: it stands
// for one channel after the other, where the last range counts fastest. Then the other side has as
// many, or it has one, which they all are joined to.
//
// What is wrong is an error of usage: "NAME:1:COLUMN: what", the line, and a caret below it. NAME
// is what the text is called.
Result<std::vector<Mapping>> parse_mapping(std::string_view text, std::string_view name);

struct MapFile {
  std::vector<Mapping> mappings;
  std::vector<std::string> modules; // as written: a path from the file's folder, or a module's name
  std::string default_handler;      // MODULE.FUNCTION; empty: none
};

// The text of a file: a mapping a line. Blank lines and those that begin with ';' or '#' are passed
// over. MIDIMonster's own files are read as they are: [map] begins mappings, and [python NAME]
// the options `module` and `default-handler`; what is in other sections is passed over. Which
// instance is of which backend is kept in mind: a mapping of one that is neither MIDI nor Python is
// an error, as is [include FILE].
Result<MapFile> parse_map_file(std::string_view text, std::string_view name);

} // namespace mm::py
