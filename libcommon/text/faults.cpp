#include "text/faults.hpp"

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

} // namespace mm
