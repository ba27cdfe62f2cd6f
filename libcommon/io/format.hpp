// The formats of --from and --to.
#pragma once

#include "text/line.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace mm {

enum class Format : std::uint8_t { text, json, raw, mido };

inline constexpr std::array<std::string_view, 4> format_names{"text", "json", "raw", "mido"};

struct FormatOptions {
  Format format = Format::text;
  NoteStyle notes;
  std::size_t max_sysex = default_max_sysex;
};

// For the line formats; nullptr for Format::raw, which has no lines.
std::unique_ptr<LineParser> make_parser(const FormatOptions& options);

std::unique_ptr<Printer> make_printer(const FormatOptions& options);

} // namespace mm
