#include "text/faults.hpp"

#include <algorithm>

namespace mm {

std::string in_quotes(std::string_view word) {
  constexpr std::size_t most = 40;
  std::string text = "'";
  for (const char c : word.substr(0, most)) text += c >= ' ' && c <= '~' ? c : '?';
  text += word.size() > most ? "...'" : "'";
  return text;
}

std::string unknown_kind(std::string_view word, std::string_view nearest) {
  std::string what = "unknown kind " + in_quotes(word);
  if (!nearest.empty()) what += "; did you mean '" + std::string(nearest) + "'?";
  return what;
}

std::string not_in_range(const Field& field, std::string_view word) {
  return std::string(field.name) + " " + in_quotes(word) + " is not in " +
         std::to_string(field.min) + ".." + std::to_string(field.max);
}

std::string show_fault(std::string_view line, std::size_t column) {
  constexpr std::size_t width = 72;
  column = std::min(column, line.size());
  const std::size_t from = column > width / 2 && line.size() > width ? column - width / 2 : 0;
  const std::string_view part = line.substr(from, width);
  std::string shown = from > 0 ? "..." : "";
  std::string under(shown.size(), ' ');
  for (std::size_t i = 0; i < part.size(); ++i) {
    const char c = part[i];
    shown += (c >= ' ' && c <= '~') || c == '\t' ? c : '?';
    if (i < column - from) under += c == '\t' ? '\t' : ' ';
  }
  if (from + part.size() < line.size()) shown += "...";
  return shown + '\n' + under + '^';
}

} // namespace mm
